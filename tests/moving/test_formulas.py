"""The figures compute by the formulas of their chapters."""

import functools
import gzip
import pathlib
import re

import numpy as np
import pytest
import yaml
from books import ROOT

import utils_data

PART = 'supervised-learning/'
RNG = np.random.default_rng(0)


@functools.cache
def printed(chapter, cell):
    """Return what a cell of a chapter prints."""
    path = ROOT / f'tests/references/{chapter}.yml'
    return yaml.safe_load(path.read_text('utf-8'))[cell]


@pytest.mark.parametrize('rate', [0.02, 0.09, 0.102])
def test_the_descent_ends_where_that_of_the_chapter_does(formula, rate):
    end = formula('learning-rate', 'descend', rate, [4, 1], 10)[-1]
    value = formula('learning-rate', 'valley', end, 10)
    line = f'learning rate {rate}: at the end f = {value:.3f}'
    assert line in printed('crash-course/autograd', 16)


@pytest.mark.parametrize('a', [5, 10, 20])
def test_the_descent_grows_beyond_the_border_and_not_before(formula, a):
    border = formula('learning-rate', 'border', a)
    for share, grows in (0.99, False), (1.01, True):
        path = formula('learning-rate', 'descend', border * share, [0, 1], a)
        steps = np.abs(path)[:, 1]
        assert (steps[-1] > steps[0]) == grows
        factors = formula('learning-rate', 'factors', border * share, a)
        assert np.allclose(path[1], [0, factors[1]])


@pytest.mark.parametrize('shape, labels', [
    ('Row', (10,)), ('Column', (10, 1))])
def test_labels_are_broadcast_as_numpy_does(formula, shape, labels):
    y_hat, y = RNG.normal(size=10), RNG.normal(size=10)
    wanted = y_hat.reshape(10, 1) - y.reshape(labels)
    found = formula('broadcasting', 'difference', y_hat.tolist(),
                    y.tolist(), shape)
    assert np.allclose(found, wanted) and np.shape(found) == wanted.shape
    assert np.isclose(formula('broadcasting', 'meanSquare', found),
                      (wanted ** 2).mean())


def test_the_batch_is_that_of_the_chapter(formula):
    numbers = re.findall(r'-?\d+\.\d+', printed(
        f'{PART}linear-regression-scratch', 5))
    X, y = np.split(np.array(numbers, float), [20])
    wanted = X.reshape(10, 2) @ [2, -3.4] + 4.2
    assert np.allclose(formula('broadcasting', 'predict', 1), wanted,
                       atol=1e-5)
    assert np.isclose(formula('broadcasting', 'loss', 1, 'Column'),
                      ((wanted - y) ** 2).mean(), rtol=0.01)
    assert np.isclose(formula('broadcasting', 'loss', 1, 'Row'),
                      ((wanted.reshape(10, 1) - y) ** 2).mean())


@pytest.mark.parametrize('scores', [
    [1, 2, 3], [11, 12, 13], [3, 6, 9], [1, 2, 100], [-120, -110, -119]])
def test_softmax_is_that_of_float32(formula, scores):
    row = np.array(scores, 'float32')
    with np.errstate(all='ignore'):
        exp = np.exp(row)
        plain = exp / exp.sum()
        shifted = row - row.max()
        stable = shifted - np.log(np.exp(shifted).sum())
    found = np.array(formula('softmax', 'softmax', scores), float)
    assert np.allclose(found, plain, rtol=1e-5, equal_nan=True)
    found = np.array(formula('softmax', 'logSoftmax', scores), float)
    assert np.allclose(found, stable, rtol=1e-5)


def test_the_losses_are_those_of_the_chapter(formula):
    losses = [formula('softmax', 'crossEntropy', probs, y)
              for probs, y in (([0.1, 0.3, 0.6], 0), ([0.3, 0.2, 0.5], 2))]
    found = re.findall(r'\d\.\d+', printed(
        f'{PART}softmax-regression-scratch', 8))
    assert np.allclose(losses, np.array(found, float))


@pytest.mark.parametrize('hats', [3, 10, 30])
def test_evenly_spread_units_are_the_hats_of_the_chapter(formula, hats):
    units = formula('hats', 'evenly', hats + 1)
    error = formula('hats', 'largestError', units['bends'], units['changes'])
    line = f'{hats} hats: largest error {error:.3f}'
    assert line in printed(f'{PART}mlp-scratch', 4)


def test_units_are_added_up_as_in_a_hidden_layer(formula):
    bends, changes = RNG.uniform(0, 6, 5), RNG.normal(size=5)
    wanted = np.maximum(2.5 - bends, 0) @ changes
    assert np.isclose(formula('hats', 'network', 2.5, bends.tolist(),
                              changes.tolist()), wanted)


@pytest.mark.parametrize('degree', [0, 1, 3, 9, 15])
def test_a_polynomial_is_fitted_as_numpy_does(formula, degree):
    points = np.array(formula('capacity', 'draw', degree, 20, 0.3))
    x, y = points.T
    features = np.polynomial.legendre.legvander(x, degree)
    assert np.allclose([formula('capacity', 'features', v, degree)
                        for v in x], features)
    wanted = np.linalg.lstsq(features, y, rcond=None)[0]
    found = formula('capacity', 'solve', points.tolist(), degree)
    assert np.allclose(features @ found, features @ wanted, atol=1e-6)
    assert np.isclose(
        formula('capacity', 'squaredError', points.tolist(), found),
        ((features @ found - y) ** 2).mean())


def test_points_are_noisy_sines_on_an_interval(formula):
    x, y = np.array(formula('capacity', 'draw', 7, 2000, 0.3)).T
    noise = y - np.sin(3 * x)
    assert -1 <= x.min() < -0.99 < 0.99 < x.max() <= 1
    assert abs(noise.mean()) < 0.03 and abs(noise.std() - 0.3) < 0.03


@pytest.mark.parametrize('rate', [0, 0.2, 0.5, 0.9])
@pytest.mark.parametrize('divide', [True, False])
def test_dropout_is_that_of_the_chapter(formula, rate, divide):
    h, random = RNG.normal(size=(2, 50)) ** 2
    random = random % 1
    wanted = (random < 1 - rate) * h / ((1 - rate) if divide else 1)
    found = formula('dropout', 'dropout', h.tolist(), random.tolist(), rate,
                    divide)
    assert np.allclose(found, wanted)


@pytest.mark.parametrize('divide, share', [(True, 1), (False, 0.5)])
def test_the_mean_settles_on_the_full_value_only_when_divided(
        formula, divide, share):
    means = formula('dropout', 'means', {
        'seed': 1, 'masks': 2000, 'rate': 0.5, 'divide': divide})
    full = formula('dropout', 'sum')
    assert abs(means[-1][1] - share * full) < 0.1


@pytest.mark.parametrize('stride', [1, 2, 3])
@pytest.mark.parametrize('padding', [0, 1, 2])
def test_a_window_computes_what_numpy_does(formula, stride, padding):
    image, kernel = RNG.normal(size=(28, 28)), RNG.normal(size=9)
    windows = np.lib.stride_tricks.sliding_window_view(
        np.pad(image, padding), (3, 3))[::stride, ::stride]
    wanted = (windows * kernel.reshape(3, 3)).sum(axis=(2, 3))
    found = formula('convolution', 'convolve', image.tolist(),
                    kernel.tolist(), stride, padding)
    assert np.shape(found) == wanted.shape and np.allclose(found, wanted)


def test_the_picture_is_the_third_of_the_test_set(formula):
    data_set = utils_data.DATA_SETS['fashion-mnist']
    folders = [pathlib.Path(x)
               for x in utils_data.data_set_folders(data_set, None)
               if not utils_data.missing_files(data_set, x)]
    if not folders:
        pytest.skip('needs Fashion-MNIST; see `make data`')
    (path,) = folders[0].glob('t10k-images*.gz')
    pixels = np.frombuffer(gzip.decompress(path.read_bytes()), 'uint8', 784,
                           16 + 2 * 784)
    image = np.array(formula('convolution', 'image'))
    assert (np.round(image * 255) == pixels.reshape(28, 28)).all()


@pytest.mark.parametrize('bias', [0, 1, 4])
def test_a_gate_keeps_the_shares_that_the_chapter_prints(formula, bias):
    shares = ', '.join(f'{formula("gates", "kept", bias, k):.0e}'
                       for k in (20, 50, 100))
    kept = formula('gates', 'kept', bias, 1)
    line = (f'bias {bias}: kept in one step {kept:.2f}, in 20, 50 and 100 '
            f'{shares}')
    assert line in printed('recurrent-neural-networks/lstm', 7)


def test_the_memory_is_that_of_the_formula(formula):
    C, forget = 1, 1 / (1 + np.exp(-1))
    for old, written in formula('gates', 'memory', 1, 0.25, 35):
        assert np.isclose(old + written, C)
        C = forget * C + 0.25 * 1
