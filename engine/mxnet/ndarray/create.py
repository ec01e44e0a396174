"""New arrays: nd.array, nd.zeros, nd.arange and their like.

All are float32 unless told otherwise, and lie in the current context.
Chapter: crash-course/ndarray.
"""

import numpy as np
import torch

from ..base import MXNetError
from ..context import current_context, gpu, num_gpus
from .ndarray import (
    NDArray,
    as_shape,
    from_numpy,
    linked,
    torch_type,
    wait_for,
    wrap,
)
from .operator import OPERATORS, copied


def array(source_array, ctx=None, dtype=None):
    """Return an array of the numbers in a list, NumPy array or array.

    Of float32 unless the source is an NDArray, whose type is kept.
    """
    if isinstance(source_array, NDArray):
        return source_array.as_in_context(ctx or current_context()).astype(
            dtype or source_array.dtype)
    if isinstance(source_array, (list, tuple)):
        source_array = [x.asnumpy() if isinstance(x, NDArray) else x
                        for x in source_array]
    torch_type(dtype)  # TypeError for one that is not there
    try:
        values = np.asarray(source_array, dtype=dtype or np.float32)
    except (TypeError, ValueError) as error:
        raise TypeError(f'nd.array: this is no box of numbers: {error}'
                        ) from None
    return from_numpy(values, ctx)


def filled(make, shape, ctx, dtype, out=None):
    """Return what one of PyTorch's functions makes of a shape."""
    shape, ctx = as_shape(shape), ctx or current_context()
    if not shape or min(shape) <= 0:
        raise MXNetError(f'an array of shape {shape} would have no entries')
    tensor = make(shape, dtype=torch_type(dtype), device=ctx.device)
    return wrap(tensor, ctx, (), out)


def zeros(shape, ctx=None, dtype=None, out=None):
    """Return zeros of a shape."""
    return filled(torch.zeros, shape, ctx, dtype, out)


def ones(shape, ctx=None, dtype=None, out=None):
    """Return ones of a shape."""
    return filled(torch.ones, shape, ctx, dtype, out)


def empty(shape, ctx=None, dtype=None):
    """Return an array of a shape, with whatever its memory holds."""
    return filled(torch.empty, shape, ctx, dtype)


def full(shape, val, ctx=None, dtype=None, out=None):
    """Return an array of a shape in which every entry is `val`."""
    result = filled(torch.empty, shape, ctx, dtype)
    result[:] = val
    return result if out is None else result.copyto(out)


def arange(start, stop=None, step=1.0, repeat=1, infer_range=None, ctx=None,
           dtype=None):
    """Return start, start + step, ... below stop; each `repeat` times."""
    if stop is None:
        start, stop = 0, start
    count = int(np.ceil((stop - start) / step))
    if count < 1:
        raise MXNetError(f'arange: no number from {start} to {stop} in '
                         f'steps of {step}')
    dtype = np.dtype(dtype or np.float32)
    start, step = dtype.type(start), dtype.type(step)
    values = start + step * np.arange(count, dtype=dtype)
    return from_numpy(np.repeat(values, repeat), ctx)


def linspace(start, stop, num, endpoint=True, ctx=None, dtype=None):
    """Return `num` numbers from start to stop, evenly apart."""
    values = np.linspace(start, stop, num, endpoint)
    return from_numpy(values.astype(dtype or np.float32), ctx)


def eye(N, M=0, k=0, ctx=None, dtype=None):
    """Return ones on the k-th diagonal of an N x M matrix of zeros."""
    return from_numpy(np.eye(N, M or None, k, dtype or np.float32), ctx)


def concatenate(arrays, axis=0, always_copy=True):
    """Return arrays one after the other along an axis."""
    return OPERATORS['concat'](*arrays, dim=axis)


def moveaxis(tensor, source, destination):
    """Return an array with an axis moved to another place."""
    moved = copied(linked(tensor).movedim(source, destination))
    return wrap(moved, tensor.context, (tensor,))


def waitall():
    """Wait until everything that was ordered is computed (on a GPU)."""
    for i in range(num_gpus()):
        wait_for(gpu(i).device)
