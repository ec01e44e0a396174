"""Pictures as arrays of height, width and channels.

Stands on NumPy. Files of pictures need a package that reads them, such as
matplotlib's `imread`. Chapter: appendix/mnist-softmax.
"""

import numpy as np

from . import ndarray as nd
from .base import guard


def imresize(src, w, h):
    """Return a picture of another size.  (H, W, C) -> (h, w, C)

    Each pixel blends the four nearest; bytes are rounded, so that they may
    differ from OpenCV's by 1.
    """
    x = blended(blended(src.asnumpy(), 0, h), 1, w)
    x = np.rint(x) if src.dtype == np.uint8 else x
    return nd.array(x, src.context, src.dtype)


def blended(x, axis, size):
    """Return x with `size` entries along an axis, mixed from neighbours."""
    last = x.shape[axis] - 1
    place = (np.arange(size) + 0.5) * x.shape[axis] / size - 0.5
    place = place.clip(0, last)
    first = place.astype(int)
    share = (place - first).reshape(-1, *(1,) * (x.ndim - 1 - axis))
    return (x.take(first, axis) * (1 - share)
            + x.take((first + 1).clip(0, last), axis) * share)


__getattr__ = guard(__name__)
