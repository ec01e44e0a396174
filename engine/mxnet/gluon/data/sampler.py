"""Orders in which examples are taken.

A sampler gives numbers of examples; `BatchSampler` gives lists of them.
They stand on NumPy's generator. Chapter:
supervised-learning/linear-regression-scratch.
"""

import numpy as np


class Sampler:
    """What a loader needs: numbers one after the other, and how many."""

    def __iter__(self):
        raise NotImplementedError

    def __len__(self):
        raise NotImplementedError


class SequentialSampler(Sampler):
    """start, start + 1, ..., `length` numbers."""

    def __init__(self, length, start=0):
        self._numbers = np.arange(start, start + length)

    def __iter__(self):
        return iter(self._numbers.tolist())

    def __len__(self):
        return len(self._numbers)


class RandomSampler(SequentialSampler):
    """0, ..., length - 1 in an order of NumPy's, a new one each time."""

    def __init__(self, length):
        super().__init__(length)

    def __iter__(self):
        return iter(np.random.permutation(len(self)).tolist())


class BatchSampler(Sampler):
    """Lists of batch_size numbers; a short last one is kept.

    last_batch='discard' leaves it out, 'rollover' puts it before the next
    round. ValueError for another word.
    """

    def __init__(self, sampler, batch_size, last_batch='keep'):
        if last_batch not in ('keep', 'discard', 'rollover'):
            raise ValueError(f"last_batch {last_batch!r} must be 'keep', "
                             "'discard' or 'rollover'")
        self._sampler, self._batch_size = sampler, batch_size
        self._last_batch, self._rest = last_batch, []

    def __iter__(self):
        batch, self._rest = self._rest, []
        for i in self._sampler:
            batch.append(i)
            if len(batch) == self._batch_size:
                yield batch
                batch = []
        if batch and self._last_batch == 'keep':
            yield batch
        elif self._last_batch == 'rollover':
            self._rest = batch

    def __len__(self):
        count = len(self._rest) + len(self._sampler)
        if self._last_batch == 'keep':
            count += self._batch_size - 1
        return count // self._batch_size
