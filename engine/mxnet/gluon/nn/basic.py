"""The layers of every network: chains, dense layers, normalisation.

A layer owns parameters and hands them to one operator. Widths that were not
given stay 0 until the first batch shows them. Chapters:
supervised-learning/mlp-gluon, dropout-gluon, and
convolutional-neural-networks/batch-norm-gluon.
"""

import warnings

import numpy as np

from ... import ndarray as nd
from ... import symbol
from ...base import MXNetError
from ..block import Block
from ..hybrid import HybridBlock
from ..utils import indent
from .activations import Activation


def own(block, name, shape, init, there=True, **more):
    """Give a block a parameter; the first batch shows sizes that are 0."""
    setattr(block, name, block.params.get(
        name, shape=shape, init=init, allow_deferred_init=True, **more)
        if there else None)


def activation_named(name):
    """Return the block that `activation=name` asks a layer for, or None."""
    return None if name is None else Activation(name, prefix=f'{name}_')


class Chain:
    """What both kinds of chains share: a list of blocks."""

    def add(self, *blocks):
        """Append blocks; each gets what the one before it returns."""
        for block in blocks:
            self.register_child(block)

    def __repr__(self):
        lines = '\n'.join(f'  ({key}): {indent(repr(block))}'
                          for key, block in self._children.items())
        return f'{type(self).__name__}(\n{lines}\n)'

    def __getitem__(self, key):
        layers = list(self._children.values())[key]
        if not isinstance(layers, list):
            return layers
        net = type(self)(prefix=self._prefix)
        with net.name_scope():
            net.add(*layers)
        return net

    def __len__(self):
        return len(self._children)


class Sequential(Chain, Block):
    """A chain of blocks: net(x) = last(... second(first(x))).

    `net[1]` is a block, `net[1:]` a chain that shares the parameters.
    Chapter: gluon-basics/block.
    """

    def forward(self, x):
        for block in self._children.values():
            x = block(x)
        return x

    def hybridize(self, active=True, **kwargs):
        """Hybridize the children; this chain itself stays Python."""
        if self._children and all(isinstance(block, HybridBlock)
                                  for block in self._children.values()):
            warnings.warn(
                f"All children of this Sequential layer '{self.prefix}' are "
                'HybridBlocks: as a HybridSequential it could be hybridized '
                'as a whole.', stacklevel=2)
        super().hybridize(active, **kwargs)


class HybridSequential(Chain, HybridBlock):
    """A chain that can be hybridized.  ValueError for a child that cannot."""

    def hybrid_forward(self, F, x):
        for block in self._children.values():
            x = block(x)
        return x


class Dense(HybridBlock):
    """activation(x W^T + b).  (batch_size, in_units) -> (batch_size, units)

    With flatten=True, unlike PyTorch's Linear, (n, a, b) counts as (n, ab);
    with flatten=False all axes but the last stay.
    """

    def __init__(self, units, activation=None, use_bias=True, flatten=True,
                 dtype='float32', weight_initializer=None,
                 bias_initializer='zeros', in_units=0, **kwargs):
        super().__init__(**kwargs)
        self._units, self._flatten = units, flatten
        with self.name_scope():
            own(self, 'weight', (units, in_units), weight_initializer,
                dtype=dtype)
            own(self, 'bias', (units,), bias_initializer, use_bias,
                dtype=dtype)
            self.act = activation_named(activation)

    def hybrid_forward(self, F, x, weight, bias=None):
        y = F.FullyConnected(x, weight, bias, no_bias=bias is None,
                             num_hidden=self._units, flatten=self._flatten,
                             name='fwd')
        return y if self.act is None else self.act(y)

    def __repr__(self):
        units, in_units = self.weight.shape
        return (f'{type(self).__name__}({in_units or None} -> {units}, '
                f'{self.act or "linear"})')


class Dropout(HybridBlock):
    """While training 0 with probability `rate`, else x / (1 - rate).

    When predicting x itself. Along `axes` one draw counts for all.
    Chapter: supervised-learning/dropout-gluon.
    """

    def __init__(self, rate, axes=(), **kwargs):
        super().__init__(**kwargs)
        self._rate, self._axes = rate, axes

    def hybrid_forward(self, F, x):
        if self._rate > 0:
            return F.Dropout(x, p=self._rate, axes=self._axes, name='fwd')
        return F.identity(x)

    def __repr__(self):
        return f'{type(self).__name__}(p = {self._rate}, axes={self._axes})'


class Embedding(HybridBlock):
    """Row i of the weight for each number i.  (2, 3) -> (2, 3, output_dim)

    A number out of range counts as the nearest; in PyTorch it is an error.
    """

    def __init__(self, input_dim, output_dim, dtype='float32',
                 weight_initializer=None, sparse_grad=False, **kwargs):
        super().__init__(**kwargs)
        if sparse_grad:
            raise MXNetError('Embedding: sparse gradients are not there; '
                             'without sparse_grad=True it learns the same')
        self._kwargs = {'input_dim': input_dim, 'output_dim': output_dim,
                        'dtype': dtype}
        own(self, 'weight', (input_dim, output_dim), weight_initializer,
            dtype=dtype)

    def hybrid_forward(self, F, x, weight):
        return F.Embedding(x, weight, name='fwd', **self._kwargs)

    def __repr__(self):
        return '{}({input_dim} -> {output_dim}, {dtype})'.format(
            type(self).__name__, **self._kwargs)


class Flatten(HybridBlock):
    """All axes but the first become one.  (2, 3, 4) -> (2, 12)"""

    def hybrid_forward(self, F, x):
        return F.flatten(x)

    def __repr__(self):
        return type(self).__name__


class BatchNorm(HybridBlock):
    """gamma (x - mean) / sqrt(var + epsilon) + beta, for each channel.

    While training mean and var are the batch's, and `backward` moves their
    averages: momentum running + (1 - momentum) batch, where PyTorch's
    momentum is the other share. When predicting they are the averages.
    """

    def __init__(self, axis=1, momentum=0.9, epsilon=1e-5, center=True,
                 scale=True, use_global_stats=False,
                 beta_initializer='zeros', gamma_initializer='ones',
                 running_mean_initializer='zeros',
                 running_variance_initializer='ones', in_channels=0,
                 **kwargs):
        super().__init__(**kwargs)
        self._kwargs = {'axis': axis, 'eps': epsilon, 'momentum': momentum,
                        'fix_gamma': not scale,
                        'use_global_stats': use_global_stats}
        for name, init, learned in (
                ('gamma', gamma_initializer, scale),
                ('beta', beta_initializer, center),
                ('running_mean', running_mean_initializer, False),
                ('running_var', running_variance_initializer, False)):
            own(self, name, (in_channels,), init, differentiable=learned,
                grad_req='write' if learned else 'null')

    def cast(self, dtype):
        """Change the type; in half precision the parameters stay float32."""
        super().cast('float32' if np.dtype(dtype) == np.float16 else dtype)

    def hybrid_forward(self, F, x, gamma, beta, running_mean, running_var):
        return F.BatchNorm(x, gamma, beta, running_mean, running_var,
                           name='fwd', **self._kwargs)

    def __repr__(self):
        return described(self, in_channels=self.gamma.shape[0] or None)


def described(block, **more):
    """Return 'LayerNorm(eps=1e-05, axis=-1, ...)'."""
    content = {**block._kwargs, **more}.items()
    return (f'{type(block).__name__}('
            + ', '.join(f'{key}={value!r}' for key, value in content) + ')')


class LayerNorm(HybridBlock):
    """gamma (x - mean) / sqrt(var + epsilon) + beta, for each row.

    Mean and variance are taken along `axis` only; shapes stay.
    """

    def __init__(self, axis=-1, epsilon=1e-5, center=True, scale=True,
                 beta_initializer='zeros', gamma_initializer='ones',
                 in_channels=0, prefix=None, params=None):
        super().__init__(prefix=prefix, params=params)
        self._kwargs = {'eps': epsilon, 'axis': axis, 'center': center,
                        'scale': scale}
        self._own_both(in_channels, gamma_initializer, beta_initializer)

    def _own_both(self, size, gamma_initializer, beta_initializer):
        for name, init, learned in (('gamma', gamma_initializer, 'scale'),
                                    ('beta', beta_initializer, 'center')):
            own(self, name, (size,), init,
                grad_req='write' if self._kwargs[learned] else 'null')

    def hybrid_forward(self, F, data, gamma, beta):
        return F.LayerNorm(data, gamma, beta, axis=self._kwargs['axis'],
                           eps=self._kwargs['eps'])

    def __repr__(self):
        return described(self, in_channels=self.gamma.shape[0])


class InstanceNorm(LayerNorm):
    """As LayerNorm, for each channel (along `axis`) of each example."""

    def __init__(self, axis=1, epsilon=1e-5, center=True, scale=False,
                 *args, **kwargs):
        super().__init__(axis, epsilon, center, scale, *args, **kwargs)

    def hybrid_forward(self, F, data, gamma, beta):
        axis, eps = self._kwargs['axis'], self._kwargs['eps']
        if axis != 1:
            data = F.swapaxes(data, 1, axis)
        y = F.InstanceNorm(data, gamma, beta, eps=eps, name='fwd')
        return y if axis == 1 else F.swapaxes(y, 1, axis)


class GroupNorm(LayerNorm):
    """As LayerNorm, for each of `num_groups` groups of channels.

    gamma and beta have an entry for each group, in PyTorch each channel.
    """

    def __init__(self, num_groups=1, epsilon=1e-5, center=True, scale=True,
                 beta_initializer='zeros', gamma_initializer='ones',
                 prefix=None, params=None):
        HybridBlock.__init__(self, prefix=prefix, params=params)
        self._kwargs = {'eps': epsilon, 'num_groups': num_groups,
                        'center': center, 'scale': scale}
        self._own_both(num_groups, gamma_initializer, beta_initializer)

    def hybrid_forward(self, F, data, gamma, beta):
        return F.GroupNorm(data, gamma, beta, eps=self._kwargs['eps'],
                           num_groups=self._kwargs['num_groups'])

    def __repr__(self):
        return described(self)


class Lambda(Block):
    """A function of arrays, or the name of an operator, as a block."""

    def __init__(self, function, prefix=None):
        super().__init__(prefix=prefix)
        self._function, self._name = named_function(function)

    def forward(self, *args):
        return self._function(nd, *args)

    def __repr__(self):
        return f'{type(self).__name__}({self._name})'


class HybridLambda(HybridBlock):
    """A function(F, x, ...), or the name of an operator, as a block."""

    def __init__(self, function, prefix=None):
        super().__init__(prefix=prefix)
        self._function, self._name = named_function(function, takes_F=True)

    def hybrid_forward(self, F, x, *args):
        return self._function(F, x, *args)

    __repr__ = Lambda.__repr__


def named_function(function, takes_F=False):
    """Return a function(F, ...) and its name.  AssertionError if unknown."""
    if isinstance(function, str):
        assert hasattr(nd, function) and hasattr(symbol, function), (
            f'{function!r} is no operator; its name must be as in mx.nd')
        return lambda F, *args: getattr(F, function)(*args), function
    if not callable(function):
        raise ValueError(f'{function!r} is neither a function nor a name')
    name = getattr(function, '__name__', type(function).__name__)
    return (function if takes_F else lambda F, *args: function(*args)), name
