from . import calendar_file, identity, names, working_days, working_time
