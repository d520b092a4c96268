from . import calendar_file, identity, names, terms, working_days, working_time
