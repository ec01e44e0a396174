"""New shapes for the same numbers, and arrays put together or cut.

`x.reshape(...)` shares its array's memory; everything else here copies, as
in MXNet. Chapter: crash-course/ndarray.
"""

import math
import numbers

import torch
from torch.nn import functional

from ..base import MXNetError
from .ndarray import NDArray, as_shape
from .operator import OPERATORS, Operator, at_least_1d, copied, operator


def decode(old, codes):
    """Return the shape that codes stand for.

    0 keeps an axis, -1 is what is left over, -2 keeps all that follow, -3
    multiplies two, -4 splits one into the next two numbers.
    """
    shape, axes, codes = [], list(old), list(codes)
    while codes:
        code = codes.pop(0)
        if code == -2:
            shape, axes = shape + axes, []
        elif code == -3:
            shape.append(axes.pop(0) * axes.pop(0))
        elif code == -4:
            whole, left, right = axes.pop(0), codes.pop(0), codes.pop(0)
            left = whole // right if left == -1 else left
            shape += [left, whole // left if right == -1 else right]
        else:
            kept = axes.pop(0) if axes or code == 0 else 1
            shape.append(kept if code == 0 else code)
    return shape


def new_shape(old, codes, reverse=False):
    """Return the shape that `reshape` makes of an old one, checked."""
    try:
        shape = decode(old[::-1], codes[::-1])[::-1] if reverse \
            else decode(old, codes)
    except (IndexError, ZeroDivisionError):
        raise MXNetError(f'reshape: {codes} asks for more axes than shape '
                         f'{old} has') from None
    count, rest = math.prod(old), math.prod(n for n in shape if n != -1)
    if -1 in shape and rest > 0 and count % rest == 0:
        shape[shape.index(-1)] = count // rest
    if min(shape) < 0 or math.prod(shape) != count:
        special = min(codes) < -1 or codes.count(-1) > 1 \
            or -1 not in codes and rest > count
        raise (MXNetError if special else ValueError)(
            f'reshape: the {count} entries of shape {old} do not fill '
            f'shape {codes}')
    return shape


def reshaped(data, shape, reverse=False):
    """The entries in a new shape; the memory is shared.  (2, 6) -> (3, 4)

    0, -1, -2, -3 and -4 in `shape` stand for axes of the old one, matched
    from the right if `reverse`.
    """
    return data.reshape(new_shape(tuple(data.shape), as_shape(shape),
                                  reverse))


@operator('Reshape', method=False)
def reshape(data, shape, reverse=False):
    """The entries in a new shape, copied; `x.reshape` shares the memory."""
    return copied(reshaped(data, shape, reverse))


@operator(method=False)
def transpose(data, axes=None):
    """The axes in another order; turned round if none is given.

    (2, 3, 4) -> (4, 3, 2)
    """
    order = axes or tuple(range(data.dim()))[::-1]
    return copied(data.permute(as_shape(order)))


def numbers_or_tuple(op, key):
    """Return an operator's method: it takes `2, 3`, `(2, 3)`, `key=(2, 3)`.
    """
    def method(self, *values, **kwargs):
        if len(values) == 1 and not isinstance(values[0], numbers.Integral):
            values = values[0]
        if values:
            kwargs[key] = values
        return op(self, **kwargs)

    method.__name__, method.__doc__ = op.name, op.__doc__
    return method


NDArray.reshape = numbers_or_tuple(Operator('reshape', reshaped), 'shape')
NDArray.transpose = numbers_or_tuple(OPERATORS['transpose'], 'axes')


@operator()
def reshape_like(lhs, rhs):
    """The entries of lhs in the shape of rhs."""
    return copied(reshaped(lhs, rhs.shape))


@operator('Flatten')
def flatten(data):
    """All axes but the first as one.  (2, 3, 4) -> (2, 12)"""
    return copied(data.reshape(len(data), -1))


@operator('SwapAxis')
def swapaxes(data, dim1=0, dim2=0):
    """Two axes exchanged.  (2, 3, 4), 0, 2 -> (4, 3, 2)"""
    return copied(data.transpose(dim1, dim2))


@operator()
def expand_dims(data, axis):
    """A new axis of length 1.  (2, 3), axis=1 -> (2, 1, 3)"""
    return copied(data.unsqueeze(axis))


@operator()
def squeeze(data, axis=None):
    """Without axes of length 1.  (2, 1, 3) -> (2, 3)"""
    axes = range(data.dim()) if axis is None else as_shape(axis)
    if axis is not None and any(data.shape[a] != 1 for a in axes):
        raise MXNetError(f'squeeze: axis {axis} of shape '
                         f'{tuple(data.shape)} has not length 1')
    return copied(at_least_1d(data.squeeze(tuple(axes))))


@operator()
def broadcast_to(data, shape):
    """Axes of length 1 repeated.  (2, 1), shape=(2, 3) -> (2, 3)"""
    shape = as_shape(shape)
    old = (1,) * (len(shape) - data.dim()) + tuple(data.shape)
    if any(a not in (1, b) and b != 0 for a, b in zip(old, shape)):
        raise ValueError(f'broadcast_to: shape {tuple(data.shape)} cannot be '
                         f'repeated to {shape}; only axes of length 1 can')
    return copied(data.expand([b or a for a, b in zip(old, shape)]))


@operator()
def broadcast_like(lhs, rhs):
    """Axes of lhs of length 1 repeated to the shape of rhs."""
    return copied(lhs.expand(rhs.shape))


@operator('broadcast_axes')
def broadcast_axis(data, axis, size):
    """Axes of length 1 repeated.  (2, 1), axis=1, size=3 -> (2, 3)"""
    shape = list(data.shape)
    for a, n in zip(as_shape(axis), as_shape(size)):
        shape[a] = n
    return copied(data.expand(shape))


@operator()
def tile(data, reps):
    """The whole array repeated.  (2, 3), reps=(2, 1) -> (4, 3)"""
    return data.tile(as_shape(reps))


@operator()
def repeat(data, repeats, axis=None):
    """Each entry repeated.  (2, 3), 2, axis=1 -> (2, 6); no axis: (12,)"""
    return data.repeat_interleave(repeats, axis)


@operator('reverse')
def flip(data, axis):
    """Entries in reverse order along an axis."""
    return data.flip(as_shape(axis))


@operator('Pad')
def pad(data, mode='constant', pad_width=(), constant_value=0):
    """Entries added at both ends of axes.

    pad_width: (before, after) of each axis in one row; mode: 'constant',
    'edge' or 'reflect', the latter two only for the axes from the third on.
    """
    if len(pad_width) != 2 * data.dim():
        raise MXNetError(f'pad: pad_width has {len(pad_width)} numbers; '
                         f'shape {tuple(data.shape)} wants two an axis')
    pairs = list(zip(pad_width[::2], pad_width[1::2]))
    widths = [n for pair in pairs[::-1] for n in pair]
    if mode == 'constant':
        return functional.pad(data, widths, value=constant_value)
    return functional.pad(data, widths[:2 * (data.dim() - 2)],
                          mode='replicate' if mode == 'edge' else mode)


@operator('Concat', method=False)
def concat(*data, dim=1):
    """Arrays one after the other.  (2, 3), (2, 4), dim=1 -> (2, 7)"""
    return torch.cat(data, dim)


@operator(method=False)
def stack(*data, axis=0):
    """Arrays of one shape along a new axis.  (2,), (2,), (2,) -> (3, 2)"""
    return torch.stack(data, axis)


@operator('ElementWiseSum', method=False)
def add_n(*args):
    """The sum of arrays of one shape."""
    return sum(args[1:], args[0]) if args[1:] else args[0].clone()


@operator('SliceChannel')
def split(data, num_outputs, axis=1, squeeze_axis=False):
    """Equal parts along an axis; a list if several.  (2, 6), 2 -> (2, 3)"""
    length, rest = divmod(data.shape[axis], num_outputs)
    if rest or squeeze_axis and length != 1:
        raise MXNetError(f'split: axis {axis} of shape {tuple(data.shape)} '
                         f'does not have {num_outputs} equal parts'
                         + ' of length 1' * squeeze_axis)
    parts = [copied(at_least_1d(x.squeeze(axis) if squeeze_axis else x))
             for x in data.chunk(num_outputs, axis)]
    return parts if num_outputs > 1 else parts[0]


@operator()
def diag(data, k=0):
    """The diagonal of a matrix, or a matrix with this diagonal."""
    return copied(torch.diag(data, k) if data.dim() < 3
                  else torch.diagonal(data, k))
