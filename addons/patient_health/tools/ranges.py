"""Ranges as people write them. No ORM."""


def write_number(number):
    """Return a number without zeros that say nothing: 6.1, 140, 0.55."""
    return f"{number:.4f}".rstrip("0").rstrip(".")


def write_range(low, high):
    """Return a range with its ends, either of which may be None: 90–129, ≤ 84.9, ≥ 60."""
    if low is None and high is None:
        return ""
    if low is None:
        return f"≤ {write_number(high)}"
    if high is None:
        return f"≥ {write_number(low)}"
    return f"{write_number(low)}–{write_number(high)}"


def write_lines(low, high, joint):
    """Return from where something has to be done, outwards: ≤ 80 or ≥ 140.

    :param str joint: the word between both
    """
    parts = [f"≤ {write_number(low)}"] if low is not None else []
    parts += [f"≥ {write_number(high)}"] if high is not None else []
    return f" {joint} ".join(parts)
