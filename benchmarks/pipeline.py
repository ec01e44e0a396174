"""How fast Fashion-MNIST arrives in batches of floats.

Compares `utils.DataLoader`, which cuts whole arrays into batches, with
`gluon.data.DataLoader`, which transforms one image after the other, as the
2017 edition used it. Both shuffle.
"""

import time

from benchmarks.handshake import answer, wait_for_start
from benchmarks.machine import Worker, together
from benchmarks.report import Chart, Part, Table, median, spread

TITLE = 'Data pipeline'
TEXT = (
    'Fashion-MNIST in shuffled batches of 256, as floats; medians of '
    '{} rounds, in turn. Spread: largest less smallest, by the median.'
)
BATCH_SIZE = 256
PART = 6000  # images for Gluon's loader, which is slow
ROUNDS = 5
OURS, GLUONS = 'utils.DataLoader', 'gluon.data.DataLoader'


def make_utils_loader(images, labels):
    """Return our loader with its transform of a batch."""
    import utils

    return utils.DataLoader(
        (images, labels), BATCH_SIZE, True, utils.batch_transform()
    )


def make_gluon_loader(images, labels):
    """Return Gluon's loader with a transform of one image."""
    from mxnet import gluon, nd

    import utils

    dataset = gluon.data.ArrayDataset(nd.array(images, dtype='uint8'), labels)
    return gluon.data.DataLoader(
        dataset.transform(utils.transform_mnist), BATCH_SIZE, shuffle=True
    )


def images_per_second(loader):
    """Read all batches once; return the speed."""
    count, start = 0, time.perf_counter()
    for X, _ in loader:
        X.wait_to_read()
        count += len(X)
    return count / (time.perf_counter() - start)


def work():
    """Measure both loaders in turn, in a process of its own."""
    import utils

    images, labels, _, _ = utils.read_images('fashion-mnist')
    images = images[..., None]
    loaders = {
        OURS: make_utils_loader(images, labels),
        GLUONS: make_gluon_loader(images[:PART], labels[:PART]),
    }
    wait_for_start()
    rounds = [
        {name: images_per_second(x) for name, x in loaders.items()}
        for _ in range(ROUNDS)
    ]
    answer({name: [x[name] for x in rounds] for name in loaders})


def part(speeds):
    """Return what is to be said: {loader: its speeds}."""
    middle = {name: median(found) for name, found in speeds.items()}
    rows = [
        (name, middle[name], spread(found), middle[name] / middle[GLUONS])
        for name, found in speeds.items()
    ]
    columns = 'loader', 'images/s', 'spread', 'ratio'
    return Part(
        TITLE,
        TEXT.format(ROUNDS),
        (Table('Two loaders', columns, tuple(rows)),),
        Chart('bars', 'images per second', {'': middle}),
    )


def measure(say):
    """Measure both loaders."""
    [speeds] = together([Worker('pipeline', ())])
    return part(speeds)


if __name__ == '__main__':
    work()
