from . import identity, names, nullable
