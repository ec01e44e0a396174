"""Random arrays: seeded, they are those of MXNet on a CPU, see streams.py.

All draws are made on the CPU and moved, so that a seeded program prints the
same numbers on every device. Chapters: crash-course/ndarray,
supervised-learning/linear-regression-scratch.
"""

import math
import sys

import numpy as np
import torch

from ..base import MXNetError, guard
from ..context import current_context
from ..streams import STREAMS, unit
from .ndarray import NDArray, as_shape, torch_type, wrap


def drawn(draw, shape, dtype, ctx, out):
    """Return what `draw` makes for a number of entries, as an array.

    shape: (1,) unless it or the array `out` is given.
    """
    shape = (1,) if shape is None else as_shape(shape)
    shape, ctx = (shape, ctx or current_context()) if out is None \
        else (out.shape, out.context)
    values = torch.from_numpy(np.ascontiguousarray(draw(math.prod(shape))))
    return wrap(values.reshape(shape).to(ctx.device, torch_type(dtype)), ctx,
                (), out)


def only_numbers(*values):
    """Raise MXNetError for arrays of parameters, which MXNet allows."""
    if any(isinstance(x, NDArray) for x in values):
        raise MXNetError('nd.random: arrays as parameters are not in this '
                         'package; draw with numbers, then scale')


def uniform(low=0, high=1, shape=None, dtype=None, ctx=None, out=None):
    """Draw numbers even in [low, high)."""
    only_numbers(low, high)
    low, high = np.float32(low), np.float32(high)
    return drawn(lambda n: STREAMS.uniform(n) * (high - low) + low, shape,
                 dtype, ctx, out)


def normal(loc=0, scale=1, shape=None, dtype=None, ctx=None, out=None):
    """Draw normal numbers with mean loc and standard deviation scale."""
    only_numbers(loc, scale)
    if scale < 0:
        raise MXNetError(f'nd.random.normal: scale={scale}, a standard '
                         'deviation, must not be negative')
    loc, scale = np.float32(loc), np.float32(scale)
    return drawn(lambda n: STREAMS.normal(n) * scale + loc, shape, dtype,
                 ctx, out)


def randn(*shape, loc=0, scale=1, dtype=None, ctx=None):
    """Draw normal numbers: nd.random.randn(2, 3)."""
    return normal(loc, scale, shape, dtype, ctx)


def exponential(scale=1, shape=None, dtype=None, ctx=None, out=None):
    """Draw exponential numbers with mean `scale`."""
    only_numbers(scale)
    rate = np.float32(1 / scale)
    return drawn(lambda n: (-np.log(1 - STREAMS.uniform(n).astype(float))
                            / rate).astype(np.float32), shape, dtype, ctx,
                 out)


def randint(low, high, shape=None, dtype='int32', ctx=None, out=None):
    """Draw whole numbers from low to high - 1; other ones than MXNet's."""
    return drawn(lambda n: np.floor(STREAMS.uniform(n).astype(float)
                                    * (high - low) + low), shape, dtype, ctx,
                 out)


def multinomial(data, shape=None, get_prob=False, dtype='int32'):
    """Draw places with the probabilities in the rows of data.

    (5,) -> (1,), and (2, 5), shape=3 -> (2, 3)
    """
    if get_prob:
        raise MXNetError('multinomial: get_prob is not in this package')
    shape = () if shape is None or shape == () else as_shape(shape)
    rows = data.asnumpy().reshape(-1, data.shape[-1])
    draws = unit(STREAMS.words(len(rows) * math.prod(shape)))
    draws = draws.reshape(len(rows), -1)
    places = [np.searchsorted(np.cumsum(row, dtype=np.float32), draw,
                              side='right').clip(max=len(row) - 1)
              for row, draw in zip(rows, draws)]
    return drawn(lambda n: np.stack(places), data.shape[:-1] + shape or (1,),
                 dtype, data.context, None)


def shuffled(count, forwards):
    """Return the order in which MXNet puts `count` rows.

    forwards: from the front, as it does with vectors; else from the end.
    """
    order = np.arange(count)
    places = range(1, count) if forwards else range(count - 1, 0, -1)
    draws = STREAMS.words(count - 1).tolist() if count > 1 else []
    for i, draw in zip(places, draws):
        j = draw // (0xFFFFFFFF // (i + 1))
        order[i], order[j] = order[j], order[i]
    return order


def shuffle(data, out=None):
    """Return the rows (the entries of a vector) in a random order."""
    order = torch.from_numpy(shuffled(len(data), data.ndim == 1))
    return wrap(data.tensor[order.to(data.context.device)], data.context, (),
                out)


def seed(seed_state, ctx='all'):
    """Start all random numbers anew: equal seeds, equal numbers.

    They are those of MXNet on a CPU, also for arrays on a GPU.
    """
    STREAMS.seed(seed_state)
    torch.manual_seed(seed_state)  # dropout between recurrent layers


__getattr__ = guard(__name__)
sys.modules['mxnet.random'] = sys.modules[__name__]  # where MXNet has it
