"""Layers for pictures: convolution and pooling over one to three axes.

Data are (N, C, W), (N, C, H, W) or (N, C, D, H, W): examples, channels,
depth, height, width. They stand on the operators `F.Convolution` and
`F.Pooling`. Chapter: convolutional-neural-networks/cnn-gluon.
"""

from numbers import Number

from ..hybrid import HybridBlock
from .basic import Weighted

LAYOUTS = {1: 'NCW', 2: 'NCHW', 3: 'NCDHW'}


class Windowed:
    """What convolution and pooling share: a window that moves over axes."""

    def _set(self, layout, **sizes):
        """Note layout and sizes, 3 as (3, 3); AssertionError if unfit."""
        axes, name = self._axes, type(self).__name__
        assert layout in (None, LAYOUTS[axes]), (
            f'{name}: layout {layout!r} is not there; give {LAYOUTS[axes]}')
        self._kwargs = {'layout': LAYOUTS[axes]}
        for key, size in sizes.items():
            size = (size,) * axes if isinstance(size, Number) else tuple(size)
            assert len(size) == axes, (
                f'{name}: {key} {size} does not have {axes} entries')
            self._kwargs[key] = size

    def _alias(self):
        return self._hint


class Conv(Windowed, Weighted):
    """Sums of each window times a kernel.  (N, C, W) -> (N, channels, W')

    W' = floor((W + 2 padding - dilation (kernel_size - 1) - 1) / strides) + 1
    and so for each axis. The kernel is not turned round, as in PyTorch.
    """

    _hint, _operator = 'conv', 'Convolution'

    def __init__(self, channels, kernel_size, strides=1, padding=0,
                 dilation=1, groups=1, layout=None, activation=None,
                 use_bias=True, weight_initializer=None,
                 bias_initializer='zeros', in_channels=0, **kwargs):
        super().__init__(**kwargs)
        self._set(layout, kernel=kernel_size, stride=strides,
                  dilate=dilation, pad=padding)
        self._kwargs |= {'num_filter': channels, 'num_group': groups,
                         'no_bias': not use_bias}
        self._own((channels, in_channels // groups, *self._kwargs['kernel']),
                  weight_initializer, bias_initializer, activation)

    def __repr__(self):
        to, fro = self.weight.shape[:2]
        words = [f'{fro or None} -> {to}']
        for word, key, usual in (
                ('kernel_size', 'kernel', None), ('stride', 'stride', None),
                ('padding', 'pad', (0,) * self._axes),
                ('dilation', 'dilate', (1,) * self._axes),
                ('groups', 'num_group', 1)):
            if self._kwargs[key] != usual:
                words.append(f'{word}={self._kwargs[key]}')
        words += ['bias=False'] * (self.bias is None)
        words += [repr(self.act)] * (self.act is not None)
        return f'{type(self).__name__}({", ".join(words)})'


class Pool(Windowed, HybridBlock):
    """The largest number or the mean of each window, channel by channel.

    W' = floor((W + 2 padding - pool_size) / strides) + 1, or rounded up with
    ceil_mode; strides is pool_size if None. Zeros of the padding count in
    means unless count_include_pad=False.
    """

    _hint, _global = 'pool', False

    def __init__(self, pool_size=2, strides=None, padding=0, layout=None,
                 ceil_mode=False, count_include_pad=True, **kwargs):
        super().__init__(**kwargs)
        self._set(layout, kernel=pool_size, pad=padding,
                  stride=pool_size if strides is None else strides)
        self._kwargs |= {
            'global_pool': self._global, 'pool_type': self._type,
            'pooling_convention': 'full' if ceil_mode else 'valid',
            'count_include_pad': count_include_pad}

    def hybrid_forward(self, F, x):
        return F.Pooling(x, name='fwd', **self._kwargs)

    def __repr__(self):
        return ('{}(size={kernel}, stride={stride}, padding={pad}, '
                'ceil_mode={}, global_pool={global_pool}, '
                'pool_type={pool_type}, layout={layout})').format(
            type(self).__name__,
            self._kwargs['pooling_convention'] == 'full', **self._kwargs)


class GlobalPool(Pool):
    """The largest number or the mean of each channel.

    (N, C, H, W) -> (N, C, 1, 1)
    """

    _global = True

    def __init__(self, layout=None, **kwargs):
        super().__init__(1, layout=layout, ceil_mode=True, **kwargs)


def for_axes(name, base, pool_type=None):
    """Return a layer's classes for one, two and three axes."""
    return [type(name.format(axes), (base,), {
        '_axes': axes, '_type': pool_type, '__module__': __name__,
        '__doc__': base.__doc__}) for axes in (1, 2, 3)]


Conv1D, Conv2D, Conv3D = for_axes('Conv{}D', Conv)
MaxPool1D, MaxPool2D, MaxPool3D = for_axes('MaxPool{}D', Pool, 'max')
AvgPool1D, AvgPool2D, AvgPool3D = for_axes('AvgPool{}D', Pool, 'avg')
GlobalMaxPool1D, GlobalMaxPool2D, GlobalMaxPool3D = for_axes(
    'GlobalMaxPool{}D', GlobalPool, 'max')
GlobalAvgPool1D, GlobalAvgPool2D, GlobalAvgPool3D = for_axes(
    'GlobalAvgPool{}D', GlobalPool, 'avg')
