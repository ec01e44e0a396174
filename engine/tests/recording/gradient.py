"""Gradients: `grad` runs forward and backward and returns all that comes."""

from hypothesis import strategies as st

from .network import small, window
from .select import distinct
from .table import (
    NUMBERS,
    POSITIVE,
    axes_of,
    axis_of,
    calls,
    filled,
    literal,
    narrower,
    one,
    options,
    shapes,
)

YES_OR_NO = st.booleans()
TIES = (0, 1, 1, 2, -1, 3)
UNARY = one('abs', 'relu', 'square', 'exp', 'sin', 'cos', 'tanh', 'sigmoid',
            'sign', 'floor', 'round', 'negative', 'softsign', 'arctan',
            'sinh', 'zeros_like', 'stop_gradient', 'erf', 'arcsinh',
            'identity', 'expm1')
UNARY_POSITIVE = one('sqrt', 'log', 'log1p', 'rsqrt', 'reciprocal', 'log2',
                     'log10', 'cbrt', 'gammaln')
BINARY = one('{} + {}', '{} - {}', '{} * {}', '{} / {}', 'nd.maximum({}, {})',
             'nd.minimum({}, {})', 'nd.broadcast_power({}, {})',
             'nd.broadcast_maximum({}, {})', '({} > {}) * 2')


def head(draw, shape):
    return draw(one('', f', head=[{small(draw, shape)}]'))


@calls('gradients', 50)
def function(draw):
    shape = draw(shapes(1, 2, 3))
    name, menu = draw(one((UNARY, NUMBERS[:12]), (UNARY_POSITIVE, POSITIVE)))
    return (f'grad(nd.{draw(name)}, {literal(draw, shape, menu)}'
            f'{head(draw, shape)})')


@calls('gradients', 50)
def two_arrays(draw):
    shape = draw(shapes(1, 2, 3))
    x = literal(draw, shape, POSITIVE[:8])
    y = literal(draw, narrower(draw, shape), POSITIVE[:8])
    how = draw(BINARY).format('x', 'y')
    return f'grad(lambda x, y: {how}, {x}, {y}{head(draw, shape)})'


@calls('gradients', 30)
def scalars(draw):
    shape = draw(shapes(1, 2, 3))
    how = draw(one('x ** 2', 'x ** 3', '2 * x', '1 - x', 'x / 4', '1 / x',
                   'x ** 0.5', '2 ** x', '-x', 'x * x * x', 'x % 2',
                   '(x + 1) ** 2', 'nd.clip(x, 1, 3)', 'nd.maximum(x, 1)',
                   'nd.minimum(1, x)', 'abs(x - 1)', 'nd.smooth_l1(x)'))
    return (f'grad(lambda x: {how}, {literal(draw, shape, POSITIVE[:8])}'
            f'{head(draw, shape)})')


@calls('gradients', 60)
def reduction(draw):
    shape = draw(shapes(1, 3, 3))
    name = draw(one('sum', 'mean', 'max', 'min', 'prod', 'norm', 'max'))
    axis = draw(axes_of(shape))
    if name == 'norm' and isinstance(axis, tuple):
        axis = axis[0]
    given = options(axis=axis, keepdims=draw(one(None, True)))
    return (f'grad(lambda x: nd.{name}(x{given}) * 2, '
            f'{literal(draw, shape, TIES)})')


@calls('gradients', 40)
def other_shape(draw):
    shape = draw(shapes(2, 2, 3))
    how = draw(one('x.T', 'x.reshape((-1,))', 'x.expand_dims(1)',
                   'x.flatten()', 'x.flip(axis=1)', 'nd.tile(x, (2, 1))',
                   'x[0]', 'x[:, 0]', 'x.repeat(2, axis=0)', 'x[0, 0]',
                   'nd.concat(x, x, dim=0)',
                   'nd.stack(x, x * x)', 'nd.slice_axis(x, axis=0, begin=0, '
                   'end=1)', 'x.swapaxes(0, 1)', 'x.broadcast_to(x.shape)',
                   'nd.broadcast_like(x[:1], x)', 'x[[0, 0]]', 'x[::-1]',
                   'x[nd.array([0])]', 'nd.cumsum(x, axis=0)', 'nd.diag(x)',
                   'nd.split(x, 1)', 'x.sum(axis=0) + x',
                   'x.astype("float64")', 'nd.sort(x)', 'x.squeeze()',
                   'nd.topk(x, ret_typ="value")'))
    return f'grad(lambda x: {how}, {distinct(draw, shape)})'


@calls('gradients', 35)
def choice(draw):
    rows, columns = draw(one(1, 2, 3)), draw(one(2, 3))
    index = [draw(st.integers(0, columns - 1)) for _ in range(rows)]
    x = small(draw, (rows, columns))
    how = draw(one(f'nd.pick(x, nd.array({index}))',
                   f'nd.take(x, nd.array({index}), axis=1)',
                   f"nd.take(x, nd.array({index}), mode='wrap')",
                   'nd.where(x > 0, x, x * x)',
                   f'nd.Embedding(nd.array({index}), x, input_dim={rows}, '
                   f'output_dim={columns})',
                   'nd.gather_nd(x, nd.array([[0, 0]]))',
                   'nd.gather_nd(x, nd.array([[0, 0], [1, 1]]))',
                   f'nd.SequenceMask(x, nd.array({[1] * columns}), '
                   'use_sequence_length=True)',
                   f'nd.one_hot(nd.array({index}), {columns}) * x'))
    return f'grad(lambda x: {how}, {x})'


@calls('gradients', 35)
def matrix(draw):
    n, m, k = draw(shapes(3, 3, 3))
    flip, other = draw(YES_OR_NO), draw(YES_OR_NO)
    x = (k, n) if flip else (n, k)
    y = (m, k) if other else (k, m)
    name, dims = draw(one(('dot', ()), ('batch_dot', (2,))))
    given = options(transpose_a=flip or None, transpose_b=other or None)
    return (f'grad(lambda x, y: nd.{name}(x, y{given}), '
            f'{small(draw, dims + x)}, {small(draw, dims + y)}'
            f'{head(draw, (*dims, n, m))})')


@calls('gradients', 35)
def softmax(draw):
    shape = draw(shapes(1, 2, 4))
    name = draw(one('softmax', 'log_softmax'))
    given = options(axis=draw(st.one_of(st.none(), axis_of(shape))),
                    temperature=draw(one(None, 2)))
    return (f'grad(lambda x: nd.{name}(x{given}), {filled(draw, shape)}, '
            f'head=[{small(draw, shape)}])')


@calls('gradients', 20)
def softmax_with_lengths(draw):
    lengths = [draw(st.integers(0, 3)) for _ in range(2)]
    return ('grad(lambda x: nd.softmax(x, '
            f"nd.array({lengths}, dtype='int32'), use_length=True) ** 2, "
            f'{filled(draw, (2, 3))})')


@calls('gradients', 40)
def dense(draw):
    shape, units = draw(shapes(2, 3, 3)), draw(one(1, 2))
    flatten = draw(YES_OR_NO)
    width = shape[-1]
    if flatten and len(shape) == 3:
        width *= shape[1]
    return (f'grad(lambda x, w, b: nd.FullyConnected(x, w, b, '
            f'num_hidden={units}, flatten={flatten}), {small(draw, shape)}, '
            f'{small(draw, (units, width))}, {small(draw, (units,))})')


@calls('gradients', 35)
def convolution(draw):
    kernel, stride, pad = window(draw, 2)
    given = options(stride=stride, pad=pad, num_group=draw(one(None, 2)))
    groups = 2 if 'num_group' in given else 1
    x = small(draw, (1, 2, 4, draw(one(4, 5))))
    w = small(draw, (2, 2 // groups, *kernel))
    return (f'grad(lambda x, w, b: nd.Convolution(x, w, b, kernel={kernel}, '
            f'num_filter=2{given}), {x}, {w}, {small(draw, (2,))})')


@calls('gradients', 35)
def pooling(draw):
    kernel, stride, pad = window(draw, 2)
    if pad and min(kernel) == 1:
        pad = None
    kind = draw(one('max', 'avg'))
    given = options(stride=stride, pad=pad, pool_type=kind,
                    pooling_convention=draw(one(None, 'full')),
                    global_pool=draw(one(None, None, True)))
    x = literal(draw, (1, 1, 3, draw(one(3, 4))), TIES)
    return f'grad(lambda x: nd.Pooling(x, kernel={kernel}{given}), {x})'


@calls('gradients', 30)
def layer_norm(draw):
    shape = draw(shapes(2, 2, 4))
    return ('grad(lambda x, g, b: nd.LayerNorm(x, g, b), '
            f'{filled(draw, shape)}, {small(draw, shape[-1:])}, '
            f'{small(draw, shape[-1:])}, head=[{small(draw, shape)}])')


@calls('gradients', 40)
def batch_norm(draw):
    shape = draw(one((4, 2), (2, 2, 3), (2, 2, 2, 2)))
    given = options(fix_gamma=draw(one(None, False)), use_global_stats=draw(
        one(None, None, True)))
    return (f'm, v = nd.zeros(2), nd.ones(2)\n'
            f'[grad(lambda x, g, b: nd.BatchNorm(x, g, b, m, v{given}), '
            f'{filled(draw, shape)}, {small(draw, (2,))}, nd.zeros(2), '
            f'head=[{small(draw, shape)}]), m, v]')


@calls('gradients', 40)
def activation(draw):
    x = literal(draw, draw(shapes(1, 2, 3)))
    how = draw(one('nd.Activation(x, act_type="relu")',
                   'nd.Activation(x, act_type="softrelu")',
                   'nd.Activation(x, act_type="sigmoid")',
                   'nd.Activation(x, act_type="tanh")',
                   'nd.LeakyReLU(x, act_type="leaky", slope=0.1)',
                   'nd.LeakyReLU(x, act_type="elu", slope=1)',
                   'nd.LeakyReLU(x, act_type="selu")',
                   'nd.LeakyReLU(x, act_type="gelu")', 'nd.hard_sigmoid(x)'))
    return f'grad(lambda x: {how}, {x})'


@calls('gradients', 40)
def small_network(draw):
    n, d, h = draw(shapes(3, 3, 3))
    how = draw(one('nd.dot(nd.relu(nd.dot(x, w)), w.T)',
                   '((nd.dot(x, w) - 1) ** 2).mean()',
                   'nd.log_softmax(nd.dot(x, w)).mean(axis=1)',
                   'nd.tanh(nd.dot(x, w)).sum(axis=0)',
                   'nd.softmax(nd.dot(x, w)).max(axis=1)',
                   '(nd.dot(x, w) / nd.norm(x)).sum()'))
    return (f'grad(lambda x, w: {how}, {small(draw, (n, d))}, '
            f'{small(draw, (d, h))})')
