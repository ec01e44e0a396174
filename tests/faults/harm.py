"""Ways to harm a run: kill it at a moment, or before one of its steps.

A run is a function that goes in a process of its own, so that it can be
killed while the test lives on. `make test` tries some seeded moments and
steps, `make faults` (BOOK_FAULTS=all) many more.
"""

import os
import random
import signal
import sys
import threading
import time

import pytest
from tqdm import tqdm

ALL = os.environ.get('BOOK_FAULTS') == 'all'
thorough = pytest.mark.skipif(not ALL, reason='a part of `make faults`')
STEPS = {'os.mkdir', 'os.remove', 'os.rename', 'os.rmdir', 'open'}


def some(few, many):
    """Return how often to try: few times in `make test`, many in all."""
    return many if ALL else few


def moments(count, seed):
    """Return random shares of a run's time, spread evenly over it."""
    rng = random.Random(seed)
    return [(i + rng.random()) / count for i in range(count)]


def fork(task):
    """Start a function in a process of its own; return its number."""
    child = os.fork()
    if child:
        return child
    status = 1
    # All processes share the lock of progress bars: whoever is killed with
    # it in hand would keep it for ever
    tqdm.set_lock(threading.RLock())
    try:
        sys.stderr = open(os.devnull, 'w', encoding='utf-8')
        task()
        status = 0
    finally:
        os._exit(status)


def ended(child):
    """Wait for a process; return its status, that of a signal below 0."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def duration(task):
    """Return how many seconds a function takes in a process of its own."""
    started = time.monotonic()
    assert ended(fork(task)) == 0
    return time.monotonic() - started


def kill_after(seconds, task):
    """Kill a function after some seconds; tell whether it still ran."""
    child = fork(task)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return ended(child) < 0


def kill_before_step(step, task):
    """Kill a function before it changes files for the n-th time.

    Return whether it came so far.
    """
    return ended(fork(lambda: (die_before(step), task()))) < 0


def die_before(step):
    """Make this process kill itself when it is about to change a file."""
    left = step

    def look(event, arguments):
        nonlocal left
        if event in STEPS and not reads(event, arguments):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(look)


def reads(event, arguments):
    """Tell whether an event opens a file for reading only."""
    return event == 'open' and not arguments[2] & os.O_ACCMODE


def tree(folder):
    """Return what a folder holds: relative path -> content."""
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob('*')) if path.is_file()}


def survivors(mark):
    """Return the processes with a word in their environment."""
    found = []
    for name in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{name}/environ', 'rb') as file:
                if mark.encode() in file.read():
                    found.append(int(name))
        except OSError:
            pass  # it has ended, or belongs to somebody else
    return found


def until(condition, seconds=60):
    """Wait until a condition holds; tell whether it ever did."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
