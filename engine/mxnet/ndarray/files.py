"""Files of arrays, in MXNet's own format: `save` and `load`.

A file that one of the two writes, the other reads. All numbers are little-
endian: a head, each array with its shape, device and type, then the names.
Chapter: gluon-basics/serialization.
"""

import math
import os
import pathlib
import struct

import numpy as np

from ..base import MXNetError
from ..context import cpu
from .ndarray import NDArray, from_numpy

LIST, ARRAY = 0x112, 0xF993FAC9  # what files and arrays begin with
TYPES = ('float32', 'float64', 'float16', 'uint8', 'int32', 'int8', 'int64')


def save(fname, data):
    """Save an array, a list of arrays, or a dict of them, in one file.

    Under another name first: no file is left half written.
    """
    if isinstance(data, NDArray):
        data = [data]
    names = list(data) if isinstance(data, dict) else []
    arrays = list(data.values()) if names else data
    if not isinstance(data, (dict, list)):
        raise ValueError('nd.save: give an array, a list of arrays, or a '
                         f'dict of them, not {type(data).__name__}')
    if not all(isinstance(x, NDArray) for x in arrays) \
            or not all(isinstance(x, str) for x in names):
        raise TypeError('nd.save: all values must be arrays, and all keys '
                        'of a dict strings')
    content = struct.pack('<QQQ', LIST, 0, len(arrays)) \
        + b''.join(map(packed, arrays)) + struct.pack('<Q', len(names)) \
        + b''.join(struct.pack('<Q', len(x.encode())) + x.encode()
                   for x in names)
    new = pathlib.Path(f'{fname}.new')
    try:
        new.write_bytes(content)
        os.replace(new, fname)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise MXNetError(f'nd.save: cannot write {str(fname)!r}: '
                         f'{error.strerror}') from error


def packed(array):
    """Return one array as bytes."""
    values = array.asnumpy()
    return struct.pack(
        f'<Iii{values.ndim}qiii', ARRAY, 0, values.ndim, *values.shape, 1, 0,
        TYPES.index(values.dtype.name)) + values.tobytes()


class Reader:
    """Reads numbers one after the other; MXNetError where they end."""

    def __init__(self, content, name):
        self.content, self.name, self.place = content, name, 0

    def __call__(self, form):
        size = struct.calcsize('<' + form)
        if size > len(self.content) - self.place:
            raise self.error('ends too early')
        self.place += size
        return struct.unpack_from('<' + form, self.content, self.place - size)

    def error(self, what):
        return MXNetError(f'nd.load: {self.name} {what}: it is damaged, or '
                          'no file of arrays')

    def array(self):
        """Read one array; it lies in the main memory, wherever it was."""
        magic, storage, ndim = self('Iii')
        if magic != ARRAY or storage != 0 or not 0 <= ndim <= 32:
            raise self.error('holds something else than a dense array')
        *shape, _, _, number = self(f'{ndim}qiii')
        if not 0 <= number < len(TYPES) or min(shape, default=0) < 0:
            raise self.error(f'has an array of shape {shape}, type {number}')
        dtype = np.dtype(TYPES[number])
        raw, = self(f'{math.prod(shape) * dtype.itemsize}s')
        return from_numpy(np.frombuffer(raw, dtype).reshape(shape), cpu())


def load(fname):
    """Return what `save` wrote: a list, or a dict if it has names."""
    try:
        content = pathlib.Path(fname).read_bytes()
    except OSError as error:
        raise MXNetError(f'nd.load: cannot read {str(fname)!r}: '
                         f'{error.strerror}') from error
    return load_frombuffer(content, repr(str(fname)))


def load_frombuffer(buf, name='the buffer'):
    """Return what the bytes of such a file hold."""
    read = Reader(buf, name)
    magic, _, count = read('QQQ')
    if magic != LIST:
        raise read.error('begins otherwise')
    arrays = [read.array() for _ in range(count)]
    names = [read(f'{read("Q")[0]}s')[0].decode()
             for _ in range(read('Q')[0])]
    return dict(zip(names, arrays)) if names else arrays
