"""Initialisers: the values that parameters start from.

Stands on ndarray and its random streams. An initialiser is asked by its
method `_init_weight` to fill an array in place, whether weight or bias.
Chapters: gluon-basics/parameters, and cnn-gluon.
"""

import math
from dataclasses import dataclass

import numpy as np

from .base import guard, nearest
from .ndarray import random

REGISTRY = {}


class Initializer:
    """A rule of your own overrides `_init_weight(name, arr)`: fill `arr`."""

    def __init__(self, **kwargs):
        self._kwargs = kwargs

    def _init_weight(self, name, arr):
        raise NotImplementedError(
            f'{type(self).__name__} must override _init_weight(name, arr)')


def register(klass):
    """Make `create` know a class by its name in small letters."""
    REGISTRY[klass.__name__.lower()] = klass
    return klass


def create(initializer, **kwargs):
    """Return an initialiser from its name; one that is finished, as it is."""
    if isinstance(initializer, Initializer):
        return initializer
    name = str(initializer).lower()
    assert name in REGISTRY, (f'there is no initializer {name!r}'
                              f'{nearest(name, REGISTRY)}; register it first')
    return REGISTRY[name](**kwargs)


@register
@dataclass
class Constant(Initializer):
    """All `value`, a number or an array of the shape wanted."""

    value: float

    def _init_weight(self, name, arr):
        arr[:] = self.value


@register
@dataclass
class Zero(Constant):
    """All 0."""

    value: float = 0


@register
@dataclass
class One(Constant):
    """All 1."""

    value: float = 1


@register
@dataclass
class Uniform(Initializer):
    """Uniform between -scale and scale."""

    scale: float = 0.07

    def _init_weight(self, name, arr):
        random.uniform(-self.scale, self.scale, out=arr)


@register
@dataclass
class Normal(Initializer):
    """Normal with mean 0 and standard deviation sigma."""

    sigma: float = 0.01

    def _init_weight(self, name, arr):
        random.normal(0, self.sigma, out=arr)


@register
@dataclass
class Orthogonal(Initializer):
    """Rows or columns at right angles, of length `scale`."""

    scale: float = 1.414
    rand_type: str = 'uniform'

    def _init_weight(self, name, arr):
        draw, low = {'uniform': (random.uniform, -1),
                     'normal': (random.normal, 0)}[self.rand_type]
        start = draw(low, 1, (arr.shape[0], math.prod(arr.shape[1:])))
        u, _, v = np.linalg.svd(start.asnumpy(), full_matrices=False)
        basis = u if u.shape == start.shape else v
        arr[:] = self.scale * basis.reshape(arr.shape)


@register
@dataclass
class Xavier(Initializer):
    """Variance magnitude / n if gaussian; if uniform this is the range^2.

    n is the number of inputs ('in'), of outputs ('out') or the mean ('avg');
    in shapes (outputs, inputs, height, width) each place counts.
    """

    rnd_type: str = 'uniform'
    factor_type: str = 'avg'
    magnitude: float = 3

    def _init_weight(self, name, arr):
        if len(arr.shape) < 2:
            raise ValueError(f'{name} has shape {arr.shape}, but Xavier '
                             'needs at least two axes: outputs and inputs')
        n_out, n_in = (n * math.prod(arr.shape[2:]) for n in arr.shape[:2])
        n = {'avg': (n_in + n_out) / 2, 'in': n_in, 'out': n_out}.get(
            self.factor_type)
        if n is None or self.rnd_type not in ('uniform', 'gaussian'):
            raise ValueError(f'{self}: rnd_type must be uniform or gaussian, '
                             'factor_type avg, in or out')
        scale = math.sqrt(self.magnitude / n)
        if self.rnd_type == 'uniform':
            random.uniform(-scale, scale, out=arr)
        else:
            random.normal(0, scale, out=arr)


@register
class MSRAPrelu(Xavier):
    """He's start: Xavier, gaussian with variance 2 / ((1 + slope^2) n)."""

    def __init__(self, factor_type='avg', slope=0.25):
        super().__init__('gaussian', factor_type, 2 / (1 + slope ** 2))


@register
@dataclass
class LSTMBias(Initializer):
    """0, and `forget_bias` for the forget gate, the second quarter."""

    forget_bias: float = 1.0

    def _init_weight(self, name, arr):
        arr[:], quarter = 0, len(arr) // 4
        arr[quarter:2 * quarter] = self.forget_bias


REGISTRY.update(zeros=Zero, ones=One)
__getattr__ = guard(__name__)
