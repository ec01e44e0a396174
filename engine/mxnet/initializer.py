"""Initialisers: the values that parameters start from.

Stands on ndarray and its random streams. An initialiser fills an array in
place; without a rule of its own, the ending of the array's name decides (a
bias starts at 0). Chapters: gluon-basics/parameters, and cnn-gluon.
"""

import json
import math
import re
from dataclasses import dataclass

import numpy as np

from . import ndarray as nd
from .base import guard, nearest
from .ndarray import random

REGISTRY = {}


class InitDesc(str):
    """The name of an array to be filled; attrs['__init__'] is its rule."""

    def __new__(cls, name, attrs=None, global_init=None):
        desc = super().__new__(cls, name)
        desc.attrs, desc.global_init = attrs or {}, global_init
        return desc


class Initializer:
    """A rule of your own overrides `_init_weight(name, arr)`: fill `arr`."""

    def __init__(self, **kwargs):
        self._kwargs = kwargs

    def __call__(self, desc, arr):
        """Fill `arr` by the rule of `desc`, else by its ending."""
        init = getattr(desc, 'attrs', {}).get('__init__')
        if init:
            create(init)._init_weight(desc, arr)
        elif desc.endswith('weight'):
            self._init_weight(desc, arr)
        elif desc.endswith(('bias', 'beta', 'min', 'moving_mean')):
            arr[:] = 0
        elif desc.endswith(('gamma', 'max', 'moving_var')):
            arr[:] = 1
        else:
            raise ValueError(
                f'{desc!r}: no rule for a name with this ending; known are '
                'weight, bias, gamma, beta. Give the parameter an init.')

    def _init_weight(self, name, arr):
        raise NotImplementedError(
            f'{type(self).__name__} has no rule: override _init_weight(name, '
            'arr), which fills arr in place')

    def dumps(self):
        """Return name and arguments as JSON, for `create`."""
        return json.dumps([type(self).__name__.lower(), vars(self).get(
            '_kwargs', vars(self))])

    def __eq__(self, other):
        return type(self) is type(other) and vars(self) == vars(other)

    __hash__ = None


def alias(*names):
    """Make `create` know a class under more names."""
    def add(klass):
        assert issubclass(klass, Initializer), f'{klass} is no Initializer'
        REGISTRY.update((name.lower(), klass) for name in names)
        return klass

    return add


def register(klass):
    """Make `create` know a class by its name in small letters."""
    return alias(klass.__name__)(klass)


def create(initializer, *args, **kwargs):
    """Return an initialiser from its name or JSON: '["normal", {...}]'."""
    if isinstance(initializer, Initializer):
        assert not args and not kwargs, 'arguments for a finished initializer'
        return initializer
    assert isinstance(initializer, str), (
        f'{initializer!r} is no initializer; give its name or an instance')
    if initializer.startswith('['):
        initializer, kwargs = json.loads(initializer)
    elif initializer.startswith('{'):
        return create(**json.loads(initializer))
    name = initializer.lower()
    assert name in REGISTRY, (f'there is no initializer {name!r}'
                              f'{nearest(name, REGISTRY)}; register it first')
    return REGISTRY[name](*args, **kwargs)


def rule(klass):
    """Make `create` know a class, and its fields arguments."""
    return register(dataclass(eq=False)(klass))


@alias('zeros')
@rule
class Zero(Initializer):
    """All 0."""

    def _init_weight(self, name, arr):
        arr[:] = 0


@alias('ones')
@rule
class One(Initializer):
    """All 1."""

    def _init_weight(self, name, arr):
        arr[:] = 1


@rule
class Constant(Initializer):
    """All `value`, a number or an array of the shape wanted."""

    value: float

    def _init_weight(self, name, arr):
        arr[:] = self.value


@rule
class Uniform(Initializer):
    """Uniform between -scale and scale."""

    scale: float = 0.07

    def _init_weight(self, name, arr):
        random.uniform(-self.scale, self.scale, arr.shape, out=arr)


@rule
class Normal(Initializer):
    """Normal with mean 0 and standard deviation sigma."""

    sigma: float = 0.01

    def _init_weight(self, name, arr):
        random.normal(0, self.sigma, arr.shape, out=arr)


@rule
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


@rule
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
            random.uniform(-scale, scale, arr.shape, out=arr)
        else:
            random.normal(0, scale, arr.shape, out=arr)


@rule
class MSRAPrelu(Initializer):
    """He's start: Xavier, gaussian with variance 2 / ((1 + slope^2) n)."""

    factor_type: str = 'avg'
    slope: float = 0.25

    def _init_weight(self, name, arr):
        Xavier('gaussian', self.factor_type,
               2 / (1 + self.slope ** 2))._init_weight(name, arr)


@rule
class Bilinear(Initializer):
    """A kernel that enlarges pictures: a pyramid, highest in the middle."""

    def _init_weight(self, name, arr):
        half = math.ceil(arr.shape[3] / 2)
        middle = (2 * half - 1 - half % 2) / (2 * half)
        x, y = (1 - abs(np.arange(arr.shape[axis]) / half - middle)
                for axis in (3, 2))
        arr[:] = np.broadcast_to(np.outer(y, x), arr.shape)


@rule
class LSTMBias(Initializer):
    """0, and `forget_bias` for the forget gate, the second quarter."""

    forget_bias: float = 1.0

    def _init_weight(self, name, arr):
        arr[:] = 0
        arr[len(arr) // 4:len(arr) // 2] = self.forget_bias


class Mixed:
    """The first initialiser whose pattern matches the start of the name."""

    def __init__(self, patterns, initializers):
        assert len(patterns) == len(initializers), (
            f'{len(patterns)} patterns, but {len(initializers)} initializers')
        self.map = [(re.compile(pattern), init) for pattern, init
                    in zip(patterns, initializers)]

    def __call__(self, name, arr):
        for pattern, init in self.map:
            if pattern.match(name):
                return init(name, arr)
        raise ValueError(f'{name!r} matches no pattern; add ".*" at the end')


class Load:
    """Arrays from a file or dict; `default_init` for names not in it."""

    def __init__(self, param, default_init=None):
        found = nd.load(param) if isinstance(param, str) else param
        self.param = {re.sub('^(arg|aux):', '', name): array
                      for name, array in found.items()}
        self.default_init = default_init

    def __call__(self, name, arr):
        init = self.default_init
        if name in self.param:
            assert self.param[name].shape == arr.shape, (
                f'{name}: shape {arr.shape} is wanted, but '
                f'{self.param[name].shape} was loaded')
            arr[:] = self.param[name]
        else:
            assert init, f'{name} was not loaded; give a default_init'
            init(name, arr)


__getattr__ = guard(__name__)
