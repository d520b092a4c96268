from . import adherence, ages, bands, derivations, goals, scoring, trend_svg, units
