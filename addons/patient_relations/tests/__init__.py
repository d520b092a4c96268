from .complaint import *
from .deadline import *
from .patient import *
