"""Iterators over arrays in memory, the way of 2017.

`for batch in NDArrayIter(...)` gives batches whose `data` and `label` are
lists of arrays; after the last one, `reset` begins anew. They stand on
`mx.nd` alone. Chapter: appendix/mnist-softmax.
"""

import numpy as np

from . import ndarray as nd
from .base import MXNetError, guard
from .ndarray import NDArray


class DataBatch:
    """A batch: lists of arrays; the last `pad` examples are only filling."""

    def __init__(self, data, label=None, pad=None, index=None):
        assert isinstance(data, (list, tuple)), (
            'DataBatch: data must be a list of arrays')
        self.data, self.label = data, label
        self.pad, self.index = pad, index

    def __str__(self):
        data, label = [x and [array.shape for array in x]
                       for x in (self.data, self.label)]
        return (f'{type(self).__name__}: data shapes: {data} '
                f'label shapes: {label}')


class DataIter:
    """What a loop needs; one's own writes `next` and `reset`."""

    def __init__(self, batch_size=0):
        self.batch_size = batch_size

    def __iter__(self):
        return self

    def __next__(self):
        return self.next()

    def reset(self):
        """Begin anew."""


class NDArrayIter(DataIter):
    """Batches of arrays, with filling at the end: last_batch_handle='pad'.

    'discard' leaves a short batch out, 'roll_over' puts it before the next
    epoch. With shuffle=True each reset permutes what the last one left, by
    NumPy's generator, and makes everything float32.
    """

    def __init__(self, data, label=None, batch_size=1, shuffle=False,
                 last_batch_handle='pad'):
        super().__init__(batch_size)
        self.data, self.label = arrays_in(data), arrays_in(label)
        assert self.data, 'NDArrayIter: no data'
        self.num_data, self.shuffle = len(self.data[0]), shuffle
        lengths = {len(x) for x in self.data + self.label}
        if len(lengths) > 1:
            raise MXNetError(f'NDArrayIter: arrays of lengths {lengths}')
        self.idx = np.arange(self.num_data)
        self._handle, self._kept = last_batch_handle, None
        self.reset()

    def reset(self):
        """Begin anew, after shuffling."""
        if self.shuffle:
            np.random.shuffle(self.idx)
            self.data, self.label = [
                [nd.array(x.asnumpy()[self.idx], x.context) for x in arrays]
                for arrays in (self.data, self.label)]
        self._start = -len(self._kept[0]) if self._kept else 0

    def next(self):
        """Return the next DataBatch.  StopIteration after the last one."""
        start, stop = self._start, self._start + self.batch_size
        arrays, self._start = self.data + self.label, stop
        if start >= self.num_data:
            raise StopIteration
        if stop > self.num_data and self._handle != 'pad':
            if self._handle == 'roll_over':
                self._kept = [x[start:] for x in arrays]
            raise StopIteration
        if start < 0:
            rows = [nd.concat(first, x[:stop], dim=0)
                    for first, x in zip(self._kept, arrays)]
            self._kept = None
        else:
            rows = [taken(x, start, stop) for x in arrays]
        count = len(self.data)
        return DataBatch(rows[:count], rows[count:],
                         max(stop - self.num_data, -start, 0))


def taken(x, start, stop):
    """Return rows; behind the last one comes the first again."""
    if stop <= len(x):
        return nd.slice_axis(x, axis=0, begin=start, end=stop)
    return nd.take(x, nd.array(np.arange(start, stop) % len(x), x.context))


def arrays_in(data):
    """Return a list of arrays.  TypeError for what is none."""
    if isinstance(data, (np.ndarray, NDArray)):
        data = [data]
    if not isinstance(data, (list, tuple)) and data is not None:
        raise TypeError('NDArrayIter takes an array or a list of arrays, not '
                        f'{type(data).__name__}')
    return [x if isinstance(x, NDArray) else nd.array(x) for x in data or ()]


__getattr__ = guard(__name__)
