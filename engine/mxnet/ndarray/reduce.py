"""Sums, means and the like: over all entries, or along axes.

`axis` is a number or several; `keepdims` keeps the axes with length 1;
`exclude` takes all axes but these. The result over all entries has shape
(1,); PyTorch's has none. Chapter: crash-course/ndarray.
"""

import math

import torch

from .ndarray import torch_type
from .operator import at_least_1d, axes_of, operator


@operator('sum_axis')
def sum_(data, axis=None, keepdims=False, exclude=False):
    """Sums along `axis`.  (2, 3), axis=1 -> (2,)"""
    axes = axes_of(data, axis, exclude)
    if not axes:  # PyTorch would take all
        return data.clone()
    if len(axes) == data.dim() and not keepdims:
        return data.sum(dtype=data.dtype).reshape(1)
    return data.sum(axes, keepdims, dtype=data.dtype)


@operator()
def nansum(data, axis=None, keepdims=False, exclude=False):
    """Sums along `axis`, NaN counted as 0.  (2, 3), axis=1 -> (2,)"""
    return sum_(data.nan_to_num(0, math.inf, -math.inf), axis, keepdims,
                exclude)


@operator()
def mean(data, axis=None, keepdims=False, exclude=False):
    """Means along `axis`.  (2, 3), axis=1 -> (2,)"""
    axes = axes_of(data, axis, exclude)
    if data.is_floating_point() and axes:
        return at_least_1d(data.mean(axes, keepdims))
    count = math.prod(data.shape[a] for a in axes)
    total = sum_(data, axis, keepdims, exclude)
    return (total / count).to(data.dtype)


@operator()
def prod(data, axis=None, keepdims=False, exclude=False):
    """Products along `axis`.  (2, 3), axis=1 -> (2,)"""
    for a in sorted(axes_of(data, axis, exclude), reverse=True):
        data = data.prod(a, keepdims, dtype=data.dtype)
    return at_least_1d(data)


class Extreme(torch.autograd.Function):
    """max and min: each entry that equals it gets the whole gradient.

    PyTorch shares the gradient among them.
    """

    @staticmethod
    def forward(ctx, data, function, axes, keepdims):
        extreme = function(data, axes, True)
        ctx.save_for_backward(data == extreme)
        ctx.shape = extreme.shape
        return extreme if keepdims else at_least_1d(extreme.squeeze(axes))

    @staticmethod
    def backward(ctx, grad):
        is_extreme, = ctx.saved_tensors
        return is_extreme * grad.reshape(ctx.shape), None, None, None


@operator('max_axis')
def max_(data, axis=None, keepdims=False, exclude=False):
    """Largest entries along `axis`.  (2, 3), axis=1 -> (2,)"""
    return Extreme.apply(data, torch.amax, axes_of(data, axis, exclude),
                         keepdims)


@operator('min_axis')
def min_(data, axis=None, keepdims=False, exclude=False):
    """Smallest entries along `axis`.  (2, 3), axis=1 -> (2,)"""
    return Extreme.apply(data, torch.amin, axes_of(data, axis, exclude),
                         keepdims)


@operator()
def norm(data, ord=2, axis=None, out_dtype=None, keepdims=False):
    """Root of the sum of squares (ord=2), or the sum of |x| (ord=1)."""
    axes = axes_of(data, axis)
    data = data.to(torch_type(out_dtype)) if out_dtype else data
    return at_least_1d(torch.linalg.vector_norm(data, ord, axes, keepdims))


def place_of(find, data, axis, keepdims):
    """Return the places that torch.argmax or argmin finds, as float32."""
    axis = None if axis is None else axes_of(data, axis)[0]
    return at_least_1d(find(data, axis, keepdims)).to(torch.float32)


@operator()
def argmax(data, axis=None, keepdims=False):
    """Place of the largest entry, the first of equal ones, as float32.

    (2, 3), axis=1 -> (2,)
    """
    return place_of(torch.argmax, data, axis, keepdims)


@operator()
def argmin(data, axis=None, keepdims=False):
    """Place of the smallest entry, the first of equal ones, as float32."""
    return place_of(torch.argmin, data, axis, keepdims)


@operator()
def cumsum(a, axis=None, dtype=None):
    """Running sums along `axis`; without one, of all entries in a row."""
    a, axis = (a.reshape(-1), 0) if axis is None else (a, axis)
    return a.cumsum(axis, dtype=torch_type(dtype) if dtype else a.dtype)
