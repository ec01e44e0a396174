"""A clock that goes back deceives nobody: what changed is built anew."""

import itertools
import os
import time

import pytest
from books import book, chapter, write_pair

from book.execution import cache, files

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="9"/>'
FIGURE = '\n![A box](../../figures/box.svg)\n'


def write(root, word, width, code):
    """Write chapters and a figure, as if they were old."""
    figure = root / 'chapters/figures/box.svg'
    figure.parent.mkdir(exist_ok=True)
    figure.write_text(DRAWING.format(width))
    write_pair(root, 'part/first', chapter(f'A {word}', '1') + FIGURE)
    write_pair(root, 'part/second', chapter(word, code))
    yesterday = time.time() - 86400
    for path in (root / 'chapters').rglob('*.*'):
        os.utime(path, (yesterday, yesterday))


@pytest.mark.slow
def test_pages_and_figures_saved_after_the_clock_was_put_back_are_seen(
    tiny_book, monkeypatch
):
    write(tiny_book, 'Black', 5, 'print(2)')
    assert book(tiny_book, 'html')[0] == 0
    write(tiny_book, 'White', 7, 'print(3)')
    clock = itertools.count(time.time() - 86400, -1)
    monkeypatch.setattr(time, 'time', lambda: next(clock))
    monkeypatch.setattr(time, 'time_ns', lambda: int(next(clock) * 1e9))
    status, _, messages = book(tiny_book, 'html')
    monkeypatch.undo()
    assert status == 0, messages
    assert '1 executed, 1 cached, 0 failed' in messages
    for language in ('en', 'zh'):
        site = tiny_book / files.SITE / language
        page = (site / 'part/first.html').read_text(encoding='utf-8')
        assert 'A White' in page and 'A Black' not in page
        drawing = (site / '_images/box.svg').read_text()
        assert drawing == DRAWING.format(7)
    for path in (tiny_book / files.CACHE).iterdir():
        assert 0 <= cache.load(tiny_book, path.stem).metadata.book.seconds
