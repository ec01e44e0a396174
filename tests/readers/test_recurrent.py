"""What the chapters on recurrent networks import from utils.

A network that counts, whose outputs are known, shows what is read and what
is carried; Gluon's own layers say what is right.
"""

import inspect
import math
import re

import mxnet as mx
import numpy as np
import pytest
from mxnet import autograd, gluon, nd
from numpy.testing import assert_allclose

import utils

CPU = mx.cpu()
CORPUS = list(range(100))
VOCABULARY = list('abcd')
INDEX = {char: i for i, char in enumerate(VOCABULARY)}
WINDOWS = [(10, 3), (11, 3), (12, 3), (100, 35), (71, 35)]


def one_hot(X):
    """(batch, steps) becomes a list of `steps` arrays (batch, 4)."""
    return [nd.one_hot(x, 4) for x in X.T]


def successor(inputs, state, *params):
    """A network sure that d follows c, c b, b a and a d."""
    outputs = [20 * X[:, [3, 0, 1, 2]] for X in inputs]
    return outputs, state + len(inputs)


def linear(inputs, state, W_xh, W_hy):
    """A recurrent network without an activation."""
    outputs = []
    for X in inputs:
        state = 0.5 * state + nd.dot(X, W_xh)
        outputs.append(nd.dot(state, W_hy))
    return outputs, state


def with_cell(inputs, state, cell, W_xh, W_hy):
    """The same network, which carries the number of steps, too."""
    outputs, state = linear(inputs, state, W_xh, W_hy)
    return outputs, state, cell + len(inputs)


def linear_params():
    """Return fresh parameters for hidden states of length 5."""
    params = [nd.random.normal(shape=(4, 5)), nd.random.normal(shape=(5, 4))]
    for param in params:
        param.attach_grad()
    return params


def read(data_iter, corpus=CORPUS, batch_size=4, num_steps=3):
    """Return the batches of an iterator as pairs of integer arrays."""
    return [(X.asnumpy().astype(int), y.asnumpy().astype(int))
            for X, y in data_iter(corpus, batch_size, num_steps)]


# Batches of text

@pytest.mark.parametrize('data_iter', [utils.data_iter_random,
                                       utils.data_iter_consecutive])
def test_a_label_is_one_place_further_on(data_iter):
    for X, y in read(data_iter):
        assert X.shape == y.shape and X.shape[1] == 3
        assert (y == X + 1).all()
        assert (np.diff(X) == 1).all()


@pytest.mark.parametrize('length, num_steps', [*WINDOWS, (36, 35)])
def test_every_window_comes_once_per_epoch(length, num_steps):
    batches = read(utils.data_iter_random, range(length), 4, num_steps)
    starts = sorted(start for X, _ in batches for start in X[:, 0])
    assert starts == list(range(0, length - num_steps, num_steps))
    assert [len(X) for X, _ in batches[:-1]] == [4] * (len(batches) - 1)


def test_windows_come_in_another_order_each_time_and_a_seed_repeats_it():
    def order():
        return [X[:, 0].tolist() for X, _ in read(utils.data_iter_random)]

    utils.set_seed(1)
    first, second = order(), order()
    utils.set_seed(1)
    assert first != second and order() == first


def test_consecutive_batches_continue_each_stream():
    batches = read(utils.data_iter_consecutive)
    streams = np.concatenate([X for X, _ in batches], axis=1)
    assert (np.diff(streams) == 1).all()
    assert streams[:, 0].tolist() == [0, 24, 48, 72]
    assert streams.shape == (4, 24)


@pytest.mark.parametrize('length, num_steps', WINDOWS)
def test_less_than_a_window_of_each_stream_is_left_out(length, num_steps):
    batches = read(utils.data_iter_consecutive, range(length), 2, num_steps)
    assert len(batches) == (length - 1) // 2 // num_steps
    assert all(X.shape == (2, num_steps) for X, _ in batches)


@pytest.mark.parametrize('data_iter, least', [
    (utils.data_iter_random, 36), (utils.data_iter_consecutive, 141)],
    ids=['random', 'consecutive'])
def test_a_text_too_short_for_a_batch_is_told_which_length_it_needs(
        data_iter, least):
    assert len(read(data_iter, range(least), 4, 35)) == 1
    with pytest.raises(ValueError, match=f'{least - 1} .* least {least}:'):
        data_iter(range(least - 1), 4, num_steps=35)
    for use in (utils.evaluate_perplexity, utils.train_epoch_rnn):
        settings = inspect.signature(use).parameters
        values = dict.fromkeys(settings, 1) | {
            'corpus_indices': [0] * (least - 1), 'batch_size': 4,
            'num_steps': 35,
            'is_random_iter': data_iter is utils.data_iter_random}
        with pytest.raises(ValueError, match=f'at least {least}:'):
            use(**values)


def test_batches_are_made_on_the_device():
    X, y = next(utils.data_iter_random(CORPUS, 2, 3, mx.cpu(1)))
    assert X.context == y.context == mx.cpu(1)


# Text

@pytest.mark.parametrize('novel, counts, corpus, characters', [
    ('B a\nAb', [], [2, 0, 1, 0, 1, 2], ' ab'), ('AB cd', [2], [0, 1], 'ab'),
], ids=['whole', 'its first two characters'])
def test_the_novel_is_read_in_lower_case_and_without_newlines(
        monkeypatch, novel, counts, corpus, characters):
    monkeypatch.setattr(utils, 'load_time_machine', lambda root: novel)
    indices, idx_to_char, char_to_idx = utils.load_data_time_machine(*counts)
    assert indices == corpus and idx_to_char == list(characters)
    assert char_to_idx == {x: i for i, x in enumerate(characters)}


# The loss and the gradients

def test_the_loss_of_a_network_that_knows_is_zero():
    X, y = nd.array([[2, 1], [1, 0]]), nd.array([[3, 2], [2, 1]])
    loss, state = utils.rnn_loss(successor, X, y, [nd.zeros(1)], [], one_hot)
    assert loss.shape == (1,) and loss.asscalar() < 1e-6
    assert [part.asscalar() for part in state] == [2]


def test_the_loss_is_the_mean_over_all_characters():
    params = linear_params()
    X, y = nd.array([[0, 1, 2]] * 2), nd.array([[1, 2, 3], [3, 3, 3]])
    state = utils.begin_state(2, 5, CPU)
    loss, _ = utils.rnn_loss(linear, X, y, state, params, one_hot)
    outputs, _ = linear(one_hot(X), state[0], *params)
    each = [-nd.log_softmax(output)[row, int(y[row, t].asscalar())]
            for t, output in enumerate(outputs) for row in range(2)]
    assert loss.asscalar() == pytest.approx(
        sum(x.asscalar() for x in each) / 6, rel=1e-5)


def gradients(*values):
    """Return parameters whose gradients are the values."""
    params = [nd.zeros(len(value)) for value in values]
    for param, value in zip(params, values, strict=True):
        param.attach_grad()
        param.grad[:] = nd.array(value)
    return params


@pytest.mark.parametrize('clipping_norm, scale', [
    (6.5, 0.5), (13, 1), (20, 1), (None, 1),
], ids=['shorter', 'equal', 'longer', 'none'])
def test_gradients_together_are_no_longer_than(clipping_norm, scale):
    params = gradients([3, 4], [12])
    norm = utils.grad_clipping(params, clipping_norm, CPU)
    assert norm.asscalar() == 13
    for param, value in zip(params, ([3, 4], [12]), strict=True):
        assert_allclose(param.grad.asnumpy() / scale, value)


def test_clipping_agrees_with_gluon():
    values = [nd.random.normal(shape=7), nd.random.normal(shape=9)]
    params = gradients(*values)
    utils.grad_clipping(params, 0.5, CPU)
    gluon.utils.clip_global_norm(values, 0.5)
    for param, value in zip(params, values, strict=True):
        assert_allclose(param.grad.asnumpy(), value.asnumpy(), rtol=1e-5)


def test_gradients_of_zero_stay_zero():
    params = gradients([0, 0])
    assert utils.grad_clipping(params, 1, CPU).asscalar() == 0
    assert params[0].grad.asnumpy().tolist() == [0, 0]


# Prediction

def predict(prefix, num_chars, rnn=successor, **options):
    return utils.predict_rnn(rnn, prefix, num_chars, [], 1, CPU, VOCABULARY,
                             INDEX, one_hot, **options)


@pytest.mark.parametrize('prefix, num_chars, text', [
    ('a', 5, 'abcdab'), ('CD', 3, 'cdabc'), ('ad', 0, 'ad')])
def test_a_prediction_adds_so_many_characters(prefix, num_chars, text):
    assert predict(prefix, num_chars) == text


def test_an_empty_prefix_is_told():
    with pytest.raises(ValueError, match='the prefix is empty'):
        predict('', 3)


def test_each_character_is_read_once():
    steps = []

    def count(inputs, state):
        steps.append(state.asnumpy().sum() + len(inputs))
        return successor(inputs, state)

    predict('abc', 3, count)
    assert steps == [3, 4, 5]


def test_a_character_outside_the_vocabulary_is_named():
    with pytest.raises(KeyError, match='#'):
        predict('a#', 1)


def test_a_temperature_draws_the_likeliest_any_or_by_the_softmax():
    output = nd.array([0, 1, 0, 0.5])
    utils.set_seed(0)
    assert {utils.next_index(output, 0.01) for _ in range(50)} == {1}
    assert {utils.next_index(output, 100) for _ in range(50)} == {0, 1, 2, 3}
    assert utils.next_index(output) == 1
    output = nd.array([0, math.log(3), -100, -100])
    utils.set_seed(0)
    share = sum(utils.next_index(output, 1) for _ in range(1000)) / 1000
    assert share == pytest.approx(0.75, abs=0.05)


# Training

def states_seen(is_random_iter, is_lstm):
    """Return the sum of the state before each batch of an epoch."""
    seen = []

    def rnn(inputs, state, *rest):
        seen.append(float(state.sum().asscalar()))
        net = with_cell if is_lstm else linear
        outputs, state, *cell = net(inputs, state, *rest)
        return outputs, state + 1, *cell

    utils.train_epoch_rnn(rnn, is_random_iter, 5, 5, 0.1, 1, 4,
                          linear_params(), one_hot, CPU, [0, 1, 2, 3] * 20,
                          is_lstm)
    return seen


@pytest.mark.parametrize('is_lstm', [False, True])
def test_the_state_is_carried_between_consecutive_batches_only(is_lstm):
    assert states_seen(is_random_iter=True, is_lstm=is_lstm) == [0] * 4
    seen = states_seen(is_random_iter=False, is_lstm=is_lstm)
    assert len(seen) == 3 and seen[0] == 0 and all(seen[1:])


def test_no_gradient_flows_to_the_batch_before():
    text = [0, 1, 3, 2] * 20
    utils.set_seed(0)
    params = linear_params()
    copies = [param.copy() for param in params]
    utils.train_epoch_rnn(linear, False, 5, 5, 0.1, None, 4, params, one_hot,
                          CPU, text)
    state = utils.begin_state(4, 5, CPU)
    for X, y in utils.data_iter_consecutive(text, 4, 5):
        for copy in copies:
            copy.attach_grad()
        constant = [nd.array(part.asnumpy()) for part in state]
        with autograd.record():
            loss, state = utils.rnn_loss(linear, X, y, constant, copies,
                                         one_hot)
        loss.backward()
        utils.SGD(copies, 0.1)
    for param, copy in zip(params, copies, strict=True):
        assert_allclose(param.asnumpy(), copy.asnumpy(), rtol=1e-5)


@pytest.mark.parametrize('is_random_iter', [True, False])
@pytest.mark.parametrize('rnn, is_lstm', [(linear, False), (with_cell, True)])
def test_an_evaluation_agrees_with_an_epoch_that_learns_nothing(
        rnn, is_lstm, is_random_iter):
    params, text = linear_params(), [0, 1, 3, 2] * 20
    trained = utils.train_epoch_rnn(rnn, is_random_iter, 5, 5, 0, 1, 4,
                                    params, one_hot, CPU, text, is_lstm)
    evaluated = utils.evaluate_perplexity(rnn, params, text, is_random_iter,
                                          4, 5, 5, one_hot, CPU, is_lstm)
    assert trained == pytest.approx(evaluated, rel=1e-5)


def test_the_perplexity_of_a_uniform_guess_is_the_size_of_the_vocabulary():
    def guess(inputs, state):
        return [0 * X for X in inputs], state

    perplexity = utils.evaluate_perplexity(guess, [], [0, 1, 3, 2] * 20,
                                           True, 4, 5, 1, one_hot, CPU)
    assert perplexity == pytest.approx(4, rel=1e-5)


@pytest.mark.parametrize('is_random_iter', [True, False])
@pytest.mark.parametrize('rnn, is_lstm', [(linear, False), (with_cell, True)])
def test_training_as_in_2017_learns_and_prints(rnn, is_lstm, is_random_iter,
                                               capsys):
    utils.set_seed(0)
    params = utils.train_and_predict_rnn(
        rnn, is_random_iter, 30, 5, 5, 1, 5, 4, 15, 7, ['AB', 'c'],
        linear_params, one_hot, CPU, [0, 1, 2, 3] * 20, VOCABULARY, INDEX,
        is_lstm)
    out = capsys.readouterr().out
    assert re.sub(r'\d\.\d{3}', 'P', out) == (
        'epoch 15, perplexity P\n - abcdabcda\n - cdabcdab\n'
        'epoch 30, perplexity P\n - abcdabcda\n - cdabcdab\n')
    first, last = map(float, re.findall(r'\d\.\d{3}', out))
    assert 1 <= last < first < 2
    assert [param.shape for param in params] == [(4, 5), (5, 4)]


def train_with(learning_rate, clipping_norm, batch_size=32, num_steps=35):
    """Train for no epoch, by position as old notebooks do."""
    utils.train_and_predict_rnn(
        linear, True, 0, num_steps, 5, learning_rate, clipping_norm,
        batch_size, 1, 7, [], linear_params, one_hot, CPU, [0] * 200,
        VOCABULARY, INDEX)


def test_the_settings_of_2017_are_answered_by_those_that_learn_as_then(
        capsys):
    train_with(learning_rate=0.1, clipping_norm=5)
    out = capsys.readouterr().out
    assert out.count('\n') == 1 and 'too small' in out
    assert out.endswith('learning_rate=112, clipping_norm=0.00446\n')


@pytest.mark.parametrize('settings', [(2, 0.5), (8, 0.25), (1, 5), (1, None),
                                      (0, 1), (112, 0.00446)])
def test_of_other_settings_nothing_is_said(capsys, settings):
    train_with(*settings)
    assert capsys.readouterr().out == ''


def test_the_answer_takes_the_steps_of_the_summed_loss():
    def step(lr, clipping_norm, factor):
        params = gradients([3 * factor, 4 * factor])
        utils.grad_clipping(params, clipping_norm, CPU)
        utils.SGD(params, lr)
        return params[0].asnumpy()

    for norm in (2, 20):  # clipped or not
        assert_allclose(step(0.1, norm, 1), step(112, norm / 1120, 1 / 1120),
                        rtol=1e-5)
