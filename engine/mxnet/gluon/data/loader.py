"""Loaders: batches out of a data set.

A loader takes the numbers of a batch from a sampler, its examples from the
set, and stacks them with `mx.nd`.
Chapter: supervised-learning/linear-regression-gluon.
"""

import numpy as np

from ... import ndarray as nd
from .sampler import BatchSampler, RandomSampler, SequentialSampler


def default_batchify_fn(data):
    """Stack examples: arrays, tuples of such, or numbers.

    Types stay: Python's int becomes int64, its float float64.
    """
    if isinstance(data[0], nd.NDArray):
        return nd.stack(*data)
    if isinstance(data[0], tuple):
        return [default_batchify_fn(part) for part in zip(*data)]
    data = np.asarray(data)
    return nd.array(data, dtype=data.dtype)


class DataLoader:
    """Batches of a data set; each loop over it is one epoch.

    last_batch: 'keep' (default) or 'discard'. With any num_workers batches
    are made in this process, in the same order. ValueError for arguments
    that contradict each other.
    """

    def __init__(self, dataset, batch_size=None, shuffle=False, sampler=None,
                 last_batch=None, batch_sampler=None, batchify_fn=None,
                 num_workers=0):
        self._dataset = dataset
        self._batchify_fn = batchify_fn or default_batchify_fn
        orders = [shuffle, sampler, batch_sampler]
        if (batch_size is None) == (batch_sampler is None) \
                or sum(map(bool, orders)) > 1:
            raise ValueError('DataLoader takes batch_size, and shuffle or a '
                             'sampler; or else batch_sampler alone')
        kind = RandomSampler if shuffle else SequentialSampler
        self._batch_sampler = batch_sampler or BatchSampler(
            sampler or kind(len(dataset)), batch_size, last_batch or 'keep')

    def __iter__(self):
        for numbers in self._batch_sampler:
            yield self._batchify_fn([self._dataset[i] for i in numbers])

    def __len__(self):
        return len(self._batch_sampler)
