"""Iterators over arrays in memory, the way of 2017.

`for batch in NDArrayIter(...)` gives batches whose `data` and `label` are
lists of arrays; after the last one, `reset` begins anew. They stand on
`mx.nd` alone. Chapter: appendix/mnist-softmax.
"""

from collections import namedtuple

import numpy as np

from . import ndarray as nd
from .base import guard
from .ndarray import NDArray


class DataDesc(namedtuple('DataDesc', ['name', 'shape'])):
    """Name and shape of what an iterator gives, with dtype and layout."""

    def __new__(cls, name, shape, dtype=np.float32, layout='NCHW'):
        self = super().__new__(cls, name, shape)
        self.dtype, self.layout = dtype, layout
        return self

    def __repr__(self):
        return (f'DataDesc[{self.name},{self.shape},{self.dtype},'
                f'{self.layout}]')


class DataBatch:
    """A batch: lists of arrays; the last `pad` examples are only filling."""

    def __init__(self, data, label=None, pad=None, index=None,
                 bucket_key=None, provide_data=None, provide_label=None):
        for name, given in ('data', data), ('label', label):
            assert given is None or isinstance(given, (list, tuple)), (
                f'DataBatch: {name} must be a list of arrays')
        self.data, self.label = data, label
        self.pad, self.index, self.bucket_key = pad, index, bucket_key
        self.provide_data, self.provide_label = provide_data, provide_label

    def __str__(self):
        data, label = [x and [array.shape for array in x] or None
                       for x in (self.data, self.label)]
        return (f'{type(self).__name__}: data shapes: {data} '
                f'label shapes: {label}')


class DataIter:
    """What a loop needs: override `next`, or iter_next and the get methods.

    iter_next moves on and says whether there is a batch.
    """

    def __init__(self, batch_size=0):
        self.batch_size = batch_size

    def __iter__(self):
        return self

    def __next__(self):
        return self.next()

    def next(self):
        """Return the next DataBatch.  StopIteration after the last one."""
        if not self.iter_next():
            raise StopIteration
        return DataBatch(self.getdata(), self.getlabel(), self.getpad(),
                         self.getindex())

    def reset(self):
        """Begin anew."""

    def nothing(self):
        return None

    iter_next = getdata = getlabel = getindex = getpad = nothing


class NDArrayIter(DataIter):
    """Batches of arrays, with filling at the end: last_batch_handle='pad'.

    'discard' leaves a short batch out, 'roll_over' puts it before the next
    epoch. With shuffle=True each reset permutes what the last one left, by
    NumPy's generator, and makes everything float32.
    """

    def __init__(self, data, label=None, batch_size=1, shuffle=False,
                 last_batch_handle='pad', data_name='data',
                 label_name='softmax_label', layout='NCHW'):
        super().__init__(batch_size)
        assert data is not None and len(data), 'NDArrayIter: no data'
        self.data = named_arrays(data, data_name)
        self.label = named_arrays(label, label_name)
        self.num_data = self.data[0][1].shape[0]
        self.idx = np.arange(self.num_data)
        self.shuffle, self.last_batch_handle = shuffle, last_batch_handle
        self.layout, self._kept = layout, {}
        self.cursor = -batch_size
        self.reset()

    @property
    def provide_data(self):
        """The shape of each array of a batch, as DataDesc."""
        return self._describe(self.data)

    @property
    def provide_label(self):
        """The shape of each array of labels, as DataDesc."""
        return self._describe(self.label)

    def _describe(self, pairs):
        axis = self.layout.find('N')
        return [DataDesc(name, (*x.shape[:axis], self.batch_size,
                                *x.shape[axis + 1:]), x.dtype, self.layout)
                for name, x in pairs]

    def reset(self):
        """Begin anew, after shuffling."""
        if self.shuffle:
            np.random.shuffle(self.idx)
            self.data, self.label = [
                [(name, nd.array(x.asnumpy()[self.idx], x.context))
                 for name, x in pairs] for pairs in (self.data, self.label)]
        rest = self.num_data - self.cursor
        rolls = self.last_batch_handle == 'roll_over'
        self.cursor = -self.batch_size
        if rolls and 0 < rest < self.batch_size:
            self.cursor -= rest

    def iter_next(self):
        self.cursor += self.batch_size
        return self.cursor < self.num_data

    def next(self):
        rest = self.num_data - self.cursor - self.batch_size
        if self.last_batch_handle != 'pad' and 0 < rest < self.batch_size:
            self.iter_next()
            self._kept = {name: self._rows(x, self.cursor, self.num_data)
                          for name, x in self.data + self.label}
            raise StopIteration
        return super().next()

    def getdata(self):
        return self._batch(self.data)

    def getlabel(self):
        return self._batch(self.label)

    def _batch(self, pairs):
        start, stop = self.cursor, self.cursor + self.batch_size
        if start < 0:
            return [nd.concat(self._kept[name], self._rows(x, 0, stop),
                              dim=self.layout.find('N')) for name, x in pairs]
        return [self._rows(x, start, stop) for _, x in pairs]

    def _rows(self, x, start, stop):
        axis = self.layout.find('N')
        if stop <= self.num_data:
            return nd.slice_axis(x, axis=axis, begin=start, end=stop)
        rows = nd.array(np.arange(start, stop) % self.num_data, x.context)
        return nd.take(x, rows, axis=axis)

    def getpad(self):
        return max(self.cursor + self.batch_size - self.num_data,
                   -self.cursor, 0)


def named_arrays(data, name):
    """Return pairs of a name and an array, sorted.  TypeError."""
    if data is None:
        return []
    if isinstance(data, (np.ndarray, NDArray)):
        data = [data]
    if isinstance(data, list):
        data = {name: data[0]} if len(data) == 1 else {
            f'_{i}_{name}': x for i, x in enumerate(data)}
    if not isinstance(data, dict):
        raise TypeError('NDArrayIter takes an array, a list or a dictionary '
                        f'of arrays, not {type(data).__name__}')
    try:
        return sorted((key, x if isinstance(x, NDArray) else nd.array(x))
                      for key, x in data.items())
    except (TypeError, ValueError) as error:
        raise TypeError(f'NDArrayIter: {error}') from error


__getattr__ = guard(__name__)
