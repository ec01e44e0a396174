"""What a program of a few lines answers, as text that can be compared.

Stands on NumPy and on whatever `mxnet` is imported: `record.py` runs every
program with MXNet and keeps the answers, `test_replay.py` runs them again
with the engine. A program is Python; its last line is what it answers.
MXNET_TEST_CONTEXT=gpu(0) runs them on another device.
"""

import ast
import contextlib
import hashlib
import io
import json
import math
import os
import pathlib
import re
import warnings

import mxnet as mx
import numpy as np
from mxnet import autograd, gluon, nd

FOLDER = pathlib.Path(__file__).parent / 'answers'
DEVICE = os.environ.get('MXNET_TEST_CONTEXT', 'cpu(0)')
LONG = 24  # an array of more entries is told by some of them


# What a program may call

def values(*shape, seed=0, low=-8, high=8, parts=4, dtype='float32'):
    """Return an array of fractions that look like chance but are not."""
    places = np.arange(int(np.prod(shape)), dtype=np.uint64) + 1
    mixed = (places + np.uint64(7919 * seed)) * np.uint64(2654435761)
    numbers = (mixed % np.uint64(2**32) >> np.uint64(9)).astype('int64')
    numbers = numbers % (high - low + 1) + low
    return nd.array((numbers / parts).reshape(shape), dtype=dtype)


def grad(function, *inputs, head=None, req='write'):
    """Return the output and the gradient with respect to each input."""
    for x in inputs:
        x.attach_grad(req)
    with autograd.record():
        y = function(*inputs)
    autograd.backward(y, head_grads=head)
    return [y, *(x.grad for x in inputs)]


def fill(net, *inputs):
    """Initialise a network, with weights that are the same everywhere."""
    net.initialize()
    net(*inputs)
    for number, p in enumerate(net.collect_params().values()):
        if 'running' not in p.name:
            p.set_data(values(*p.shape, seed=number, parts=8))


def weights(net):
    return [p.data() for p in net.collect_params().values()]


def gradients(net):
    return [p.grad() for p in net.collect_params().values()
            if p.grad_req != 'null']


def steps(net, trainer, x, y, number):
    """Take steps towards the least squared error."""
    loss = gluon.loss.L2Loss()
    for _ in range(number):
        with autograd.record():
            l = loss(net(x), y)
        l.backward()
        trainer.step(len(x))


def seed(number):
    mx.random.seed(number)
    np.random.seed(number)


def warned(function):
    """Return the classes of the warnings of a call."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter('always')
        function()
    return [x.category.__name__ for x in found]


def new_names():
    """Let the next layer be the first of its kind: dense0."""
    where = mx.base if hasattr(mx.base, 'NameManager') else mx.name
    return where.NameManager()


NAMES = {'mx': mx, 'nd': nd, 'np': np, 'autograd': autograd, 'gluon': gluon,
         'init': mx.init, 'nn': gluon.nn, 'rnn': gluon.rnn, 'nan': math.nan,
         'inf': math.inf, 'values': values, 'grad': grad, 'seed': seed,
         'warned': warned, 'fill': fill, 'weights': weights,
         'gradients': gradients, 'steps': steps}


# Run

def device():
    """Return the context that the environment names."""
    kind, number = re.fullmatch(r'(\w+)\((\d+)\)', DEVICE).groups()
    return mx.Context(kind, int(number))


def runs_here(program):
    """Say whether a program may run: on a card, if it names no device."""
    return DEVICE == 'cpu(0)' or not re.search(
        'ctx|[cC]ontext|[cg]pu|load|imports', program)


def units_here(units):
    """A card adds in another order, and rounds otherwise."""
    return units if DEVICE == 'cpu(0)' else max(64, 16 * units)


def run(program):
    """Return what a program answers, or the classes of its error."""
    try:
        with warnings.catch_warnings(), np.errstate(all='ignore'), \
                contextlib.redirect_stdout(io.StringIO()), new_names(), \
                device():
            warnings.simplefilter('ignore')
            seed(0)
            return told(execute(program))
    except Exception as error:
        return 'raises ' + ' '.join(
            kind.__name__ for kind in type(error).__mro__[:-2])
    finally:
        settle()


def settle():
    """Wait for MXNet, lest a late error of one program meets the next."""
    with contextlib.suppress(mx.base.MXNetError):
        nd.waitall()


def execute(program):
    tree = ast.parse(program)
    last = ast.Expression(tree.body.pop().value)
    space = dict(NAMES)
    exec(compile(tree, '<program>', 'exec'), space)
    return eval(compile(last, '<program>', 'eval'), space)


def told(value):
    """Return a value as text, or as a list of texts."""
    if isinstance(value, dict):
        value = list(value.items())
    if isinstance(value, (list, tuple)):
        return [told(x) for x in value]
    if isinstance(value, nd.NDArray):
        return 'NDArray ' + array_text(value.asnumpy())
    if isinstance(value, np.ndarray):
        return 'ndarray ' + array_text(value)
    if isinstance(value, np.generic):
        return f'{value.dtype} {number_text(value)}'
    if isinstance(value, type):
        return 'class ' + value.__name__
    return repr(value).replace(DEVICE, 'cpu(0)')


def number_text(number):
    return f'{number!s}'.removesuffix('.0')


def array_text(array):
    """(2, 2) -> 'float32 2x2 [1 2 3 4]'; a long array: some, and the mean."""
    shape = 'x'.join(map(str, array.shape)) or 'scalar'
    flat = np.ascontiguousarray(array).reshape(-1)
    shown, rest = flat, ''
    if flat.size > LONG:
        shown = flat[np.linspace(0, flat.size - 1, 12).astype(int)]
        mean = flat.astype('float64').mean()
        digest = hashlib.sha256(flat.tobytes()).hexdigest()[:16]
        shown = [*shown, np.float32(mean)]
        rest = f' {digest}'
    entries = ' '.join(map(number_text, shown))
    return f'{array.dtype} {shape} [{entries}]{rest}'


# Compare

def alike(expected, found, units):
    """Say whether two answers agree; numbers up to some units (0: exactly).

    A unit is the distance of the numbers next to 1, times the largest entry
    if that is above 1.
    """
    if isinstance(expected, list) or isinstance(found, list):
        return (isinstance(expected, list) and isinstance(found, list)
                and len(expected) == len(found)
                and all(alike(*both, units) for both in zip(expected, found)))
    if expected.startswith('raises '):
        return expected.split()[1] in found.split()[1:] and \
            found.startswith('raises ')
    return expected == found or units > 0 and close(expected, found, units)


def close(expected, found, units):
    """Compare two texts whose heads are equal, number by number."""
    head, one = numbers(expected)
    other_head, other = numbers(found)
    if head != other_head or len(one) != len(other) or not head:
        return False
    kind = next((word for word in head.split() if 'float' in word), None)
    if kind is None:
        return False
    finite = np.abs(one[np.isfinite(one)])
    unit = float(np.finfo(kind.split()[-1]).eps) * max([1, *finite])
    return np.allclose(one, other, rtol=0, atol=units * unit, equal_nan=True)


def numbers(text):
    """'NDArray float32 2 [1 2]' -> 'NDArray float32 2', numbers."""
    head, _, rest = text.partition(' [')
    if not rest:  # a scalar: 'float32 0.5', or Python's own
        head, _, rest = text.rpartition(' ')
        head = head or 'float64'
    try:
        return head, np.array([float(x) for x in rest.split(']')[0].split()])
    except ValueError:
        return '', np.array([])


# Files

def write(family, units, answers):
    """One line for each program, sorted: a change shows as one line."""
    lines = [f'{json.dumps(program)}: {json.dumps(answer)}'
             for program, answer in sorted(answers.items())]
    (FOLDER / f'{family}.json').write_text(
        f'{{"mxnet": "{mx.__version__}", "units": {units}, "answers": {{\n'
        + ',\n'.join(lines) + '\n}}\n', encoding='utf-8')


def read(family):
    """Return the units and the answers of a family."""
    content = json.loads((FOLDER / f'{family}.json').read_text('utf-8'))
    return content['units'], content['answers']


def families():
    return sorted(path.stem for path in FOLDER.glob('*.json'))
