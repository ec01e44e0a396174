"""What the settings of threads and of memory are worth."""

from benchmarks.machine import Worker, book_settings, together
from benchmarks.report import Chart, Part, Table, median
from book.execution.environment import KEEP_MEMORY

TITLE = 'Threads and memory'
TEXT = (
    'training of the LeNet with 24 and 48 kernels, medians of {} rounds. '
    'Spinning: how long a thread that waits stays awake; "long" is what '
    'OpenMP does by itself, "short" what `utils` sets. Keeping memory: '
    '`book/execution/environment.py` has the C library keep what a step '
    'has freed.'
)
ROUNDS = 3
TOGETHER = 'Examples per second of all processes together'
CASES = [(processes, threads) for processes in (1, 2) for threads in (1, 2)]
KEPT = {
    'lenet-imperative': 'LeNet, imperative',
    'lenet': 'LeNet, hybridized',
    'resnet': 'ResNet-18, hybridized',
}


def measure(say):
    """Measure the threads, then the memory."""
    ours = book_settings()
    spinning = {'short': ours, 'long': dict.fromkeys(ours)}
    threads = {}
    for case in CASES:
        for name, settings in spinning.items():
            threads[*case, name] = median([
                examples('lenet', *case, settings) for _ in range(ROUNDS)
            ])  # fmt: skip
            say(f'{label(*case)}, {name}: {threads[*case, name]:,.0f}/s')
    return part(threads, memory(say, ours))


def memory(say, ours):
    """Return {network: (speed with memory given back, and kept)}."""
    found = {}
    for name, title in KEPT.items():
        rounds = [
            [
                examples(name, 1, None, {**ours, **settings})
                for settings in (dict.fromkeys(KEEP_MEMORY), KEEP_MEMORY)
            ]
            for _ in range(ROUNDS)
        ]
        found[title] = tuple(map(median, zip(*rounds, strict=True)))
        say(f'{title}: given back {found[title][0]:,.0f}/s, '
            f'kept {found[title][1]:,.0f}/s')  # fmt: skip
    return found


def examples(name, processes, threads, settings):
    """Return the examples per second of some processes together.

    threads: of each; None leaves what the settings say.
    """
    if threads:
        settings = {**settings, 'OMP_NUM_THREADS': str(threads)}
    return sum(together([
        Worker('trainer', ('mxnet', name), settings)
        for _ in range(processes)
    ]))  # fmt: skip


def label(processes, threads):
    """Name a case."""
    return (
        f'{processes} process{"es" * (processes > 1)}, '
        f'{threads} thread{"s" * (threads > 1)}'
    )


def part(threads, memory):
    """Return what is to be said of both."""
    series = {
        f'spinning {spin}': {
            label(*case): threads[*case, spin] for case in CASES
        }
        for spin in dict.fromkeys(spin for *_, spin in threads)
    }
    rows = [
        (name, *(values[name] for values in series.values()))
        for name in (label(*case) for case in CASES)
    ]
    return Part(
        TITLE,
        TEXT.format(ROUNDS),
        (Table(TOGETHER, ('LeNet', *series), tuple(rows)), kept(memory)),
        Chart('bars', 'examples per second', series),
    )


def kept(memory):
    """Return the table of memory: {network: (given back, kept)}."""
    rows = [(name, *both, both[1] / both[0]) for name, both in memory.items()]
    columns = 'network', 'memory given back', 'kept', 'ratio'
    return Table('Examples per second, one process', columns, tuple(rows))
