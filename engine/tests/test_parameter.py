"""Parameters, their dictionaries, starting values, and the trainer."""

import mxnet as mx
import numpy as np
import pytest
from mxnet import autograd, gluon, init, nd
from mxnet.gluon.parameter import DeferredInitializationError

TWO = [mx.cpu(0), mx.cpu(1)]


def parameter(value=0, ctx=None, **settings):
    param = gluon.Parameter('w', shape=(2,), init=init.Constant(value),
                            **settings)
    param.initialize(ctx=ctx)
    return param


def backward(*params, ctx=None):
    """Give each parameter a gradient of ones, on all devices or on one."""
    with autograd.record():
        sums = [param.data(c).sum() for param in params
                for c in ([ctx] if ctx else param.list_ctx())]
    autograd.backward(sums)


def values(param):
    return [array.asnumpy().tolist() for array in param.list_data()]


# One parameter

def test_parameter_prints_as_in_mxnet():
    assert str(gluon.Parameter('w', shape=(2, 0))) == (
        "Parameter w (shape=(2, 0), dtype=<class 'numpy.float32'>)")
    assert str(gluon.Constant('c', [[1, 2]])).startswith('Constant c (shape=')


def test_nothing_before_initialize():
    param = gluon.Parameter('w', shape=(2,))
    for ask in (param.data, param.grad, param.list_data, param.list_ctx):
        with pytest.raises(RuntimeError, match='initialize'):
            ask()
    with pytest.raises(ValueError):
        param.reset_ctx(mx.cpu(1))
    with pytest.raises(AssertionError):
        param.set_data(nd.ones(2))


def test_shape_may_come_later_if_allowed():
    with pytest.raises(ValueError, match=r'\(2, 0\)'):
        gluon.Parameter('w', shape=(2, 0)).initialize()
    param = gluon.Parameter('w', shape=(2, 0), allow_deferred_init=True)
    param.initialize()
    with pytest.raises(DeferredInitializationError, match='first batch'):
        param.data()
    param.shape = (2, 3)
    param._finish_deferred_init()
    assert param.data().shape == (2, 3)
    with pytest.raises(AssertionError, match='does not fit'):
        param.shape = (2, 4)


def test_values_set_before_the_shape_is_known_are_kept():
    param = gluon.Parameter('w', shape=(0,), allow_deferred_init=True)
    param.initialize()
    param.set_data(nd.array([1, 2, 3]))
    param._finish_deferred_init()
    assert values(param) == [[1, 2, 3]]


def test_second_initialize_warns_unless_forced():
    param = parameter(1)
    with pytest.warns(UserWarning, match='force_reinit'):
        param.initialize(init.One())
    param.initialize(init.Constant(5), force_reinit=True)
    assert values(param) == [[5, 5]]


def test_two_devices():
    param = parameter(3, ctx=TWO)
    assert param.list_ctx() == TWO and values(param) == [[3, 3], [3, 3]]
    with mx.cpu(1):
        assert param.data().context == mx.cpu(1)
    with pytest.raises(RuntimeError, match=r'cpu\(2\)'):
        param.data(mx.cpu(2))
    param.data(mx.cpu(1))[:] = 5
    param.reset_ctx(mx.cpu(2))  # the mean of the copies moves
    assert param.list_ctx() == [mx.cpu(2)] and values(param) == [[4, 4]]


def test_grad_req():
    param = parameter()
    backward(param)
    param.grad_req = 'add'
    backward(param)
    backward(param)
    assert param.grad().asnumpy().tolist() == [2, 2]
    param.zero_grad()
    assert param.grad().asnumpy().tolist() == [0, 0]
    param.grad_req = 'null'
    with pytest.raises(RuntimeError, match='null'):
        param.grad()
    with pytest.raises(AssertionError):
        param.grad_req = 'sum'
    assert parameter(differentiable=False).grad_req == 'null'


def test_cast():
    param = parameter(1)
    param.cast('float16')
    assert param.data().dtype == param.grad().dtype == np.float16


def test_constant_is_not_learned():
    constant = gluon.Constant('c', [[1, 2]])
    constant.initialize()
    assert values(constant) == [[[1, 2]]]
    constant.grad_req = 'write'
    assert constant.grad_req == 'null'


# Dictionaries

def test_dict_prints_as_in_mxnet():
    params = gluon.ParameterDict('net_')
    params.get('weight', shape=(2, 3))
    assert str(params) == (
        "net_ (\n  Parameter net_weight (shape=(2, 3), dtype=<class "
        "'numpy.float32'>)\n)")
    assert str(gluon.ParameterDict()) == '(\n\n)'


def test_get_returns_the_same_if_it_fits():
    params = gluon.ParameterDict('a_')
    weight = params.get('w', shape=(2, 0))
    assert params.get('w', shape=(0, 3)) is weight
    assert weight.shape == (2, 3) and 'a_w' in params
    for wrong in ({'shape': (2, 4)}, {'dtype': 'float16'},
                  {'grad_req': 'null'}):
        with pytest.raises(AssertionError, match='a_w'):
            params.get('w', **wrong)
    with pytest.raises(TypeError):
        params.get('w', shap=(2, 3))


def test_shared_and_joined():
    first = gluon.ParameterDict('a_')
    second = gluon.ParameterDict('a_', shared=first)
    assert first.get('w') is second.get('w')
    other = gluon.ParameterDict('a_')
    other.get('w')
    with pytest.raises(AssertionError, match='another parameter'):
        first.update(other)


def test_get_constant():
    params = gluon.ParameterDict()
    constant = params.get_constant('c', nd.array([1, 2]))
    assert params.get_constant('c', np.array([1, 2])) is constant
    with pytest.raises(AssertionError):
        params.get_constant('c', nd.array([1, 3]))


def test_save_and_load(tmp_path):
    file = str(tmp_path / 'params')
    params = gluon.ParameterDict('a_')
    params.get('w', shape=(2,), init='ones')
    params.initialize()
    params.save(file, strip_prefix='a_')
    other = gluon.ParameterDict('b_')
    other.get('w', shape=(0,), allow_deferred_init=True)
    with pytest.raises(AssertionError, match="no 'b_w', only 'w'"):
        other.load(file)
    other.load(file, ctx=TWO, restore_prefix='b_')
    assert values(other['b_w']) == [[1, 1], [1, 1]]
    with pytest.raises(AssertionError, match='reset_ctx'):
        other.load(file, ctx=mx.cpu(2), restore_prefix='b_')
    wrong = gluon.ParameterDict('b_')
    wrong.get('w', shape=(3,))
    with pytest.raises(AssertionError, match=r'\(3,\).*\(2,\)'):
        wrong.load(file, restore_prefix='b_')


# Starting values

def test_initialisers_by_name():
    assert init.create('xavier') == init.Xavier()
    assert init.create('normal', sigma=2) == init.Normal(2)
    with pytest.raises(AssertionError, match='did you mean `xavier`'):
        init.create('xaver')
    with pytest.raises(TypeError):
        init.Normal(scale=1)


@pytest.mark.parametrize('rule, variance', [
    (init.Uniform(0.3), 0.03), (init.Normal(0.5), 0.25),
    (init.Xavier(), 1 / 500), (init.Xavier('gaussian', 'in', 2), 2 / 400),
    (init.MSRAPrelu('out', 1), 1 / 600)])
def test_spread(rule, variance):
    mx.random.seed(0)
    param = gluon.Parameter('w', shape=(150, 100, 2, 2))
    param.initialize(rule)
    assert param.data().asnumpy().var() == pytest.approx(variance, rel=0.03)


def test_orthogonal_rows():
    param = gluon.Parameter('w', shape=(3, 4, 2))
    param.initialize(init.Orthogonal(2))
    rows = param.data().asnumpy().reshape(3, 8)
    np.testing.assert_allclose(rows @ rows.T, 4 * np.eye(3), atol=1e-5)


def test_lstm_bias_fills_the_forget_gate():
    param = gluon.Parameter('b', shape=4, init=init.LSTMBias(2))
    param.initialize()
    assert values(param) == [[0, 2, 0, 0]]


def test_rule_of_your_own():
    class Diagonal(init.Initializer):
        def _init_weight(self, name, arr):
            arr[:] = nd.eye(*arr.shape)

    param = gluon.Parameter('b_bias', shape=(2, 2))
    param.initialize(Diagonal())  # Gluon asks _init_weight for a bias, too
    assert values(param) == [[[1, 0], [0, 1]]]


# The trainer

@pytest.mark.parametrize('kvstore', ['device', 'local', None])
def test_step_divides_and_adds_over_devices(kvstore):
    alone, shared = parameter(1), parameter(1, ctx=TWO)
    for param, step in ((alone, 0.25), (shared, 0.5)):
        trainer = gluon.Trainer([param], 'sgd', {'learning_rate': 1},
                                kvstore=kvstore)
        backward(param)
        trainer.step(4)
        if kvstore is None and param is shared:
            step = 0.25  # each device goes its own way
        assert values(param)[-1] == [1 - step] * 2


def test_multipliers_and_decay():
    weight, bias = parameter(1, lr_mult=2), parameter(1, wd_mult=0)
    trainer = gluon.Trainer([weight, bias], 'sgd',
                            {'learning_rate': 0.5, 'wd': 0.5})
    backward(weight, bias)
    trainer.step(1)
    assert values(weight) == [[-0.5, -0.5]] and values(bias) == [[0.5, 0.5]]


def test_stale_gradient():
    used, unused = parameter(), parameter()
    trainer = gluon.Trainer([used, unused], 'sgd', {'learning_rate': 1})
    backward(used)
    with pytest.raises(UserWarning, match='ignore_stale_grad'):
        trainer.step(1)
    backward(used)
    trainer.step(1, ignore_stale_grad=True)
    assert values(used) == [[-1, -1]] and values(unused) == [[0, 0]]


def test_gradients_can_be_changed_between_sum_and_step():
    param = parameter(ctx=TWO)
    trainer = gluon.Trainer([param], 'sgd', {'learning_rate': 1},
                            update_on_kvstore=False)
    backward(param)
    trainer.allreduce_grads()
    gluon.utils.clip_global_norm([param.grad(mx.cpu(0))], 1)
    gluon.utils.clip_global_norm([param.grad(mx.cpu(1))], 1)
    trainer.update(1)
    np.testing.assert_allclose(values(param), -np.sqrt(np.full((2, 2), 0.5)))
    in_store = gluon.Trainer([param], 'sgd')
    with pytest.raises(AssertionError, match='update_on_kvstore=False'):
        in_store.allreduce_grads()


def test_set_data_between_steps():
    param = parameter(ctx=TWO)
    trainer = gluon.Trainer([param], 'sgd', {'learning_rate': 1})
    backward(param)
    trainer.step(1)
    param.set_data(nd.array([10, 20]))
    backward(param)
    trainer.step(1)
    assert values(param) == [[8, 18]] * 2


@pytest.mark.parametrize('ctx', [TWO[:1], TWO])
def test_save_states_keeps_the_momentum(tmp_path, ctx):
    def train(steps, states=None):
        trainer = gluon.Trainer([param], 'adam', {'learning_rate': 0.1})
        if states:
            trainer.load_states(states)
        for _ in range(steps):
            backward(param)
            trainer.step(1)
        return trainer

    param = parameter(ctx=ctx)
    train(4)
    straight = values(param)
    param = parameter(ctx=ctx)
    file = str(tmp_path / 'states')
    train(2).save_states(file)
    train(2, file)
    assert values(param) == straight


def test_trainer_refuses():
    param = parameter()
    with pytest.raises(ValueError, match='list or dict'):
        gluon.Trainer(param, 'sgd')
    with pytest.raises(AssertionError, match='given by its name'):
        gluon.Trainer([param], mx.optimizer.SGD(), {'learning_rate': 1})
    with pytest.raises(AssertionError, match='same'):
        gluon.Trainer([param, parameter(ctx=TWO)], 'sgd')
    with pytest.raises(RuntimeError, match='initialize'):
        gluon.Trainer([gluon.Parameter('w', shape=(2,))], 'sgd')


# Helpers

def test_split_data():
    X = nd.arange(20).reshape((10, 2))
    with pytest.raises(ValueError, match='even_split=False'):
        gluon.utils.split_data(X, 3)
    parts = gluon.utils.split_data(X, 3, even_split=False)
    assert [len(part) for part in parts] == [4, 3, 3]
    parts = gluon.utils.split_and_load(X, TWO, batch_axis=1)
    assert [part.context for part in parts] == TWO
    assert parts[1].shape == (10, 1)


def test_clip_global_norm():
    arrays = [nd.array([3, 0]), nd.array([[4]], ctx=mx.cpu(1))]
    assert gluon.utils.clip_global_norm(arrays, 1) == 5
    np.testing.assert_allclose(arrays[1].asnumpy(), [[0.8]], rtol=1e-6)
    length = gluon.utils.clip_global_norm(arrays, 1, check_isfinite=False)
    assert length.shape == (1,)
    with pytest.warns(UserWarning, match='nan'):
        gluon.utils.clip_global_norm([nd.array([np.nan])], 1)
