"""Helpers for training: batches for several devices, shorter gradients.

Stands on ndarray. Also says how long lists and texts are printed.
Chapters: convolutional-neural-networks/multi-device-training,
recurrent-neural-networks/rnn-gluon.
"""

import warnings

import numpy as np

from .. import ndarray as nd
from ..base import guard


def split_data(data, num_slice, batch_axis=0, even_split=True):
    """Cut a batch into parts along an axis.  (10, 2), 3 -> 4, 3 and 3 rows

    The first parts get one more. ValueError if not even, unless allowed.
    """
    size = data.shape[batch_axis]
    if even_split and size % num_slice:
        raise ValueError(f'split_data: {size} entries give no {num_slice} '
                         'equal parts; even_split=False allows others')
    each, extra = divmod(size, num_slice)
    ends = [each * i + min(i, extra) for i in range(num_slice + 1)]
    return [nd.slice_axis(data, axis=batch_axis, begin=start, end=end)
            for start, end in zip(ends, ends[1:])]


def split_and_load(data, ctx_list, batch_axis=0, even_split=True):
    """Cut a batch into as many parts as there are devices; move each."""
    if not isinstance(data, nd.NDArray):
        data = nd.array(data, ctx=ctx_list[0])
    if len(ctx_list) == 1:
        return [data.as_in_context(ctx_list[0])]
    parts = split_data(data, len(ctx_list), batch_axis, even_split)
    return [part.as_in_context(ctx) for part, ctx in zip(parts, ctx_list)]


def clip_global_norm(arrays, max_norm, check_isfinite=True):
    """Shorten arrays in place to a common length of at most `max_norm`.

    Returns the length before, as a number, or as an array of shape (1,)
    without the check, which is what has to wait for the device.
    """
    ctx = arrays[0].ctx
    squares = [(x * x).sum().as_in_context(ctx) for x in arrays]
    length = nd.sqrt(nd.add_n(*squares))
    if check_isfinite and not np.isfinite(length.asscalar()):
        warnings.warn(f'clip_global_norm: the length is {length.asscalar()}, '
                      'so the arrays will be useless', stacklevel=2)
    scale = nd.minimum(max_norm / (length + 1e-8), 1)
    for x in arrays:
        x *= scale.as_in_context(x.ctx)
    return length.asscalar() if check_isfinite else length


def brief(names):
    """Return names in quotes, the middle left out if there are many."""
    names = [f"'{name}'" for name in names]
    if len(names) > 7:
        names = [*names[:3], '...', *names[-3:]]
    return ', '.join(names)


def indent(text):
    """Return a text with all lines but the first moved to the right."""
    return text.replace('\n', '\n  ')


__getattr__ = guard(__name__)
