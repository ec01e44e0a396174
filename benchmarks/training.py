"""How fast networks learn: MXNet, the engine, and PyTorch itself.

`make bench ONLY='training --threads 1 2'` measures with one thread and with
two, `make bench ONLY='training --networks lenet alexnet'` two networks only.
"""

import sys

from benchmarks import machine
from benchmarks.report import Chart, Part, Table, median, spread
from book.chapters.errors import BookError

TITLE = 'Training'
TEXT = (
    'a step of gradient descent on the same batch, again and again, on the '
    'same cores, each library in a process of its own, in turn; medians of '
    '{} rounds of {} s. MXNet and the engine run the same program, the '
    'engine and PyTorch the same PyTorch. Threads: `utils` sets the number, '
    'unless `--threads` does. Ratios, also medians of the rounds: more than '
    '1 means that the first is faster. "Scratch" are the loops of small '
    'arrays of mlp-scratch and rnn-scratch, written on bare tensors for '
    'PyTorch.'
)
ROUNDS, SECONDS = 5, 3
MXNET = 'import json, mxnet; print(json.dumps(mxnet.__version__))'
LIBRARIES = {'mxnet': 'MXNet', 'engine': 'engine', 'torch': 'PyTorch'}
RATIOS = ('engine', 'torch'), ('engine', 'mxnet'), ('mxnet', 'torch')
NETWORKS = {
    'lenet-2017': 'LeNet, 20 and 50 kernels',
    'lenet': 'LeNet, 24 and 48 kernels',
    'lenet-imperative': 'the same, not hybridized',
    'alexnet': 'AlexNet, 96 pixels',
    'resnet': 'ResNet-18, 28 pixels',
    'lstm': 'LSTM, 35 characters',
    'mlp-scratch': 'MLP from scratch',
    'rnn-scratch': 'RNN from scratch',
}
TARGETS = {  # with what the engine is compared, and the ratio it needs
    **dict.fromkeys(NETWORKS, ('torch', 0.95)),
    **dict.fromkeys(('mlp-scratch', 'rnn-scratch'), ('mxnet', 1)),
}


def measure(say, threads=None, networks=None):
    """Train each network in all three libraries, in turn.

    threads: numbers of threads, one table for each; None: that of `utils`.
    """
    refuse_other_environments()
    settings, speeds = machine.book_settings(), {}
    own = settings.get('OMP_NUM_THREADS', machine.physical_cores())
    for number in threads or [own]:
        chosen = {**settings, 'OMP_NUM_THREADS': str(number)}
        found = speeds[label(number)] = {}
        for name in networks or NETWORKS:
            found[name] = race(name, chosen)
            say(f'{label(number)}, {NETWORKS[name]}: {summary(found[name])}')
    return part(speeds)


def refuse_other_environments():
    """Raise BookError unless each library is where it is looked for."""
    if not machine.ENGINE.exists():
        raise BookError(
            f'{machine.ENGINE} is not there: `make bench` installs the '
            'engine, or `make html ENGINE=torch`'
        )
    for python, right in (sys.executable, False), (machine.ENGINE, True):
        version = machine.ask(python, MXNET)
        if ('+torch' in version) != right:
            raise BookError(
                f'{python} has version {version}, which is not '
                f'{"the engine" if right else "MXNet"}; run `make bench`'
            )


def race(name, settings):
    """Return the speeds of a network: {library: one for each round}."""
    workers = [worker(library, name, settings) for library in LIBRARIES]
    found = machine.in_turn(workers, ROUNDS)
    return dict(zip(LIBRARIES, found, strict=True))


def worker(library, name, settings):
    """Start a process that trains a network in one of the libraries."""
    program = 'torch' if library == 'torch' else 'mxnet'
    python = {} if library == 'mxnet' else {'python': machine.ENGINE}
    arguments = program, name, str(SECONDS)
    return machine.Worker('trainer', arguments, settings, **python)


def label(threads):
    """Name a number of threads."""
    return f'{threads} thread{"s" * (str(threads) != "1")}'


def summary(found):
    """Say how fast a network was in each library."""
    return ', '.join(f'{x} {median(y):,.0f}/s' for x, y in found.items())


def part(speeds):
    """Return what is to be said: {threads: {network: {library: speeds}}}."""
    tables = tuple(
        Table(f'Examples per second, {number}', columns(), rows(found))
        for number, found in speeds.items()
    )
    return Part(TITLE, TEXT.format(ROUNDS, SECONDS), tables, chart(speeds))


def columns():
    """Return the names of the columns."""
    ratios = [f'{LIBRARIES[x]} / {LIBRARIES[y]}' for x, y in RATIOS]
    return 'network', *LIBRARIES.values(), 'spread', *ratios, 'target', 'met'


def rows(found):
    """Return the rows of a table: {network: {library: its speeds}}."""
    return tuple(row(name, speeds) for name, speeds in found.items())


def row(name, found):
    """Return the row of a network: {library: its speeds}."""
    other, wanted = TARGETS[name]
    return (
        NETWORKS[name],
        *(median(found[library]) for library in LIBRARIES),
        max(map(spread, found.values())),
        *(ratio(found, *pair) for pair in RATIOS),
        f'{wanted:g} of {LIBRARIES[other]}',
        'yes' if ratio(found, 'engine', other) >= wanted else 'no',
    )


def ratio(found, first, second):
    """Return how many times as fast the first is, the middle of rounds."""
    pairs = zip(found[first], found[second], strict=True)
    return median([x / y for x, y in pairs])


def chart(speeds):
    """Draw all three beside one another, PyTorch being 1."""
    places = {
        f'{NETWORKS[name]}, {number}' if len(speeds) > 1 else NETWORKS[name]:
        found
        for number, networks in speeds.items()
        for name, found in networks.items()
    }  # fmt: skip
    series = {
        title: {x: ratio(found, library, 'torch')
                for x, found in places.items()}
        for library, title in LIBRARIES.items()
    }  # fmt: skip
    return Chart('bars', 'speed by that of PyTorch', series)
