"""Calls that treat entry by entry."""

from hypothesis import strategies as st

from .table import (
    COUNTS,
    NUMBERS,
    ODD,
    POSITIVE,
    WHOLE,
    calls,
    filled,
    literal,
    narrower,
    one,
    options,
    shapes,
)

MENUS = {'float32': NUMBERS, 'float64': NUMBERS, 'float16': NUMBERS,
         'int32': WHOLE, 'int64': WHOLE, 'uint8': COUNTS}
DTYPES = one(*MENUS)
FLOATS = one('float32', 'float64', 'float16')
SMALL = shapes(1, 2, 3)
ARITHMETIC = one('+', '-', '*', '/')
COMPARISONS = one('==', '!=', '<', '<=', '>', '>=')
EXACT = one('abs', 'sign', 'negative', 'floor', 'ceil', 'round', 'rint',
            'fix', 'trunc', 'relu', 'square', 'sqrt', 'reciprocal',
            'logical_not', 'zeros_like', 'ones_like', 'identity', 'BlockGrad',
            'stop_gradient')
FUNCTIONS = one('exp', 'log', 'log2', 'log10', 'log1p', 'expm1', 'sin', 'cos',
                'tan', 'arcsin', 'arccos', 'arctan', 'sinh', 'cosh', 'tanh',
                'arcsinh', 'arccosh', 'arctanh', 'sigmoid', 'softsign',
                'erf', 'rsqrt', 'cbrt', 'degrees', 'radians', 'gammaln')
BROADCAST = one('add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'equal',
                'not_equal', 'greater', 'greater_equal',
                'lesser', 'lesser_equal', 'logical_and', 'logical_or',
                'logical_xor')
BINARY = one('add', 'subtract', 'multiply', 'divide', 'maximum', 'minimum',
             'equal', 'not_equal', 'greater', 'greater_equal', 'lesser',
             'lesser_equal', 'logical_and', 'logical_or', 'logical_xor')
METHODS = one('abs', 'sign', 'floor', 'ceil', 'round', 'rint', 'fix', 'relu',
              'trunc', 'square', 'sqrt', 'reciprocal', 'zeros_like',
              'ones_like')


def pair(draw, dtype='float32', menu=None):
    """Return two arrays whose shapes broadcast."""
    shape = draw(SMALL)
    both = [shape, narrower(draw, shape)]
    if draw(st.booleans()):
        both.reverse()
    return [literal(draw, x, menu or MENUS[dtype], dtype) for x in both]


@calls('arithmetic', 75)
def operator(draw):
    one_, other = pair(draw, draw(one('float32', 'float64', 'float16')))
    return f'{one_} {draw(ARITHMETIC)} {other}'


@calls('arithmetic', 40)
def operator_of_integers(draw):
    dtype = draw(one('int32', 'int64', 'uint8'))
    one_, other = pair(draw, dtype)
    return f'{one_} {draw(one("+", "-", "*"))} {other}'


@calls('arithmetic', 40)
def operator_of_odd_numbers(draw):
    one_, other = pair(draw, menu=ODD)
    return f'{one_} {draw(one("+", "-", "*", "/", "<", ">=", "=="))} {other}'


@calls('arithmetic', 50)
def comparison(draw):
    one_, other = pair(draw, draw(DTYPES))
    return f'{one_} {draw(COMPARISONS)} {other}'


@calls('arithmetic', 75)
def scalar(draw):
    dtype = draw(FLOATS)
    x = literal(draw, draw(SMALL), MENUS[dtype], dtype)
    number, sign = draw(one(2, 0.5, -1.5, 3, 0.25, 0)), draw(ARITHMETIC)
    return draw(one(f'{x} {sign} {number}', f'{number} {sign} {x}'))


@calls('arithmetic', 40)
def scalar_and_integers(draw):
    dtype = draw(one('int32', 'int64', 'uint8'))
    x = literal(draw, draw(SMALL), COUNTS[1:], dtype)
    number = draw(one(1, 2, 3))
    sign = draw(one('+', '*', '-', '/', '<', '=='))
    return f'{x} {sign} {number}'


@calls('arithmetic', 35)
def scalar_comparison(draw):
    x = literal(draw, draw(SMALL))
    number, sign = draw(one(0, 1, 0.5, -1, 3)), draw(COMPARISONS)
    return draw(one(f'{x} {sign} {number}', f'{number} {sign} {x}'))


@calls('arithmetic', 50)
def in_place(draw):
    dtype = draw(one('float32', 'float64', 'int32'))
    x, other = draw(SMALL), draw(one(2, 0.5, 3, None))
    if other is None:
        other = literal(draw, narrower(draw, x), POSITIVE[:3], dtype)
    sign = draw(one('+', '-', '*', '/')) if dtype != 'int32' else \
        draw(one('+', '-', '*'))
    x = literal(draw, x, MENUS[dtype], dtype)
    return f'x = {x}\ny = x\ny {sign}= {other}\nx'


@calls('arithmetic', 40)
def modulo(draw):
    x = literal(draw, draw(SMALL))
    number = draw(one(2, 1.5, 3, -2))
    return draw(one(f'{x} % {number}', f'nd.modulo({x}, {number})',
                    f'{number} % {literal(draw, (3,), POSITIVE)}'))


@calls('arithmetic', 85)
def broadcast_function(draw):
    one_, other = pair(draw, draw(FLOATS))
    return f'nd.broadcast_{draw(BROADCAST)}({one_}, {other})'


@calls('arithmetic', 70)
def binary_function(draw):
    one_, other = pair(draw, draw(FLOATS))
    other = draw(one(other, 2, 0.5, 1))
    return f'nd.{draw(BINARY)}({one_}, {other})'


@calls('arithmetic', 30)
def elementwise_function(draw):
    shape, name = draw(SMALL), draw(one('add', 'sub', 'mul', 'div'))
    return (f'nd.elemwise_{name}({literal(draw, shape)}, '
            f'{literal(draw, shape, POSITIVE)})')


@calls('arithmetic', 30)
def several_added(draw):
    shape = draw(SMALL)
    parts = [literal(draw, shape) for _ in range(draw(st.integers(1, 4)))]
    return f'nd.{draw(one("add_n", "ElementWiseSum"))}({", ".join(parts)})'


@calls('arithmetic', 40)
def shapes_that_do_not_fit(draw):
    one_, other = draw(shapes(1, 3, 3)), draw(shapes(1, 3, 3))
    how = draw(one('{} + {}', 'nd.broadcast_mul({}, {})', '{} < {}',
                   'nd.elemwise_add({}, {})', 'nd.maximum({}, {})'))
    return how.format(f'nd.ones({one_})', f'nd.ones({other})')


@calls('arithmetic', 25)
def types_that_do_not_fit(draw):
    one_, other = draw(DTYPES), draw(DTYPES)
    how = draw(one('{} + {}', '{} * {}', 'nd.broadcast_add({}, {})',
                   '{} > {}', 'nd.dot({}, {})'))
    return how.format(f"nd.ones(2, dtype='{one_}')",
                      f"nd.ones(2, dtype='{other}')")


@calls('arithmetic', 85)
def exact_function(draw):
    x = literal(draw, draw(SMALL), draw(one(NUMBERS, ODD)))
    return f'nd.{draw(EXACT)}({x})'


@calls('arithmetic', 40)
def exact_method(draw):
    x = literal(draw, draw(SMALL))
    return draw(one(f'{x}.{draw(METHODS)}()', f'-{x}', f'abs({x})'))


@calls('arithmetic', 40)
def clip(draw):
    x = literal(draw, draw(SMALL), ODD)
    low, high = draw(one((0, 1), (-1, 1), (-2, 0.5), (1, 1)))
    return draw(one(f'nd.clip({x}, {low}, {high})',
                    f'{x}.clip({low}, {high})',
                    f'nd.clip({x}, a_min={low}, a_max={high})'))


@calls('functions', 140)
def function(draw):
    x = literal(draw, draw(SMALL), draw(one(NUMBERS[:12], POSITIVE[:8], ODD)))
    return f'nd.{draw(FUNCTIONS)}({x})'


@calls('functions', 40)
def function_of_other_types(draw):
    dtype = draw(one('float64', 'float16'))
    x = literal(draw, draw(SMALL), POSITIVE[:8], dtype)
    return f'nd.{draw(FUNCTIONS)}({x})'


@calls('functions', 40)
def power(draw):
    x, y = pair(draw, menu=POSITIVE[:8])
    number = draw(one(0, 1, 2, 3, 0.5, -1, -0.5))
    base = literal(draw, draw(SMALL))
    return draw(one(f'{x} ** {y}', f'nd.power({x}, {y})',
                    f'nd.broadcast_power({x}, {y})', f'{base} ** {number}',
                    f'nd.power({base}, {number})', f'{number} ** {x}'))


@calls('functions', 40)
def activation(draw):
    x = literal(draw, draw(SMALL))
    name = draw(one('relu', 'sigmoid', 'tanh', 'softrelu', 'softsign'))
    return f"nd.Activation({x}, act_type='{name}')"


@calls('functions', 35)
def leaky(draw):
    x = literal(draw, draw(SMALL))
    name = draw(one('leaky', 'elu', 'selu', 'gelu'))
    slope = draw(one(None, 0.1, 0.3, 1))
    return f"nd.LeakyReLU({x}, act_type='{name}'{options(slope=slope)})"


@calls('functions', 30)
def smooth_l1(draw):
    x = literal(draw, draw(SMALL))
    return f'nd.smooth_l1({x}{options(scalar=draw(one(None, 1, 2, 0.5)))})'


@calls('functions', 20)
def hard_sigmoid(draw):
    x = literal(draw, draw(SMALL))
    return f'nd.hard_sigmoid({x}{options(alpha=draw(one(None, 0.5)))})'


@calls('functions', 40)
def chain(draw):
    x = filled(draw, draw(shapes(1, 3, 3)), low=1)
    how = draw(one('nd.log(1 + nd.exp({}))', '(nd.sin({0}) / {0}).mean()',
                   '({0} - {0}.mean()) / {0}.max()',
                   'nd.sqrt(({} ** 2).sum())', '1 / (1 + nd.exp(-{}))'))
    return how.format(x)
