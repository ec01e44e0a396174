"""Functions of one array, entry by entry: nd.exp(x), x.sqrt(), nd.relu(x).

Most are PyTorch's under MXNet's names, in one table. Where an answer or a
gradient differs, the function stands below it.
Chapters: crash-course/ndarray, supervised-learning/mlp-scratch.
"""

import torch
from torch.nn import functional

from ..base import MXNetError, nearest
from .ndarray import torch_type
from .operator import operator, table


def round_away(data):
    """The nearest whole number; halves go away from 0 (PyTorch: to even)."""
    return data.sign() * (data.abs() + 0.5).floor()


def logical_not(data):
    """1 where an entry is 0, else 0."""
    return (data == 0).to(data.dtype)


def hard_sigmoid(data, alpha=0.2, beta=0.5):
    """min(max(alpha x + beta, 0), 1)"""
    return (alpha * data + beta).clamp(0, 1)


def cube_root(data):
    """The third root, of negative numbers, too."""
    return data.sign() * data.abs() ** (1 / 3)


def softsign(data):
    """x / (1 + |x|)"""
    return data / (1 + data.abs())


UNARY = {
    'abs': torch.abs, 'sign': torch.sign, 'negative': torch.neg,
    'reciprocal': torch.reciprocal, 'square': torch.square,
    'sqrt': torch.sqrt, 'rsqrt': torch.rsqrt, 'cbrt': cube_root,
    'rcbrt': lambda data: 1 / cube_root(data),
    'exp': torch.exp, 'expm1': torch.expm1, 'log': torch.log,
    'log2': torch.log2, 'log10': torch.log10, 'log1p': torch.log1p,
    'sin': torch.sin, 'cos': torch.cos, 'tan': torch.tan,
    'arcsin': torch.asin, 'arccos': torch.acos, 'arctan': torch.atan,
    'sinh': torch.sinh, 'cosh': torch.cosh, 'tanh': torch.tanh,
    'arcsinh': torch.asinh, 'arccosh': torch.acosh, 'arctanh': torch.atanh,
    'degrees': torch.rad2deg, 'radians': torch.deg2rad,
    'erf': torch.erf, 'erfinv': torch.erfinv, 'gammaln': torch.lgamma,
    'gamma': lambda data: data.lgamma().exp(),
    'floor': torch.floor, 'ceil': torch.ceil, 'trunc': torch.trunc,
    'fix': torch.trunc, 'rint': torch.round, 'round': round_away,
    'sigmoid': torch.sigmoid, 'relu': torch.relu, 'softsign': softsign,
    'hard_sigmoid': hard_sigmoid, 'logical_not': logical_not,
    'identity': torch.clone, 'make_loss': torch.clone,
    'zeros_like': torch.zeros_like, 'ones_like': torch.ones_like,
    'stop_gradient': torch.detach, 'BlockGrad': torch.detach,
}
WHOLE_TOO = ('abs', 'sign', 'negative', 'square', 'floor', 'ceil', 'trunc',
             'fix', 'rint', 'relu', 'identity', 'make_loss', 'zeros_like',
             'ones_like', 'stop_gradient', 'BlockGrad', 'logical_not')


def of_whole_numbers(function):
    """Return the function, its answers cut to whole ones for whole ones."""
    def call(data, **arguments):
        if data.is_floating_point():
            return function(data, **arguments)
        return function(data.double(), **arguments).to(data.dtype)

    call.__doc__ = function.__doc__
    return call


table({name: function if name in WHOLE_TOO else of_whole_numbers(function)
       for name, function in UNARY.items()})


@operator()
def clip(data, a_min, a_max):
    """Entries below a_min become a_min, those above a_max become a_max."""
    return data.clamp(a_min, a_max)


@operator('Cast')
def cast(data, dtype):
    """The same numbers as another type; whole types cut fractions off."""
    return data.to(torch_type(dtype))


@operator()
def smooth_l1(data, scalar=1.0):
    """s²x²/2 where |x| < 1/s², else |x| - 1/(2s²), with s = scalar."""
    return functional.smooth_l1_loss(data, torch.zeros_like(data),
                                     reduction='none', beta=scalar**-2)


ACTIVATIONS = {'relu': torch.relu, 'sigmoid': torch.sigmoid,
               'tanh': torch.tanh, 'softrelu': functional.softplus,
               'softsign': softsign}


@operator(method=False)
def Activation(data, act_type):
    """relu, sigmoid, tanh, softrelu (log(1 + exp(x))) or softsign."""
    if act_type not in ACTIVATIONS:
        raise MXNetError(f'Activation: act_type {act_type!r} is not one of '
                         f'{", ".join(ACTIVATIONS)}'
                         f'{nearest(act_type, ACTIVATIONS)}')
    return ACTIVATIONS[act_type](data)


@operator(method=False, fill=lambda data, **_: {'gamma': data[1:2]})
def LeakyReLU(data, gamma=None, act_type='leaky', slope=0.25):
    """x where x > 0, else slope x (leaky), slope (exp(x) - 1) (elu), ...

    gamma: the learned slopes of prelu, one for each channel.
    """
    if act_type == 'leaky':
        return functional.leaky_relu(data, slope)
    if act_type == 'elu':
        return functional.elu(data, slope)
    if act_type == 'selu':
        return functional.selu(data)
    if act_type == 'gelu':
        return functional.gelu(data)
    if act_type == 'prelu':
        return functional.prelu(data, gamma)
    raise MXNetError(f'LeakyReLU: act_type {act_type!r} is not one of leaky, '
                     'elu, selu, gelu, prelu')
