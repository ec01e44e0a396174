"""Files of arrays, in MXNet's own format: `save` and `load`.

A file that one of the two writes, the other reads. All numbers are little-
endian: a head, each array with its shape, device and type, then the names.
Chapter: gluon-basics/serialization.
"""

import os
import struct
import tempfile

import numpy as np

from ..base import MXNetError
from ..context import cpu
from .ndarray import NDArray, from_numpy

LIST, ARRAY = 0x112, 0xF993FAC9  # what files and arrays begin with
TYPES = ('float32', 'float64', 'float16', 'uint8', 'int32', 'int8', 'int64',
         'bool')


def names_and_arrays(data):
    """Return what is to be saved as two lists; without names the first is
    empty.
    """
    if isinstance(data, NDArray):
        return [], [data]
    if isinstance(data, dict):
        names, arrays = list(data), list(data.values())
    elif isinstance(data, (list, tuple)):
        names, arrays = [], list(data)
    else:
        raise ValueError('nd.save: give an array, a list of arrays, or a '
                         f'dict of them, not {type(data).__name__}')
    if not all(isinstance(x, NDArray) for x in arrays) \
            or not all(isinstance(x, str) for x in names):
        raise TypeError('nd.save: all values must be arrays, and all keys '
                        'of a dict strings')
    return names, arrays


def save(fname, data):
    """Save an array, a list of arrays, or a dict of them, in one file.

    Under a name of its own first: no file is left half written.
    """
    names, arrays = names_and_arrays(data)
    parts = [struct.pack('<QQQ', LIST, 0, len(arrays))]
    for x in arrays:
        values = x.asnumpy()
        parts += [struct.pack(f'<Iii{values.ndim}q', ARRAY, 0, values.ndim,
                              *values.shape),
                  struct.pack('<iii', 1, 0, TYPES.index(values.dtype.name)),
                  values.tobytes()]
    parts.append(struct.pack('<Q', len(names)))
    for name in names:
        parts += [struct.pack('<Q', len(name.encode())), name.encode()]
    try:
        replace(fname, b''.join(parts))
    except OSError as error:
        raise MXNetError(f'nd.save: cannot write {fname!r}: '
                         f'{error.strerror}') from error


def replace(fname, content):
    """Write a file whole, or not at all."""
    folder = os.path.dirname(os.path.abspath(fname))
    handle, new = tempfile.mkstemp(dir=folder)
    try:
        with open(handle, 'wb') as file:
            file.write(content)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(new, 0o666 & ~umask)
        os.replace(new, fname)
    except BaseException:
        os.unlink(new)
        raise


class Reader:
    """Reads numbers one after the other; MXNetError where they end."""

    def __init__(self, content, name):
        self.content, self.name, self.place = content, name, 0

    def __call__(self, form):
        size = struct.calcsize('<' + form)
        if size > len(self.content) - self.place:
            raise MXNetError(f'nd.load: {self.name} ends in the middle of an '
                             'array: it is damaged, or no file of arrays')
        found = struct.unpack_from('<' + form, self.content, self.place)
        self.place += size
        return found


def load(fname):
    """Return what `save` wrote: a list, or a dict if it has names."""
    try:
        with open(fname, 'rb') as file:
            content = file.read()
    except OSError as error:
        raise MXNetError(f'nd.load: cannot read {fname!r}: '
                         f'{error.strerror}') from error
    return load_frombuffer(content, repr(fname))


def load_frombuffer(buf, name='the buffer'):
    """Return what the bytes of such a file hold."""
    read = Reader(buf, name)
    magic, _, count = read('QQQ')
    if magic != LIST:
        raise MXNetError(f'nd.load: {name} is no file of arrays')
    arrays = [read_array(read) for _ in range(count)]
    names = [read(f'{read("Q")[0]}s')[0].decode()
             for _ in range(read('Q')[0])]
    return dict(zip(names, arrays)) if names else arrays


def read_array(read):
    """Read one array; it lies in the main memory, wherever it was."""
    magic, storage, ndim = read('Iii')
    if magic != ARRAY or storage != 0:
        raise MXNetError(f'nd.load: {read.name} holds an array of a kind '
                         'that is not in this package (sparse, or older '
                         'than MXNet 1.0)')
    shape = read(f'{ndim}q')
    _, _, number = read('iii')
    if not 0 <= number < len(TYPES) or min(shape, default=0) < 0:
        raise MXNetError(f'nd.load: {read.name} is damaged: it holds an '
                         f'array of shape {shape}, type {number}')
    dtype = np.dtype(TYPES[number])
    size = int(np.prod(shape)) * dtype.itemsize
    raw, = read(f'{size}s')
    return from_numpy(np.frombuffer(raw, dtype).reshape(shape), cpu())
