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

HOME = os.environ.get('MXNET_HOME') or (
    os.path.join(os.environ.get('APPDATA', ''), 'mxnet')
    if os.name == 'nt' else os.path.join('~', '.mxnet'))


class MNIST(Dataset):
    """Handwritten digits: (picture, label), or transform(picture, label).

    A picture is an NDArray (28, 28, 1) of uint8, a label an np.int32; a
    slice gives many. MXNetError if the files cannot be had.
    """

    _addresses = (
        'https://apache-mxnet.s3-accelerate.dualstack.amazonaws.com/'
        'gluon/dataset/mnist/',
        'https://ossci-datasets.s3.amazonaws.com/mnist/')

    def __init__(self, root=os.path.join(HOME, 'datasets', 'mnist'),
                 train=True, transform=None):
        self._root, self._transform = os.path.expanduser(root), transform
        part, count = ('train', 60000) if train else ('t10k', 10000)
        labels = self._read(f'{part}-labels-idx1-ubyte.gz', 8, count)
        images = self._read(f'{part}-images-idx3-ubyte.gz', 16, count * 784)
        self._label = labels.astype(np.int32)
        self._data = nd.array(images.reshape(count, 28, 28, 1),
                              dtype=np.uint8)

    def _read(self, name, header, count):
        """Return the bytes of a file behind its header."""
        path = os.path.join(self._root, name)
        if not os.path.exists(path):
            self._fetch(path)
        try:
            with gzip.open(path) as file:
                found = file.read()
        except (OSError, EOFError):
            found = b''
        if len(found) != header + count:
            raise MXNetError(f'{path} is not whole; remove it, and it will '
                             'be fetched anew')
        return np.frombuffer(found, np.uint8, offset=header)

    def _fetch(self, path):
        """Fetch a file; one that is cut off never gets its name."""
        os.makedirs(self._root, exist_ok=True)
        reasons, name = [], os.path.basename(path)
        for address in self._addresses:
            try:
                urllib.request.urlretrieve(address + name, f'{path}.part')
                return os.replace(f'{path}.part', path)
            except OSError as error:
                reasons.append(f'{address}: {error}')
        raise MXNetError(f'{path} is not there, and could not be fetched '
                         f'({"; ".join(reasons)}). Put it there, or name the '
                         'folder that holds it: root=...')

    def __getitem__(self, idx):
        item = self._data[idx], self._label[idx]
        return item if self._transform is None else self._transform(*item)

    def __len__(self):
        return len(self._label)


class FashionMNIST(MNIST):
    """Clothes, shoes and bags in place of digits; otherwise as MNIST."""

    _addresses = (
        'https://apache-mxnet.s3-accelerate.dualstack.amazonaws.com/'
        'gluon/dataset/fashion-mnist/',
        'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/')

    def __init__(self, root=os.path.join(HOME, 'datasets', 'fashion-mnist'),
                 train=True, transform=None):
        super().__init__(root, train, transform)
