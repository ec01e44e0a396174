"""MNIST and Fashion-MNIST: 60,000 + 10,000 pictures in ten classes.

The files are those that their authors published, and lie where MXNet keeps
them; those that are missing are fetched with Python's library alone.
Chapter: supervised-learning/softmax-regression-scratch.
"""

import gzip
import hashlib
import os
import urllib.request

import numpy as np

from .... import ndarray as nd
from ....base import MXNetError
from ..dataset import Dataset

MXNETS = 'https://apache-mxnet.s3-accelerate.dualstack.amazonaws.com/'
HOME = os.environ.get('MXNET_HOME') or os.path.join(
    os.environ.get('APPDATA', '') if os.name == 'nt' else '~',
    'mxnet' if os.name == 'nt' else '.mxnet')


class MNIST(Dataset):
    """Handwritten digits: (picture, label), or transform(picture, label).

    A picture is an NDArray (28, 28, 1) of uint8, a label np.int32; a slice
    gives many. MXNetError if the files cannot be had.
    """

    _addresses = (MXNETS + 'gluon/dataset/mnist/',
                  'https://ossci-datasets.s3.amazonaws.com/mnist/')
    _checksums = {
        'train-images-idx3-ubyte.gz':
            '6c95f4b05d2bf285e1bfb0e7960c31bd3b3f8a7d',
        'train-labels-idx1-ubyte.gz':
            '2a80914081dc54586dbdf242f9805a6b8d2a15fc',
        't10k-images-idx3-ubyte.gz':
            'c3a25af1f52dad7f726cce8cacb138654b760d48',
        't10k-labels-idx1-ubyte.gz':
            '763e7fa3757d93b0cdec073cef058b2004252c17'}

    def __init__(self, root=os.path.join(HOME, 'datasets', 'mnist'),
                 train=True, transform=None):
        self._root, self._transform = os.path.expanduser(root), transform
        part = 'train' if train else 't10k'
        labels = self._read(f'{part}-labels-idx1-ubyte.gz', 8)
        images = self._read(f'{part}-images-idx3-ubyte.gz', 16)
        self._label = labels.astype(np.int32)
        self._data = nd.array(images.reshape(-1, 28, 28, 1), dtype=np.uint8)

    def _read(self, name, header):
        """Return the bytes of a file, without its header."""
        path = os.path.join(self._root, name)
        if not self._is_right(path):
            self._fetch(path)
        with gzip.open(path) as file:
            return np.frombuffer(file.read(), np.uint8, offset=header)

    def _is_right(self, path):
        if not os.path.exists(path):
            return False
        with open(path, 'rb') as file:
            found = hashlib.sha1(file.read()).hexdigest()
        return found == self._checksums[os.path.basename(path)]

    def _fetch(self, path):
        os.makedirs(self._root, exist_ok=True)
        reasons, name = [], os.path.basename(path)
        for address in self._addresses:
            try:
                urllib.request.urlretrieve(address + name, path + '.part')
            except OSError as error:
                reasons.append(f'{address}{name}: {error}')
                continue
            if self._is_right_part(path):
                return os.replace(path + '.part', path)
            reasons.append(f'{address}{name}: another file')
        raise MXNetError(f'{name} is not in {self._root}, and could not be '
                         f'fetched ({"; ".join(reasons)}). Put it there, or '
                         'give the folder that holds it as root=')

    def _is_right_part(self, path):
        with open(path + '.part', 'rb') as file:
            found = hashlib.sha1(file.read()).hexdigest()
        return found == self._checksums[os.path.basename(path)]

    def __getitem__(self, idx):
        item = self._data[idx], self._label[idx]
        return item if self._transform is None else self._transform(*item)

    def __len__(self):
        return len(self._label)


class FashionMNIST(MNIST):
    """Clothes, shoes and bags in place of digits; as MNIST otherwise."""

    _addresses = (
        MXNETS + 'gluon/dataset/fashion-mnist/',
        'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/')
    _checksums = {
        'train-images-idx3-ubyte.gz':
            '0cf37b0d40ed5169c6b3aba31069a9770ac9043d',
        'train-labels-idx1-ubyte.gz':
            '236021d52f1e40852b06a4c3008d8de8aef1e40b',
        't10k-images-idx3-ubyte.gz':
            '626ed6a7c06dd17c0eec72fa3be1740f146a2863',
        't10k-labels-idx1-ubyte.gz':
            '17f9ab60e7257a1620f4ad76bbbaf857c3920701'}

    def __init__(self, root=os.path.join(HOME, 'datasets', 'fashion-mnist'),
                 train=True, transform=None):
        super().__init__(root, train, transform)
