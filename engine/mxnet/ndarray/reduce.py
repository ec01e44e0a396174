"""Sums, means and the like: over all entries, or along axes.

`axis` is a number or several; `keepdims` keeps the axes with length 1;
`exclude` takes all axes but these. The result over all entries has shape
(1,); PyTorch's has none. Chapter: crash-course/ndarray.
"""

import torch

from .operator import at_least_1d, axes_of, operator


@operator('sum_axis')
def sum_(data, axis=None, keepdims=False, exclude=False):
    """Sums along `axis`.  (2, 3), axis=1 -> (2,)"""
    axes = axes_of(data, axis, exclude)
    return at_least_1d(data.sum(axes, keepdims, dtype=data.dtype)
                       if axes else data.clone())


@operator()
def nansum(data, axis=None, keepdims=False, exclude=False):
    """Sums along `axis`, NaN counted as 0.  (2, 3), axis=1 -> (2,)"""
    return at_least_1d(data.nansum(axes_of(data, axis, exclude), keepdims))


@operator()
def mean(data, axis=None, keepdims=False, exclude=False):
    """Means along `axis`.  (2, 3), axis=1 -> (2,)"""
    axes = axes_of(data, axis, exclude)
    if data.is_floating_point():
        return at_least_1d(data.mean(axes, keepdims) if axes
                           else data.clone())
    count = max(1, data.numel()) if axis is None else 1
    for a in axes if axis is not None else ():
        count *= data.shape[a]
    total = data.sum(axes, keepdims, dtype=torch.long)
    return at_least_1d(torch.div(total, count, rounding_mode='trunc')
                       .to(data.dtype))


@operator()
def prod(data, axis=None, keepdims=False, exclude=False):
    """Products along `axis`.  (2, 3), axis=1 -> (2,)"""
    result = data
    for a in sorted(axes_of(data, axis, exclude), reverse=True):
        result = result.prod(a, keepdims, dtype=data.dtype)
    return at_least_1d(result)


@operator('max_axis')
def max_(data, axis=None, keepdims=False, exclude=False):
    """Largest entries along `axis`.  (2, 3), axis=1 -> (2,)

    Each entry that equals the largest gets the whole gradient; PyTorch
    shares it among them.
    """
    axes = axes_of(data, axis, exclude)
    return at_least_1d(Extreme.apply(data, data.detach().amax(axes, True),
                                     axes, keepdims))


@operator('min_axis')
def min_(data, axis=None, keepdims=False, exclude=False):
    """Smallest entries along `axis`.  (2, 3), axis=1 -> (2,)"""
    axes = axes_of(data, axis, exclude)
    return at_least_1d(Extreme.apply(data, data.detach().amin(axes, True),
                                     axes, keepdims))


class Extreme(torch.autograd.Function):
    """The way back of max and min."""

    @staticmethod
    def forward(ctx, data, extreme, axes, keepdims):
        ctx.save_for_backward(data == extreme)
        ctx.shape = extreme.shape
        return extreme.clone() if keepdims else extreme.squeeze(axes)

    @staticmethod
    def backward(ctx, grad):
        is_extreme, = ctx.saved_tensors
        return is_extreme * grad.reshape(ctx.shape), None, None, None


@operator()
def norm(data, ord=2, axis=None, out_dtype=None, keepdims=False):
    """Root of the sum of squares (ord=2), or the sum of |x| (ord=1)."""
    axes = axes_of(data, axis)
    if ord == 1:
        return at_least_1d(data.abs().sum(axes, keepdims))
    return at_least_1d(torch.linalg.vector_norm(data, 2, axes, keepdims))


def first_place(data, axis, keepdims, of_largest):
    """Return the first place of the extreme entry, as numbers like data."""
    values = data.reshape(1, -1) if axis is None else data
    dim = 1 if axis is None else axes_of(data, axis)[0]
    places = values.argmax(dim, keepdims) if of_largest \
        else values.argmin(dim, keepdims)
    if axis is None and keepdims:
        places = places.reshape([1] * data.dim())
    return at_least_1d(places).to(torch.float32)


@operator()
def argmax(data, axis=None, keepdims=False):
    """Place of the largest entry, the first of equal ones, as float32.

    (2, 3), axis=1 -> (2,)
    """
    return first_place(data, axis, keepdims, True)


@operator()
def argmin(data, axis=None, keepdims=False):
    """Place of the smallest entry, the first of equal ones, as float32."""
    return first_place(data, axis, keepdims, False)


@operator(method=False)
def argmax_channel(data):
    """Place of the largest entry in each row.  (2, 3) -> (2,)"""
    return data.argmax(1).to(data.dtype)


@operator(method=False)
def moments(data, axes=None, keepdims=False):
    """Mean and variance along `axes`, as a list of two arrays."""
    dims = axes_of(data, axes)
    middle = data.mean(dims, keepdim=True)
    variance = ((data - middle) ** 2).mean(dims, keepdims)
    return [at_least_1d(data.mean(dims, keepdims)), at_least_1d(variance)]


@operator()
def cumsum(a, axis=None, dtype=None):
    """Running sums along `axis`; without one, of all entries in a row."""
    return a.reshape(-1).cumsum(0, dtype=a.dtype) if axis is None \
        else a.cumsum(axis, dtype=a.dtype)
