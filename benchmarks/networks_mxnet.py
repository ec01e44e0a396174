"""The networks of the benchmarks in MXNet, as the chapters have them.

The same program runs on MXNet and on the engine: `mxnet` is whichever is
installed.

The number of threads is set in the environment before this is imported.
"""

from mxnet import autograd, gluon, init, nd
from mxnet.gluon import nn, rnn

from benchmarks import scratch_mxnet
from benchmarks.trainer import CHARACTERS, CLASSES


def lenet(first, second):
    """Return a LeNet with some numbers of kernels."""
    net = nn.HybridSequential()
    for count, size in ((first, 5), (second, 3)):
        net.add(nn.Conv2D(count, size, activation='relu'), nn.MaxPool2D(2, 2))
    net.add(nn.Dense(128, activation='relu'), nn.Dense(CLASSES))
    return net


def alexnet():
    """Return AlexNet for pictures with one channel."""
    net = nn.HybridSequential()
    net.add(nn.Conv2D(96, 11, 4, activation='relu'), nn.MaxPool2D(3, 2))
    net.add(nn.Conv2D(256, 5, padding=2, activation='relu'))
    net.add(nn.MaxPool2D(3, 2))
    for channels in (384, 384, 256):
        net.add(nn.Conv2D(channels, 3, padding=1, activation='relu'))
    net.add(nn.MaxPool2D(3, 2), nn.Flatten())
    for _ in range(2):
        net.add(nn.Dense(4096, activation='relu'), nn.Dropout(0.5))
    net.add(nn.Dense(CLASSES))
    return net


def resnet():
    """Return the ResNet-18 of the book."""
    import utils

    return utils.resnet18(CLASSES)


class Characters(nn.HybridBlock):
    """Embedding, LSTM, scores: predicts the next character of a text."""

    def __init__(self):
        super().__init__()
        with self.name_scope():
            self.embedding = nn.Embedding(CHARACTERS, 32)
            self.rnn = rnn.LSTM(128)
            self.output = nn.Dense(CHARACTERS, flatten=False)

    def hybrid_forward(self, F, X):
        Y = self.rnn(self.embedding(F.transpose(X)))
        return F.transpose(self.output(Y), axes=(1, 0, 2))


NETWORKS = {
    'lenet-2017': lambda: lenet(20, 50),
    'lenet': lambda: lenet(24, 48),
    'lenet-imperative': lambda: lenet(24, 48),
    'alexnet': alexnet,
    'resnet': resnet,
    'lstm': Characters,
}


def step(name, X, y):
    """Return a function that trains a network on a batch."""
    X, y = nd.array(X), nd.array(y)
    if name in scratch_mxnet.STEPS:
        return scratch_mxnet.STEPS[name](X, y)
    net = NETWORKS[name]()
    net.initialize(init.Xavier())
    if name != 'lenet-imperative':
        net.hybridize(static_alloc=True)
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    trainer = gluon.Trainer(
        net.collect_params(), 'sgd', {'learning_rate': 0.01}
    )

    def train():
        with autograd.record():
            batch_loss = loss(net(X), y)
        batch_loss.backward()
        trainer.step(len(X))
        return batch_loss.mean().asscalar()

    return train
