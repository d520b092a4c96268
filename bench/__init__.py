"""What the suite's speed is measured by; see README.md.

This file holds what the program outside Odoo must know: no import of Odoo here.
"""

# Row → the module that measures it, and whether it needs the large database.
ROWS = {
    "P1": ("p01_complaints", False),
    "P1q": ("p01_complaints", False),
    "P2": ("p02_one_complaint", False),
    "P3": ("p03_patients", False),
    "P5": ("p05_deadlines", False),
    "P10": ("p10_pivot", True),
    "P12": ("p12_autocomplete", True),
    "P13": ("p13_first_page", True),
    "P14": ("p14_sweep", True),
    "H1": ("h01_measurements", False),
    "H2": ("h02_trends", False),
    "H3": ("h03_scores", False),
    "H4": ("h04_health_pivot", True),
    "F1": ("f01_fhir", False),
    "F1m": ("f01_fhir", False),
}


def choose(words):
    """Return module → whether it needs the large database, for the rows named.

    :param list words: ids of rows in any case, such as ``p12``; empty for all
    :raise KeyError: when a word names no row
    """
    names = {name.lower(): name for name in ROWS}
    wanted = [names[word.lower()] for word in words] or list(ROWS)
    return dict(ROWS[name] for name in wanted)
