"""What a process that measures says to the one that has started it.

It needs nothing beyond Python: such a process also runs in environments
that do not hold the book.
"""

import json
import sys


def wait_for_start():
    """Say, in a worker, that all is ready, and wait for the others."""
    print('ready', flush=True)
    sys.stdin.readline()


def answer(value):
    """Give, in a worker, the result."""
    print(json.dumps(value), flush=True)


def answer_each(measure):
    """Measure, in a worker, at every start, until no more can come."""
    print('ready', flush=True)
    for _ in sys.stdin:
        answer(measure())
