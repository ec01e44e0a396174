"""Sets of pictures: MNIST, Fashion-MNIST, and folders of one's own.

The files of the first two are those that their authors published, and lie
where MXNet keeps them; those that are missing are fetched with Python's
library alone, no more of them than they can have, and their content is
compared. Chapters: supervised-learning/softmax-regression-scratch,
convolutional-neural-networks/fine-tuning.
"""

import gzip
import hashlib
import http.client
import math
import os
import time
import urllib.request
import warnings
import zlib

import numpy as np

from .... import ndarray as nd
from ....base import MXNetError
from ....image import imread
from ..dataset import Dataset

HOME = os.environ.get('MXNET_HOME') or os.path.join('~', '.mxnet')
FILES = ('train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz',
         't10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz')
SECONDS, PATIENCE, SLOWEST = 20, 60, 2000  # of silence; then bytes a second


def fetch(address, path, size, sha256):
    """Save a file whose content has so many bytes and this SHA-256."""
    begun, part = time.monotonic(), path + '~'
    most = size + size // 1000 + 1000  # packing adds no more
    try:
        with urllib.request.urlopen(address, timeout=SECONDS) as answer, \
                open(part, 'wb') as file:
            for piece in iter(lambda: answer.read1(1 << 16), b''):
                file.write(piece)
                seconds = time.monotonic() - begun - PATIENCE
                if not seconds * SLOWEST < file.tell() <= most:
                    raise ValueError('it is too long, or comes too slowly')
        if hashlib.sha256(content(part, size)).hexdigest() != sha256:
            raise ValueError('its content is another one')
        os.replace(part, path)
    finally:
        if os.path.exists(part):
            os.remove(part)


def content(path, size):
    """Return the content of a packed file, which has so many bytes."""
    with gzip.open(path) as file:
        found = file.read(size + 1)
    if len(found) != size:
        raise ValueError(f'it has not {size} bytes')
    return found


class MNIST(Dataset):
    """Handwritten digits: (picture, label), or transform(picture, label).

    A picture is an NDArray (28, 28, 1) of uint8, a label an np.int32; a
    slice gives many. MXNetError if the files cannot be had.
    """

    _folder = 'mnist'
    _address = 'https://ossci-datasets.s3.amazonaws.com/mnist/'
    _sums = dict(zip(FILES, (
        'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
        '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
        '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
        'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2')))

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
        size = header + math.prod(shape)
        try:
            if not os.path.exists(path):
                os.makedirs(self._root, exist_ok=True)
                fetch(self._address + name, path, size, self._sums[name])
            return np.frombuffer(content(path, size), np.uint8,
                                 offset=header).reshape(shape)
        except (OSError, EOFError, ValueError, zlib.error,
                http.client.HTTPException) as error:
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
    _address = ('https://apache-mxnet.s3-accelerate.dualstack.amazonaws.com/'
                'gluon/dataset/fashion-mnist/')
    _sums = dict(zip(FILES, (
        'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
        'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
        '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
        '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34')))


class ImageFolderDataset(Dataset):
    """Pictures of a folder that has a folder for each class.

    The classes, `synsets`, are the names of the folders in order; `items`
    has the path and the label of each picture, and only `[i]` reads one, see
    `mx.image.imread`. What is neither .jpg, .jpeg nor .png is passed over,
    with a warning.
    """

    def __init__(self, root, flag=1, transform=None):
        self._flag, self._transform = flag, transform
        self.synsets, self.items = [], []
        root = os.path.expanduser(root)
        for name in sorted(os.listdir(root)):
            folder = os.path.join(root, name)
            if os.path.isdir(folder):
                self._add(name, folder)
            else:
                warnings.warn(f'{folder} is no folder of a class',
                              stacklevel=2)

    def _add(self, name, folder):
        label = len(self.synsets)
        self.synsets.append(name)
        for file in sorted(os.listdir(folder)):
            path = os.path.join(folder, file)
            if file.lower().endswith(('.jpg', '.jpeg', '.png')):
                self.items.append((path, label))
            else:
                warnings.warn(f'{path} is no .jpg, .jpeg or .png',
                              stacklevel=3)

    def __getitem__(self, idx):
        path, label = self.items[idx]
        item = imread(path, self._flag), label
        return item if self._transform is None else self._transform(*item)

    def __len__(self):
        return len(self.items)
