"""Arithmetic and comparisons: `x + y`, `2 - x`, `x > y`, nd.maximum(x, 0).

Each row of the table is one operation on two arrays, which are broadcast,
or on an array and a number. A result has the type of the array: comparisons
answer 0 and 1. Chapter: crash-course/ndarray.
"""

import numbers
import operator

import numpy as np
import torch

from ..base import MXNetError
from .ndarray import NDArray, in_place_while_recording, linked, wrap
from .operator import OPERATORS, Operator, different_types, same_device


def maximum(a, b):
    """The larger, NaN above all; of equal ones the first, for gradients."""
    if isinstance(b, numbers.Number):
        return a.clamp_min(b)  # the same, and faster
    return torch.where((a >= b) | (a != a), a, b)


def minimum(a, b):
    """The smaller, NaN below all; of equal ones the first."""
    if isinstance(b, numbers.Number):
        return a.clamp_max(b)
    return torch.where((a <= b) | (a != a), a, b)


# name: (function, MXNet's names for arrays `broadcast_...` and for a number
# `_..._scalar`, Python's operator)
BINARY = {
    'add': (operator.add, 'add', 'plus', 'add'),
    'subtract': (operator.sub, 'sub', 'minus', 'sub'),
    'multiply': (operator.mul, 'mul', 'mul', 'mul'),
    'divide': (operator.truediv, 'div', 'div', 'truediv'),
    'modulo': (lambda a, b: a % b + 0, 'mod', 'mod', 'mod'),  # 0, not -0
    'power': (operator.pow, 'power', 'power', 'pow'),
    'maximum': (maximum, 'maximum', 'maximum', None),
    'minimum': (minimum, 'minimum', 'minimum', None),
    'equal': (operator.eq, 'equal', 'equal', 'eq'),
    'not_equal': (operator.ne, 'not_equal', 'not_equal', 'ne'),
    'greater': (operator.gt, 'greater', 'greater', 'gt'),
    'greater_equal': (operator.ge, 'greater_equal', 'greater_equal', 'ge'),
    'lesser': (operator.lt, 'lesser', 'lesser', 'lt'),
    'lesser_equal': (operator.le, 'lesser_equal', 'lesser_equal', 'le'),
    'logical_and': (lambda a, b: (a != 0) & (b != 0), 'logical_and',
                    'logical_and', None),
    'logical_or': (lambda a, b: (a != 0) | (b != 0), 'logical_or',
                   'logical_or', None),
    'logical_xor': (lambda a, b: (a != 0) ^ (b != 0), 'logical_xor',
                    'logical_xor', None),
}
ARITHMETIC = ('add', 'subtract', 'multiply', 'divide', 'modulo', 'power')


class Binary:
    """One row of BINARY: it can be called with arrays and numbers."""

    def __init__(self, name, function, broadcast, scalar, method):
        self.name, self.function, self.method = name, function, method
        self.__doc__ = f'{name} of arrays, or of an array and a number.'
        self.broadcast = f'broadcast_{broadcast}'
        self.scalar = f'_{scalar}_scalar'
        self.reflected = f'_r{scalar}_scalar'
        self.same_shape = f'elemwise_{broadcast}' \
            if method in ('add', 'sub', 'mul', 'truediv') else f'_{broadcast}'

    def __call__(self, lhs, rhs, out=None, name=None):
        """Compute on two arrays, or on an array and a number."""
        array = lhs if isinstance(lhs, NDArray) else rhs
        if not isinstance(array, NDArray):
            return self.function(lhs, rhs)
        result = self.compute(self.operand(lhs, array),
                              self.operand(rhs, array))
        return wrap(result, array._ctx, (lhs, rhs), out)

    def operand(self, x, array):
        """Return what to compute with: a tensor, or a number."""
        if isinstance(x, NDArray):
            if x is not array:
                if x._ctx is not array._ctx:
                    same_device(self.name, array, x)
                if x._tensor.dtype is not array._tensor.dtype:
                    raise different_types(self.name, array, x)
            return linked(x)
        if not isinstance(x, (numbers.Number, np.bool_)):
            raise TypeError(f'{self.name}: an array and a {type(x).__name__} '
                            'do not go together; nd.array() makes arrays')
        return float(x) if array._tensor.is_floating_point() else int(x)

    def compute(self, a, b):
        """Compute on tensors and numbers; keep the tensors' type."""
        dtype = a.dtype if isinstance(a, torch.Tensor) else b.dtype
        try:
            result = self.function(a, b)
        except RuntimeError as error:
            raise MXNetError(
                f'{self.name}: shapes {tuple(a.shape)} and {tuple(b.shape)} '
                'do not fit together: from the right, lengths must be equal, '
                'or one of them 1') from error
        return result if result.dtype is dtype else result.to(dtype)

    def of_equal_shapes(self, a, b):
        """Compute on tensors that are not broadcast."""
        if a.shape != b.shape:
            raise MXNetError(
                f'{self.name}: shapes {tuple(a.shape)} and {tuple(b.shape)} '
                'differ; in a graph only the operators called broadcast_... '
                '(F.broadcast_add) repeat axes of length 1')
        return self.compute(a, b)

    def in_place(self, array, other):
        """Compute `array OP= other`."""
        result = self(array, other)
        if result._tensor.requires_grad:
            raise in_place_while_recording(array)
        if result.shape != array.shape:
            raise MXNetError(f'{self.name} in place: the result has shape '
                             f'{result.shape}, the array {array.shape}')
        return array._write(result._tensor)

    def register(self):
        """Become operators, and methods of arrays."""
        for name, compute in (
                (self.broadcast, lambda lhs, rhs: self.compute(lhs, rhs)),
                (self.same_shape, self.of_equal_shapes),
                (self.scalar,
                 lambda data, scalar: self.compute(data, scalar)),
                (self.reflected,
                 lambda data, scalar: self.compute(scalar, data))):
            OPERATORS[name] = Operator(name, compute)
        if self.method:
            setattr(NDArray, f'__{self.method}__', lambda a, b: self(a, b))
        if self.name in ARITHMETIC:
            setattr(NDArray, f'__r{self.method}__', lambda a, b: self(b, a))
        if self.name in ARITHMETIC[:5]:  # x **= 2 makes a new array
            setattr(NDArray, f'__i{self.method}__',
                    lambda a, b: self.in_place(a, b))


ROWS = {name: Binary(name, *row) for name, row in BINARY.items()}
for row in ROWS.values():
    row.register()
NDArray.__neg__ = lambda self: OPERATORS['negative'](self)
NDArray.__abs__ = lambda self: OPERATORS['abs'](self)
