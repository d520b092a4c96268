from . import indicator, res_users

# isort: split
from . import measurement
