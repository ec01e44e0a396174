"""Calls that gather along axes, or give entries another place."""

import math

from hypothesis import strategies as st

from .table import (
    NUMBERS,
    ODD,
    WHOLE,
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
TRUE = one(None, True)


@calls('reductions', 110)
def reduction(draw):
    shape = draw(shapes(1, 4, 3))
    name = draw(one('sum', 'mean', 'max', 'min', 'prod', 'nansum'))
    given = options(axis=draw(axes_of(shape)), keepdims=draw(TRUE))
    x = filled(draw, shape, low=-4, high=4, parts=2)
    return f'nd.{name}({x}{given})'


@calls('reductions', 35)
def reduction_of_the_other_axes(draw):
    shape = draw(shapes(2, 4, 3))
    name = draw(one('sum', 'mean', 'max', 'min'))
    return (f'nd.{name}({filled(draw, shape)}, axis={draw(axis_of(shape))}, '
            f'exclude=True{options(keepdims=draw(TRUE))})')


@calls('reductions', 40)
def method(draw):
    shape = draw(shapes(1, 3, 3))
    name = draw(one('sum', 'mean', 'max', 'min', 'prod'))
    given = options(axis=draw(axes_of(shape)), keepdims=draw(TRUE))
    dtype = draw(one('float32', 'float64', 'float16', 'int32', 'int64'))
    x = literal(draw, shape, WHOLE if dtype[0] == 'i' else NUMBERS, dtype)
    return f'{x}.{name}({given[2:]})'


@calls('reductions', 30)
def reduction_of_odd_numbers(draw):
    x = literal(draw, draw(shapes(1, 2, 3)), ODD)
    name = draw(one('sum', 'max', 'min', 'nansum', 'argmax', 'argmin'))
    axis = '' if name.startswith('nan') else draw(one('', ', axis=0'))
    return f'nd.{name}({x}{axis})'


@calls('reductions', 35)
def norm(draw):
    shape = draw(shapes(1, 3, 3))
    given = options(ord=draw(one(None, 1, 2)), axis=draw(one(None, 0, -1)),
                    keepdims=draw(TRUE))
    x = filled(draw, shape)
    return draw(one(f'nd.norm({x}{given})', f'{x}.norm({given[2:]})'))


@calls('reductions', 55)
def place_of_the_largest(draw):
    shape = draw(shapes(1, 3, 4))
    given = options(axis=draw(st.one_of(st.none(), axis_of(shape))),
                    keepdims=draw(TRUE))
    name = draw(one('argmax', 'argmin'))
    x = literal(draw, shape, (0, 1, 2, float('nan')))
    return draw(one(f'nd.{name}({x}{given})', f'{x}.{name}({given[2:]})'))


@calls('reductions', 40)
def cumulative(draw):
    shape = draw(shapes(1, 3, 3))
    axis = draw(st.one_of(st.none(), axis_of(shape)))
    x = literal(draw, shape)
    return f'nd.cumsum({x}{options(axis=axis)})'


@calls('reductions', 20)
def axis_that_is_not_there(draw):
    name = draw(one('sum', 'mean', 'max', 'argmax', 'norm', 'softmax',
                    'flip', 'expand_dims', 'sort', 'mean'))
    axis = draw(one(2, 3, -3, -4, 5))
    return f'nd.{name}(nd.ones((2, 3)), axis={axis})'


# Shapes

def factors(draw, number):
    """Return two numbers with this product."""
    first = draw(one(*[x for x in range(1, number + 1) if number % x == 0]))
    return first, number // first


def codes(draw, shape, extra=None):
    """Return codes for `reshape` that fit: 0, -1 ... -4, and sides.

    -1 and -4 never come together, and with `reverse` only codes that fit:
    at some of the others MXNet ends its process.
    """
    found, rest = [], list(shape)
    menu = [0, 'side', -2, -3, extra or draw(one(-1, -4))]
    while rest:
        code, side = draw(one(*menu)), rest.pop(0)
        if code == -2:
            return [*found, -2]
        if code == -4:
            found += split(draw, side)
        elif code == -3 and rest:
            found.append(-3)
            rest.pop(0)
        else:
            found.append(side if code in ('side', -3) else code)
        if code == -1:
            menu.remove(-1)
    return found


def split(draw, side):
    parts = list(factors(draw, side))
    if draw(YES_OR_NO):
        parts[draw(one(0, 1))] = -1
    return [-4, *parts]


@calls('shapes', 110)
def reshape_with_codes(draw):
    shape = draw(shapes(1, 4, 4))
    new = tuple(codes(draw, shape))
    x = filled(draw, shape)
    return draw(one(f'{x}.reshape({new})', f'nd.reshape({x}, shape={new})'))


@calls('shapes', 40)
def reshape(draw):
    shape = draw(shapes(1, 4, 4))
    parts = [draw(one(x, -1, 0, 2)) for x in draw(shapes(1, 3, 6))]
    x = filled(draw, shape)
    new = ', '.join(map(str, parts))
    return draw(one(f'{x}.reshape({new})', f'{x}.reshape(({new},))',
                    f'{x}.reshape(shape=({new},))'))


@calls('shapes', 40)
def reshape_from_the_right(draw):
    shape = draw(shapes(2, 4, 3))
    new = tuple(codes(draw, shape[::-1], extra=-1)[::-1])
    return f'nd.reshape({filled(draw, shape)}, shape={new}, reverse=True)'


@calls('shapes', 20)
def reshape_like(draw):
    shape = draw(shapes(1, 3, 4))
    size = math.prod(shape)
    other = draw(one((size,), shape[::-1], factors(draw, size), (5,)))
    return (f'nd.reshape_like({filled(draw, shape)}, nd.zeros({other}))')


@calls('shapes', 40)
def transpose(draw):
    shape = draw(shapes(1, 4, 3))
    axes = draw(st.permutations(range(len(shape)))).copy()
    x = filled(draw, shape)
    return draw(one(f'{x}.transpose()', f'{x}.T', f'nd.transpose({x})',
                    f'nd.transpose({x}, axes={tuple(axes)})',
                    f'{x}.transpose({tuple(axes)})',
                    f'{x}.transpose({str(axes)[1:-1]})'))


@calls('shapes', 40)
def swap(draw):
    shape = draw(shapes(2, 4, 3))
    one_, other = draw(axis_of(shape)), draw(axis_of(shape))
    x = filled(draw, shape)
    return draw(one(f'nd.swapaxes({x}, {abs(one_)}, {abs(other)})',
                    f'{x}.swapaxes({abs(one_)}, {abs(other)})',
                    f'nd.moveaxis({x}, {one_}, {other})'))


@calls('shapes', 40)
def one_axis_more(draw):
    shape = draw(shapes(1, 3, 3))
    axis = draw(st.integers(-len(shape) - 1, len(shape)))
    x = filled(draw, shape)
    return draw(one(f'nd.expand_dims({x}, axis={axis})',
                    f'{x}.expand_dims({axis})'))


@calls('shapes', 40)
def one_axis_less(draw):
    shape = tuple(draw(one(1, 1, 2)) for _ in range(draw(st.integers(1, 4))))
    given = options(axis=draw(axes_of(shape)))
    x = filled(draw, shape)
    return draw(one(f'nd.squeeze({x}{given})', f'{x}.squeeze({given[2:]})'))


@calls('shapes', 40)
def flat_flipped_tiled(draw):
    shape = draw(shapes(1, 3, 3))
    x, axis = filled(draw, shape), draw(st.integers(0, len(shape) - 1))
    reps = draw(shapes(1, 3, 3))
    return draw(one(f'nd.flatten({x})', f'{x}.flatten()',
                    f'nd.flip({x}, axis={axis})', f'nd.reverse({x}, {axis})',
                    f'{x}.flip(axis={axis})', f'nd.tile({x}, reps={reps})',
                    f'{x}.tile(reps={reps})', f'nd.tile({x}, {reps[0]})'))


@calls('shapes', 30)
def repeat(draw):
    shape = draw(shapes(1, 3, 3))
    axis = draw(st.one_of(st.none(), axis_of(shape)))
    x, times = filled(draw, shape), draw(one(1, 2, 3))
    return draw(one(f'nd.repeat({x}, {times}{options(axis=axis)})',
                    f'{x}.repeat(repeats={times}{options(axis=axis)})'))


@calls('shapes', 40)
def concat(draw):
    shape = draw(shapes(1, 3, 3))
    axis = draw(axis_of(shape))
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        part = list(shape)
        part[axis] = draw(one(1, 2))
        parts.append(filled(draw, part))
    parts = ', '.join(parts)
    return draw(one(f'nd.concat({parts}, dim={axis})',
                    f'nd.concatenate([{parts}], axis={axis})',
                    f'nd.concat({parts})'))


@calls('shapes', 40)
def stack(draw):
    shape = draw(shapes(1, 2, 3))
    parts = ', '.join(filled(draw, shape) for _ in range(draw(one(1, 2, 3))))
    axis = draw(st.integers(-len(shape) - 1, len(shape)))
    return draw(one(f'nd.stack({parts})', f'nd.stack({parts}, axis={axis})'))


@calls('shapes', 40)
def split_up(draw):
    parts = draw(one(1, 2, 3))
    shape = [draw(one(1, 2, 3, 6)), parts * draw(one(1, 2)), 2]
    given = options(squeeze_axis=draw(TRUE), axis=draw(one(None, 1, 0, -2)))
    x = filled(draw, shape)
    name = draw(one('nd.split', 'nd.SliceChannel'))
    return f'{name}({x}, num_outputs={parts}{given})'


@calls('shapes', 40)
def slice_function(draw):
    shape = draw(shapes(1, 3, 4))
    begin, end, step = [], [], []
    for side in shape:
        start = draw(one(None, *range(-side, side)))
        begin.append(start)
        end.append(draw(one(None, side, -1, (side + 1) // 2)))
        step.append(draw(one(1, None, 2)))
    x = filled(draw, shape)
    given = f'begin={tuple(begin)}, end={tuple(end)}'
    return draw(one(f'nd.slice({x}, {given})',
                    f'nd.slice({x}, {given}, step={tuple(step)})'))


@calls('shapes', 35)
def slice_of_an_axis(draw):
    shape = draw(shapes(1, 3, 4))
    axis = draw(axis_of(shape))
    begin = draw(st.integers(-shape[axis], shape[axis] - 1))
    end = draw(one(None, shape[axis], -1))
    x = filled(draw, shape)
    return draw(one(
        f'nd.slice_axis({x}, axis={axis}, begin={begin}, end={end})',
        f'{x}.slice_axis(axis={axis}, begin={begin}, end={end})'))


@calls('shapes', 50)
def broadcast(draw):
    shape = draw(shapes(1, 3, 3))
    small = narrower(draw, shape)
    x = filled(draw, small)
    return draw(one(f'nd.broadcast_to({x}, shape={shape})',
                    f'{x}.broadcast_to({shape})',
                    f'nd.broadcast_to({x}, shape={(0, *shape[1:])})',
                    f'nd.broadcast_like({x}, nd.zeros({shape}))',
                    f'{x}.broadcast_like(nd.zeros({shape}))',
                    f'nd.broadcast_axis({filled(draw, (1, *shape))}, axis=0, '
                    f'size={shape[0]})'))


@calls('shapes', 30)
def pad(draw):
    shape = draw(shapes(4, 4, 3))
    side = draw(st.lists(st.integers(0, 1 if min(shape) < 2 else min(
        shape[2:]) - 1), min_size=4, max_size=4))
    mode = draw(one('constant', 'edge', 'reflect'))
    if mode == 'reflect':
        side = [min(x, y - 1) for x, y in zip(side, [shape[2]] * 2
                                              + [shape[3]] * 2)]
    given = options(constant_value=draw(one(None, 1.5)))
    return (f"nd.pad({filled(draw, shape)}, mode='{mode}', "
            f'pad_width={(0, 0, 0, 0, *side)}{given})')


@calls('shapes', 30)
def diagonal(draw):
    x = filled(draw, draw(shapes(1, 2, 4)))
    return f'nd.diag({x}{options(k=draw(one(None, 0, 1, -1)))})'


@calls('creation', 40)
def arange(draw):
    start, stop = draw(one(0, 1, -2, 0.5, 3)), draw(one(4, 5.5, 7))
    step = draw(one(None, 1, 2, 0.5))
    given = options(step=step, repeat=draw(one(None, 2)),
                    dtype=draw(one(None, 'int32', 'float64')))
    return draw(one(f'nd.arange({start}, {stop}{given})',
                    f'nd.arange({stop}{given})', 'nd.arange(5, 0, -1)'))


@calls('creation', 35)
def from_numbers(draw):
    shape, dtype = draw(shapes(0, 3, 3)), draw(one(
        None, 'float32', 'float64', 'float16', 'int32', 'int64', 'uint8'))
    return (f'nd.array({literal(draw, shape, (0, 1, 2, 3.7))[9:-1]}'
            f'{options(dtype=dtype)})')


@calls('creation', 40)
def from_numpy(draw):
    shape, dtype = draw(shapes(0, 3, 3)), draw(one(
        'float32', 'float64', 'float16', 'int32', 'int64', 'uint8', 'bool'))
    return (f"nd.array(np.ones({shape}, dtype='{dtype}')"
            f"{options(dtype=draw(one(None, None, 'int32')))})")


@calls('creation', 40)
def of_one_number(draw):
    shape = draw(one(2, 3, *[(2,), (2, 3), (1, 2, 2), [2, 2]]))
    given = options(dtype=draw(one(None, 'int32', 'float64', 'uint8')))
    return draw(one(f'nd.zeros({shape}{given})', f'nd.ones({shape}{given})',
                    f'nd.full({shape}, 7{given})',
                    f'nd.empty({shape}{given}).shape',
                    f'nd.full({shape}, 2.5)'))


@calls('creation', 40)
def eye_and_linspace(draw):
    side, other, k = draw(one(1, 2, 3)), draw(one(0, 2, 4)), draw(one(0, 1,
                                                                     -1))
    low, number = draw(one(0, -1, 2.5)), draw(one(1, 2, 5))
    return draw(one(f'nd.eye({side})', f'nd.eye({side}, {other}, {k})',
                    f'nd.linspace({low}, 4, {number})',
                    f'nd.linspace({low}, 4, {number}, endpoint=False)'))


@calls('creation', 35)
def other_type(draw):
    dtype = draw(one('float32', 'float64', 'int32', 'uint8'))
    new = draw(one('float32', 'float64', 'float16', 'int32', 'int64',
                   'uint8'))
    x = literal(draw, draw(shapes(1, 2, 3)), (0, 1, 2, 3, 7.5, 100), dtype)
    return draw(one(f"{x}.astype('{new}')", f'{x}.astype(np.{new})',
                    f"nd.cast({x}, dtype='{new}')"))
