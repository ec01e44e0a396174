"""What is done to pictures before a network sees them.

Each is a block, so that `Compose` can chain them; give the chain to
`transform_first` of a data set. They stand on `F` and `mx.image`.
Chapter: supervised-learning/softmax-regression-gluon.
"""

from .... import ndarray as nd
from ....base import guard
from ....image import imresize
from ...block import Block
from ...hybrid import HybridBlock
from ...nn import Sequential


class Compose(Sequential):
    """One transform after the other."""

    def __init__(self, transforms):
        super().__init__()
        self.add(*transforms)


class Cast(HybridBlock):
    """Another type of number; shapes stay."""

    def __init__(self, dtype='float32'):
        super().__init__()
        self._dtype = dtype

    def hybrid_forward(self, F, x):
        return F.cast(x, self._dtype)


class ToTensor(HybridBlock):
    """uint8 0 ... 255 to float32 0 ... 1.  (H, W, C) -> (C, H, W)

    (N, H, W, C) -> (N, C, H, W), too.
    """

    def hybrid_forward(self, F, x):
        x = F.cast(x, 'float32') / 255
        return F.swapaxes(F.swapaxes(x, -1, -3), -1, -2)


class Normalize(Block):
    """(x - mean) / std, numbers or one for each channel of (C, H, W)."""

    def __init__(self, mean=0.0, std=1.0):
        super().__init__()
        self._mean, self._std = mean, std

    def forward(self, x):
        mean, std = [nd.array(values, x.context).reshape((-1, 1, 1))
                     for values in (self._mean, self._std)]
        return (x - mean) / std


class Resize(Block):
    """Another size, (w, h) or one number.  (H, W, C) -> (h, w, C)

    See `mx.image.imresize`.
    """

    def __init__(self, size):
        super().__init__()
        self._size = (size, size) if isinstance(size, int) else size

    def forward(self, x):
        return imresize(x, *self._size)


__getattr__ = guard(__name__)
