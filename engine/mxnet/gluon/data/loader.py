"""Loaders: batches out of a data set.

A loader takes the numbers of a batch from a sampler, its examples from the
set, and stacks them with `mx.nd`.
Chapter: supervised-learning/linear-regression-gluon.
"""

from collections import deque
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from ... import ndarray as nd
from ...context import cpu_pinned
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

    last_batch: 'keep' (default), 'discard' or 'rollover'. `num_workers`
    threads (MXNet: processes) prepare `prefetch` batches ahead.
    """

    def __init__(self, dataset, batch_size=None, shuffle=False, sampler=None,
                 last_batch=None, batch_sampler=None, batchify_fn=None,
                 num_workers=0, pin_memory=False, pin_device_id=0,
                 prefetch=None, thread_pool=False, timeout=120):
        assert timeout > 0, f'timeout {timeout} must be positive'
        self._dataset, self._workers = dataset, max(num_workers, 0)
        self._batchify_fn = batchify_fn or default_batchify_fn
        self._pin = cpu_pinned(pin_device_id) if pin_memory else None
        self._ahead = 2 * self._workers if prefetch is None else prefetch
        self._timeout = timeout
        self._batch_sampler = chosen_sampler(
            dataset, batch_size, shuffle, sampler, last_batch, batch_sampler)

    def __iter__(self):
        if not self._workers:
            yield from map(self._batch, self._batch_sampler)
            return
        pool, batches = ThreadPoolExecutor(self._workers), deque()
        try:
            for numbers in self._batch_sampler:
                batches.append(pool.submit(self._batch, numbers))
                if len(batches) > self._ahead:
                    yield batches.popleft().result(self._timeout)
            while batches:
                yield batches.popleft().result(self._timeout)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _batch(self, numbers):
        batch = self._batchify_fn([self._dataset[i] for i in numbers])
        return batch if self._pin is None else pinned(batch, self._pin)

    def __len__(self):
        return len(self._batch_sampler)


def pinned(batch, context):
    """Return arrays, or lists of them, in memory that a GPU reads faster."""
    if isinstance(batch, (list, tuple)):
        return [pinned(part, context) for part in batch]
    return batch.as_in_context(context)


def chosen_sampler(dataset, batch_size, shuffle, sampler, last_batch,
                   batch_sampler):
    """Return what gives the numbers of each batch.  ValueError."""
    if batch_sampler is not None:
        if batch_size is not None or shuffle or sampler or last_batch:
            raise ValueError('DataLoader: batch_sampler replaces batch_size, '
                             'shuffle, sampler and last_batch; give either')
        return batch_sampler
    if batch_size is None:
        raise ValueError('DataLoader: batch_size is missing')
    if sampler is None:
        kind = RandomSampler if shuffle else SequentialSampler
        sampler = kind(len(dataset))
    elif shuffle:
        raise ValueError('DataLoader: a sampler has its own order; leave '
                         'shuffle out')
    return BatchSampler(sampler, batch_size, last_batch or 'keep')
