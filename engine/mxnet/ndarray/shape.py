"""New shapes for the same numbers, and arrays put together or cut.

`reshape` shares its array's memory; everything else here copies, as in
MXNet. Chapter: crash-course/ndarray.
"""

import math
import numbers

import torch
from torch.nn import functional

from ..base import MXNetError
from .ndarray import NDArray, as_shape, linked, wrap
from .operator import OPERATORS, Operator, at_least_1d, operator


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
            right = whole // left if right == -1 else right
            shape += [left, right]
        else:
            kept = axes.pop(0) if axes else 1
            shape.append(kept if code == 0 else code)
    return shape


def decode_backwards(old, codes):
    """Return the shape that codes stand for, matched from the right."""
    codes = list(codes)[::-1]
    for i, code in enumerate(codes):
        if code == -4:  # its two numbers now stand before it
            codes[i - 2:i + 1] = [-4, codes[i - 1], codes[i - 2]]
    for i, code in enumerate(codes):
        if code == -4:
            codes[i + 1], codes[i + 2] = codes[i + 2], codes[i + 1]
    return decode(old[::-1], codes)[::-1]


def new_shape(tensor, codes, reverse=False):
    """Return the shape for `reshape`, checked."""
    codes = as_shape(codes)
    old = tuple(tensor.shape)
    try:
        shape = (decode_backwards if reverse else decode)(old, codes)
    except (IndexError, ZeroDivisionError):
        raise MXNetError(f'reshape: {codes} asks for more axes than shape '
                         f'{old} has') from None
    rest = math.prod(n for n in shape if n != -1)
    if shape.count(-1) > 1 or any(n < -1 for n in shape):
        raise MXNetError(f'reshape: {codes} is no shape')
    if -1 in shape and rest and tensor.numel() % rest == 0:
        shape[shape.index(-1)] = tensor.numel() // rest
    if math.prod(shape) != tensor.numel():
        raise MXNetError(f'reshape: the {tensor.numel()} entries of shape '
                         f'{old} do not fill shape {codes}')
    return shape


@operator('Reshape', method=False)
def reshape(data, shape, reverse=False):
    """The entries in a new shape, in the same order.  (2, 6) -> (3, 4)

    0, -1, -2, -3 and -4 in `shape` stand for axes of the old one.
    """
    return data.reshape(new_shape(data, shape, reverse))


def reshape_method(self, *shape, **kwargs):
    """Return the array in a new shape; the memory is shared."""
    if len(shape) == 1 and not isinstance(shape[0], numbers.Integral):
        shape = shape[0]
    reverse = kwargs.pop('reverse', False)
    shape = shape or kwargs.pop('shape', ())
    if kwargs:
        raise TypeError(f'reshape: unknown arguments {list(kwargs)}')
    tensor = linked(self)
    return wrap(tensor.reshape(new_shape(tensor, shape, reverse)),
                self._ctx, (self,))


def transpose_method(self, *axes, **kwargs):
    """Return the array with its axes in another order."""
    if len(axes) == 1 and not isinstance(axes[0], numbers.Integral):
        axes = axes[0]
    return OPERATORS['transpose'](self, axes=axes or kwargs.get('axes'))


NDArray.reshape = reshape_method
NDArray.transpose = transpose_method


@operator()
def reshape_like(lhs, rhs):
    """The entries of lhs in the shape of rhs."""
    return lhs.reshape(new_shape(lhs, rhs.shape))


@operator('Flatten')
def flatten(data):
    """All axes but the first as one.  (2, 3, 4) -> (2, 12)"""
    return data.reshape(len(data), -1)


@operator(method=False)
def transpose(data, axes=None):
    """The axes in another order; turned round if none is given.

    (2, 3, 4) -> (4, 3, 2)
    """
    order = axes or tuple(range(data.dim()))[::-1]
    return data.permute(as_shape(order)).contiguous()


@operator('SwapAxis')
def swapaxes(data, dim1=0, dim2=0):
    """Two axes exchanged."""
    return data.transpose(dim1, dim2).contiguous()


@operator()
def expand_dims(data, axis):
    """A new axis of length 1.  (2, 3), axis=1 -> (2, 1, 3)"""
    return data.unsqueeze(axis).clone()


@operator()
def squeeze(data, axis=None):
    """Without axes of length 1.  (2, 1, 3) -> (2, 3)"""
    if axis is None:
        return at_least_1d(data.squeeze()).clone()
    for a in as_shape(axis):
        if data.shape[a] != 1:
            raise MXNetError(f'squeeze: axis {a} of shape '
                             f'{tuple(data.shape)} has not length 1')
    return at_least_1d(data.squeeze(as_shape(axis))).clone()


def broadcast_to_method(self, shape):
    """Return the array repeated along axes of length 1."""
    new = as_shape(shape)
    old = (1,) * (len(new) - self.ndim) + self.shape
    if any(a not in (1, b) and b != 0 for a, b in zip(old, new)):
        raise ValueError(f'broadcast_to: shape {self.shape} cannot be '
                         f'repeated to {new}; only axes of length 1 can')
    return OPERATORS['broadcast_to'](self, shape=new)


NDArray.broadcast_to = broadcast_to_method


@operator(method=False)
def broadcast_to(data, shape):
    """Axes of length 1 repeated.  (2, 1), shape=(2, 3) -> (2, 3)"""
    shape = as_shape(shape)
    old = (1,) * (len(shape) - data.dim()) + tuple(data.shape)
    return data.expand([a if n == 0 else n
                        for a, n in zip(old, shape)]).contiguous()


@operator()
def broadcast_like(lhs, rhs):
    """Axes of lhs of length 1 repeated to the shape of rhs."""
    return lhs.expand(rhs.shape).contiguous()


@operator('broadcast_axes')
def broadcast_axis(data, axis, size):
    """Axes of length 1 repeated to `size`."""
    shape = list(data.shape)
    for a, n in zip(as_shape(axis), as_shape(size)):
        if shape[a] != 1:
            raise MXNetError(f'broadcast_axis: axis {a} of shape '
                             f'{tuple(data.shape)} has not length 1')
        shape[a] = n
    return data.expand(shape).contiguous()


@operator()
def tile(data, reps):
    """The whole array repeated, `reps` times along each axis."""
    return data.tile(as_shape(reps))


@operator()
def repeat(data, repeats, axis=None):
    """Each entry repeated, along an axis or in one row."""
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
    """Arrays one after the other along axis `dim`."""
    return torch.cat(data, dim)


@operator(method=False)
def stack(*data, axis=0):
    """Arrays of one shape along a new axis."""
    return torch.stack(data, axis)


@operator('ElementWiseSum', method=False)
def add_n(*args):
    """The sum of arrays of one shape."""
    total = args[0]
    for other in args[1:]:
        total = total + other
    return total


@operator('SliceChannel')
def split(data, num_outputs, axis=1, squeeze_axis=False):
    """Equal parts along an axis: a list of arrays, or the only one."""
    if data.shape[axis] % num_outputs:
        raise MXNetError(f'split: axis {axis} of shape {tuple(data.shape)} '
                         f'does not have {num_outputs} equal parts')
    parts = [part.squeeze(axis) if squeeze_axis else part
             for part in data.chunk(num_outputs, axis)]
    parts = [at_least_1d(part.contiguous()) for part in parts]
    return parts if num_outputs > 1 else parts[0]


@operator()
def split_v2(ary, indices_or_sections, axis=0, squeeze_axis=False):
    """Parts that begin at given places, or equal ones."""
    parts = torch.tensor_split(ary, indices_or_sections, axis)
    return [at_least_1d((part.squeeze(axis) if squeeze_axis else part)
                        .contiguous()) for part in parts]


@operator(method=False)
def shape_array(data):
    """The shape, as an array of int64."""
    return torch.tensor(data.shape, dtype=torch.int64)


@operator(method=False)
def size_array(data):
    """The number of entries, as an array of int64."""
    return torch.tensor([data.numel()], dtype=torch.int64)


@operator()
def diag(data, k=0):
    """The diagonal of a matrix, or a matrix with this diagonal."""
    return torch.diag(data, k) if data.dim() < 3 else \
        torch.diagonal(data, k).contiguous()


OPERATORS['depth_to_space'] = Operator(
    'depth_to_space', lambda data, block_size:
    functional.pixel_shuffle(data, block_size))
