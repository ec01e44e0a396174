"""Functions of one array, entry by entry: nd.exp(x), x.sqrt(), nd.relu(x).

Most are PyTorch's under MXNet's names, in one table; where an answer
differs, a function above it says how.
Chapters: crash-course/ndarray, supervised-learning/mlp-scratch.
"""

import inspect

import torch
from torch.nn import functional

from ..base import MXNetError
from .ndarray import torch_type
from .operator import Operator, operator


def round_away(data):
    """The nearest whole number; halves go away from 0 (PyTorch: to even)."""
    return data.sign() * (data.abs() + 0.5).floor()


def round_down(data):
    """The nearest whole number; halves go down (PyTorch: to even)."""
    return (data - 0.5).ceil() + 0  # 0, not -0


def cube_root(data):
    """The third root, of negative numbers, too."""
    return data.sign() * data.abs() ** (1 / 3)


def softsign(data):
    """x / (1 + |x|)"""
    return data / (1 + data.abs())


WHOLE_TOO = {  # these stay exact for whole numbers
    'abs': torch.abs, 'sign': torch.sign, 'negative': torch.neg,
    'square': torch.square, 'floor': torch.floor, 'ceil': torch.ceil,
    'trunc': torch.trunc, 'fix': torch.trunc,
    'relu': torch.relu, 'identity': torch.clone, 'make_loss': torch.clone,
    'zeros_like': torch.zeros_like, 'ones_like': torch.ones_like,
    'stop_gradient': lambda data: data.detach().clone(),
    'BlockGrad': lambda data: data.detach().clone(),
    'logical_not': lambda data: (data == 0).to(data.dtype),
}
FRACTIONS = {
    'exp': torch.exp, 'expm1': torch.expm1, 'log': torch.log,
    'log2': torch.log2, 'log10': torch.log10, 'log1p': torch.log1p,
    'sqrt': torch.sqrt, 'rsqrt': torch.rsqrt, 'cbrt': cube_root,
    'reciprocal': torch.reciprocal, 'round': round_away,
    'rint': round_down,
    'sin': torch.sin, 'cos': torch.cos, 'tan': torch.tan,
    'arcsin': torch.asin, 'arccos': torch.acos, 'arctan': torch.atan,
    'sinh': torch.sinh, 'cosh': torch.cosh, 'tanh': torch.tanh,
    'arcsinh': torch.asinh, 'arccosh': torch.acosh, 'arctanh': torch.atanh,
    'degrees': torch.rad2deg, 'radians': torch.deg2rad,
    'erf': torch.erf, 'erfinv': torch.erfinv, 'gammaln': torch.lgamma,
    'sigmoid': torch.sigmoid, 'softsign': softsign,
}


def cut(function):
    """Return the function, its answers cut to whole ones for whole ones."""
    def call(data):
        if data.is_floating_point():
            return function(data)
        return function(data.double()).to(data.dtype)

    call.__doc__ = function.__doc__ if inspect.isfunction(function) else None
    return call


for table in (WHOLE_TOO, {k: cut(f) for k, f in FRACTIONS.items()}):
    for name, function in table.items():
        Operator(name, function).register()


@operator()
def clip(data, a_min, a_max):
    """Entries below a_min become a_min, those above a_max become a_max."""
    return data.clamp(a_min, a_max)


@operator('Cast')
def cast(data, dtype):
    """The same numbers as another type; whole types cut fractions off."""
    return data.to(torch_type(dtype), copy=True)


@operator(method=False)
def hard_sigmoid(data, alpha=0.2, beta=0.5):
    """alpha x + beta, cut off below 0 and above 1."""
    return (alpha * data + beta).clamp(0, 1)


@operator()
def smooth_l1(data, scalar=1.0):
    """s²x²/2 where |x| < 1/s², else |x| - 1/(2s²), with s = scalar."""
    return functional.smooth_l1_loss(data, torch.zeros_like(data),
                                     reduction='none', beta=scalar**-2)


def one_of(table, op, act_type):
    """Return the function that act_type names."""
    if act_type not in table:
        raise MXNetError(f'{op}: act_type {act_type!r} is not one of '
                         f'{", ".join(table)}')
    return table[act_type]


ACTIVATIONS = {'relu': torch.relu, 'sigmoid': torch.sigmoid,
               'tanh': torch.tanh, 'softrelu': functional.softplus,
               'softsign': softsign}
RECTIFIERS = {
    'leaky': lambda x, slope, _: functional.leaky_relu(x, slope),
    'elu': lambda x, slope, _: functional.elu(x, slope),
    'selu': lambda x, slope, _: functional.selu(x),
    'gelu': lambda x, slope, _: functional.gelu(x),
    'prelu': lambda x, _, gamma: functional.prelu(x, gamma),
}


@operator(method=False)
def Activation(data, act_type):
    """relu, sigmoid, tanh, softrelu (log(1 + exp(x))) or softsign."""
    return one_of(ACTIVATIONS, 'Activation', act_type)(data)


@operator(method=False, fill=lambda shape, **_: {'gamma': shape[1:2]})
def LeakyReLU(data, gamma=None, act_type='leaky', slope=0.25):
    """x where x > 0, else slope x (leaky), slope (exp(x) - 1) (elu), ...

    gamma: the learned slopes of prelu, one for each channel.
    """
    return one_of(RECTIFIERS, 'LeakyReLU', act_type)(data, slope, gamma)
