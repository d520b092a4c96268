from . import adherence, ages, bands, derivations, goals, units
