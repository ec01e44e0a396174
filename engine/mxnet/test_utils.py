"""The helper that notebooks of 2017 took from MXNet's own tests.

It stands on the data sets of `gluon.data.vision`.
Chapter: appendix/mnist-softmax.
"""

import numpy as np

from .base import guard
from .gluon.data.vision import MNIST


def get_mnist():
    """Return MNIST in a dictionary: train_data, train_label, test_data, ...

    Images (n, 1, 28, 28) from 0 to 1, float32; labels (n,), int8. The files
    lie where `gluon.data.vision.MNIST` keeps them, not in the folder.
    """
    found = {}
    for name, is_train in ('train', True), ('test', False):
        images, labels = MNIST(train=is_train)[:]
        images = images.asnumpy().transpose(0, 3, 1, 2)
        found[f'{name}_data'] = images.astype(np.float32) / 255
        found[f'{name}_label'] = labels.astype(np.int8)
    return found


__getattr__ = guard(__name__)
