"""Measure how fast Fashion-MNIST arrives in batches of floats.

Compares `utils.DataLoader`, which cuts whole arrays into batches, with
`gluon.data.DataLoader`, which transforms one image after the other. Both
shuffle. Prints images per second of both and their ratio:

    python benchmarks/data_pipeline.py
"""

import time

from mxnet import gluon, nd

import utils

BATCH_SIZE = 256
PART = 6000  # images for Gluon's loader, which is slow
EPOCHS = 5


def make_utils_loader(images, labels):
    """Return our loader with its transform of a batch."""
    return utils.DataLoader(
        (images, labels), BATCH_SIZE, True, utils.batch_transform()
    )


def make_gluon_loader(images, labels):
    """Return Gluon's loader with a transform of one image."""
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


def main():
    """Measure both loaders in turn; print the best of each, and the ratio."""
    images, labels, _, _ = utils.read_images('fashion-mnist')
    images = images[..., None]
    loaders = (
        make_utils_loader(images, labels),
        make_gluon_loader(images[:PART], labels[:PART]),
    )
    epochs = [
        [images_per_second(loader) for loader in loaders]
        for _ in range(EPOCHS)
    ]
    ours, gluons = map(max, zip(*epochs))
    print(f'utils.DataLoader:      {ours:10,.0f} images/s')
    print(f'gluon.data.DataLoader: {gluons:10,.0f} images/s')
    print(f'ratio:                 {ours / gluons:10.1f}')


if __name__ == '__main__':
    main()
