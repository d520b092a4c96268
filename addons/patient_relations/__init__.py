from . import controllers, models, report, tools, wizard

# isort: split
from . import demo  # extends what models/ defines
