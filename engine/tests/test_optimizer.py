"""Optimisers against their formulas in NumPy, and schedules by hand."""

import mxnet as mx
import numpy as np
import pytest
from mxnet import autograd, gluon, lr_scheduler, nd

W = np.array([[1.0, -2.0], [0.5, 3.0]])
GRADS = [np.array([[4.0, -1.0], [0.0, 8.0]]) * k for k in (1, -2, 0.5, 3)]


def run(rule, weight=W, **arguments):
    """Return the weight after one step per gradient."""
    optimizer = mx.optimizer.create(rule, **arguments)
    w = nd.array(weight)
    state = optimizer.create_state(0, w)
    for g in GRADS:
        optimizer.update(0, w, nd.array(g), state)
    return w.asnumpy()


# Each formula: how w changes by g in step t; s is what it remembers.
def sgd(w, g, s, t):
    s['v'] = 0.9 * s.get('v', 0) - 0.1 * (g + 0.01 * w)
    return w + s['v']


def nag(w, g, s, t):  # the velocity's decay is that of the new weight
    v = 0.9 * s.get('v', 0) - 0.1 * g
    new = w + 0.9 * v - 0.1 * g - 0.1 * 1.9 * 0.01 * w
    s['v'] = v - 0.1 * 0.01 * new
    return new


def adam(w, g, s, t):
    g = g + 0.01 * w
    s['m'] = 0.9 * s.get('m', 0) + 0.1 * g
    s['v'] = 0.999 * s.get('v', 0) + 0.001 * g ** 2
    rate = 0.1 * (1 - 0.999 ** t) ** 0.5 / (1 - 0.9 ** t)
    return w - rate * s['m'] / (np.sqrt(s['v']) + 1e-8)


def adagrad(w, g, s, t):
    s['h'] = s.get('h', 0) + g ** 2
    return w - 0.1 * (g / np.sqrt(s['h'] + 1e-7) + 0.01 * w)


def rmsprop(w, g, s, t):
    g = g + 0.01 * w
    s['n'] = 0.9 * s.get('n', 0) + 0.1 * g ** 2
    return w - 0.1 * g / np.sqrt(s['n'] + 1e-8)


def adadelta(w, g, s, t):
    s['n'] = 0.9 * s.get('n', 0) + 0.1 * g ** 2
    d = np.sqrt(s.get('d', 0) + 1e-5) / np.sqrt(s['n'] + 1e-5) * g
    s['d'] = 0.9 * s.get('d', 0) + 0.1 * d ** 2
    return w - d - 0.01 * w


def adamax(w, g, s, t):
    g = g + 0.01 * w
    s['m'] = 0.9 * s.get('m', 0) + 0.1 * g
    s['u'] = np.maximum(0.999 * s.get('u', 0), abs(g))
    return w - 0.1 / (1 - 0.9 ** t) * s['m'] / s['u']


def nadam(w, g, s, t):
    g = g + 0.01 * w
    now, soon = (0.9 * (1 - 0.5 * 0.96 ** (k * 0.004)) for k in (t, t + 1))
    s['product'] = s.get('product', 1) * now
    s['m'] = 0.9 * s.get('m', 0) + 0.1 * g
    s['v'] = 0.999 * s.get('v', 0) + 0.001 * g ** 2
    ahead = ((1 - now) * g / (1 - s['product'])
             + soon * s['m'] / (1 - s['product'] * soon))
    return w - 0.1 * ahead / (np.sqrt(s['v'] / (1 - 0.999 ** t)) + 1e-8)


RULES = [(sgd, 'sgd', {'momentum': 0.9}), (nag, 'nag', {'momentum': 0.9}),
         (adam, 'adam', {}), (adagrad, 'adagrad', {}),
         (rmsprop, 'rmsprop', {}),
         (adadelta, 'adadelta', {}), (adamax, 'adamax', {}),
         (nadam, 'nadam', {})]


@pytest.mark.parametrize('formula, name, arguments', RULES)
def test_rule_follows_its_formula(formula, name, arguments):
    w, memory = W, {}
    for t, g in enumerate(GRADS, 1):
        w = formula(w, g / 4, memory, t)
    found = run(name, learning_rate=0.1, wd=0.01, rescale_grad=1 / 4,
                **arguments)
    np.testing.assert_allclose(found, w, rtol=2e-5, atol=1e-5)


@pytest.mark.parametrize('formula, name, arguments', RULES)
def test_large_weight_takes_the_same_steps(formula, name, arguments):
    tall = np.tile(W, (20000, 1))
    optimizer = mx.optimizer.create(name, wd=0.01, **arguments)
    w = nd.array(tall)
    state = optimizer.create_state(0, w)
    for g in GRADS:
        optimizer.update(0, w, nd.tile(nd.array(g), (20000, 1)), state)
    np.testing.assert_allclose(w.asnumpy()[-2:], run(
        name, wd=0.01, **arguments), rtol=1e-6)


def test_gradient_is_cut_after_it_is_rescaled():
    found = run('sgd', learning_rate=1, rescale_grad=0.5, clip_gradient=1)
    total = sum(np.clip(g / 2, -1, 1) for g in GRADS)
    np.testing.assert_allclose(found, W - total)


def test_decay_is_cut_with_adams_gradient_but_not_with_sgds():
    zero = nd.zeros((2, 2))
    for name, by in (('sgd', 0.1 * 9 * W), ('adam', 0.1 * np.sign(W))):
        optimizer = mx.optimizer.create(name, learning_rate=0.1, wd=9,
                                        clip_gradient=0.1)
        w = nd.array(W)
        optimizer.update(0, w, zero, optimizer.create_state(0, w))
        np.testing.assert_allclose(w.asnumpy(), W - by, rtol=1e-5)


def test_rate_inside_the_velocity():
    """With the rate 0, MXNet's momentum still moves the weight."""
    optimizer = mx.optimizer.SGD(learning_rate=1, momentum=0.5)
    w = nd.zeros(1)
    state = optimizer.create_state(0, w)
    optimizer.update(0, w, nd.ones(1), state)
    optimizer.set_learning_rate(0)
    optimizer.update(0, w, nd.ones(1), state)
    assert w.asscalar() == -1.5


def test_unknown_names_and_arguments():
    with pytest.raises(ValueError, match='did you mean `adagrad`'):
        mx.optimizer.create('adagrat')
    with pytest.raises(TypeError, match='momentun'):
        mx.optimizer.create('sgd', momentun=0.9)
    with pytest.raises(TypeError):
        mx.optimizer.SGD(0.9)
    with pytest.raises(AttributeError, match='LAMB'):
        mx.optimizer.LAMB()


def test_rule_of_your_own():
    @mx.optimizer.register
    class Halving(mx.optimizer.Optimizer):
        def create_state(self, index, weight):
            return nd.zeros_like(weight)

        def update(self, index, weight, grad, state):
            self._update_count(index)
            state[:] = state / 2 + grad * self.rescale_grad
            weight[:] -= self._get_lr(index) * state

    w = gluon.Parameter('w', shape=1, init='zeros')
    w.initialize()
    trainer = gluon.Trainer([w], 'halving', {'learning_rate': 1})
    for expected in (-1, -2.5):
        backward(w)
        trainer.step(1)
        assert w.data().asscalar() == expected


def backward(*params):
    with autograd.record():
        total = sum(param.data(ctx).sum().as_in_context(mx.cpu())
                    for param in params for ctx in param.list_ctx())
    total.backward()


# Schedules

def rates(scheduler, count=8):
    return [round(scheduler(t), 6) for t in range(1, count + 1)]


def test_factor_scheduler_stops_at_its_least_rate():
    scheduler = lr_scheduler.FactorScheduler(2, 0.1, stop_factor_lr=0.05,
                                             base_lr=1)
    assert rates(scheduler, 6) == [1, 1, 0.1, 0.1, 0.05, 0.05]
    assert scheduler(1) == 0.05  # it does not go back


def test_multi_factor_scheduler():
    scheduler = lr_scheduler.MultiFactorScheduler([2, 5], 0.5, base_lr=1)
    assert rates(scheduler) == [1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25]


def test_poly_and_cosine_with_warm_up():
    poly = lr_scheduler.PolyScheduler(6, base_lr=1, pwr=2, warmup_steps=2)
    assert rates(poly, 7) == [0.5, 1, 0.5625, 0.25, 0.0625, 0, 0]
    cosine = lr_scheduler.CosineScheduler(6, base_lr=1, final_lr=0.5,
                                          warmup_steps=2)
    assert rates(cosine, 7) == [0.5, 1, 0.926777, 0.75, 0.573223, 0.5, 0.5]


def test_schedules_that_make_no_sense():
    with pytest.raises(ValueError, match='1 or more'):
        lr_scheduler.FactorScheduler(0)
    with pytest.raises(ValueError, match='grow'):
        lr_scheduler.MultiFactorScheduler([3, 2])


def test_trainer_asks_its_scheduler():
    w = gluon.Parameter('w', shape=1, init='zeros')
    w.initialize()
    trainer = gluon.Trainer([w], 'sgd', {
        'lr_scheduler': lr_scheduler.FactorScheduler(1, 0.5, base_lr=1)})
    with pytest.raises(UserWarning, match='lr_scheduler'):
        trainer.set_learning_rate(2)
    for expected in (-1, -1.5, -1.75):
        backward(w)
        trainer.step(1)
        assert w.data().asscalar() == expected
    assert trainer.learning_rate == 0.25
