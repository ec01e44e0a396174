"""Files as MXNet writes them, and what they are to give when loaded.

Stands on gluon of whatever `mxnet` is imported: `record.py` calls `write`
with MXNet, `test_files.py` loads the files with the engine. They are small:
the networks have some dozen numbers.
"""

import pathlib

import mxnet as mx
import numpy as np
from mxnet import nd
from mxnet.gluon import nn

FOLDER = pathlib.Path(__file__).parent / 'files'
TYPES = ('float32', 'float64', 'float16', 'uint8', 'int32', 'int8', 'int64')


def arrays():
    """Return arrays of every type, with names."""
    return {f'{kind} é' * (i > 2) or kind: nd.array(
        np.arange(6).reshape(i % 3 + 1, -1), dtype=kind)
        for i, kind in enumerate(TYPES)}


def dense():
    net = nn.HybridSequential(prefix='net_')
    with net.name_scope():
        net.add(nn.Dense(3, activation='relu'), nn.Dense(2, use_bias=False))
    return net, (2, 4)


def convolutional():
    net = nn.HybridSequential(prefix='cnn_')
    with net.name_scope():
        net.add(nn.Conv2D(2, 3, padding=1), nn.BatchNorm(),
                nn.Activation('sigmoid'), nn.MaxPool2D(2, 2),
                nn.LeakyReLU(0.1),
                nn.AvgPool2D(2, 1), nn.Flatten(), nn.Dropout(0.5),
                nn.Dense(3), nn.LayerNorm())
    return net, (1, 1, 4, 4)


class Branches(mx.gluon.HybridBlock):
    """Operators of F, as a reader's own block uses them."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        with self.name_scope():
            self.embedding = nn.Embedding(5, 3)
            self.dense = nn.Dense(3, flatten=False)
            self.scale = self.params.get('scale', shape=(3,))

    def hybrid_forward(self, F, x, scale):
        e = self.embedding(x)
        y = F.broadcast_mul(self.dense(e), scale) + e
        y = F.concat(y, F.tanh(e) * 2 - 1, dim=-1).reshape((0, -1))
        return F.log_softmax(F.slice_axis(y, axis=1, begin=0, end=4)), \
            y.mean(axis=1), F.transpose(e, axes=(0, 2, 1)).sum(axis=(1, 2))


def branches():
    return Branches(prefix='own_'), (2, 3)


NETWORKS = {'dense': dense, 'convolutional': convolutional,
            'branches': branches}


def made(name):
    """Return a network with numbers that are the same everywhere, and x."""
    net, shape = NETWORKS[name]()
    count = int(np.prod(shape))
    x = nd.array(np.arange(count).reshape(shape) % 5)
    net.initialize()
    net(x)
    for p in net.collect_params().values():
        numbers = np.arange(int(np.prod(p.shape))) * 5 % 7 / 4 + 0.25
        p.set_data(nd.array(numbers.reshape(p.shape)))
    return net, x


def write(folder=FOLDER):
    """Write all files: arrays, parameters, graphs, and their results."""
    folder = pathlib.Path(folder)
    folder.mkdir(exist_ok=True)
    nd.save(str(folder / 'arrays.params'), arrays())
    nd.save(str(folder / 'list.params'), list(arrays().values()))
    for name in NETWORKS:
        net, x = made(name)
        net.save_parameters(str(folder / f'{name}.params'))
        net.hybridize()
        y = net(x)
        net.export(str(folder / name))
        nd.save(str(folder / f'{name}.results'),
                list(y) if isinstance(y, (list, tuple)) else [y])
