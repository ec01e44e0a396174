"""Executed notebooks are kept whole or not at all."""

import pytest

from book.chapters.reader import read
from book.execution import cache

NOTEBOOK = read('```{.python .input}\n1 + 1\n```\n')


def test_what_is_stored_is_loaded_and_nothing_else(tmp_path):
    cache.store(tmp_path, 'k', NOTEBOOK)
    assert cache.load(tmp_path, 'k') == NOTEBOOK
    assert cache.load(tmp_path, 'another') is None


@pytest.mark.parametrize('damage', [
    lambda text: text[:100],
    lambda text: '',
    lambda text: '{}',
    lambda text: text.replace('"cells"', '"shells"'),
], ids=['cut off', 'empty', 'an empty table', 'without cells'])
def test_a_damaged_notebook_counts_as_missing(tmp_path, damage):
    cache.store(tmp_path, 'k', NOTEBOOK)
    path = cache.path(tmp_path, 'k')
    path.write_text(damage(path.read_text()))
    assert cache.load(tmp_path, 'k') is None
