"""Compare the training of a LeNet-like network in MXNet and in PyTorch.

Both train on the same batches of Fashion-MNIST, on the same cores, each in a
process of its own, in turn. Prints images per second and the ratio for the
network of the 2017 edition (20 and 50 kernels) and for that of the book (24
and 48). PyTorch is not among the book's packages: `make pytorch`.

    python benchmarks/lenet.py
"""

import importlib.util
import subprocess
import sys
import time

import utils  # before MXNet and PyTorch: it sets the number of threads

BATCH_SIZE = 256
BATCHES = 40
ROUNDS = 3
NETWORKS = ((20, 50), (24, 48))
LIBRARIES = ('mxnet', 'torch')


def mxnet_step(channels):
    """Return a function that trains a network of MXNet on one batch."""
    from mxnet import autograd, gluon, nd
    from mxnet.gluon import nn

    net = nn.HybridSequential()
    for count, size in zip(channels, (5, 3), strict=True):
        net.add(nn.Conv2D(count, size, activation='relu'), nn.MaxPool2D(2, 2))
    net.add(nn.Dense(128, activation='relu'), nn.Dense(10))
    net.initialize()
    net.hybridize(static_alloc=True)
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    trainer = gluon.Trainer(
        net.collect_params(), 'sgd', {'learning_rate': 0.1}
    )

    def step(X, y):
        with autograd.record():
            batch_loss = loss(net(X), y)
        batch_loss.backward()
        trainer.step(len(X))
        return batch_loss.mean().asscalar()

    return step, nd.array


def torch_step(channels):
    """Return a function that trains a network of PyTorch on one batch."""
    import os

    import torch
    from torch import nn

    torch.set_num_threads(int(os.environ['OMP_NUM_THREADS']))
    first, second = channels
    net = nn.Sequential(
        nn.Conv2d(1, first, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(first, second, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(25 * second, 128), nn.ReLU(),
        nn.Linear(128, 10),
    )  # fmt: skip
    loss = nn.CrossEntropyLoss()
    trainer = torch.optim.SGD(net.parameters(), lr=0.1)

    def step(X, y):
        trainer.zero_grad()
        batch_loss = loss(net(X), y.long())
        batch_loss.backward()
        trainer.step()
        return batch_loss.item()

    return step, torch.tensor


def images_per_second(library, channels):
    """Train on some batches; return the speed."""
    make = {'mxnet': mxnet_step, 'torch': torch_step}[library]
    step, to_array = make(channels)
    loader, _ = utils.load_data_fashion_mnist(
        BATCH_SIZE, num_train=BATCH_SIZE * BATCHES
    )
    batches = [
        tuple(to_array(part.asnumpy()) for part in batch) for batch in loader
    ]
    step(*batches[0])  # what is done only once
    start = time.perf_counter()
    for batch in batches:
        step(*batch)
    return BATCH_SIZE * len(batches) / (time.perf_counter() - start)


def measure(library, channels):
    """Return the speed of a fresh process."""
    command = [sys.executable, __file__, library, *map(str, channels)]
    result = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True
    )
    return float(result.stdout.split()[-1])


def main():
    """Measure both libraries in turn; print the best of each."""
    if importlib.util.find_spec('torch') is None:
        sys.exit('PyTorch is not installed: `make pytorch`')
    print('kernels      MXNet    PyTorch  images/s   ratio')
    for channels in NETWORKS:
        rounds = [
            [measure(library, channels) for library in LIBRARIES]
            for _ in range(ROUNDS)
        ]
        ours, theirs = map(max, zip(*rounds, strict=True))
        name = ' and '.join(map(str, channels))
        print(f'{name:9s} {ours:8,.0f} {theirs:10,.0f} {ours / theirs:17.2f}')


if __name__ == '__main__':
    if sys.argv[1:]:
        library, *channels = sys.argv[1:]
        print(images_per_second(library, tuple(map(int, channels))))
    else:
        main()
