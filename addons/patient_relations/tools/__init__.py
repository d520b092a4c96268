from . import (
    calendar_file,
    figures,
    identity,
    names,
    nullable,
    terms,
    working_days,
    working_time,
)
