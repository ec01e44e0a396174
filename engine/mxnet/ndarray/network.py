"""The operators that layers consist of: what gluon.nn calls.

Stands on PyTorch's functions for networks. Where a layer may leave the
shape of its weights open, `fill` says how it follows from the data.
Chapters: supervised-learning/mlp-gluon, convolutional-neural-networks/*,
recurrent-neural-networks/rnn-gluon.
"""

import math

import numpy as np
import torch
from torch.nn import functional

from ..autograd import STATE
from ..base import MXNetError
from ..streams import STREAMS
from .ndarray import torch_type
from .operator import axes_of, operator, whole


def dense_shapes(shape, num_hidden, flatten=True, **_):
    """Return the shapes of a dense layer's weights."""
    width = math.prod(shape[1:]) if flatten else shape[-1]
    return {'weight': (num_hidden, width), 'bias': (num_hidden,)}


@operator(method=False, fill=dense_shapes)
def FullyConnected(data, weight, bias=None, num_hidden=None, no_bias=False,
                   flatten=True):
    """data · weightᵀ + bias.  (n, 5), (3, 5), (3,) -> (n, 3)

    flatten: join all axes but the first beforehand.
    """
    if flatten and data.dim() != 2:
        data = data.reshape(len(data), -1)
    if data.shape[-1] != weight.shape[1]:
        raise MXNetError(
            f'FullyConnected: examples have {data.shape[-1]} features, but '
            f'the weight has shape {tuple(weight.shape)}: it was made for '
            f'{weight.shape[1]}')
    return functional.linear(data, weight, None if no_bias else bias)


def convolution_shapes(shape, kernel, num_filter, num_group=1, **_):
    """Return the shapes of a convolution's weights."""
    return {'weight': (num_filter, shape[1] // num_group, *kernel),
            'bias': (num_filter,)}


def dims_of(op, data, layout):
    """Return the number of spatial axes: channels come second."""
    if layout not in (None, 'NCW', 'NCHW', 'NCDHW') \
            or not 3 <= data.dim() <= 5:
        raise MXNetError(f'{op}: data of shape {tuple(data.shape)} and '
                         f'layout {layout}: it must have examples, channels '
                         'and 1 to 3 axes in space, in this order')
    return data.dim() - 2


CONVOLUTIONS = (functional.conv1d, functional.conv2d, functional.conv3d)


@operator(method=False, fill=convolution_shapes)
def Convolution(data, weight, bias=None, kernel=None, stride=1, dilate=1,
                pad=0, num_filter=None, num_group=1, no_bias=False,
                layout=None, workspace=None, cudnn_off=None):
    """Cross-correlation.  (n, 1, 28, 28), (6, 1, 5, 5) -> (n, 6, 24, 24)"""
    dims = dims_of('Convolution', data, layout)
    if data.shape[1] != weight.shape[1] * num_group:
        raise MXNetError(
            f'Convolution: the data has {data.shape[1]} channels, but the '
            f'weight of shape {tuple(weight.shape)} was made for '
            f'{weight.shape[1] * num_group}')
    return CONVOLUTIONS[dims - 1](data, weight, None if no_bias else bias,
                                  stride, pad, dilate, num_group)


MAXIMA = (functional.max_pool1d, functional.max_pool2d,
          functional.max_pool3d)
MEANS = (functional.avg_pool1d, functional.avg_pool2d,
         functional.avg_pool3d)


@operator(method=False)
def Pooling(data, kernel=None, pool_type='max', global_pool=False,
            pooling_convention='valid', stride=1, pad=0,
            count_include_pad=True, layout=None, cudnn_off=None):
    """Largest entry ('max') or mean ('avg') of each window.

    (n, 6, 24, 24), kernel=(2, 2), stride=(2, 2) -> (n, 6, 12, 12)
    """
    dims = dims_of('Pooling', data, layout)
    if pool_type not in ('max', 'avg'):
        raise MXNetError(f'Pooling: pool_type {pool_type!r} is not one of '
                         'max and avg, which this package has')
    if global_pool:
        kernel, stride, pad = data.shape[2:], 1, 0
    full = pooling_convention == 'full'
    if pool_type == 'max':
        return MAXIMA[dims - 1](data, kernel, stride, pad, 1, full)
    return MEANS[dims - 1](data, kernel, stride, pad, full,
                           count_include_pad)


def channel_shapes(shape, axis=1, **_):
    """Return the shapes of what has one number for each channel."""
    return dict.fromkeys(('gamma', 'beta', 'moving_mean', 'moving_var'),
                         (shape[axis],))


@operator(method=False, fill=channel_shapes)
def BatchNorm(data, gamma, beta, moving_mean, moving_var, eps=1e-3,
              momentum=0.9, fix_gamma=True, use_global_stats=False, axis=1,
              cudnn_off=None):
    """gamma (x - mean) / sqrt(var + eps) + beta, for each channel.

    In training with the batch's mean and variance, which also move the
    averages, on the way back (PyTorch: on the way there, and it divides the
    variance by n - 1).
    """
    axis, = axes_of(data, axis)
    data = data if axis == 1 else data.transpose(1, axis)
    gamma = torch.ones_like(gamma) if fix_gamma else gamma
    if STATE.training and not use_global_stats:
        result, mean, inverse = torch.native_batch_norm(
            data, gamma, beta, None, None, True, 0, eps)
        if result.requires_grad:
            result.register_hook(mover(moving_mean, moving_var, momentum,
                                       mean.detach(),
                                       inverse.detach() ** -2 - eps))
    else:
        result = functional.batch_norm(data, moving_mean.detach(),
                                       moving_var.detach(), gamma, beta,
                                       False, 0, eps)
    return result if axis == 1 else result.transpose(1, axis).contiguous()


def mover(moving_mean, moving_var, momentum, mean, var):
    """Return what moves the averages when a gradient passes by."""
    def move(grad):
        for average, new in ((moving_mean, mean), (moving_var, var)):
            average.data.mul_(momentum).add_(new, alpha=1 - momentum)

    return move


def along(values, data, axis):
    """Return one number for each place of `axis`, shaped for arithmetic."""
    shape = [1] * data.dim()
    shape[axis] = -1
    return values.reshape(shape)


@operator(method=False, fill=lambda shape, axis=-1, **_: dict.fromkeys(
    ('gamma', 'beta'), (shape[axis],)))
def LayerNorm(data, gamma, beta, axis=-1, eps=1e-5):
    """gamma (x - mean) / sqrt(var + eps) + beta, for each example."""
    if axis in (-1, data.dim() - 1):
        return functional.layer_norm(data, data.shape[-1:], gamma, beta, eps)
    var, mean = torch.var_mean(data, axis, correction=0, keepdim=True)
    return (data - mean) * (var + eps).rsqrt() * along(gamma, data, axis) \
        + along(beta, data, axis)


@operator(method=False)
def Dropout(data, p=0.5, mode='training', axes=(), cudnn_off=None):
    """Entries set to 0 with probability p, the others divided by 1 - p.

    Only in training, unless mode='always'. axes: along which all entries
    share a fate. The draw is MXNet's.
    """
    if p == 0 or not (STATE.training or mode == 'always'):
        return data.clone()
    shape = [1 if i in axes else n for i, n in enumerate(data.shape)]
    keep = np.float32(1) - np.float32(p)
    mask = STREAMS.uniform(math.prod(shape)) < keep
    mask = mask.astype(np.float32) * (np.float32(1) / keep)
    mask = torch.from_numpy(mask.reshape(shape))
    return data * mask.to(data.device, data.dtype)


def softened(function, data, axis, temperature, dtype):
    """Return softmax or log_softmax of data / temperature."""
    data = data if dtype is None else data.to(torch_type(dtype))
    return function(data / temperature if temperature else data, axis)


@operator(mixed=True)
def softmax(data, length=None, axis=-1, temperature=None, dtype=None,
            use_length=False):
    """exp(x) / sum of exp(x) along an axis.

    length: with use_length, how many entries of each row take part; the
    others get 0.
    """
    if not use_length:
        return softened(torch.softmax, data, axis, temperature, dtype)
    axis, = axes_of(data, axis)
    steps = along(torch.arange(data.shape[axis], device=data.device), data,
                  axis)
    inside = steps < length.unsqueeze(axis)
    data = data.masked_fill(~inside, torch.finfo(data.dtype).min)
    return softened(torch.softmax, data, axis, temperature, dtype) * inside


@operator()
def log_softmax(data, axis=-1, temperature=None, dtype=None):
    """log(softmax(x)), without the loss of digits."""
    return softened(torch.log_softmax, data, axis, temperature, dtype)


@operator()
def softmin(data, axis=-1, temperature=None, dtype=None):
    """softmax(-x)"""
    return softened(torch.softmax, -data, axis, temperature, dtype)


@operator(mixed=True, method=False)
def Embedding(data, weight, input_dim=None, output_dim=None,
              dtype='float32', sparse_grad=False):
    """Rows of the weight.  (n, 7), (100, 16) -> (n, 7, 16)

    A number outside of the weight gets the nearest row, silently.
    """
    return functional.embedding(whole(data).clamp(0, len(weight) - 1),
                                weight)


RECURRENT = {'rnn_relu': torch.rnn_relu, 'rnn_tanh': torch.rnn_tanh,
             'lstm': torch.lstm, 'gru': torch.gru}


@operator(method=False, fill=lambda shape, **_: {'*arrays': (0, shape[-1])})
def _rnn_layer(data, *arrays, mode='lstm', num_layers=1,
               bidirectional=False, p=0):
    """A whole recurrent layer.  (t, n, c) -> [(t, n, h), *states]

    arrays: the states, then for each layer and direction i2h_weight,
    h2h_weight, i2h_bias, h2h_bias. Dropout p between layers draws from
    PyTorch's numbers.
    """
    count = 2 if mode == 'lstm' else 1
    start = arrays[:2] if mode == 'lstm' else arrays[0]
    return list(RECURRENT[mode](data, start, arrays[count:], True, num_layers,
                                p, STATE.training, bidirectional, False))
