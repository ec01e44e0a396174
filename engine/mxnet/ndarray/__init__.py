"""mx.nd: arrays and the operators on them.

`NDArray` is in ndarray.py; the table of operators, OPERATORS, is filled by
arithmetic, elementwise, reduce, shape, select, matrix and network.
Chapter: crash-course/ndarray.
"""

from ..base import guard
from . import arithmetic, elementwise, matrix, network, reduce, select, shape
from . import contrib, random
from .create import (arange, array, concatenate, empty, eye, full, linspace,
                     moveaxis, ones, waitall, zeros)
from .files import load, load_frombuffer, save
from .ndarray import NDArray
from .operator import OPERATORS

globals().update(OPERATORS)
globals().update(arithmetic.ROWS)  # nd.add and its like take numbers, too

# What these were called in 2017
uniform = random_uniform = random.uniform
normal = random_normal = random.normal
random_exponential, random_randint = random.exponential, random.randint
sample_multinomial, shuffle = random.multinomial, random.shuffle

__getattr__ = guard(__name__)
