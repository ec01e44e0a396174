"""MNIST and Fashion-MNIST: 60,000 + 10,000 pictures in ten classes.

The files are those that their authors published, and lie where MXNet keeps
them; those that are missing are fetched with Python's library alone.
Chapter: supervised-learning/softmax-regression-scratch.
"""

import gzip
import os
import urllib.request

import numpy as np

from .... import ndarray as nd
from ....base import MXNetError
from ..dataset import Dataset

HOME = os.environ.get('MXNET_HOME') or os.path.join('~', '.mxnet')


class MNIST(Dataset):
    """Handwritten digits: (picture, label), or transform(picture, label).

    A picture is an NDArray (28, 28, 1) of uint8, a label an np.int32; a
    slice gives many. MXNetError if the files cannot be had.
    """

    _folder = 'mnist'
    _address = 'https://ossci-datasets.s3.amazonaws.com/mnist/'

    def __init__(self, root=None, train=True, transform=None):
        self._transform = transform
        self._root = os.path.expanduser(
            root or os.path.join(HOME, 'datasets', self._folder))
        part, count = ('train', 60000) if train else ('t10k', 10000)
        labels = self._read(f'{part}-labels-idx1-ubyte.gz', 8, (count,))
        images = self._read(f'{part}-images-idx3-ubyte.gz', 16,
                            (count, 28, 28, 1))
        self._label = labels.astype(np.int32)
        self._data = nd.array(images, dtype=np.uint8)

    def _read(self, name, header, shape):
        """Return the bytes of a file behind its header."""
        path = os.path.join(self._root, name)
        try:
            if not os.path.exists(path):
                os.makedirs(self._root, exist_ok=True)
                urllib.request.urlretrieve(self._address + name, path + '~')
                os.replace(path + '~', path)  # never one that was cut off
            with gzip.open(path) as file:
                return np.frombuffer(file.read(), np.uint8,
                                     offset=header).reshape(shape)
        except (OSError, EOFError, ValueError) as error:
            raise MXNetError(
                f'{path} cannot be fetched, or is not whole ({error}). Put '
                'it there, or name its folder: root=...') from error

    def __getitem__(self, idx):
        item = self._data[idx], self._label[idx]
        return item if self._transform is None else self._transform(*item)

    def __len__(self):
        return len(self._label)


class FashionMNIST(MNIST):
    """Clothes, shoes and bags in place of digits; otherwise as MNIST."""

    _folder = 'fashion-mnist'
    _address = 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/'
