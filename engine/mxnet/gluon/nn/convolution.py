"""Layers for pictures: convolution and pooling over one to three axes.

A layout names the axes: N examples, C channels, depth, height and width.
They stand on the operators `F.Convolution`, `F.Deconvolution` and
`F.Pooling`. Chapter: convolutional-neural-networks/cnn-gluon.
"""

from numbers import Number

from ...base import MXNetError
from ..hybrid import HybridBlock
from .basic import activation_named, own

LAYOUTS = {1: ('NCW', 'NWC'), 2: ('NCHW', 'NHWC'), 3: ('NCDHW', 'NDHWC')}


class Windowed(HybridBlock):
    """What convolution and pooling share: a window that moves over axes."""

    def _use_layout(self, layout):
        self._layout = layout or LAYOUTS[self._axes][0]
        assert self._layout in LAYOUTS[self._axes], (
            f'{type(self).__name__}: layout {layout!r} is not among '
            f'{" and ".join(LAYOUTS[self._axes])}')

    def _per_axis(self, name, value, error=MXNetError):
        """Return 3 as (3, 3); a tuple must have an entry for each axis."""
        if isinstance(value, Number):
            return (value,) * self._axes
        if len(value) != self._axes:
            raise error(f'{type(self).__name__}: {name}={value} must be a '
                        f'number or have {self._axes} entries')
        return value


class Conv(Windowed):
    """Sums of each window times a kernel.  (N, C, W) -> (N, channels, W')

    W' = floor((W + 2 padding - dilation (kernel_size - 1) - 1) / strides) + 1
    and so for each axis. The kernel is not turned round, as in PyTorch.
    """

    _operator = 'Convolution'

    def __init__(self, channels, kernel_size, strides=1, padding=0,
                 dilation=1, groups=1, layout=None, activation=None,
                 use_bias=True, weight_initializer=None,
                 bias_initializer='zeros', in_channels=0, **kwargs):
        super().__init__(**kwargs)
        self._use_layout(layout)
        self._kwargs = {
            'kernel': self._per_axis('kernel_size', kernel_size,
                                     AssertionError),
            'stride': self._per_axis('strides', strides),
            'dilate': self._per_axis('dilation', dilation),
            'pad': self._per_axis('padding', padding),
            'num_filter': channels, 'num_group': groups,
            'no_bias': not use_bias, 'layout': self._layout}
        with self.name_scope():
            own(self, 'weight', self._weight_shape(channels, in_channels),
                weight_initializer)
            own(self, 'bias', (channels,), bias_initializer, there=use_bias)
            self.act = activation_named(activation)

    def _weight_shape(self, channels, in_channels):
        """(channels, in_channels / groups, *kernel), ordered by layout."""
        groups, kernel = self._kwargs['num_group'], self._kwargs['kernel']
        if channels % groups or in_channels % groups:
            raise MXNetError(
                f'{type(self).__name__}: {in_channels} -> {channels} '
                f'channels cannot be cut into {groups} equal groups')
        size = dict(zip('DHW'[-self._axes:], kernel), N=channels,
                    C=in_channels // groups)
        return tuple(size[axis] for axis in self._layout)

    def _alias(self):
        return 'conv'

    def hybrid_forward(self, F, x, weight, bias=None):
        y = getattr(F, self._operator)(x, weight, bias, name='fwd',
                                       **self._kwargs)
        return y if self.act is None else self.act(y)

    def __repr__(self):
        given, (to, fro) = self._kwargs, self.weight.shape[:2]
        words = [f'{fro or None} -> {to}', f'kernel_size={given["kernel"]}',
                 f'stride={given["stride"]}']
        for word, key, usual in (
                ('padding', 'pad', (0,) * self._axes),
                ('dilation', 'dilate', (1,) * self._axes),
                ('groups', 'num_group', 1)):
            if given[key] != usual:
                words.append(f'{word}={given[key]}')
        words += ['bias=False'] * given['no_bias']
        words += [repr(self.act)] * (self.act is not None)
        return f'{type(self).__name__}({", ".join(words)})'


class ConvTranspose(Conv):
    """The way back of a convolution.  (N, C, W) -> (N, channels, W')

    W' = (W - 1) strides - 2 padding + dilation (kernel_size - 1)
    + output_padding + 1, and so for each axis.
    """

    _operator = 'Deconvolution'

    def __init__(self, channels, kernel_size, strides=1, padding=0,
                 output_padding=0, dilation=1, *args, **kwargs):
        super().__init__(channels, kernel_size, strides, padding, dilation,
                         *args, **kwargs)
        self._kwargs['adj'] = self._per_axis('output_padding', output_padding)

    def _weight_shape(self, channels, in_channels):
        return super()._weight_shape(in_channels, channels)


class Pool(Windowed):
    """The largest number or the mean of each window, channel by channel.

    W' = floor((W + 2 padding - pool_size) / strides) + 1, or rounded up with
    ceil_mode; strides is pool_size if None. Zeros of the padding count in
    means unless count_include_pad=False.
    """

    _type, _global = 'max', False

    def __init__(self, pool_size=2, strides=None, padding=0, layout=None,
                 ceil_mode=False, count_include_pad=True, **kwargs):
        super().__init__(**kwargs)
        if isinstance(layout, bool):  # some have ceil_mode before layout
            layout, ceil_mode = ceil_mode or None, layout
        self._use_layout(layout)
        kernel = self._per_axis('pool_size', pool_size, AssertionError)
        strides = kernel if strides is None else strides
        self._kwargs = {
            'kernel': kernel, 'stride': self._per_axis('strides', strides),
            'pad': self._per_axis('padding', padding),
            'global_pool': self._global, 'pool_type': self._type,
            'layout': self._layout,
            'pooling_convention': 'full' if ceil_mode else 'valid',
            'count_include_pad': count_include_pad}

    def _alias(self):
        return 'pool'

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
Conv1DTranspose, Conv2DTranspose, Conv3DTranspose = for_axes(
    'Conv{}DTranspose', ConvTranspose)
MaxPool1D, MaxPool2D, MaxPool3D = for_axes('MaxPool{}D', Pool, 'max')
AvgPool1D, AvgPool2D, AvgPool3D = for_axes('AvgPool{}D', Pool, 'avg')
GlobalMaxPool1D, GlobalMaxPool2D, GlobalMaxPool3D = for_axes(
    'GlobalMaxPool{}D', GlobalPool, 'max')
GlobalAvgPool1D, GlobalAvgPool2D, GlobalAvgPool3D = for_axes(
    'GlobalAvgPool{}D', GlobalPool, 'avg')


class ReflectionPad2D(HybridBlock):
    """Pictures with a rim, `padding` wide, that mirrors them.

    (N, C, H, W) -> (N, C, H + 2 padding, W + 2 padding)
    """

    def __init__(self, padding=0, **kwargs):
        super().__init__(**kwargs)
        if isinstance(padding, Number):
            padding = (0, 0, 0, 0) + (padding,) * 4
        assert len(padding) == 8, (
            f'ReflectionPad2D: padding={padding} must be a number or have '
            'two entries for each of the four axes')
        self._padding = padding

    def hybrid_forward(self, F, x):
        return F.pad(x, mode='reflect', pad_width=self._padding)
