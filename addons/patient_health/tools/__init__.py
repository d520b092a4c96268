from . import ages, bands, derivations, scoring, units
