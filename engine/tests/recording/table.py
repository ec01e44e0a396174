"""The table of the calls that hypothesis makes, and how it makes them.

Stands on hypothesis, with seeds of its own: whoever records twice gets the
same programs. `@calls(family, number)` enters a function that draws what it
needs and returns a program as text.
"""

import zlib

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as hypothesis_seed
from hypothesis import strategies as st

TABLE = []  # (family, number of calls, function)

NUMBERS = (0, 1, -1, 2, 3, 0.5, -0.5, 1.5, -2.25, 4, -3, 7, 100, 0.125)
ODD = (*NUMBERS, 1e-3, -1e4, float('nan'), float('inf'), float('-inf'))
POSITIVE = (1, 2, 3, 0.5, 1.5, 0.25, 4, 7, 10, 100)
WHOLE = (0, 1, -1, 2, 3, 5, -4, 7, 100, -13)
COUNTS = (0, 1, 2, 3, 5, 7, 100, 200)


def calls(family, number):
    def enter(function):
        TABLE.append((family, number, function))
        return function

    return enter


def programs(number, function):
    """Return up to this number of different programs."""
    found = {}
    name = f'{function.__module__}.{function.__name__}'

    @hypothesis_seed(zlib.crc32(name.encode()))
    @settings(max_examples=2 * number, database=None, deadline=None,
              phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))
    @given(st.data())
    def collect(data):
        program = function(lambda strategy: data.draw(strategy))
        if len(found) < number:
            found[program] = None

    collect()
    return list(found)


# What functions draw

def one(*choices):
    return st.sampled_from(choices)


def shapes(least=1, most=4, side=4):
    return st.lists(st.integers(1, side), min_size=least,
                    max_size=most).map(tuple)


def a_shape_of(size, dims):
    """Shapes with this many dimensions."""
    return st.lists(st.integers(1, size), min_size=dims,
                    max_size=dims).map(tuple)


def nested(shape, numbers):
    """Fill nested lists, as a reader would write them."""
    if not shape:
        return str(next(numbers))
    parts = [nested(shape[1:], numbers) for _ in range(shape[0])]
    return f'[{", ".join(parts)}]'


def literal(draw, shape, menu=NUMBERS, dtype='float32'):
    """Return `nd.array([[1, 2.5]])` with numbers of a menu."""
    size = 1
    for side in shape:
        size *= side
    drawn = draw(st.lists(one(*menu), min_size=size, max_size=size))
    kind = '' if dtype == 'float32' else f", dtype='{dtype}'"
    return f'nd.array({nested(shape, iter(drawn))}{kind})'


def filled(draw, shape, **options):
    """Return `values(2, 3, seed=5)`."""
    parts = [str(side) for side in shape]
    options = {'seed': draw(st.integers(0, 99)), **options}
    parts += [f'{name}={value!r}' for name, value in options.items()]
    return f'values({", ".join(parts)})'


def axis_of(shape):
    return st.integers(-len(shape), len(shape) - 1)


def axes_of(shape):
    """None, an axis, or a tuple of different axes."""
    several = st.lists(st.integers(0, len(shape) - 1), min_size=1,
                       unique=True).map(tuple)
    return st.one_of(st.none(), axis_of(shape), several)


def narrower(draw, shape):
    """Return a shape of as many dimensions that broadcasts to `shape`."""
    return tuple(draw(one(1, side)) for side in shape)


def options(**given):
    """Return ', axis=1, keepdims=True' for what is not None."""
    return ''.join(f', {name}={value!r}' for name, value in given.items()
                   if value is not None)
