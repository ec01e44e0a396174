"""The same loops from scratch on PyTorch's tensors, line by line."""

import torch
from torch.nn import functional as F

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
        scale * torch.randn(shape) if len(shape) == 2 else torch.zeros(shape)
        for shape in shapes
    ]
    return [param.requires_grad_() for param in params]


@torch.no_grad()
def SGD(params, lr):
    """Take one step of gradient descent, in place."""
    for param in params:
        param -= lr * param.grad
        param.grad = None


def relu(X):
    return torch.clamp(X, min=0)


def mlp_step(X, y):
    """Return a function that trains the multilayer perceptron."""
    params = get_params(MLP_SHAPES, 0.01)

    def net(X):
        W1, b1, W2, b2 = params
        H = relu(X.reshape((-1, INPUTS)) @ W1 + b1)
        return H @ W2 + b2

    def train():
        output = net(X)
        l = F.cross_entropy(output, y, reduction='none')
        l.sum().backward()
        SGD(params, 0.5 / len(X))
        accuracy = (output.argmax(1) == y).float().mean()
        return l.sum().item(), accuracy.item()

    return train


def get_inputs(X):
    return [F.one_hot(x, CHARACTERS).float() for x in X.T]


def rnn(inputs, H, *params):
    """Return the scores of each time step, and the last state."""
    W_xh, W_hh, b_h, W_hy, b_y = params
    outputs = []
    for X in inputs:
        H = torch.tanh(X @ W_xh + H @ W_hh + b_h)
        outputs.append(H @ W_hy + b_y)
    return outputs, H


@torch.no_grad()
def grad_clipping(params, clipping_norm):
    """Shorten the gradients together; return their length before."""
    norm = torch.zeros(1)
    for param in params:
        norm = norm + (param.grad**2).sum()
    norm = norm.sqrt()
    scale = (clipping_norm / norm).clamp(max=1)
    for param in params:
        param.grad[:] = param.grad * scale
    return norm


def rnn_step(X, y):
    """Return a function that trains the recurrent network."""
    params = get_params(RNN_SHAPES, HIDDEN**-0.5)

    def train():
        H = torch.zeros((len(X), HIDDEN))
        outputs, _ = rnn(get_inputs(X.long()), H, *params)
        loss = F.cross_entropy(torch.cat(outputs), y.T.reshape(-1))
        loss.backward()
        norm = grad_clipping(params, 0.5)
        SGD(params, 2)
        return loss.item(), norm.item()

    return train


STEPS = {'mlp-scratch': mlp_step, 'rnn-scratch': rnn_step}
