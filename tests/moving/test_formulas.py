"""The figures compute by the formulas of their chapters."""

import functools

import numpy as np
import pytest
import yaml
from books import ROOT


@functools.cache
def printed(chapter):
    """Return what the cells of a chapter print, by their numbers."""
    path = ROOT / f'tests/references/{chapter}.yml'
    return yaml.safe_load(path.read_text('utf-8'))


@pytest.mark.parametrize('rate', [0.02, 0.09, 0.102])
def test_the_descent_ends_where_that_of_the_chapter_does(formula, rate):
    end = formula('learning-rate', 'descend', rate, [4, 1], 10)[-1]
    value = formula('learning-rate', 'valley', end, 10)
    line = f'learning rate {rate}: at the end f = {value:.3f}'
    assert line in printed('crash-course/autograd')[16]


@pytest.mark.parametrize('a', [5, 10, 20])
def test_the_descent_grows_beyond_the_border_and_not_before(formula, a):
    border = formula('learning-rate', 'border', a)
    for share, grows in (0.99, False), (1.01, True):
        path = formula('learning-rate', 'descend', border * share, [0, 1], a)
        steps = np.abs(path)[:, 1]
        assert (steps[-1] > steps[0]) == grows
        factors = formula('learning-rate', 'factors', border * share, a)
        assert np.allclose(path[1], [0, factors[1]])
