from . import patient, deadline  # isort: skip  the complaint room builds on them
from . import complaint
