from . import controllers, models, report, tools, wizard
from .hooks import uninstall_hook

# isort: split
from . import demo  # extends what models/ defines
