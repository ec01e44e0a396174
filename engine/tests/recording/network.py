"""Calls of matrices and networks. Their sums are exact: halves, small."""

from hypothesis import strategies as st

from .table import calls, filled, literal, one, options, shapes

TRUE = one(None, True)
DTYPES = one('float32', 'float32', 'float64')


def small(draw, shape, dtype='float32'):
    kind = {} if dtype == 'float32' else {'dtype': dtype}
    return filled(draw, shape, **kind)


@calls('matrices', 55)
def dot(draw):
    n, m, k = draw(shapes(3, 3, 4))
    flip, other = draw(TRUE), draw(TRUE)
    dtype = draw(DTYPES)
    x = small(draw, (k, n) if flip else (n, k), dtype)
    y = small(draw, (m, k) if other else (k, m), dtype)
    return f'nd.dot({x}, {y}{options(transpose_a=flip, transpose_b=other)})'


@calls('matrices', 40)
def dot_of_other_dimensions(draw):
    k = draw(one(1, 2, 3))
    x = small(draw, (*draw(shapes(0, 2, 3)), k))
    y = small(draw, (k, *draw(shapes(0, 2, 3))))
    return f'nd.dot({x}, {y})'


@calls('matrices', 30)
def dot_that_does_not_fit(draw):
    x, y = draw(shapes(1, 3, 3)), draw(shapes(1, 3, 3))
    name = draw(one('dot', 'batch_dot'))
    return f'nd.{name}(nd.ones({x}), nd.ones({y}))'


@calls('matrices', 40)
def batch_dot(draw):
    b, n, m, k = draw(shapes(4, 4, 3))
    flip, other = draw(TRUE), draw(TRUE)
    x = small(draw, (b, k, n) if flip else (b, n, k))
    y = small(draw, (b, m, k) if other else (b, k, m))
    given = options(transpose_a=flip, transpose_b=other)
    return f'nd.batch_dot({x}, {y}{given})'


@calls('networks', 50)
def dense(draw):
    shape, units = draw(shapes(2, 3, 3)), draw(one(1, 2, 4))
    flatten = draw(one(None, False))
    width = shape[-1]
    if flatten is None and len(shape) == 3:
        width *= shape[1]
    bias, given = draw(one((f'{small(draw, (units,))}, ', ''),
                           ('', ', no_bias=True')))
    return (f'nd.FullyConnected({small(draw, shape)}, '
            f'{small(draw, (units, width))}, {bias}num_hidden={units}{given}'
            f'{options(flatten=flatten)})')


def window(draw, dims, most=3):
    """Return kernel, stride and padding for so many dimensions."""
    kernel = draw(st.tuples(*[st.integers(1, most)] * dims))
    stride = draw(one(None, (2,) * dims, (1,) * dims))
    pad = draw(one(None, (1,) * dims))
    return kernel, stride, pad


@calls('networks', 75)
def convolution(draw):
    dims = draw(one(1, 2, 2, 2, 3))
    kernel, stride, pad = window(draw, dims)
    dilate = draw(one(None, None, (2,) * dims))
    groups = draw(one(None, None, 2))
    channels, filters = draw(one(1, 2)) * (groups or 1), 2
    x = small(draw, (draw(one(1, 2)), channels, *[draw(one(5, 6))] * dims))
    w = small(draw, (filters, channels // (groups or 1), *kernel))
    bias, given = draw(one((f'{small(draw, (filters,))}, ', ''),
                           ('', ', no_bias=True')))
    return (f'nd.Convolution({x}, {w}, {bias}kernel={kernel}, '
            f'num_filter={filters}{given}'
            + options(stride=stride, pad=pad, dilate=dilate,
                      num_group=groups) + ')')


@calls('networks', 100)
def pooling(draw):
    dims = draw(one(1, 2, 2, 2))
    kernel, stride, pad = window(draw, dims)
    if pad and min(kernel) == 1:
        pad = None
    x = small(draw, (1, draw(one(1, 2)), *[draw(one(4, 5, 6))] * dims))
    kind = draw(one('max', 'avg'))
    given = options(stride=stride, pad=pad,
                    pooling_convention=draw(one(None, 'full', 'valid')),
                    global_pool=draw(one(None, None, True)))
    if kind == 'avg':
        given += options(count_include_pad=draw(one(None, False)))
    return f"nd.Pooling({x}, kernel={kernel}, pool_type='{kind}'{given})"


@calls('networks', 40)
def shapes_that_do_not_fit(draw):
    return draw(one(
        f'nd.FullyConnected(nd.ones({draw(shapes(1, 3, 3))}), '
        f'nd.ones({draw(shapes(1, 2, 3))}), num_hidden=2, no_bias=True)',
        f'nd.Convolution(nd.ones({draw(shapes(3, 4, 4))}), '
        f'nd.ones({draw(shapes(4, 4, 3))}), kernel=(2, 2), num_filter=2, '
        'no_bias=True)',
        f'nd.Pooling(nd.ones({draw(shapes(2, 4, 3))}), kernel=(2, 2))',
        f'nd.concat(nd.ones({draw(shapes(2, 2, 2))}), nd.ones((2, 2)))',
        f'nd.stack(nd.ones({draw(shapes(1, 2, 2))}), nd.ones((2, 2)))'))


@calls('networks', 10)
def resize(draw):
    x = small(draw, (1, 1, draw(one(2, 3, 4)), draw(one(2, 4))))
    return f'nd.contrib.BilinearResize2D({x}, height=4, width=5)'


@calls('softmax', 85)
def softmax(draw):
    shape = draw(shapes(1, 3, 4))
    given = options(axis=draw(st.one_of(st.none(), st.integers(
        -len(shape), len(shape) - 1))), temperature=draw(one(
            None, None, 2, 0.5)))
    x = filled(draw, shape)
    name = draw(one('softmax', 'log_softmax', 'softmin'))
    return draw(one(f'nd.{name}({x}{given})', f'nd.{name}({x}{given})',
                    f'{x}.softmax({given[2:]})'))


@calls('softmax', 40)
def softmax_with_lengths(draw):
    rows, columns = draw(one(1, 2, 3)), draw(one(2, 3, 4))
    lengths = [draw(st.integers(0, columns)) for _ in range(rows)]
    return (f'nd.softmax({filled(draw, (rows, columns))}, '
            f"nd.array({lengths}, dtype='int32'), use_length=True)")


@calls('softmax', 40)
def softmax_of_odd_numbers(draw):
    x = literal(draw, (2, draw(one(2, 3))), (
        0, 1, 100, -100, -1e9, float('-inf'), 88, 1000))
    name = draw(one('softmax', 'log_softmax'))
    return f'nd.{name}({x})'


@calls('softmax', 20)
def cross_entropy(draw):
    rows, columns = draw(one(1, 2, 3)), draw(one(2, 3))
    labels = [draw(st.integers(0, columns - 1)) for _ in range(rows)]
    x, y = filled(draw, (rows, columns)), f'nd.array({labels})'
    return f'-nd.pick(nd.log_softmax({x}), {y})'


@calls('normalization', 40)
def layer_norm(draw):
    shape = draw(shapes(2, 3, 4))
    axis = draw(one(None, -1, 0, 1))
    width = (shape[-1 if axis is None else axis],)
    given = options(axis=axis, eps=draw(one(None, 1e-3)))
    return (f'nd.LayerNorm({filled(draw, shape)}, {small(draw, width)}, '
            f'{small(draw, width)}{given})')


@calls('normalization', 40)
def batch_norm(draw):
    channels = draw(one(1, 2, 3))
    shape = draw(one((4, channels), (2, channels, 3), (2, channels, 2, 2)))
    given = options(eps=draw(one(None, 1e-5)), fix_gamma=draw(one(
        None, False)), use_global_stats=draw(TRUE))
    scope = draw(one('predict_mode', 'train_mode'))
    return (f'x = {filled(draw, shape)}\n'
            f'g, b, m, v = ({small(draw, (channels,))}, nd.ones({channels}), '
            f'nd.zeros({channels}), nd.ones({channels}))\n'
            f'with autograd.{scope}():\n    y = nd.BatchNorm(x, g, b, m, v'
            f'{given})\n[y, m, v]')
