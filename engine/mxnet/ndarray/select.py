"""Choosing entries by their places, by their size or by a condition.

Places are whole numbers that may come as float32: MXNet's `argmax` returns
such. Chapters: crash-course/ndarray, supervised-learning/softmax-regression-
scratch (`pick`), recurrent-neural-networks/rnn-scratch (`one_hot`).
"""

import torch

from ..base import MXNetError
from .ndarray import torch_type
from .operator import axes_of, operator, whole


def places_in(indices, count, mode):
    """Return places as whole numbers from 0 to count - 1.

    mode: 'clip' takes the nearest place, 'wrap' counts on from the start.
    """
    if mode == 'wrap':
        return whole(indices) % count
    if mode == 'clip':
        return whole(indices).clamp(0, count - 1)
    raise MXNetError(f'mode={mode!r}: choose clip or wrap')


@operator(mixed=True)
def take(a, indices, axis=0, mode='clip'):
    """Entries at places along an axis; outside of it the nearest.

    (5, 3) at (2,) -> (2, 3)
    """
    axis, = axes_of(a, axis)
    places = places_in(indices, a.shape[axis], mode)
    if axis == 0:
        return a[places]
    shape = (*a.shape[:axis], *places.shape, *a.shape[axis + 1:])
    return a.index_select(axis, places.reshape(-1)).reshape(shape)


@operator('batch_take', 'choose_element_0index', mixed=True)
def pick(data, index, axis=-1, keepdims=False, mode='clip'):
    """One entry of each row, at the place given.  (2, 3) at (2,) -> (2,)"""
    axis, = axes_of(data, axis)
    places = places_in(index, data.shape[axis], mode)
    if places.dim() < data.dim():
        places = places.unsqueeze(axis)
    found = data.gather(axis, places)
    return found if keepdims else found.squeeze(axis)


@operator()
def one_hot(indices, depth, on_value=1.0, off_value=0.0, dtype='float32'):
    """Rows with a 1 at the place given.  (2,), depth=5 -> (2, 5)"""
    places = torch.arange(depth, device=indices.device)
    hot = (whole(indices).unsqueeze(-1) == places).to(torch_type(dtype))
    if (on_value, off_value) == (1, 0):
        return hot
    return hot * (on_value - off_value) + off_value


@operator(mixed=True)
def gather_nd(data, indices):
    """Entries at the places in the columns of `indices`."""
    return data[tuple(whole(indices))]


@operator(mixed=True)
def scatter_nd(data, indices, shape):
    """Zeros of a shape, with data at the places in the columns."""
    zeros = torch.zeros(shape, dtype=data.dtype, device=data.device)
    return zeros.index_put(tuple(whole(indices)), data)


@operator(mixed=True)
def where(condition, x, y):
    """Entries of x where the condition is not 0, else those of y."""
    if condition.shape != x.shape:  # one condition for each row
        condition = condition.reshape(-1, *[1] * (x.dim() - 1))
    return torch.where(condition != 0, x, y)


@operator()
def sort(data, axis=-1, is_ascend=True):
    """Entries in order along an axis; None: all of them in a row."""
    data, axis = (data.reshape(-1), 0) if axis is None else (data, axis)
    return data.sort(dim=axis, descending=not is_ascend, stable=True)[0]


@operator()
def argsort(data, axis=-1, is_ascend=True, dtype='float32'):
    """Places of the entries in order."""
    data, axis = (data.reshape(-1), 0) if axis is None else (data, axis)
    order = data.argsort(dim=axis, descending=not is_ascend, stable=True)
    return order.to(torch_type(dtype))


@operator()
def topk(data, axis=-1, k=1, ret_typ='indices', is_ascend=False,
         dtype='float32'):
    """The k largest entries: places, 'value', 'both', or 1 in a 'mask'."""
    if axis is None:
        data, axis = data.reshape(-1), 0
    values, places = data.sort(dim=axis, descending=not is_ascend,
                               stable=True)
    values, places = (x.narrow(axis, 0, k or data.shape[axis])
                      for x in (values, places))
    if ret_typ == 'mask':
        return torch.zeros_like(data).scatter(axis, places, 1)
    places = places.to(torch_type(dtype))
    found = {'indices': places, 'value': values, 'both': [values, places]}
    if ret_typ not in found:
        raise MXNetError(f'topk: ret_typ {ret_typ!r} is not one of indices, '
                         'value, both, mask')
    return found[ret_typ]


def cut(tensor, begin, end, step=None):
    """Return a part, by the begin, end and step of its first axes."""
    from .indexing import select

    step = step or (None,) * len(begin)
    return select(tensor, tuple(map(slice, begin, end, step)))


@operator('crop')
def slice_(data, begin, end, step=None):
    """The part from begin to end of each axis; None: the whole axis."""
    return cut(data, begin, end, step)


@operator()
def slice_axis(data, axis, begin, end):
    """The part from begin to end of one axis; end=None: up to its end."""
    axis, = axes_of(data, axis)
    length = data.shape[axis]
    begin = begin + length if begin < 0 else begin
    end = length if end is None else end + length if end < 0 else end
    if not 0 <= begin < end <= length:
        raise MXNetError(f'slice_axis: from {begin} to {end} is not in axis '
                         f'{axis} of shape {tuple(data.shape)}')
    return data.narrow(axis, begin, end - begin).contiguous()


@operator(mixed=True)
def slice_like(data, shape_like, axes=()):
    """The first part of data, as long as the other array."""
    for axis in axes_of(data, axes):
        data = data.narrow(axis, 0, shape_like.shape[axis])
    return data.contiguous()


def lengths_apart(data, lengths, axis):
    """Return whether each step is within its sequence's length.

    data: (steps, sequences, ...), or the first two exchanged with axis=1.
    """
    steps = torch.arange(data.shape[axis], device=data.device)
    inside = steps[:, None] < lengths[None]
    inside = inside if axis == 0 else inside.t()
    return inside.reshape(*inside.shape, *[1] * (data.dim() - 2))


@operator(mixed=True, method=False)
def SequenceMask(data, sequence_length=None, use_sequence_length=False,
                 value=0.0, axis=0):
    """`value` in the place of steps after the end of a sequence."""
    if not use_sequence_length:
        return data.clone()
    inside = lengths_apart(data, sequence_length, axis)
    return torch.where(inside, data, torch.full_like(data, value))


@operator(mixed=True, method=False)
def SequenceLast(data, sequence_length=None, use_sequence_length=False,
                 axis=0):
    """The last step of each sequence.  (5, 2, 3) -> (2, 3)"""
    data = data.transpose(0, 1) if axis == 1 else data
    if not use_sequence_length:
        return data[-1].contiguous()
    sequences = torch.arange(data.shape[1], device=data.device)
    return data[whole(sequence_length) - 1, sequences]


@operator(mixed=True, method=False)
def SequenceReverse(data, sequence_length=None, use_sequence_length=False,
                    axis=0):
    """Each sequence in reverse order; what follows its end stays."""
    if not use_sequence_length:
        return data.flip(0)
    steps = torch.arange(len(data), device=data.device)[:, None]
    lengths = whole(sequence_length)[None]
    places = torch.where(steps < lengths, lengths - 1 - steps, steps)
    places = places.reshape(*places.shape, *[1] * (data.dim() - 2))
    return data.gather(0, places.expand(data.shape))
