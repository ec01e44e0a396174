"""Calls that choose entries: indices, slices, and the functions of choice."""

from hypothesis import strategies as st

from .table import (
    NUMBERS,
    axis_of,
    calls,
    filled,
    literal,
    one,
    options,
    shapes,
)

YES_OR_NO = st.booleans()


def a_slice(draw, side):
    start = draw(one('', '', *range(-side, side)))
    stop = draw(one('', '', *range(-side, side + 1)))
    step = draw(one('', '', ':2', ':-1', ':1', ':-2'))
    return f'{start}:{stop}{step}'


def basic(draw, shape):
    """Return an index of integers, slices, None and ... for a shape."""
    parts = []
    for side in shape[:draw(st.integers(1, len(shape)))]:
        parts.append(draw(one(a_slice(draw, side), a_slice(draw, side),
                              str(draw(st.integers(-side, side - 1))))))
    extra = draw(one(None, None, 'None', '...'))
    if extra:
        parts.insert(draw(st.integers(0, len(parts))), extra)
    return ', '.join(parts)


def places(draw, side, least=1):
    number = draw(st.integers(least, 3))
    return draw(st.lists(st.integers(0, side - 1), min_size=number,
                         max_size=number))


def advanced(draw, shape):
    """Return an index with arrays or lists in it."""
    rows = places(draw, shape[0])
    first = draw(one(f'{rows}', f'nd.array({rows})', f'np.array({rows})',
                     f"nd.array({rows}, dtype='int32')"))
    if len(shape) == 1:
        return first
    columns = [draw(st.integers(0, shape[1] - 1)) for _ in rows]
    return draw(one(first, f'{first}, {columns}', f'{first}, :',
                    f':, {columns}', f'{first}, 0', f'{first}, ::-1'))


@calls('indexing', 140)
def get(draw):
    shape = draw(shapes(1, 3, 4))
    return f'{filled(draw, shape)}[{basic(draw, shape)}]'


@calls('indexing', 70)
def get_by_arrays(draw):
    shape = draw(shapes(1, 3, 4))
    return f'{filled(draw, shape)}[{advanced(draw, shape)}]'


@calls('indexing', 85)
def put(draw):
    shape = draw(shapes(1, 3, 4))
    value = draw(one('7', '0.5', 'nd.array([9])', 'np.float32(3)'))
    return (f'x = {filled(draw, shape)}\nx[{basic(draw, shape)}] = {value}\n'
            'x')


@calls('indexing', 40)
def put_by_arrays(draw):
    shape = draw(shapes(1, 3, 4))
    return (f'x = {filled(draw, shape)}\nx[{advanced(draw, shape)}] = '
            f'{draw(one(7, 0.5))}\nx')


@calls('indexing', 40)
def put_an_array(draw):
    shape = draw(shapes(2, 3, 3))
    index = draw(one(':', '0', '-1', ':1', '...', '0, 0', ':, 0', ':, :1',
                     '::2'))
    kind = draw(one('x[{i}] = nd.ones_like(x[{i}]) * 5',
                    'x[{i}] = x[{i}].asnumpy() * 2', 'x[{i}] += 1',
                    'x[{i}] *= x[{i}]', 'x[{i}] = x'))
    return (f'x = {filled(draw, shape)}\n' + kind.format(i=index) + '\nx')


@calls('indexing', 55)
def write_through_a_part(draw):
    shape = draw(shapes(2, 3, 3))
    part = draw(one('[0]', '[1:]', '[:1]', '[:, 0]', '[:, :1]', '[::2]', '.T',
                    '[0, 0]', '[-1]', '[...]', '[:]', '[[0]]', '[None]',
                    '.reshape((-1,))', '.flatten()', '.expand_dims(0)',
                    '.copy()', '.detach()', '.astype("float32")',
                    '.astype("float32", copy=False)', '[::-1]',
                    '.reshape((-1, 1))[0]', '[0][0]',
                    '.as_in_context(mx.cpu())', '.squeeze()',
                    '.transpose()', '[0].reshape((-1,))'))
    return (f'x = {filled(draw, shape)}\ny = x{part}\n'
            f'y{draw(one("[:] = 99", " += 50", "[0] = 77"))}\nx')


@calls('indexing', 30)
def index_that_does_not_fit(draw):
    return ('x = nd.zeros((2, 3))\nx['
            + draw(one('2', '-3', '5', '0, 3', '0, 0, 0', "'a'", '1.5',
                       '2.0', '(0, -4)', '..., 3', '[2]', '[-3]', '[0, 5]',
                       'nd.array([2])', '5:', ':, 7:', '1:1', '::0', '(),',
                       '[]', 'True', '[True, False]', '{}', '3:1')) + ']')


@calls('indexing', 20)
def value_that_does_not_fit(draw):
    return ('x = nd.zeros((2, 3))\nx['
            + draw(one(':', '0', ':, 1')) + '] = '
            + draw(one('nd.ones(4)', 'nd.ones((3, 2))', "'a'", 'None',
                       '[1, 2, 3]', 'np.ones((5, 5))', 'nd.ones((1, 1))'))
            + '\nx')


# Functions of choice

@calls('selection', 40)
def take(draw):
    shape = draw(shapes(1, 3, 4))
    axis = draw(axis_of(shape))
    rows = [draw(one(0, 1, 2, -1, 7)) for _ in range(draw(one(1, 2, 3)))]
    given = options(axis=draw(one(None, axis)),
                    mode=draw(one(None, 'clip', 'wrap')))
    x = filled(draw, shape)
    return draw(one(f'nd.take({x}, nd.array({rows}){given})',
                    f'{x}.take(nd.array([{rows}]){given})'))


@calls('selection', 40)
def pick(draw):
    rows, columns = draw(one(1, 2, 3)), draw(one(2, 3, 4))
    index = [draw(st.integers(-1, columns)) for _ in range(rows)]
    given = options(axis=draw(one(None, 1, -1)), keepdims=draw(one(
        None, True)), mode=draw(one(None, None, 'wrap')))
    x = filled(draw, (rows, columns))
    return draw(one(f'nd.pick({x}, nd.array({index}){given})',
                    f'{x}.pick(nd.array({index}){given})'))


@calls('selection', 20)
def pick_along_the_first_axis(draw):
    rows, columns = draw(one(2, 3)), draw(one(1, 2, 3))
    index = [draw(st.integers(0, rows - 1)) for _ in range(columns)]
    return (f'nd.pick({filled(draw, (rows, columns))}, nd.array({index}), '
            'axis=0)')


@calls('selection', 40)
def one_hot(draw):
    shape, depth = draw(shapes(1, 2, 3)), draw(one(1, 3, 4))
    given = options(on_value=draw(one(None, 5)), off_value=draw(one(
        None, -1)), dtype=draw(one(None, 'int32', 'float64')))
    x = literal(draw, shape, (0, 1, 2, 3, -1))
    return draw(one(f'nd.one_hot({x}, {depth}{given})',
                    f'{x}.one_hot({depth})'))


@calls('selection', 30)
def gather(draw):
    shape = draw(shapes(2, 3, 3))
    number = draw(one(1, 2, 3))
    depth = draw(st.integers(1, len(shape)))
    index = [[draw(st.integers(0, side - 1)) for _ in range(number)]
             for side in shape[:depth]]
    return f'nd.gather_nd({filled(draw, shape)}, nd.array({index}))'


@calls('selection', 40)
def where(draw):
    shape = draw(shapes(1, 3, 3))
    condition = literal(draw, shape, (0, 1, -2, 0.5))
    if draw(YES_OR_NO):
        condition = literal(draw, shape[:1], (0, 1))
    return (f'nd.where({condition}, {filled(draw, shape)}, '
            f'{filled(draw, shape)})')


@calls('selection', 55)
def topk(draw):
    shape = draw(shapes(1, 2, 5))
    axis = draw(axis_of(shape))
    given = options(
        axis=draw(one(None, axis)), k=draw(one(None, 1, 2)),
        ret_typ=draw(one(None, 'value', 'indices', 'mask', 'both')),
        is_ascend=draw(one(None, True)), dtype=draw(one(None, None, 'int32')))
    x = distinct(draw, shape)
    return draw(one(f'nd.topk({x}{given})', f'{x}.topk({given[2:]})'))


def distinct(draw, shape):
    """Return an array without equal numbers: their order would be open."""
    size = 1
    for side in shape:
        size *= side
    numbers = iter(draw(st.permutations(range(size))))

    def lists(rest):
        if not rest:
            return next(numbers)
        return [lists(rest[1:]) for _ in range(rest[0])]

    return f'nd.array({lists(shape)})'


@calls('selection', 40)
def sort(draw):
    shape = draw(shapes(1, 2, 5))
    given = options(axis=draw(st.one_of(st.none(), axis_of(shape))),
                    is_ascend=draw(one(None, False)))
    x = distinct(draw, shape)
    name = draw(one('sort', 'argsort'))
    return draw(one(f'nd.{name}({x}{given})', f'{x}.{name}({given[2:]})'))


@calls('selection', 40)
def order_of_equals(draw):
    x = literal(draw, (draw(st.integers(2, 6)),), (0, 1, 2))
    return draw(one(f'nd.argsort({x})', f'nd.sort({x})',
                    f'nd.argsort({x}, is_ascend=False)',
                    f'nd.topk({x}, k=2)', f'nd.topk({x}, is_ascend=True)',
                    f'nd.argmax({x}, axis=0)', f'nd.argmin({x}, axis=0)'))


@calls('selection', 35)
def sequence(draw):
    time, batch = draw(one(1, 2, 4)), draw(one(1, 2, 3))
    lengths = [draw(st.integers(1, time)) for _ in range(batch)]
    x = filled(draw, (time, batch, 2))
    extra = ', value=-9' * draw(YES_OR_NO)
    given = draw(one('', f', sequence_length=nd.array({lengths}), '
                         f'use_sequence_length=True{extra}'))
    return f'nd.SequenceMask({x}{given})'


@calls('selection', 20)
def sequence_along_the_second_axis(draw):
    batch, time = draw(one(1, 2)), draw(one(2, 3))
    lengths = [draw(st.integers(1, time)) for _ in range(batch)]
    return (f'nd.SequenceMask({filled(draw, (batch, time))}, '
            f'nd.array({lengths}), use_sequence_length=True, axis=1)')


@calls('selection', 40)
def embedding(draw):
    rows = draw(one(2, 3, 5))
    x = literal(draw, draw(shapes(1, 2, 3)), (0, 1, 2, 4, -1, 9))
    return (f'nd.Embedding({x}, {filled(draw, (rows, 2))}, input_dim={rows}, '
            'output_dim=2)')


@calls('selection', 30)
def maximum_of_parts(draw):
    x = literal(draw, draw(shapes(2, 2, 4)), NUMBERS[:6])
    return draw(one(f'{x}.max(axis=1) - {x}.min(axis=1)',
                    f'({x} > 0) * {x}', f'({x} == {x}.max()).sum()',
                    f'nd.contrib.arange_like({x}, axis=0)',
                    f'nd.contrib.arange_like({x})',
                    f'nd.contrib.div_sqrt_dim({x})',
                    f'nd.contrib.isfinite({x})',
                    f'nd.contrib.isnan({x})'))
