"""What the engine computes on a device, in a process of its own.

    python tests/card/card_numbers.py equal gpu
    python tests/card/card_numbers.py speed mxnet lenet gpu

`equal` holds draws, results and gradients against those of the processor;
`speed` prints how many examples a network takes in a second.
"""

import sys
import time

import numpy as np

DRAWS = 'uniform', 'normal', 'exponential'
CLOSE = 1e-3  # cards multiply with fewer digits
WARM_UP, SECONDS = 5, 2


def equal(device):
    """Compare a device with the processor; print a line for each finding."""
    import mxnet as mx

    places = mx.cpu(), mx.Context(device)
    for name in DRAWS:
        here, there = (draw(mx, name, place) for place in places)
        assert np.array_equal(here, there), f'{name} draws other numbers'
    print(f'{", ".join(DRAWS)}: the draws of the processor, bit for bit')
    here, there = (convolution(mx, place) for place in places)
    for name, first, second in zip(('result', 'gradient'), here, there):
        error = abs(first - second).max() / abs(first).max()
        assert error < CLOSE, f'{name} of a convolution is off by {error}'
        print(f'{name} of a convolution: relative error {error:.0e}')


def draw(mx, name, place):
    """Return numbers drawn on a device."""
    mx.random.seed(0)
    drawn = getattr(mx.nd.random, name)(shape=(100, 100), ctx=place)
    assert drawn.context == place
    return drawn.asnumpy()


def convolution(mx, place):
    """Return the result of a convolution and the gradient of its weight."""
    mx.random.seed(0)
    X = mx.nd.random.normal(shape=(8, 3, 16, 16), ctx=place)
    W = mx.nd.random.normal(shape=(4, 3, 3, 3), ctx=place)
    W.attach_grad()
    with mx.autograd.record():
        Y = mx.nd.Convolution(X, W, no_bias=True, kernel=(3, 3),
                              num_filter=4)
        Y.relu().mean().backward()
    return Y.asnumpy(), W.grad.asnumpy()


def speed(library, name, device):
    """Train a network of the benchmarks; print the examples per second."""
    from benchmarks.trainer import batch

    if library == 'torch':
        import torch

        card = 'cuda' if torch.cuda.is_available() else 'mps'
        torch.set_default_device(card if device == 'gpu' else 'cpu')
        from benchmarks import networks_torch as networks
    else:
        import mxnet as mx

        mx.Context(device).__enter__()
        from benchmarks import networks_mxnet as networks
    X, y = batch(name)
    step = networks.step(name, X, y)
    for _ in range(WARM_UP):
        step()
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        step()
        count += len(X)
    print(count / (time.perf_counter() - start))


if __name__ == '__main__':
    {'equal': equal, 'speed': speed}[sys.argv[1]](*sys.argv[2:])
