"""Arithmetic and comparisons: `x + y`, `2 - x`, `x > y`, nd.maximum(x, 0).

Each row of the table below is one operation: with two arrays (which are
broadcast), with a number on the right, with a number on the left. A result
has the type of the array: comparisons answer 0 and 1.
Chapter: crash-course/ndarray.
"""

import numbers

import torch

from ..base import MXNetError
from .ndarray import NDArray, in_place_while_recording, linked, wrap
from .operator import OPERATORS, Operator, different_types, same_device


def divide(a, b):
    """Quotient; of whole numbers the whole part."""
    if a.is_floating_point():
        return a / b
    return torch.div(a, b, rounding_mode='trunc')


def maximum(a, b):
    """The larger; where both are equal, the gradient goes to the first."""
    return torch.where(a >= b, a, b)


def minimum(a, b):
    """The smaller; where both are equal, the gradient goes to the first."""
    return torch.where(a <= b, a, b)


def hypot(a, b):
    """Length of the hypotenuse: the root of a² + b²."""
    return (a * a + b * b).sqrt()


def logical(function):
    """Return a logical function of whether entries differ from zero."""
    return lambda a, b: function(a != 0, b != 0)


# name: (function, MXNet's names for two arrays, with a number on the right
# and on the left in a graph of symbols)
BINARY = {
    'add': (torch.add, 'broadcast_add broadcast_plus',
            '_plus_scalar', '_plus_scalar'),
    'subtract': (torch.sub, 'broadcast_sub broadcast_minus',
                 '_minus_scalar', '_rminus_scalar'),
    'multiply': (torch.mul, 'broadcast_mul',
                 '_mul_scalar', '_mul_scalar'),
    'divide': (divide, 'broadcast_div true_divide',
               '_div_scalar', '_rdiv_scalar'),
    'modulo': (torch.remainder, 'broadcast_mod',
               '_mod_scalar', '_rmod_scalar'),
    'power': (torch.pow, 'broadcast_power',
              '_power_scalar', '_rpower_scalar'),
    'maximum': (maximum, 'broadcast_maximum',
                '_maximum_scalar', '_maximum_scalar'),
    'minimum': (minimum, 'broadcast_minimum',
                '_minimum_scalar', '_minimum_scalar'),
    'equal': (torch.eq, 'broadcast_equal', '_equal_scalar', '_equal_scalar'),
    'not_equal': (torch.ne, 'broadcast_not_equal',
                  '_not_equal_scalar', '_not_equal_scalar'),
    'greater': (torch.gt, 'broadcast_greater',
                '_greater_scalar', '_lesser_scalar'),
    'greater_equal': (torch.ge, 'broadcast_greater_equal',
                      '_greater_equal_scalar', '_lesser_equal_scalar'),
    'lesser': (torch.lt, 'broadcast_lesser',
               '_lesser_scalar', '_greater_scalar'),
    'lesser_equal': (torch.le, 'broadcast_lesser_equal',
                     '_lesser_equal_scalar', '_greater_equal_scalar'),
    'logical_and': (logical(torch.logical_and), 'broadcast_logical_and',
                    '_logical_and_scalar', '_logical_and_scalar'),
    'logical_or': (logical(torch.logical_or), 'broadcast_logical_or',
                   '_logical_or_scalar', '_logical_or_scalar'),
    'logical_xor': (logical(torch.logical_xor), 'broadcast_logical_xor',
                    '_logical_xor_scalar', '_logical_xor_scalar'),
    'hypot': (hypot, 'broadcast_hypot', '_hypot_scalar', '_hypot_scalar'),
}
# What an operator between two symbols becomes: it does not broadcast
OF_SYMBOLS = {'add': 'elemwise_add', 'subtract': 'elemwise_sub',
              'multiply': 'elemwise_mul', 'divide': 'elemwise_div',
              'modulo': '_mod'}
# Python's operators, and which row each one is
METHODS = {'add': 'add', 'sub': 'subtract', 'mul': 'multiply',
           'truediv': 'divide', 'mod': 'modulo', 'pow': 'power',
           'eq': 'equal', 'ne': 'not_equal', 'gt': 'greater',
           'ge': 'greater_equal', 'lt': 'lesser', 'le': 'lesser_equal'}
REFLECTED = ('add', 'sub', 'mul', 'truediv', 'mod', 'pow')
IN_PLACE = ('add', 'sub', 'mul', 'truediv', 'mod')


def of_type(function):
    """Return the function with results of the first argument's type."""
    def call(a, b):
        result = function(a, b)
        return result if result.dtype is a.dtype else result.to(a.dtype)
    return call


def with_scalar(function):
    """Return `function(array, number)`, the number as the array's type."""
    def call(data, scalar):
        if not data.is_floating_point():
            scalar = int(scalar)
        elif scalar is True or scalar is False:
            scalar = float(scalar)
        result = function(data, scalar)
        return result if result.dtype is data.dtype \
            else result.to(data.dtype)
    return call


def reflected(function):
    """Return `function(number, array)` with the arguments exchanged."""
    return with_scalar(lambda data, scalar: function(
        torch.tensor(scalar, dtype=data.dtype, device=data.device), data))


def needs_tensor(function):
    """Return the function for a number that it does not take as it is."""
    return with_scalar(lambda data, scalar: function(
        data, torch.tensor(scalar, dtype=data.dtype, device=data.device)))


def same_shape(name, function):
    """Return the function for arrays of one shape, not broadcast."""
    def call(a, b):
        if a.shape != b.shape:
            raise MXNetError(
                f'{name}: shapes {tuple(a.shape)} and {tuple(b.shape)} '
                'differ; in a graph only the operators called broadcast_... '
                '(F.broadcast_add) repeat axes of length 1')
        return function(a, b)
    return call


class Row:
    """One row of BINARY, ready to be called."""

    def __init__(self, name, function, right, left):
        self.name, self.right, self.left = name, right, left
        tensors_only = name in ('maximum', 'minimum', 'hypot') \
            or name.startswith('logical')
        self.arrays = of_type(function)
        self.array_scalar = (needs_tensor if tensors_only
                             else with_scalar)(function)
        self.scalar_array = self.array_scalar if right == left \
            else reflected(function)

    def __call__(self, lhs, rhs, out=None, name=None):
        """Compute on two arrays, or an array and a number on either side."""
        if isinstance(lhs, NDArray):
            return self.forwards(lhs, rhs, out)
        if isinstance(rhs, NDArray):
            return self.backwards(rhs, lhs, out)
        return self.array_scalar(torch.tensor(lhs), rhs).item()

    def forwards(self, array, other, out=None):
        """Compute `array OP other`."""
        tensor = linked(array)
        if isinstance(other, NDArray):
            if array._ctx is not other._ctx:
                same_device(self.name, array, other)
            if tensor.dtype is not other._tensor.dtype:
                raise different_types(self.name, array, other)
            try:
                result = self.arrays(tensor, linked(other))
            except RuntimeError as error:
                raise MXNetError(
                    f'{self.name}: shapes {array.shape} and {other.shape} '
                    'do not fit together: from the right, lengths must be '
                    'equal, or one of them 1') from error
            return wrap(result, array._ctx, (array, other), out)
        if not isinstance(other, numbers.Number):
            raise TypeError(f'{self.name}: an array and a '
                            f'{type(other).__name__} do not go together; '
                            'make it an array with nd.array()')
        return wrap(self.array_scalar(tensor, other), array._ctx, (array,),
                    out)

    def backwards(self, array, number, out=None):
        """Compute `number OP array`."""
        if not isinstance(number, numbers.Number):
            return self.forwards(array, number)  # raises TypeError
        return wrap(self.scalar_array(linked(array), number), array._ctx,
                    (array,), out)

    def in_place(self, array, other):
        """Compute `array OP= other`."""
        result = self.forwards(array, other)
        if result._tensor.requires_grad:
            raise in_place_while_recording(array)
        if result.shape != array.shape:
            raise MXNetError(f'{self.name} in place: the result has shape '
                             f'{result.shape}, the array {array.shape}')
        return array._write(result._tensor, (result,))


ROWS = {name: Row(name, function, right, left)
        for name, (function, _, right, left) in BINARY.items()}


def register():
    """Give all rows their names: operators, and methods of arrays."""
    for name, row in ROWS.items():
        OPERATORS[row.right] = Operator(row.right, row.array_scalar)
        if row.left.startswith('_r'):
            OPERATORS[row.left] = Operator(row.left, row.scalar_array)
        for other in BINARY[name][1].split():
            OPERATORS[other] = Operator(other, row.arrays)
        strict = OF_SYMBOLS.get(name, f'_{name}')
        OPERATORS[strict] = Operator(strict, same_shape(name, row.arrays))
    for method, name in METHODS.items():
        row = ROWS[name]
        setattr(NDArray, f'__{method}__', as_method(row.forwards))
        if method in REFLECTED:
            setattr(NDArray, f'__r{method}__', as_method(row.backwards))
        if method in IN_PLACE:
            setattr(NDArray, f'__i{method}__', as_method(row.in_place))
    NDArray.__neg__ = OPERATORS['negative']
    NDArray.__abs__ = OPERATORS['abs']


def as_method(function):
    """Return a function as a method: an array comes first."""
    return lambda self, other: function(self, other)
