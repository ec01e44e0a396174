"""The loops of small arrays that two chapters write from scratch, in MXNet.

The code is that of supervised-learning/mlp-scratch and of
recurrent-neural-networks/rnn-scratch; what `utils` keeps of it is taken
from there. Each step also asks for the numbers that the chapter reports.
"""

from mxnet import autograd, gluon, nd

import utils
from benchmarks.trainer import CHARACTERS, CLASSES

INPUTS, HIDDEN = 784, 256
MLP_SHAPES = (INPUTS, HIDDEN), (HIDDEN,), (HIDDEN, CLASSES), (CLASSES,)
RNN_SHAPES = (
    *((CHARACTERS, HIDDEN), (HIDDEN, HIDDEN), (HIDDEN,)),
    *((HIDDEN, CHARACTERS), (CHARACTERS,)),
)


def get_params(shapes, scale):
    """Return weights drawn at random, and biases of zero."""
    params = [
        nd.random.normal(scale=scale, shape=shape)
        if len(shape) == 2
        else nd.zeros(shape)
        for shape in shapes
    ]
    for param in params:
        param.attach_grad()
    return params


def relu(X):
    return nd.maximum(X, 0)


def mlp_step(X, y):
    """Return a function that trains the multilayer perceptron."""
    params = get_params(MLP_SHAPES, 0.01)
    loss = gluon.loss.SoftmaxCrossEntropyLoss()

    def net(X):
        W1, b1, W2, b2 = params
        H = relu(nd.dot(X.reshape((-1, INPUTS)), W1) + b1)
        return nd.dot(H, W2) + b2

    def train():
        with autograd.record():
            output = net(X)
            l = loss(output, y)
        l.backward()
        utils.SGD(params, 0.5 / len(X))
        return l.sum().asscalar(), utils.accuracy(output, y)

    return train


def get_inputs(X):
    return [nd.one_hot(x, CHARACTERS) for x in X.T]


def rnn(inputs, H, *params):
    """Return the scores of each time step, and the last state."""
    W_xh, W_hh, b_h, W_hy, b_y = params
    outputs = []
    for X in inputs:
        H = nd.tanh(nd.dot(X, W_xh) + nd.dot(H, W_hh) + b_h)
        outputs.append(nd.dot(H, W_hy) + b_y)
    return outputs, H


def rnn_step(X, y):
    """Return a function that trains the recurrent network."""
    params = get_params(RNN_SHAPES, HIDDEN**-0.5)

    def train():
        state = utils.begin_state(len(X), HIDDEN, X.context)
        with autograd.record():
            loss, _ = utils.rnn_loss(rnn, X, y, state, params, get_inputs)
        loss.backward()
        norm = utils.grad_clipping(params, 0.5, X.context)
        utils.SGD(params, 2)
        return loss.asscalar(), norm.asscalar()

    return train


STEPS = {'mlp-scratch': mlp_step, 'rnn-scratch': rnn_step}
