"""Choosing entries by their places, by their size or by a condition.

Places are whole numbers that may come as float32: MXNet's `argmax` returns
such. Chapters: crash-course/ndarray, supervised-learning/softmax-regression-
scratch (`pick`), recurrent-neural-networks/rnn-scratch (`one_hot`).
"""

import torch

from ..base import MXNetError
from . import indexing
from .ndarray import torch_type
from .operator import axes_of, copied, operator, whole


def places_in(indices, count, mode):
    """Return places as whole numbers from 0 to count - 1.

    mode: 'clip' takes the nearest place, 'wrap' counts on from the start.
    """
    if mode not in ('clip', 'wrap'):
        raise MXNetError(f'mode={mode!r}: choose clip or wrap')
    indices = whole(indices)
    return indices % count if mode == 'wrap' else indices.clamp(0, count - 1)


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


@operator('choose_element_0index', mixed=True)
def pick(data, index, axis=-1, keepdims=False, mode='clip'):
    """One entry of each row, at the place given.  (2, 3) at (2,) -> (2,)"""
    axis, = axes_of(data, axis)
    places = places_in(index, data.shape[axis], mode)
    if places.dim() < data.dim():
        places = places.unsqueeze(axis)
    if places.shape != data.narrow(axis, 0, 1).shape:
        raise MXNetError(f'pick: {tuple(index.shape)} places for data of '
                         f'shape {tuple(data.shape)} along axis {axis}')
    found = data.gather(axis, places)
    return found if keepdims else found.squeeze(axis)


@operator()
def one_hot(indices, depth, on_value=1.0, off_value=0.0, dtype='float32'):
    """Rows with a 1 at the place given.  (2,), depth=5 -> (2, 5)"""
    places = torch.arange(depth, device=indices.device)
    hot = whole(indices).unsqueeze(-1) == places
    return torch.where(hot, on_value, off_value).to(torch_type(dtype))


@operator(mixed=True)
def gather_nd(data, indices):
    """Entries at the places in the columns.  (3, 4) at (2, 5) -> (5,)"""
    return data[tuple(whole(indices))]


@operator(mixed=True)
def where(condition, x, y):
    """Entries of x where the condition is not 0, else those of y."""
    if condition.shape != x.shape:  # one condition for each row
        condition = condition.reshape(-1, *[1] * (x.dim() - 1))
    return torch.where(condition != 0, x, y)


def in_order(data, axis, is_ascend):
    """Return the entries in order, their places, and the axis."""
    data, axis = (data.reshape(-1), 0) if axis is None else (data, axis)
    return (*data.sort(dim=axis, descending=not is_ascend, stable=True), axis)


@operator()
def sort(data, axis=-1, is_ascend=True):
    """Entries in order along an axis; None: all of them in a row."""
    return in_order(data, axis, is_ascend)[0]


@operator()
def argsort(data, axis=-1, is_ascend=True, dtype='float32'):
    """Places of the entries in order."""
    return in_order(data, axis, is_ascend)[1].to(torch_type(dtype))


@operator()
def topk(data, axis=-1, k=1, ret_typ='indices', is_ascend=False,
         dtype='float32'):
    """The k largest entries: places, 'value', 'both', or 1 in a 'mask'."""
    values, places, axis = in_order(data, axis, is_ascend)
    values, places = (x.narrow(axis, 0, k) for x in (values, places))
    if ret_typ == 'mask':
        return torch.zeros_like(data).scatter(axis, places, 1)
    places = places.to(torch_type(dtype))
    found = {'indices': places, 'value': values, 'both': [values, places]}
    if ret_typ not in found:
        raise MXNetError(f'topk: ret_typ {ret_typ!r} is not one of indices, '
                         'value, both, mask')
    return found[ret_typ]


@operator('crop')
def slice_(data, begin, end, step=None):
    """The part from begin to end of each axis; None: the whole axis."""
    step = step or (None,) * len(begin)
    return copied(indexing.select(data, tuple(map(slice, begin, end, step))))


@operator()
def slice_axis(data, axis, begin, end):
    """The part from begin to end of one axis; end=None: up to its end."""
    axis, = axes_of(data, axis)
    length = data.shape[axis]
    first, last, _ = slice(begin, end).indices(length)
    if first >= last or (end or 0) > length:
        raise MXNetError(f'slice_axis: from {begin} to {end} is no part of '
                         f'axis {axis} of shape {tuple(data.shape)}')
    return copied(data.narrow(axis, first, last - first))


@operator(mixed=True, method=False)
def SequenceMask(data, sequence_length=None, use_sequence_length=False,
                 value=0.0, axis=0):
    """`value` in the place of steps after the end of a sequence.

    data: (steps, sequences, ...), or the first two exchanged with axis=1.
    """
    if not use_sequence_length:
        return data.clone()
    steps = torch.arange(data.shape[axis], device=data.device)
    inside = steps[:, None] < sequence_length[None]
    inside = inside if axis == 0 else inside.t()
    inside = inside.reshape(*inside.shape, *[1] * (data.dim() - 2))
    return torch.where(inside, data, torch.full_like(data, value))
