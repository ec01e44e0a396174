"""Parts of an array: what `x[key]` reads and `x[key] = value` writes.

Stands on PyTorch's indexing, which knows no negative steps. A part shares
the array's memory if it lies there in one piece, as in MXNet; else it is a
copy. Chapter: crash-course/ndarray.
"""

import numbers

import numpy as np
import torch

from ..base import MXNetError


def plain(part, device):
    """Return a part of a key, with a tensor for an array or a list."""
    if hasattr(part, '_tensor'):
        return part.tensor.long()
    if isinstance(part, (np.ndarray, list, range)):
        places = np.asarray(part, np.int64)
        return torch.as_tensor(places, device=device)
    return int(part) if isinstance(part, np.integer) else part


def spelled_out(parts, dim):
    """Return parts with a slice for each axis that `...` stands for."""
    for i, part in enumerate(parts):
        if part is Ellipsis:
            named = sum(x is not None for x in parts) - 1
            return parts[:i] + (slice(None),) * (dim - named) + parts[i + 1:]
    return parts


def forwards(parts, shape):
    """Return parts whose slices go forwards, and the axes to turn round."""
    new, turned, axis, place = [], [], 0, 0
    for part in parts:
        if isinstance(part, slice) and (part.step or 1) < 0:
            places = range(*part.indices(shape[axis]))[::-1]
            part = slice(places.start, places.stop, places.step)
            turned.append(place)
        new.append(part)
        axis += part is not None
        place += not isinstance(part, numbers.Integral)
    return tuple(new), turned


def prepared(tensor, key):
    """Return a key for PyTorch, and the axes of its part to turn round."""
    parts = key if isinstance(key, tuple) else (key,)
    parts = tuple(plain(part, tensor.device) for part in parts)
    if any(isinstance(x, slice) and (x.step or 1) < 0 for x in parts):
        return forwards(spelled_out(parts, tensor.dim()), tensor.shape)
    return parts, []


def select(tensor, key):
    """Return the part of a tensor that a key names."""
    key, turned = prepared(tensor, key)
    try:
        part = tensor[key]
    except IndexError as error:
        raise IndexError(f'{error}, in an array of shape '
                         f'{tuple(tensor.shape)}') from None
    part = part.flip(turned) if turned else part
    return (part if part.dim() else part.reshape(1)).contiguous()


def assign(tensor, key, value):
    """Write a number, a tensor or anything like an array into a part."""
    if isinstance(value, torch.Tensor) and key == slice(None) \
            and value.shape == tensor.shape:
        return tensor.copy_(value)
    if isinstance(value, np.generic):
        value = value.item()
    if not isinstance(value, (numbers.Number, torch.Tensor)):
        value = torch.as_tensor(np.asarray(value), device=tensor.device)
    key, turned = prepared(tensor, key)
    if isinstance(value, torch.Tensor):
        value = fitted(value.to(tensor.dtype), tensor[key].shape)
        value = value.flip(turned) if turned else value
    try:
        tensor[key] = value
    except (RuntimeError, IndexError) as error:
        kind = IndexError if isinstance(error, IndexError) else MXNetError
        raise kind(f'x[...] = value, x of shape {tuple(tensor.shape)}: '
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
