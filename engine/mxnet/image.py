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
    if src.ndim not in (2, 3):
        raise MXNetError(f'imresize: a picture has the shape (H, W, C), not '
                         f'{src.shape}')
    x = src.asnumpy()
    blend = nearest_pixels if interp == 0 else (
        blended_bytes if x.dtype == np.uint8 else blended)
    return nd.array(blend(x, w, h), src.context, x.dtype)


def nearest_pixels(x, w, h):
    """Return the pixels at floor(i H / h), floor(j W / w)."""
    rows = np.arange(h) * x.shape[0] // h
    columns = np.arange(w) * x.shape[1] // w
    return x[rows][:, columns]


def places(size, new_size):
    """Return for each new place its two neighbours and the second's share."""
    place = (np.arange(new_size) + 0.5) * (size / new_size) - 0.5
    place = place.clip(0, size - 1)
    first = np.floor(place).astype(int)
    return first, np.minimum(first + 1, size - 1), place - first


def blended(x, w, h):
    """Return mixtures of the four nearest pixels."""
    left, right, b = places(x.shape[1], w)
    top, bottom, a = places(x.shape[0], h)
    b = b.reshape(-1, *(1,) * (x.ndim - 2))
    a = a.reshape(-1, *(1,) * (x.ndim - 1))
    x = x[:, left] * (1 - b) + x[:, right] * b
    return x[top] * (1 - a) + x[bottom] * a


def blended_bytes(x, w, h):
    """The same in whole numbers: shares are 2048ths, as OpenCV has them."""
    left, right, b = places(x.shape[1], w)
    top, bottom, a = places(x.shape[0], h)
    b = np.rint(b * 2048).astype(int).reshape(-1, *(1,) * (x.ndim - 2))
    a = np.rint(a * 2048).astype(int).reshape(-1, *(1,) * (x.ndim - 1))
    x = x.astype(int)
    x = (x[:, left] * (2048 - b) + x[:, right] * b) >> 4
    return ((x[top] * (2048 - a) >> 16) + (x[bottom] * a >> 16) + 2) >> 2


__getattr__ = guard(__name__)
