from . import controllers, models, tools, wizard

# isort: split
from . import demo  # extends what models/ defines
