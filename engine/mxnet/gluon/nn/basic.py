"""The layers of every network: chains, dense layers, normalisation.

A layer owns parameters and hands them to one operator. Widths that were not
given stay 0 until the first batch shows them. Chapters:
supervised-learning/mlp-gluon, dropout-gluon, and
convolutional-neural-networks/batch-norm-gluon.
"""

from ... import ndarray as nd
from ..block import Block, described
from ..hybrid import HybridBlock
from .activations import Activation


def own(block, name, shape, init, **more):
    """Give a block a parameter; the first batch shows sizes that are 0."""
    setattr(block, name, block.params.get(
        name, shape=shape, init=init, allow_deferred_init=True, **more))


class Chain:
    """What both kinds of chains share: blocks, one after the other."""

    def hybrid_forward(self, F, x):
        for block in self._children.values():
            x = block(x)
        return x

    def add(self, *blocks):
        """Append blocks; each gets what the one before it returns."""
        for block in blocks:
            self.register_child(block)

    def __repr__(self):
        return described(self, self._children.items())

    def __getitem__(self, key):
        layers = list(self._children.values())[key]
        if not isinstance(layers, list):
            return layers
        net = type(self)(prefix=self._prefix)
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
        return self.hybrid_forward(nd, x)


class HybridSequential(Chain, HybridBlock):
    """A chain that can be hybridized.  ValueError for a child that cannot."""


class Weighted(HybridBlock):
    """What dense layers and convolutions share: activation(W * x + b)."""

    bias = act = None

    def _own(self, shape, weight_initializer, bias_initializer, activation,
             **more):
        """Get the parameters, without a bias if `no_bias` is set."""
        own(self, 'weight', shape, weight_initializer, **more)
        if not self._kwargs['no_bias']:
            own(self, 'bias', shape[:1], bias_initializer, **more)
        if activation is not None:
            with self.name_scope():
                self.act = Activation(activation, prefix=f'{activation}_')

    def hybrid_forward(self, F, x, weight, bias=None):
        y = getattr(F, self._operator)(x, weight, bias, name='fwd',
                                       **self._kwargs)
        return y if self.act is None else self.act(y)


class Dense(Weighted):
    """activation(x W^T + b).  (batch_size, in_units) -> (batch_size, units)

    With flatten=True, unlike PyTorch's Linear, (n, a, b) counts as (n, ab);
    with flatten=False all axes but the last stay.
    """

    _operator = 'FullyConnected'

    def __init__(self, units, activation=None, use_bias=True, flatten=True,
                 dtype='float32', weight_initializer=None,
                 bias_initializer='zeros', in_units=0, **kwargs):
        super().__init__(**kwargs)
        self._kwargs = {'num_hidden': units, 'flatten': flatten,
                        'no_bias': not use_bias}
        self._own((units, in_units), weight_initializer, bias_initializer,
                  activation, dtype=dtype)

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
        return F.Dropout(x, p=self._rate, axes=self._axes, name='fwd')

    def __repr__(self):
        return f'{type(self).__name__}(p = {self._rate}, axes={self._axes})'


class Embedding(HybridBlock):
    """Row i of the weight for each number i.  (2, 3) -> (2, 3, output_dim)

    A number out of range counts as the nearest; in PyTorch it is an error.
    """

    def __init__(self, input_dim, output_dim, dtype='float32',
                 weight_initializer=None, **kwargs):
        super().__init__(**kwargs)
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
            own(self, name, (in_channels,), init, differentiable=learned)

    def hybrid_forward(self, F, x, gamma, beta, running_mean, running_var):
        return F.BatchNorm(x, gamma, beta, running_mean, running_var,
                           name='fwd', **self._kwargs)

    def __repr__(self):
        return with_options(self, self.gamma.shape[0] or None)


def with_options(block, in_channels):
    """Return 'LayerNorm(eps=1e-05, axis=-1, ...)'."""
    options = ''.join(f'{key}={x!r}, ' for key, x in block._kwargs.items())
    return f'{type(block).__name__}({options}in_channels={in_channels})'


class LayerNorm(HybridBlock):
    """gamma (x - mean) / sqrt(var + epsilon) + beta, for each row.

    Mean and variance are taken along `axis` only; shapes stay.
    """

    def __init__(self, axis=-1, epsilon=1e-5, center=True, scale=True,
                 beta_initializer='zeros', gamma_initializer='ones',
                 in_channels=0, **kwargs):
        super().__init__(**kwargs)
        self._kwargs = {'eps': epsilon, 'axis': axis, 'center': center,
                        'scale': scale}
        own(self, 'gamma', (in_channels,), gamma_initializer,
            differentiable=scale)
        own(self, 'beta', (in_channels,), beta_initializer,
            differentiable=center)

    def hybrid_forward(self, F, data, gamma, beta):
        return F.LayerNorm(data, gamma, beta, axis=self._kwargs['axis'],
                           eps=self._kwargs['eps'])

    def __repr__(self):
        return with_options(self, self.gamma.shape[0])


class Lambda(Block):
    """A function of arrays, or the name of an operator, as a block."""

    def __init__(self, function, prefix=None):
        super().__init__(prefix=prefix)
        if isinstance(function, str):
            assert hasattr(nd, function), f'mx.nd has no {function!r}'
            function = getattr(nd, function)
        self._function = function

    def forward(self, *args):
        return self._function(*args)

    def __repr__(self):
        return f'{type(self).__name__}({self._function.__name__})'
