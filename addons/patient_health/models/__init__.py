from . import indicator, res_users

# isort: split
# what stands in a health record, and what tells of it, begins with these
from . import patient_health_part, patient_health_period_mixin

# isort: split
from . import measurement

# isort: split
from . import duty, examination, intervention, medication, score, summary, values

# isort: split
from . import report
