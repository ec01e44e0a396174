"""Operators that MXNet keeps under `nd.contrib`.

Chapter: convolutional-neural-networks/alexnet (pictures made larger).
"""

import math

import torch
from torch.nn import functional

from ..base import guard
from .operator import OPERATORS, Operator


def arange_like(data, start=0.0, step=1.0, axis=None):
    """start, start + step, ...: as many as data has along an axis."""
    count = data.numel() if axis is None else data.shape[axis]
    places = torch.arange(count, dtype=data.dtype, device=data.device)
    places = start + step * places
    return places.reshape(data.shape) if axis is None else places


def isfinite(data):
    """1 where an entry is a number, 0 where it is inf or nan."""
    return torch.isfinite(data).to(data.dtype)


def isnan(data):
    """1 where an entry is nan."""
    return torch.isnan(data).to(data.dtype)


def isinf(data):
    """1 where an entry is inf or -inf."""
    return torch.isinf(data).to(data.dtype)


def div_sqrt_dim(data):
    """x divided by the root of the length of the last axis."""
    return data / math.sqrt(data.shape[-1])


def BilinearResize2D(data, height, width):
    """Pictures of another size; corners stay corners.

    (n, 3, 32, 32), height=64, width=48 -> (n, 3, 64, 48)
    """
    return functional.interpolate(data, (height, width), mode='bilinear',
                                  align_corners=True)


for function in (arange_like, isfinite, isnan, isinf, div_sqrt_dim,
                 BilinearResize2D):
    name = f'_contrib_{function.__name__}'
    OPERATORS[name] = globals()[function.__name__] = Operator(name, function)

__getattr__ = guard(__name__)
