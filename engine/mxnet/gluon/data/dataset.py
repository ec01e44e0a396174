"""Data sets: examples by number.

A data set has a length and an item for each number; `transform` makes one
from another. They stand on Python's lists and `mx.nd`.
Chapter: supervised-learning/linear-regression-gluon.
"""

from ...ndarray import NDArray


class Dataset:
    """Examples by number: one's own writes __getitem__ and __len__."""

    def transform(self, fn, lazy=True):
        """Return the set of fn(*example), computed when asked for or now."""
        found = Transformed(self, fn)
        return found if lazy else SimpleDataset(list(found))

    def transform_first(self, fn, lazy=True):
        """Return the set in which fn was applied to each first part."""
        return self.transform(
            lambda x, *rest: (fn(x), *rest) if rest else fn(x), lazy)


class SimpleDataset(Dataset):
    """A list as a data set."""

    def __init__(self, data):
        self._data = data

    def __getitem__(self, idx):
        return self._data[idx]

    def __len__(self):
        return len(self._data)


class Transformed(SimpleDataset):
    """fn of each example, computed when it is asked for."""

    def __init__(self, data, fn):
        super().__init__(data)
        self._fn = fn

    def __getitem__(self, idx):
        item = self._data[idx]
        return self._fn(*item) if isinstance(item, tuple) else self._fn(item)


class ArrayDataset(Dataset):
    """Arrays of one length; example i is (first[i], second[i], ...).

    An array of one axis becomes NumPy's, so that its entries are numbers.
    """

    def __init__(self, *args):
        lengths = [len(data) for data in args]
        assert len(set(lengths)) == 1, (
            f'ArrayDataset: it takes arrays of one length, not of {lengths}')
        self._data = [data.asnumpy() if isinstance(data, NDArray)
                      and data.ndim == 1 else data for data in args]

    def __getitem__(self, idx):
        items = tuple(data[idx] for data in self._data)
        return items if len(items) > 1 else items[0]

    def __len__(self):
        return len(self._data[0])
