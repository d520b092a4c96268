from . import identity, names
