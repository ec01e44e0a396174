"""gluon.rnn: layers against PyTorch's, cells against layers."""

import mxnet as mx
import numpy as np
import pytest
import torch
from mxnet import autograd, gluon, nd
from mxnet.gluon import nn, rnn

X = np.random.RandomState(0).uniform(-1, 1, (4, 2, 3)).astype(np.float32)


def started(layer, *args):
    layer.initialize(mx.init.Normal(0.5))
    layer(*args)
    return layer


def torch_twin(layer, twin):
    """Give PyTorch's layer the parameters of ours."""
    names = {f'{kind}_{which}_l{number}{suffix}': f'{side}{number}_{name}'
             for number in range(layer._num_layers)
             for side, suffix in (('l', ''), ('r', '_reverse'))
             for kind, which, name in (
                 ('weight', 'ih', 'i2h_weight'),
                 ('weight', 'hh', 'h2h_weight'),
                 ('bias', 'ih', 'i2h_bias'), ('bias', 'hh', 'h2h_bias'))}
    twin.load_state_dict({name: torch.from_numpy(getattr(
        layer, names[name]).data().asnumpy()) for name in twin.state_dict()})
    return twin


@pytest.mark.parametrize('layer, twin', [
    (rnn.RNN(5, 2, activation='tanh'), torch.nn.RNN(3, 5, 2)),
    (rnn.RNN(5), torch.nn.RNN(3, 5, nonlinearity='relu')),
    (rnn.LSTM(5, 2, bidirectional=True),
     torch.nn.LSTM(3, 5, 2, bidirectional=True)),
    (rnn.GRU(5, 2), torch.nn.GRU(3, 5, 2)),
])
def test_layers_compute_what_pytorchs_compute(layer, twin):
    x = nd.array(X)
    started(layer, x)
    x.attach_grad()
    with autograd.record():
        y, states = layer(x, layer.begin_state(batch_size=2))
    y.backward()
    X_twin = torch.from_numpy(X.copy()).requires_grad_()
    y_twin, states_twin = torch_twin(layer, twin)(X_twin)
    y_twin.sum().backward()
    if isinstance(states_twin, torch.Tensor):
        states_twin = [states_twin]
    np.testing.assert_allclose(y.asnumpy(), y_twin.detach(), 1e-5, 1e-6)
    np.testing.assert_allclose(x.grad.asnumpy(), X_twin.grad, 1e-4, 1e-6)
    for state, state_twin in zip(states, states_twin, strict=True):
        np.testing.assert_allclose(state.asnumpy(), state_twin.detach(),
                                   1e-5, 1e-6)


def test_states_are_returned_only_if_given():
    layer, x = rnn.GRU(5), nd.array(X)
    layer.initialize()
    y = layer(x)
    assert y.shape == (4, 2, 5)
    y_again, states = layer(x, layer.begin_state(batch_size=2))
    assert (y == y_again).asnumpy().all() and states[0].shape == (1, 2, 5)
    assert (y[-1] == states[0][0]).asnumpy().all()


def test_a_single_state_needs_no_list():
    layer = started(rnn.GRU(5), nd.array(X))
    _, states = layer(nd.array(X), nd.zeros((1, 2, 5)))
    assert len(states) == 1


def test_batch_first():
    layer = started(rnn.LSTM(5), nd.array(X))
    other = rnn.LSTM(5, layout='NTC', params=layer.params)
    np.testing.assert_allclose(
        other(nd.array(X.swapaxes(0, 1))).asnumpy().swapaxes(0, 1),
        layer(nd.array(X)).asnumpy(), 1e-6)


def test_states_of_another_batch():
    layer = started(rnn.LSTM(5), nd.array(X))
    with pytest.raises(ValueError, match=r'\(1, 3, 5\)'):
        layer(nd.array(X), layer.begin_state(batch_size=3))
    with pytest.raises(AssertionError, match='layout'):
        rnn.LSTM(5, layout='CTN')
    with pytest.raises(KeyError):
        rnn.RNN(5, activation='step')


def test_state_info():
    assert rnn.LSTM(5, 2).state_info(3) == 2 * [
        {'shape': (2, 3, 5), '__layout__': 'LNC', 'dtype': 'float32'}]
    assert rnn.GRUCell(5).state_info(3) == [
        {'shape': (3, 5), '__layout__': 'NC'}]
    states = rnn.GRU(5).begin_state(3, func=nd.ones, dtype='float64')
    assert states[0].dtype == np.float64 and states[0].sum().asscalar() == 15


@pytest.mark.parametrize('make_cell, make_layer', [
    (rnn.RNNCell, lambda n: rnn.RNN(n, activation='tanh')),
    (rnn.LSTMCell, rnn.LSTM), (rnn.GRUCell, rnn.GRU)])
def test_cells_compute_what_layers_compute(make_cell, make_layer, tmp_path):
    x = nd.array(X)
    layer = started(make_layer(5), x)
    cell = make_cell(5, input_size=3)
    for name in ('i2h_weight', 'h2h_weight', 'i2h_bias', 'h2h_bias'):
        getattr(cell, name).initialize()
        getattr(cell, name).set_data(getattr(layer, f'l0_{name}').data())
    y, states = layer(x, layer.begin_state(2))
    outputs, last = cell.unroll(4, x, layout='TNC', merge_outputs=True)
    np.testing.assert_allclose(outputs.asnumpy(), y.asnumpy(), 1e-4, 1e-6)
    for one, other in zip(last, states, strict=True):
        np.testing.assert_allclose(one.asnumpy(), other[0].asnumpy(), 1e-4,
                                   1e-6)


def test_what_unroll_takes_and_returns():
    cell = rnn.GRUCell(5)
    cell.initialize()
    x = nd.array(X)
    as_list, states = cell.unroll(4, x, layout='TNC')
    assert isinstance(as_list, list) and as_list[0].shape == (2, 5)
    from_list, _ = cell.unroll(4, list(x), layout='TNC', merge_outputs=True)
    batch_first, _ = cell.unroll(4, nd.swapaxes(x, 0, 1), merge_outputs=True)
    want = nd.stack(*as_list).asnumpy()
    np.testing.assert_allclose(from_list.asnumpy(), want, 1e-6)
    np.testing.assert_allclose(batch_first.asnumpy().swapaxes(0, 1), want,
                               1e-6)
    first, middle = cell.unroll(2, x[:2], layout='TNC')
    rest, end = cell.unroll(2, x[2:], middle, layout='TNC')
    np.testing.assert_allclose(end[0].asnumpy(), states[0].asnumpy(), 1e-6)
    with pytest.raises(AssertionError, match='5'):
        cell.unroll(5, x, layout='TNC')


def test_hybridized():
    class Net(gluon.HybridBlock):
        def __init__(self):
            super().__init__()
            with self.name_scope():
                self.layer = rnn.LSTM(5, layout='NTC')
                self.cell = rnn.LSTMCell(5)
                self.out = nn.Dense(2)

        def hybrid_forward(self, F, x):
            outputs, _ = self.cell.unroll(4, self.layer(x),
                                          merge_outputs=True)
            return self.out(outputs)

    net, x = Net(), nd.array(X.swapaxes(0, 1))
    net.initialize()
    want = net(x).asnumpy()
    net.hybridize()
    np.testing.assert_allclose(net(x).asnumpy(), want, 1e-5, 1e-6)


def test_names_in_files(tmp_path):
    layer = started(rnn.GRU(5, bidirectional=True), nd.array(X))
    path = str(tmp_path / 'gru.params')
    layer.save_parameters(path)
    assert '_unfused.0.r_cell.h2h_bias' in nd.load(path)
    other = rnn.GRU(5, bidirectional=True)
    other.load_parameters(path)
    np.testing.assert_array_equal(other(nd.array(X)).asnumpy(),
                                  layer(nd.array(X)).asnumpy())


@pytest.mark.parametrize('make, text', [
    (lambda: rnn.LSTM(3, 2, dropout=0.5, bidirectional=True),
     'LSTM(None -> 3, TNC, num_layers=2, dropout=0.5, bidirectional)'),
    (lambda: rnn.RNN(3, input_size=2), 'RNN(2 -> 3, TNC)'),
    (lambda: rnn.RNNCell(4), 'RNNCell(None -> 4, tanh)'),
    (lambda: rnn.LSTMCell(4, input_size=3), 'LSTMCell(3 -> 16)'),
])
def test_print(make, text):
    assert repr(make()) == text


def test_dropout_in_a_layer_only_while_training():
    layer = started(rnn.LSTM(5, 2, dropout=0.5), nd.array(X))
    x = nd.array(X)
    np.testing.assert_array_equal(layer(x).asnumpy(), layer(x).asnumpy())
    with autograd.record():
        one, other = layer(x), layer(x)
    assert (one != other).asnumpy().any()
