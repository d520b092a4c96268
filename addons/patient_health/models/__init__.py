from . import indicator, res_users

# isort: split
from . import patient_health_part  # what stands in a health record begins with it

# isort: split
from . import measurement

# isort: split
from . import duty, examination, intervention, medication, score, summary, values

# isort: split
from . import report
