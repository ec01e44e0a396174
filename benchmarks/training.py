"""How fast networks learn in MXNet, beside the same ones in PyTorch."""

from benchmarks.machine import Worker, book_settings, together, version
from benchmarks.report import Chart, Part, Table, median, spread
from book.chapters.errors import BookError

TITLE = 'Training'
TEXT = (
    'a step of gradient descent on the same batch, again and again, on the '
    'same cores, each library in a process of its own with the threads that '
    '`utils` sets; medians of {} rounds, in turn. MXNet is hybridized. '
    'Ratio: MXNet by PyTorch, more than 1 means that MXNet is faster.'
)
ROUNDS = 3
LIBRARIES = 'mxnet', 'torch'
NETWORKS = {
    'lenet-2017': 'LeNet, 20 and 50 kernels',
    'lenet': 'LeNet, 24 and 48 kernels',
    'alexnet': 'AlexNet, 96 pixels',
    'resnet': 'ResNet-18, 28 pixels',
    'lstm': 'LSTM, 35 characters',
}


def measure(say):
    """Train each network in both libraries, in turn."""
    if version('torch') == 'none':
        raise BookError('PyTorch is not installed: `make pytorch`')
    settings, speeds = book_settings(), {}
    for name in NETWORKS:
        speeds[name] = {library: [] for library in LIBRARIES}
        for _ in range(ROUNDS):
            for library in LIBRARIES:
                worker = Worker('trainer', (library, name), settings)
                speeds[name][library] += together([worker])
        say(f'{NETWORKS[name]}: {summary(speeds[name])}')
    return part(speeds)


def summary(found):
    """Say how fast a network was in each library."""
    return ', '.join(f'{x} {median(y):,.0f}/s' for x, y in found.items())


def part(speeds):
    """Return what is to be said: {network: {library: its speeds}}."""
    rows = tuple(row(NETWORKS[name], x) for name, x in speeds.items())
    columns = 'network', 'MXNet', 'PyTorch', 'spread', 'ratio'
    ratios = {name: ratio for name, *_, ratio in rows}
    return Part(
        TITLE,
        TEXT.format(ROUNDS),
        (Table('Examples per second', columns, rows),),
        Chart('bars', 'speed of MXNet by that of PyTorch', {'': ratios}),
    )


def row(title, found):
    """Return the row of a network: {library: its speeds}."""
    ours, theirs = (median(found[library]) for library in LIBRARIES)
    widest = max(map(spread, found.values()))
    return title, ours, theirs, widest, ours / theirs
