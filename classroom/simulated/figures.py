"""What is made of what was seen: verdicts and percentiles."""

import json
import math
import statistics


def verdict(text, saves, acknowledged):
    """Say what is wrong with a saved notebook, or return an empty text.

    saves: what was sent, by its number; acknowledged: the last number of
    which the server said that it is saved. A later one may be there, too.
    """
    try:
        found = json.loads(text)
        number = found['metadata']['saved']
    except (ValueError, KeyError, TypeError):
        return 'half-written'
    if number < acknowledged:
        return f'save {number} is there, but {acknowledged} was acknowledged'
    if found != json.loads(saves[number]):
        return f'save {number} has another content'
    return ''


def percentile(values, share):
    """Return the smallest value that a share of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def middle_and_late(values):
    """Return the median and the 95th percentile of times."""
    return rounded(statistics.median(values), percentile(values, 0.95))


def middle_and_last(values):
    """Return the median and the largest of times."""
    return rounded(statistics.median(values), max(values))


def rounded(*values):
    return [round(x, 1) for x in values]
