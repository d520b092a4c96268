"""Whether a value has come nearer to where it should be. No ORM."""

# What a change can be; "unknown" where nothing says which direction is better.
VERDICTS = ("improved", "worse", "unchanged", "unknown")


def is_reached(value, low, high):
    """Tell whether a number lies within a target, both ends included.

    :param float low: None where there is no lower end
    :param float high: None where there is no upper end
    """
    return (low is None or value >= low) and (high is None or value <= high)


def get_distance(value, low, high):
    """Return how far a number is outside of a range, 0 within; ends may be None."""
    if low is not None and value < low:
        return low - value
    if high is not None and value > high:
        return value - high
    return 0.0


def judge_change(better, first, last, low=None, high=None):
    """Return one of ``VERDICTS`` for the way from the first value to the last.

    :param str better: "lower", "higher", or "within" the range
    :param float low: lower end of the normal range, for "within"; None where none
    :param float high: its upper end; None where none
    """
    if first == last:
        return "unchanged"
    if better in ("lower", "higher"):
        return "improved" if (last < first) == (better == "lower") else "worse"
    if low is None and high is None:
        return "unknown"
    before, after = (get_distance(value, low, high) for value in (first, last))
    if before == after:
        return "unchanged"
    return "improved" if after < before else "worse"
