"""Pictures as arrays of height, width and channels.

Stands on NumPy. Files of pictures need a package that reads them, such as
matplotlib's `imread`. Chapter: appendix/mnist-softmax.
"""

import numpy as np

from . import ndarray as nd
from .base import MXNetError, guard


def imresize(src, w, h, interp=1):
    """Return a picture of another size.  (H, W, C) -> (h, w, C)

    interp=1 blends the four nearest pixels, interp=0 takes one; the other
    ways of OpenCV are not there (MXNetError). The type stays.
    """
    if interp not in (0, 1):
        raise MXNetError(f'imresize: interp={interp} is not there; use 1, '
                         'which blends the nearest pixels, or 0')
    if src.ndim != 3:
        raise MXNetError(f'imresize: a picture has the shape (H, W, C), not '
                         f'{src.shape}')
    x = src.asnumpy()
    x = blended(x, w, h) if interp else nearest_pixels(x, w, h)
    return nd.array(x, src.context, src.dtype)


def nearest_pixels(x, w, h):
    """Return the pixels at floor(i H / h), floor(j W / w)."""
    rows = np.arange(h) * x.shape[0] // h
    columns = np.arange(w) * x.shape[1] // w
    return x[rows][:, columns]


def blended(x, w, h):
    """Return mixtures of the four nearest pixels.

    In bytes shares are whole 2048ths, cut off where OpenCV cuts them off.
    """
    left, right, b = neighbours(x.shape[1], w, x.ndim - 2)
    top, bottom, a = neighbours(x.shape[0], h, x.ndim - 1)
    if x.dtype != np.uint8:
        x = x[:, left] * (1 - b) + x[:, right] * b
        return x[top] * (1 - a) + x[bottom] * a
    a, b, x = np.rint(a * 2048).astype(int), np.rint(b * 2048).astype(int), \
        x.astype(int)
    x = (x[:, left] * (2048 - b) + x[:, right] * b) >> 4
    return ((x[top] * (2048 - a) >> 16) + (x[bottom] * a >> 16) + 2) >> 2


def neighbours(size, new_size, axes_behind):
    """Return each new place's two neighbours, and the second one's share."""
    place = (np.arange(new_size) + 0.5) * (size / new_size) - 0.5
    if axes_behind < 2:  # along rows
        place = place.clip(0, size - 1)
    first = np.floor(place).astype(int)
    share = (place - first).reshape(-1, *(1,) * axes_behind)
    return first.clip(0, size - 1), (first + 1).clip(0, size - 1), share


__getattr__ = guard(__name__)
