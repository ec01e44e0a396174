"""mx.sym: arrays to come. What is done with a symbol is noted, not computed.

A symbol stands on a node of a graph (graph.py). The operators are those of
`nd`, under the same names: that is why `hybrid_forward(F, ...)` works with
either. Chapter: gluon-basics/block.
"""

import inspect
import numbers
import sys

from . import graph
from .base import (
    MXNetError,
    NameManager,
    NotImplementedForSymbol,
    NotThere,
    nearest,
)
from .ndarray.arithmetic import ARITHMETIC, ROWS
from .ndarray.ndarray import NDArray
from .ndarray.operator import OPERATORS

# What numbered names begin with, where it is not the operator's name
HINTS = {'elemwise_add': '_plus', 'elemwise_sub': '_minus',
         'elemwise_mul': '_mul', 'elemwise_div': '_div'}


class Symbol:
    """The output of a node, or several outputs."""

    def __init__(self, heads):
        self.heads = list(heads)

    @property
    def name(self):
        """The name of the node; None for several nodes."""
        node, _ = self.heads[0]
        return node.name if all(x is node for x, _ in self.heads) else None

    def __repr__(self):
        if self.name is None:
            names = ', '.join(node.name for node, _ in self.heads)
            return f'<Symbol group [{names}]>'
        return f'<Symbol {self.name}>'

    def __len__(self):
        return len(self.heads)

    def __iter__(self):
        return (self[i] for i in range(len(self.heads)))

    def __getitem__(self, index):
        if not isinstance(index, numbers.Integral):
            raise TypeError('symbol[i] is the i-th output of an operator; '
                            'for a part of an array use slice_axis')
        return Symbol([self.heads[index]])

    def __bool__(self):
        raise without_numbers('an `if` or `while`')

    def __getattr__(self, name):
        """Return an operator as a method, or say why it is not there."""
        if name.startswith('__'):
            raise AttributeError(name)
        if name in OPERATORS:
            return lambda *args, **kwargs: call(name, self, *args, **kwargs)
        if name in ('asnumpy', 'asscalar', 'wait_to_read', 'attach_grad',
                    'backward', 'copyto', 'as_in_context', 'detach'):
            raise without_numbers(name)
        hint = ' (a symbol has neither shape nor numbers)' \
            if hasattr(NDArray, name) else nearest(name, OPERATORS)
        raise NotThere(f'a Symbol has no `{name}`{hint}')

    def reshape(self, *shape, **kwargs):
        """Return the entries in a new shape; 0, -1, ... as with arrays."""
        if len(shape) == 1 and not isinstance(shape[0], numbers.Integral):
            shape = shape[0]
        return call('Reshape', self, shape=tuple(shape) or kwargs.pop(
            'shape'), **kwargs)

    def astype(self, dtype):
        """Return the entries as another type."""
        return call('cast', self, dtype=dtype)

    def list_arguments(self):
        """Return the names of the variables, in the order of use."""
        return [node.name for node in graph.in_order(self.heads)
                if node.op is None]

    def list_outputs(self):
        """Return a name for each output: 'dense0_fwd' -> 'dense0_fwd_output'.
        """
        return [node.name + '_output' * (node.op is not None)
                + str(i) * (node.num_outputs > 1) for node, i in self.heads]

    def tojson(self):
        """Return the graph as text."""
        return graph.to_json(self.heads)

    def save(self, fname):
        """Write the graph to a file."""
        with open(fname, 'w', encoding='utf-8') as file:
            file.write(self.tojson())

    def eval(self, ctx=None, **arrays):
        """Compute: an array for each variable, by its name."""
        plan = graph.Plan(self.heads)
        missing = [x.name for x in plan.variables if x.name not in arrays]
        if missing:
            raise ValueError(f'no array was given for {missing}')
        return plan.run([arrays[x.name] for x in plan.variables])


def without_numbers(what):
    """Return the error of something that needs numbers."""
    return NotImplementedForSymbol(
        f'{what} needs numbers, and a Symbol has none: hybridize() notes the '
        'operators before there is data. Use operators of F instead, or do '
        'not hybridize.')


def var(name, param=None, **attrs):
    """Return a variable: an array that is given later, by its name."""
    return Symbol([(graph.Node(None, name, param=param), 0)])


Variable = var


def Group(symbols):
    """Return several symbols as one."""
    return Symbol([head for symbol in symbols for head in symbol.heads])


def call(op, *args, name=None, **kwargs):
    """Note an operator; return the symbol of what it will compute."""
    arguments = named(op, args, kwargs)
    inputs, attrs = [], {}
    for key, value in arguments.items():
        values = value if key.startswith('*') else [value]
        if all(isinstance(x, Symbol) for x in values):
            inputs += [head for x in values for head in x.heads]
        elif isinstance(value, NDArray):
            raise TypeError(f'{op}: an array among symbols; in a hybridized '
                            'block use self.params.get_constant')
        elif value is not None:
            attrs[key] = value
    hint = HINTS.get(op, op.replace('_scalar', 'scalar')).lower()
    node = graph.Node(op, NameManager.name(hint, name), inputs, attrs)
    return Symbol([(node, i) for i in range(node.num_outputs)])


def named(op, args, kwargs):
    """Return {name: value} of an operator's arguments; '*data': a list."""
    try:
        signature = inspect.signature(OPERATORS[op].compute)
        bound = signature.bind(*args, **kwargs).arguments
    except ValueError:  # PyTorch's own functions, of one tensor
        return {'data': args[0]} if args else kwargs
    except TypeError as error:
        raise TypeError(f'{op}: {error}') from None
    kinds = {key: x.kind for key, x in signature.parameters.items()}
    return {'*' * (kinds[key] is inspect.Parameter.VAR_POSITIONAL) + key: x
            for key, x in bound.items()}


def binary(name):
    """Return a function of two symbols, or of a symbol and a number."""
    row = ROWS[name]

    def function(lhs, rhs):
        if isinstance(lhs, Symbol) and isinstance(rhs, Symbol):
            return call(row.same_shape, lhs, rhs)
        symbol, number = (lhs, rhs) if isinstance(lhs, Symbol) else (rhs, lhs)
        if not isinstance(number, numbers.Number):
            raise TypeError(f'{name}: a symbol and a '
                            f'{type(number).__name__} do not go together')
        turned = symbol is rhs and name in TURNED
        return call(row.reflected if turned else row.scalar, symbol,
                    scalar=float(number))

    return function


TURNED = ('subtract', 'divide', 'modulo', 'power')  # a - 2 is not 2 - a
for name, row in ROWS.items():
    if row.method:
        setattr(Symbol, f'__{row.method}__', binary(name))
    if name in ARITHMETIC:
        setattr(Symbol, f'__r{row.method}__',
                lambda self, other, name=name: binary(name)(other, self))
Symbol.__hash__ = object.__hash__
Symbol.__neg__ = lambda self: self * -1
Symbol.__abs__ = lambda self: call('abs', self)
maximum, minimum, pow = map(binary, ('maximum', 'minimum', 'power'))


def load_json(text, name='the text'):
    """Return the symbol that a graph's text describes."""
    return Symbol(graph.from_json(text, name))


def load(fname):
    """Return the symbol in a file that `save` or `export` wrote."""
    try:
        with open(fname, encoding='utf-8') as file:
            return load_json(file.read(), repr(fname))
    except OSError as error:
        raise MXNetError(f'cannot read {fname!r}: {error.strerror}'
                         ) from error


class Contrib:
    """F.contrib: the operators that MXNet keeps apart."""

    def __getattr__(self, name):
        return __getattr__(f'_contrib_{name}')


contrib = Contrib()


def __getattr__(name):
    if name in OPERATORS:
        def function(*args, **kwargs):
            return call(name, *args, **kwargs)
        return function
    if name.startswith('__'):
        raise AttributeError(name)
    raise NotThere(f'`mx.sym.{name}` is not in this package'
                   f'{nearest(name, OPERATORS)}')


sys.modules[f'{__name__}.symbol'] = sys.modules[__name__]  # as in MXNet
