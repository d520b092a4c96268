from . import (
    calendar_file,
    identity,
    names,
    nullable,
    terms,
    working_days,
    working_time,
)
