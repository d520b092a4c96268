from . import patient  # isort: skip  the complaint room builds on it
from . import complaint, deadline
