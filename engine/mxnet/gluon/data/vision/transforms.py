"""What is done to pictures before a network sees them.

Each is a block, so that `Compose` can chain them; give the chain to
`transform_first` of a data set. They stand on `F` and `mx.image`; what is
left to chance is drawn with Python's `random`, crops as MXNet draws them.
Chapters: supervised-learning/softmax-regression-gluon,
convolutional-neural-networks/fine-tuning.
"""

import math
import random

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


class CenterCrop(Resize):
    """The middle, (w, h) or one number; what is too small is enlarged."""

    def forward(self, x):
        return middle(x, *self._size)


class RandomResizedCrop(Resize):
    """A piece of a picture, in another size.  (H, W, C) -> (h, w, C)

    scale: the least and the largest share of the area; ratio: width by
    height. After ten pieces that do not fit it is the middle.
    """

    def __init__(self, size, scale=(0.08, 1.0), ratio=(3 / 4, 4 / 3)):
        super().__init__(size)
        self._scale, self._ratio = scale, ratio

    def forward(self, x):
        height, width = x.shape[:2]
        for _ in range(10):
            area = random.uniform(*self._scale) * height * width
            ratio = math.exp(random.uniform(*map(math.log, self._ratio)))
            w = round(math.sqrt(area * ratio))
            h = round(math.sqrt(area / ratio))
            if w <= width and h <= height:
                left = random.randint(0, width - w)
                top = random.randint(0, height - h)
                return imresize(x[top:top + h, left:left + w], *self._size)
        return middle(x, *self._size)


def middle(x, w, h):
    """Return the largest middle piece that has the form of (w, h), resized.

    A picture that is large enough is only cut.
    """
    height, width = x.shape[:2]
    shrink = max(1, w / width, h / height)
    wide, high = int(w / shrink), int(h / shrink)
    left, top = (width - wide) // 2, (height - high) // 2
    return imresize(x[top:top + high, left:left + wide], w, h)


class RandomFlipLeftRight(Block):
    """Every second picture, by chance, is mirrored.  (H, W, C)"""

    _axis = 1

    def forward(self, x):
        return nd.flip(x, self._axis) if random.random() < 0.5 else x


class RandomFlipTopBottom(RandomFlipLeftRight):
    """Every second picture, by chance, stands on its head.  (H, W, C)"""

    _axis = 0


__getattr__ = guard(__name__)
