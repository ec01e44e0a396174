"""Pictures as arrays of height, width and channels.

Stands on NumPy; Pillow, which comes with matplotlib, reads the files.
Chapters: appendix/mnist-softmax, convolutional-neural-networks/fine-tuning.
"""

import numpy as np

from . import ndarray as nd
from .base import MXNetError, guard


def imread(filename, flag=1):
    """Return the picture of a file, uint8.  (H, W, 3), with flag 0 (H, W, 1)

    Colours become greys, or greys colours; there is no transparency.
    MXNetError if there is no such file, or no picture in it.
    """
    from PIL import Image  # here, as nothing else needs it

    try:
        with Image.open(filename) as picture:
            x = np.asarray(picture.convert('RGB' if flag else 'L'))
    except OSError as error:  # UnidentifiedImageError is one, too
        raise MXNetError(f'imread: {error}') from error
    return nd.array(x.reshape(*x.shape[:2], -1), dtype=np.uint8)


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
