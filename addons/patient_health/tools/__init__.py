from . import ages, bands, derivations, scoring, subjects, units
