"""Measure the book, or parts of it: tables, plots and what they show.

    make bench
    make bench ONLY='pipeline training'
    make bench ONLY='training --threads 1 2'
    python -m benchmarks memory --chapters mlp-gluon cnn-gluon

Writes `_build/bench/report.md`, with a plot and a file of results for each
part. A part that is not measured again stays as it was. Other programs on
the machine spoil the numbers.
"""

import argparse
import importlib
import os
import sys
import time

from benchmarks import machine, report, training
from book.chapters.errors import BookError
from book.execution import files
from book.execution.environment import variables

PARTS = 'pipeline', 'training', 'threads', 'build', 'growth', 'memory'
FOLDER = files.BUILD / 'bench'
CHAPTERS = 'ndarray', 'mlp-gluon', 'resnet', 'rnn-gluon'


def say(text):
    """Tell whoever waits what is being done."""
    print(f'  {text}', file=sys.stderr, flush=True)


def measure(name, chosen):
    """Return what a part finds, given the options of the command line."""
    part = importlib.import_module(f'benchmarks.{name}')
    say(f'{name}: {part.TITLE}')
    options = {
        'memory': (chosen.chapters,),
        'training': (chosen.threads, chosen.networks),
    }
    return part.measure(say, *options.get(name, ()))


def main(arguments=None):
    """Measure the parts that are named, one after the other."""
    parser = argparse.ArgumentParser(
        prog='python -m benchmarks', description=__doc__.split('\n')[0]
    )
    parser.add_argument('parts', nargs='*', metavar='PART', default=PARTS)
    parser.add_argument('--chapters', nargs='+', default=CHAPTERS)
    parser.add_argument('--threads', nargs='+', type=int)
    parser.add_argument(
        '--networks', nargs='+', choices=training.NETWORKS, metavar='NAME'
    )
    chosen = parser.parse_args(arguments)
    unknown = [x for x in chosen.parts if x not in PARTS]
    if unknown:
        parser.error(f'no part {unknown[0]!r}; there are {", ".join(PARTS)}')
    os.environ.update(variables(machine.ROOT))
    try:
        for name in chosen.parts:
            started = time.monotonic()
            found = measure(name, chosen)
            seconds = round(time.monotonic() - started)
            report.keep(FOLDER, name, found, machine.facts(seconds))
            print(report.markdown(name, found), flush=True)
    except BookError as error:
        sys.exit(f'error: {error}')
    print(report.write(FOLDER, PARTS))


if __name__ == '__main__':
    main()
