from .complaint import *
from .patient import *
