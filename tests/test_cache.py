"""Executed notebooks are kept whole or not at all."""

import pytest

from book.chapters.reader import read
from book.execution import cache, files

NOTEBOOK = read('```{.python .input}\n1 + 1\n```\n')


def test_what_is_stored_is_loaded(tmp_path):
    cache.store(tmp_path, 'k', NOTEBOOK)
    assert cache.load(tmp_path, 'k') == NOTEBOOK


def test_an_unknown_key_has_no_notebook(tmp_path):
    assert cache.load(tmp_path, 'k') is None


@pytest.mark.parametrize(
    'damage',
    [
        lambda text: text[:100],
        lambda text: '',
        lambda text: '{}',
        lambda text: text.replace('"cells"', '"shells"'),
    ],
    ids=['cut off', 'empty', 'an empty table', 'without cells'],
)
def test_a_damaged_notebook_counts_as_missing(tmp_path, damage):
    cache.store(tmp_path, 'k', NOTEBOOK)
    path = cache.path(tmp_path, 'k')
    path.write_text(damage(path.read_text()))
    assert cache.load(tmp_path, 'k') is None


def test_nothing_is_left_beside_a_written_file(tmp_path):
    files.write(tmp_path / 'a', 'text')
    assert [path.name for path in tmp_path.iterdir()] == ['a']


def test_a_failed_write_leaves_the_old_file(tmp_path):
    files.write(tmp_path / 'a', 'old')
    with pytest.raises(UnicodeEncodeError):
        files.write(tmp_path / 'a', 'new \ud800')
    assert [path.read_text() for path in tmp_path.iterdir()] == ['old']
