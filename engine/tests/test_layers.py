"""gluon.nn: what each layer computes, checked against NumPy and PyTorch."""

import mxnet as mx
import numpy as np
import pytest
import torch
from mxnet import autograd, gluon, nd
from mxnet.gluon import nn
from torch.nn import functional


def numbers(*shape):
    """Return the same numbers between -1 and 1 for each shape."""
    return np.random.RandomState(0).uniform(-1, 1, shape).astype(np.float32)


def started(layer, x):
    """Return the layer with random parameters, and what it makes of x."""
    layer.initialize(mx.init.Normal(0.5))
    return layer, layer(nd.array(x)).asnumpy()


def tensor(parameter):
    return torch.from_numpy(parameter.data().asnumpy())


def test_dense_flattens():
    x = numbers(2, 3, 4)
    layer, y = started(nn.Dense(5, activation='tanh'), x)
    W, b = layer.weight.data().asnumpy(), layer.bias.data().asnumpy()
    assert W.shape == (5, 12)
    np.testing.assert_allclose(y, np.tanh(x.reshape(2, 12) @ W.T + b), 1e-5)


def test_dense_along_the_last_axis():
    layer, y = started(nn.Dense(5, flatten=False), numbers(2, 3, 4))
    assert layer.weight.shape == (5, 4) and y.shape == (2, 3, 5)


def test_dropout_only_while_training():
    layer = nn.Dropout(0.5)
    x = nd.ones((100, 100))
    assert (layer(x) == x).asnumpy().all()
    with autograd.record():
        y = layer(x).asnumpy()
    assert set(np.unique(y)) == {0, 2} and abs(y.mean() - 1) < 0.05


def test_embedding_takes_rows():
    layer, y = started(nn.Embedding(4, 3), np.array([[0, 3], [9, -1]]))
    W = layer.weight.data().asnumpy()
    np.testing.assert_array_equal(y, W[[[0, 3], [3, 0]]])
    with pytest.raises(TypeError, match='sparse_grad'):
        nn.Embedding(4, 3, sparse_grad=True)


def test_batch_norm_trains_on_the_batch():
    x = numbers(6, 3, 2)
    layer, _ = started(nn.BatchNorm(momentum=0.8), x)
    data = nd.array(x)
    with autograd.record():
        y = layer(data)
    mean, var = x.mean((0, 2)), x.var((0, 2))
    np.testing.assert_allclose(
        y.asnumpy(), (x - mean[:, None]) / np.sqrt(var + 1e-5)[:, None],
        1e-4, 1e-5)
    assert (layer.running_mean.data() == 0).asnumpy().all()
    y.backward()  # only now the averages move
    np.testing.assert_allclose(layer.running_mean.data().asnumpy(),
                               0.2 * mean, 1e-5, 1e-7)
    np.testing.assert_allclose(layer.running_var.data().asnumpy(),
                               0.8 + 0.2 * var, 1e-5)


def test_batch_norm_learns_no_averages():
    layer = nn.BatchNorm(in_channels=3)
    layer.collect_params().setattr('grad_req', 'add')
    assert layer.gamma.grad_req == 'add'
    assert layer.running_mean.grad_req == layer.running_var.grad_req == 'null'


def test_layer_norm():
    x = numbers(2, 3, 4)
    _, y = started(nn.LayerNorm(), x)
    np.testing.assert_allclose(
        y, functional.layer_norm(torch.from_numpy(x), (4,)), 1e-4, 1e-5)


@pytest.mark.parametrize('layer, function', [
    (nn.Activation('relu'), functional.relu),
    (nn.Activation('sigmoid'), torch.sigmoid),
    (nn.Activation('tanh'), torch.tanh),
    (nn.Activation('softrelu'), functional.softplus),
    (nn.Activation('softsign'), functional.softsign),
    (nn.LeakyReLU(0.2), lambda x: functional.leaky_relu(x, 0.2)),
    (nn.GELU(), functional.gelu),
])
def test_activations(layer, function):
    x = numbers(3, 4)
    layer.initialize()
    np.testing.assert_allclose(layer(nd.array(x)).asnumpy(),
                               function(torch.from_numpy(x)), 1e-5, 1e-6)


def test_leaky_relu_must_not_fall():
    with pytest.raises(AssertionError, match='negative'):
        nn.LeakyReLU(-0.1)


@pytest.mark.parametrize('axes, layer', [
    (1, nn.Conv1D), (2, nn.Conv2D), (3, nn.Conv3D)])
def test_convolution(axes, layer):
    x = numbers(2, 4, *(5, 6, 5)[:axes])
    layer, y = started(layer(6, 3, strides=2, padding=1, groups=2), x)
    function = [functional.conv1d, functional.conv2d,
                functional.conv3d][axes - 1]
    want = function(torch.from_numpy(x), tensor(layer.weight),
                    tensor(layer.bias), stride=2, padding=1, groups=2)
    np.testing.assert_allclose(y, want, 1e-4, 1e-5)


def test_pooling():
    x = numbers(2, 3, 7, 7)
    X = torch.from_numpy(x)
    for layer, want in (
            (nn.MaxPool2D(3, 2, 1), functional.max_pool2d(X, 3, 2, 1)),
            (nn.MaxPool2D(), functional.max_pool2d(X, 2)),
            (nn.MaxPool2D(ceil_mode=True),
             functional.max_pool2d(X, 2, ceil_mode=True)),
            (nn.AvgPool2D(3, 2, 1), functional.avg_pool2d(X, 3, 2, 1)),
            (nn.AvgPool2D(3, 2, 1, count_include_pad=False),
             functional.avg_pool2d(X, 3, 2, 1, count_include_pad=False)),
            (nn.GlobalMaxPool2D(), X.amax((2, 3), keepdim=True)),
            (nn.GlobalAvgPool2D(), X.mean((2, 3), keepdim=True))):
        np.testing.assert_allclose(layer(nd.array(x)).asnumpy(), want, 1e-5,
                                   1e-6, err_msg=repr(layer))


@pytest.mark.parametrize('make, error', [
    (lambda: nn.Conv2D(4, (3,)), AssertionError),
    (lambda: nn.Conv2D(4, 3, strides=(1,)), AssertionError),
    (lambda: started(nn.Conv2D(4, 3, groups=3), numbers(1, 3, 5, 5)),
     mx.MXNetError),
    (lambda: nn.Conv2D(4, 3, layout='CHWN'), AssertionError),
    (lambda: nn.MaxPool2D((2, 2, 2)), AssertionError),
    (lambda: nn.Dense(4, size=3), TypeError),
    (lambda: nn.Conv2D(4, 3, size=3), TypeError),
    (lambda: nn.Lambda('tangent'), AssertionError),
    (lambda: nn.Softmax(), AttributeError),
])
def test_arguments_that_do_not_fit(make, error):
    with pytest.raises(error):
        make()


@pytest.mark.parametrize('make, text', [
    (lambda: nn.Dense(3), 'Dense(None -> 3, linear)'),
    (lambda: nn.Dense(3, 'relu', in_units=2),
     'Dense(2 -> 3, Activation(relu))'),
    (lambda: nn.Dropout(0.5), 'Dropout(p = 0.5, axes=())'),
    (lambda: nn.Embedding(5, 2), 'Embedding(5 -> 2, float32)'),
    (lambda: nn.Flatten(), 'Flatten'),
    (lambda: nn.BatchNorm(),
     'BatchNorm(axis=1, eps=1e-05, momentum=0.9, fix_gamma=False, '
     'use_global_stats=False, in_channels=None)'),
    (lambda: nn.LayerNorm(in_channels=4),
     'LayerNorm(eps=1e-05, axis=-1, center=True, scale=True, in_channels=4)'),
    (lambda: nn.Lambda('tanh'), 'Lambda(tanh)'),
    (lambda: nn.Conv2D(6, 5, padding=2, activation='relu'),
     'Conv2D(None -> 6, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2), '
     'Activation(relu))'),
    (lambda: nn.Conv2D(6, 3, dilation=2, groups=2, use_bias=False),
     'Conv2D(None -> 6, kernel_size=(3, 3), stride=(1, 1), dilation=(2, 2), '
     'groups=2, bias=False)'),
    (lambda: nn.MaxPool2D(2, 2),
     'MaxPool2D(size=(2, 2), stride=(2, 2), padding=(0, 0), '
     'ceil_mode=False, global_pool=False, pool_type=max, layout=NCHW)'),
])
def test_print(make, text):
    assert repr(make()) == text


def test_chain():
    net = nn.Sequential()
    net.add(nn.Dense(4, activation='relu'), nn.Flatten(), nn.Dense(2))
    assert len(net) == 3 and net[2].weight.shape == (2, 0)
    assert [type(x).__name__ for x in net] == ['Dense', 'Flatten', 'Dense']
    net.initialize()
    x = nd.ones((3, 5))
    y = net(x)
    assert (net[1:](net[0](x)) == y).asnumpy().all()
    assert repr(net) == ('Sequential(\n  (0): Dense(5 -> 4, '
                         'Activation(relu))\n  (1): Flatten\n'
                         '  (2): Dense(4 -> 2, linear)\n)')


def test_names():
    net = nn.HybridSequential(prefix='net_')
    with net.name_scope():
        net.add(nn.Conv2D(2, 3), nn.BatchNorm(), nn.Dense(2))
    assert list(net.collect_params()) == [
        'net_conv0_weight', 'net_conv0_bias', 'net_batchnorm0_gamma',
        'net_batchnorm0_beta', 'net_batchnorm0_running_mean',
        'net_batchnorm0_running_var', 'net_dense0_weight', 'net_dense0_bias']


def test_functions_as_blocks():
    x = nd.array(numbers(2, 3))
    for block in (nn.Lambda('tanh'), nn.Lambda(lambda x: x.tanh())):
        np.testing.assert_array_equal(block(x).asnumpy(), x.tanh().asnumpy())


def network():
    net = nn.HybridSequential()
    net.add(nn.Conv2D(4, 3, padding=1, activation='relu'), nn.BatchNorm(),
            nn.LeakyReLU(0.1), nn.MaxPool2D(), nn.AvgPool2D(),
            nn.GlobalAvgPool2D(), nn.Flatten(), nn.Dense(3), nn.LayerNorm(),
            nn.GELU(), nn.Dropout(0.0))
    return net


def test_hybridized_chain_computes_the_same():
    x = nd.array(numbers(2, 3, 6, 6))
    net = network()
    net.initialize(mx.init.Normal(0.5))
    x.attach_grad()
    results = []
    for _ in range(2):
        with autograd.record():
            y = net(x)
        y.backward()
        results.append((y.asnumpy(), x.grad.asnumpy()))
        net.hybridize()
    for plain, hybrid in zip(*results):
        np.testing.assert_allclose(plain, hybrid, 1e-5, 1e-6)


def test_only_hybrid_children():
    with pytest.raises(ValueError, match='Lambda'):
        nn.HybridSequential().add(nn.Lambda('tanh'))


def test_own_layer_in_a_chain():
    class Centered(gluon.HybridBlock):
        def hybrid_forward(self, F, x):
            return x - x.mean()

    net = nn.HybridSequential()
    net.add(nn.Dense(4), Centered())
    net.initialize()
    assert abs(net(nd.ones((2, 3))).mean().asscalar()) < 1e-6
