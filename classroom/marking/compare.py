"""Compare what came out of a sandbox with the expected values.

What comes out of it may be anything: too long, no JSON, forged. The rule is
that only the right values count, and that nothing of it is executed.
"""

import json
import math
import reprlib
from collections import namedtuple

LIMIT = 2 ** 20  # most bytes of a result
SHORT = 200  # characters of a student's error message

Result = namedtuple('Result', 'value problem')  # problem: '' or a sentence


def read(output, words):
    """Return the Result in what probe.py wrote, whatever these bytes are.

    words: `verdict` of the words of a language.
    """
    if len(output) > LIMIT:
        return Result(None, words['too_large'])
    try:
        found = json.loads(output)
        problem = found.get('problem', '')
        if problem:
            return Result(None, words['raised'].format(printable(problem)))
        return Result(found['value'], '')
    except (ValueError, AttributeError, KeyError, RecursionError):
        return Result(None, words['ended'])


def printable(text):
    """Return a student's text as one short line."""
    line = ''.join(x if x.isprintable() else ' ' for x in str(text)[:SHORT])
    return ' '.join(line.split())


def verdict(expected, found, tolerance, words):
    """Return '' when a result is right, else a sentence that says why not.

    expected, found: results of `read`; tolerance: relative, for numbers.
    """
    if found.problem:
        return found.problem
    return difference(expected.value, found.value, tolerance, words)


def difference(expected, found, tolerance, words):
    """Return the first difference of two values as a sentence, or ''."""
    if is_array(expected) and is_array(found):
        if expected['shape'] != found['shape']:
            return differs(words, expected['shape'], found['shape'],
                           key='shape')
        expected, found = expected['numbers'], found['numbers']
    if isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            return words['count'].format(len(found), len(expected))
        parts = zip(expected, found)
        return next(filter(None, (difference(*pair, tolerance, words)
                                  for pair in parts)), '')
    if is_number(expected) and is_number(found):
        right = is_close(expected, found, tolerance)
    else:
        right = type(expected) is type(found) and expected == found
    return '' if right else differs(words, expected, found)


def differs(words, expected, found, key='differs'):
    """Return a sentence with two values, shortened."""
    return words[key].format(printable(reprlib.repr(found)),
                             printable(reprlib.repr(expected)))


def is_array(value):
    """Return whether a value is what probe.py makes of an array."""
    return isinstance(value, dict) and set(value) == {'shape', 'numbers'} \
        and all(isinstance(part, list) for part in value.values())


def is_number(value):
    return isinstance(value, (bool, int, float))


def is_close(expected, found, tolerance):
    """Return whether two numbers are the same but for rounding."""
    if math.isnan(expected):
        return math.isnan(found)
    try:
        return math.isclose(expected, found, rel_tol=tolerance,
                            abs_tol=tolerance / 100)
    except OverflowError:  # an integer of a thousand digits
        return False
