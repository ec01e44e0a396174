"""Orders in which examples are taken.

A sampler gives numbers of examples; `BatchSampler` gives lists of them.
They stand on NumPy's generator. Chapter:
supervised-learning/linear-regression-scratch.
"""

import numpy as np


class Sampler:
    """What a loader needs: one's own writes `__iter__` and `__len__`."""


class SequentialSampler(Sampler):
    """0, 1, ..., length - 1."""

    def __init__(self, length):
        self._length = length

    def __iter__(self):
        return iter(range(self._length))

    def __len__(self):
        return self._length


class RandomSampler(SequentialSampler):
    """0, ..., length - 1 in an order of NumPy's, a new one each time."""

    def __iter__(self):
        return iter(np.random.permutation(self._length).tolist())


class BatchSampler(Sampler):
    """Lists of batch_size numbers; a short last one is kept.

    last_batch='discard' leaves it out. ValueError for another word.
    """

    def __init__(self, sampler, batch_size, last_batch='keep'):
        if last_batch not in ('keep', 'discard'):
            raise ValueError(f'last_batch: keep or discard, not {last_batch}')
        self._sampler, self._size = sampler, batch_size
        self._keep = last_batch == 'keep'

    def __iter__(self):
        numbers = list(self._sampler)
        for i in range(len(self)):
            yield numbers[i * self._size:(i + 1) * self._size]

    def __len__(self):
        batches, rest = divmod(len(self._sampler), self._size)
        return batches + (self._keep and rest > 0)
