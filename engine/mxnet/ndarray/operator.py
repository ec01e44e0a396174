"""How a function on PyTorch's tensors becomes an operator on arrays.

`operator` registers a function under its name: it is `nd.name`, a method of
arrays if it takes one first, and `F.name` in a graph of symbols. What it
adds is the same for all: it unwraps arrays, checks that they agree, calls,
and wraps the result. Chapter: gluon-basics/custom-layer.
"""

import inspect

import numpy as np
import torch

from ..autograd import join
from ..base import MXNetError
from .ndarray import NDArray, linked, wrap

OPERATORS = {}  # name -> Operator: the list of all there are


class Operator:
    """A function on tensors, under a name of MXNet.

    compute: the function; its first arguments are tensors. mixed: whether
    these may be of different types. fill: None, or what finds the shapes of
    weights from the shape of the data, for layers that leave them open.
    """

    def __init__(self, name, compute, mixed=False, fill=None):
        self.name, self.compute = name, compute
        self.mixed, self.fill = mixed, fill
        self.__name__ = name
        self.__doc__ = inspect.isfunction(compute) and compute.__doc__ \
            or f'{name} of each entry.'

    def register(self, *names, method=True):
        """Be known under its name and others."""
        for name in (self.name, *names):
            OPERATORS[name] = self
            if method and not hasattr(NDArray, name):
                setattr(NDArray, name, lambda *args, **kwargs:
                        self(*args, **kwargs))

    @property
    def parameters(self):
        """The names of the arguments, in order; '*data' for any number."""
        try:
            found = inspect.signature(self.compute).parameters.values()
        except ValueError:  # PyTorch's own functions of one tensor
            return ['data']
        return ['*' * (x.kind is x.VAR_POSITIONAL) + x.name for x in found]

    def __call__(self, *args, out=None, name=None, **kwargs):
        """Compute on arrays.  name: of the node in a graph; not used here."""
        arrays = [x for x in args if isinstance(x, NDArray)]
        tensors = [linked(x) if isinstance(x, NDArray) else x for x in args]
        for key, value in kwargs.items():
            if isinstance(value, NDArray):
                arrays.append(value)
                kwargs[key] = linked(value)
        self.check(arrays)
        try:
            result = self.compute(*tensors, **kwargs)
            if not isinstance(result, (tuple, list)):
                return wrap(result, arrays[0]._ctx, arrays, out)
        except (RuntimeError, IndexError, TypeError, AttributeError) as error:
            if isinstance(error, MXNetError):
                raise
            for x in args:
                assert not isinstance(x, (np.ndarray, list)), (
                    f'{self.name}: a {type(x).__name__} is no array here; '
                    'nd.array() makes one of it')
            shapes = ' and '.join(str(x.shape) for x in arrays)
            raise MXNetError(f'{self.name} of arrays of shape {shapes}: '
                             f'{error}') from error
        parts = [wrap(t, arrays[0]._ctx, arrays) for t in result]
        join(parts)  # they are of one graph
        return parts

    def check(self, arrays):
        """Raise MXNetError unless the arrays share a device and a type."""
        if not arrays:
            raise AssertionError(f'{self.name}: no array was given')
        first = arrays[0]
        for other in arrays[1:]:
            if other._ctx is not first._ctx:
                same_device(self.name, first, other)
            if other._tensor.dtype is not first._tensor.dtype \
                    and not self.mixed:
                raise different_types(self.name, first, other)


def same_device(name, first, other):
    """Raise MXNetError if two arrays do not lie on the same device."""
    if first._tensor.device != other._tensor.device:
        raise MXNetError(
            f'{name}: one array is on {first.context}, another on '
            f'{other.context}; bring them together with as_in_context()')


def different_types(name, first, other):
    """Return the error of two arrays of different types."""
    one, two = first.dtype.__name__, other.dtype.__name__
    return MXNetError(f'{name}: one array is of type {one}, another of type '
                      f'{two}; convert one of them with astype()')


def operator(*others, method=True, mixed=False, fill=None):
    """Register a function as an operator, also under `others`.

    A trailing underscore keeps Python's own names free: `sum_` is `sum`.
    """
    def register(function):
        name = function.__name__.rstrip('_')
        Operator(name, function, mixed, fill).register(*others, method=method)
        return function

    return register


def axes_of(tensor, axis, exclude=False):
    """Return axes as non-negative numbers; None or () means all of them."""
    count = tensor.dim()
    if axis is None or axis == ():
        return tuple(range(count))
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    if any(not -count <= a < count for a in axes):
        raise MXNetError(f'axis {axis} is not there in an array of shape '
                         f'{tuple(tensor.shape)}')
    axes = tuple(a % count for a in axes)
    return tuple(a for a in range(count) if a not in axes) if exclude \
        else axes


def at_least_1d(tensor):
    """Return a tensor with an axis: MXNet knows no arrays without one."""
    return tensor if tensor.dim() else tensor.reshape(1)


def copied(tensor):
    """Return a tensor in memory of its own, in one piece."""
    return tensor.clone(memory_format=torch.contiguous_format)


def whole(tensor):
    """Return whole numbers, for places: MXNet keeps them as float32."""
    return tensor if tensor.dtype == torch.long else tensor.long()
