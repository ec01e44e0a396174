"""Trains a network for a while, in a process of its own.

    python -m benchmarks.trainer mxnet lenet

waits for a line, trains, prints how many examples it took a second, and
waits for the next line.
The batch is made of random numbers: how long a step takes does not depend
on them, and so the data sets are not needed.
"""

import importlib
import sys
import time

import numpy as np

from benchmarks.handshake import answer_each

WARM_UP = 3  # steps that are not measured
SECONDS = 6
CLASSES = 10
CHARACTERS = 44  # in the novel of the part on recurrent networks
SHAPES = {
    'lenet-2017': (256, 1, 28, 28),
    'lenet': (256, 1, 28, 28),
    'lenet-imperative': (256, 1, 28, 28),
    'alexnet': (64, 1, 96, 96),
    'resnet': (64, 1, 28, 28),
    'lstm': (32, 35),  # sequences, characters of each
    'mlp-scratch': (256, 1, 28, 28),
    'rnn-scratch': (32, 35),
}


def batch(name):
    """Return inputs and labels for a network."""
    generator, shape = np.random.default_rng(0), SHAPES[name]
    if len(shape) == 2:
        X, y = generator.integers(0, CHARACTERS, (2, *shape))
        return X.astype('float32'), y.astype('float32')
    X = generator.random(shape, dtype='float32')
    return X, generator.integers(0, CLASSES, shape[0]).astype('float32')


def speed(step, examples, seconds):
    """Call a function for a while; return the examples per second."""
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        step()
        count += examples
    return count / (time.perf_counter() - start)


def main(library, name, seconds=SECONDS):
    """Train a network of one of the libraries."""
    networks = importlib.import_module(f'benchmarks.networks_{library}')
    X, y = batch(name)
    step = networks.step(name, X, y)
    for _ in range(WARM_UP):
        step()
    answer_each(lambda: speed(step, len(X), float(seconds)))


if __name__ == '__main__':
    main(*sys.argv[1:])
