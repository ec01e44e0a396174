"""What is done to pictures before a network sees them.

Each is a block, so that `Compose` can chain them; give the chain to
`transform_first` of a data set. They stand on `F` and `mx.image`.
Chapter: supervised-learning/softmax-regression-gluon.
"""

from itertools import groupby
from numbers import Number

from .... import ndarray as nd
from ....base import MXNetError, guard
from ....image import imresize
from ...hybrid import HybridBlock
from ...nn import HybridSequential, Sequential


class Compose(Sequential):
    """One transform after the other."""

    def __init__(self, transforms):
        super().__init__()
        for hybrid, run in groupby(
                transforms, lambda block: isinstance(block, HybridBlock)):
            run = list(run)
            if hybrid and len(run) > 1:  # as MXNet groups and names them
                chain = HybridSequential()
                chain.add(*run)
                run = [chain]
            self.add(*run)


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
        if F is nd and x.ndim not in (3, 4):
            raise MXNetError('ToTensor takes (H, W, C) or (N, H, W, C), not '
                             f'{x.shape}')
        x = F.cast(x, 'float32') / 255
        return F.swapaxes(F.swapaxes(x, -1, -3), -1, -2)


class Normalize(HybridBlock):
    """(x - mean) / std, numbers or one for each channel of (C, H, W)."""

    def __init__(self, mean=0.0, std=1.0):
        super().__init__()
        self._mean, self._std = mean, std

    def hybrid_forward(self, F, x):
        pairs = [(value,) if isinstance(value, Number) else tuple(value)
                 for value in (self._mean, self._std)]
        count = max(map(len, pairs))
        if count == 1:
            return (x - pairs[0][0]) / pairs[1][0]
        mean, std = [values * (count // len(values)) for values in pairs]
        if F is nd and not count == len(mean) == len(std) == x.shape[-3]:
            raise MXNetError(f'Normalize: mean={self._mean} and std='
                             f'{self._std} do not fit {x.shape[-3]} channels')
        return F.concat(*[
            (F.slice_axis(x, axis=-3, begin=i, end=i + 1) - mean[i]) / std[i]
            for i in range(count)], dim=-3)


class Resize(HybridBlock):
    """Another size, (w, h) or one number.  (H, W, C) -> (h, w, C)

    keep_ratio=True with one number: the shorter side gets it. See
    `mx.image.imresize` for `interpolation`.
    """

    def __init__(self, size, keep_ratio=False, interpolation=1):
        super().__init__()
        self._size, self._keep = size, keep_ratio
        self._interpolation = interpolation

    def hybrid_forward(self, F, x):
        if F is not nd:
            raise MXNetError('Resize works on pictures, not on a graph; '
                             'leave it out of what is hybridized')
        if x.ndim == 4:
            return nd.stack(*[self.hybrid_forward(F, one) for one in x])
        if x.ndim != 3:
            raise MXNetError('Resize takes (H, W, C) or (N, H, W, C), not '
                             f'{x.shape}')
        return imresize(x, *self._new_size(*x.shape[:2]),
                        self._interpolation)

    def _new_size(self, height, width):
        if not isinstance(self._size, Number):
            return self._size
        if not self._keep:
            return self._size, self._size
        shorter = min(height, width)
        return width * self._size // shorter, height * self._size // shorter


__getattr__ = guard(__name__)
