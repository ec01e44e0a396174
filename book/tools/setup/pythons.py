"""Which engine computes, and on which Python: by what this computer has.

MXNet where it runs; otherwise our engine, on PyTorch. ENGINE and PYTHON
overrule.
"""

import functools
import shutil
import subprocess
import sys
from collections import namedtuple

from book.chapters.errors import BookError
from book.execution.engine import ENGINES, MXNET, TORCH
from from_scratch_to_gluon import engines, programs

PYTHONS = {MXNET: ((3, 11), (3, 11)), TORCH: ((3, 10), (3, 13))}
NEEDS = {
    MXNET: 'Python 3.11 for MXNet, on Linux or macOS with an Intel or AMD '
           'processor',
    TORCH: 'Python 3.10 to 3.13 for the engine on PyTorch',
}
NAMES = {MXNET: 'MXNet', TORCH: 'the engine on PyTorch'}
ADVICE = (
    'get one with `uv python install {0}`, `conda create -n python{0} '
    'python={0}`, from python.org or, on Windows, from the Microsoft Store, '
    'then name it, `make PYTHON=/path/to/python{0}` (without make: `--python '
    '/path/to/it`); or use Docker, `make image`'
)
QUESTION = (
    'import platform, sys; print("%d %d %s %s" % (sys.version_info[:2] + '
    '(platform.system(), platform.machine()))); print(sys.executable)'
)
PATIENCE = 30  # seconds

Python = namedtuple('Python', 'path version system machine')
Choice = namedtuple('Choice', 'engine python why')


def ask(*command):
    """Return the Python that a command starts, or None."""
    try:
        done = programs.run([*map(str, command), '-c', QUESTION],
                            stderr=subprocess.DEVNULL, timeout=PATIENCE)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    lines = done.stdout.splitlines()
    if done.returncode or len(lines) != 2:
        return None
    major, minor, system, machine = lines[0].split()
    return Python(lines[1], (int(major), int(minor)), system, machine)


def runs(python, engine):
    """Tell whether an engine runs on a Python."""
    first, last = PYTHONS[engine]
    return first <= python.version <= last and engines.built_for(
        engine, python.system, python.machine)


def found():
    """Yield the Pythons of this computer: this one, then newer and older."""
    yield ask(sys.executable)
    for minor in 11, 12, 13, 10:
        if shutil.which(f'python3.{minor}'):
            yield ask(f'python3.{minor}')
        elif shutil.which('py'):  # on Windows
            yield ask('py', f'-3.{minor}')


def pick(engine=None, named=None, existing=None):
    """Choose engine and Python; BookError says what is missing.

    engine, named: what the user asks for; existing: a function from an
    engine to the Python of its environment, which comes before all others.
    """
    pool = functools.lru_cache(None)(lambda: asked(named))
    for one in [engine] if engine else ENGINES:
        own = None if named or not existing else existing(one)
        if own and runs(own, one):
            return Choice(one, own, why(one, engine, own))
        for python in pool():
            if runs(python, one):
                return Choice(one, python, why(one, engine, python))
    raise BookError(missing(engine, named, pool()))


def asked(named):
    """Return the Python that is named, in a list, or all there are."""
    if not named:
        return list(filter(None, found()))
    python = ask(named)
    if python:
        return [python]
    raise BookError(f'{named} starts no Python; name another, such as '
                    'PYTHON=python3.11')


def why(chosen, engine, python):
    """Say in a few words what was picked, and the reason."""
    version = '.'.join(map(str, python.version))
    text = f'{NAMES[chosen]}, on Python {version}'
    if engine:
        return f'{text}, as ENGINE={engine} says'
    if chosen == MXNET:
        return f'{text}; ENGINE=torch takes {NAMES[TORCH]}'
    return f'{text}, for there is no {NEEDS[MXNET]}'


def missing(engine, named, pool):
    """Say which Python is needed, and the ways to get one."""
    who = f'{named} is not' if named else 'this computer has no'
    needed = ', or '.join(NEEDS[x] for x in ENGINES if x in (engine or x))
    has = sorted({'.'.join(map(str, x.version)) for x in pool})
    way = ADVICE.format('3.13' if engine == TORCH else '3.11')
    other = f'; or say ENGINE={TORCH}' if engine == MXNET else ''
    return f'{who} {needed} (found: {", ".join(has) or "none"}); {way}{other}'
