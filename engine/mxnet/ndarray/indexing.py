"""Parts of an array: what `x[key]` reads and `x[key] = value` writes.

Stands on PyTorch's indexing, which knows no negative steps. A part shares
the array's memory if it lies there in one piece, as in MXNet; else it is a
copy. Chapter: crash-course/ndarray.
"""

import numbers

import numpy as np
import torch

from ..base import MXNetError


def plain(key, device):
    """Return a key with tensors in the place of arrays and lists."""
    if isinstance(key, tuple):
        return tuple(plain(k, device) for k in key)
    if hasattr(key, '_tensor'):
        return key.tensor.long()
    if isinstance(key, np.ndarray):
        return torch.from_numpy(key).to(device)
    if isinstance(key, (list, range)):
        return torch.tensor(list(key), device=device)
    if isinstance(key, np.integer):
        return int(key)
    return key


def is_basic(key):
    """Return whether a key has only numbers, slices, None and `...`."""
    parts = key if isinstance(key, tuple) else (key,)
    return all(part is None or part is Ellipsis
               or isinstance(part, (numbers.Integral, slice))
               for part in parts)


def with_axes(key, count):
    """Return (part, axis) for a key; axis is None for None."""
    parts = list(key if isinstance(key, tuple) else (key,))
    taken = sum(part is not None and part is not Ellipsis for part in parts)
    if taken > count:
        raise IndexError(f'{taken} indices for an array of {count} axes')
    found, axis = [], 0
    for part in parts:
        if part is None:
            found.append((part, None))
        elif part is Ellipsis:
            found += [(slice(None), axis + i) for i in range(count - taken)]
            axis += count - taken
        else:
            found.append((part, axis))
            axis += 1
    return found


def forwards(tensor, key):
    """Return a key whose slices go forwards, and the axes to turn round."""
    new, turned, place = [], [], 0
    for part, axis in with_axes(key, tensor.dim()):
        if isinstance(part, slice) and part.step is not None \
                and part.step < 0:
            places = range(*part.indices(tensor.shape[axis]))[::-1]
            part = slice(places.start, places.stop, places.step)
            turned.append(place)
        new.append(part)
        place += not isinstance(part, numbers.Integral)
    return tuple(new), turned


def goes_backwards(key):
    """Return whether a key has a slice with a negative step."""
    parts = key if isinstance(key, tuple) else (key,)
    return any(isinstance(part, slice) and (part.step or 1) < 0
               for part in parts)


def select(tensor, key):
    """Return the part of a tensor that a key names."""
    basic = is_basic(key)
    key, turned = plain(key, tensor.device), []
    if basic and goes_backwards(key):
        key, turned = forwards(tensor, key)
    try:
        part = tensor[key]
    except IndexError as error:
        raise IndexError(f'{error}, in an array of shape '
                         f'{tuple(tensor.shape)}') from None
    if turned:
        part = part.flip(turned)
    part = part if part.dim() else part.reshape(1)
    return part.contiguous()


def assign(tensor, key, value):
    """Write a number, a tensor or anything like an array into a part."""
    if isinstance(value, np.generic):
        value = value.item()
    if not isinstance(value, (numbers.Number, torch.Tensor)):
        value = torch.as_tensor(np.asarray(value), device=tensor.device)
    basic = is_basic(key)
    key, turned = plain(key, tensor.device), []
    if basic and goes_backwards(key):
        key, turned = forwards(tensor, key)
    if isinstance(value, torch.Tensor):
        value = fitted(value.to(tensor.dtype), tensor[key].shape)
        value = value.flip(turned) if turned else value
    try:
        tensor[key] = value
    except (RuntimeError, IndexError) as error:
        raise MXNetError(f'x[...] = value, x of shape {tuple(tensor.shape)}: '
                         f'{error}') from error


def fitted(value, shape):
    """Return a tensor broadcast to the shape of the part it is written to."""
    while value.dim() > len(shape) and value.shape[0] == 1:
        value = value[0]
    try:
        return value.expand(shape)
    except RuntimeError:
        raise ValueError(f'cannot write an array of shape '
                         f'{tuple(value.shape)} into a part of shape '
                         f'{tuple(shape)}') from None
