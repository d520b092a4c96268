from . import ages, bands, derivations, labels, ranges, trend_svg, trends, units
