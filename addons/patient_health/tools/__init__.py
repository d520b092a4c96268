from . import ages, bands, derivations, units
