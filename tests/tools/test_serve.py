"""`make serve` shows in a browser what is saved, and what is wrong."""

import signal
import socket
import time
import urllib.error
import urllib.request
from types import SimpleNamespace

import nbformat
import psutil
import pytest
from books import book, start_book, write_tiny_book
from nbformat.v4 import new_notebook

from book.execution import cache, files
from book.tools.serving.preview import Preview
from book.tools.serving.watching import Watcher

PAGES = [f'chapters/{x}/part/first.md' for x in ('en', 'zh')]
RUNNING = {'en': 'code is running', 'zh': '正在运行'}
PATIENCE = 120  # seconds; nothing here takes so long


def until(condition):
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize('name', [
    '.ipynb_checkpoints/first-checkpoint.md', '.first.md.swp', 'first.md~',
    '.#first.md', '#first.md#'])
def test_what_editors_leave_beside_a_page_makes_nothing_anew(tiny_book, name):
    watcher = Watcher(tiny_book)
    path = tiny_book / 'chapters/en/part' / name
    path.parent.mkdir(exist_ok=True)
    path.write_text('# Draft\n')
    assert not watcher.is_behind()
    (tiny_book / PAGES[0]).write_text('# Changed\n')
    assert watcher.is_behind()


def test_outputs_that_were_damaged_count_as_missing(tiny_book):
    preview = Preview(tiny_book)
    path = cache.path(tiny_book, 'key')
    assert not preview.has_outputs('key')
    files.write(path, '{"cells": [')
    assert not preview.has_outputs('key')
    files.write(path, nbformat.writes(new_notebook()))
    assert preview.has_outputs('key')
    path.unlink()
    assert not preview.has_outputs('key')


@pytest.fixture(scope='module')
def served(tmp_path_factory):
    """Return a book that is being served, and what one sees of it."""
    root = write_tiny_book(tmp_path_factory.mktemp('served'))
    with socket.create_server(('127.0.0.1', 0)) as free:
        port = free.getsockname()[1]
    process = start_book(root, 'serve', '--port', str(port))
    address = process.stdout.readline().strip()

    def page(path):
        try:
            with urllib.request.urlopen(address + path) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError:
            return ''

    def edit(old, new, paths=PAGES):
        for path in paths:
            text = (root / path).read_text('utf-8')
            (root / path).write_text(text.replace(old, new), 'utf-8')

    until(lambda: '42\n' in page('en/part/second.html'))
    until(lambda: '42\n' in page('zh/part/second.html'))
    yield SimpleNamespace(root=root, page=page, edit=edit, port=port,
                          process=process)
    process.kill()


@pytest.mark.slow
def test_prose_is_shown_and_no_other_page_is_written(served):
    site = served.root / files.PAGES / 'html/en/_build/html/part'
    before = (site / 'second.html').stat().st_mtime_ns
    version = served.page('-/version')
    served.edit('An opening', 'A new opening', PAGES[:1])
    until(lambda: 'A new opening' in served.page('en/part/first.html'))
    until(lambda: served.page('-/version') != version)
    assert (site / 'second.html').stat().st_mtime_ns == before


@pytest.mark.slow
def test_code_runs_and_the_pages_say_so_until_its_outputs_are_there(served):
    served.edit('1 + 1', '__import__("time").sleep(2) or 20 + 3')
    until(lambda: RUNNING['en'] in served.page('en/part/first.html'))
    until(lambda: RUNNING['zh'] in served.page('zh/part/first.html'))
    until(lambda: '23\n' in served.page('zh/part/first.html'))
    until(lambda: RUNNING['zh'] not in served.page('zh/part/first.html'))
    assert RUNNING['en'] not in served.page('en/part/second.html')


@pytest.mark.slow
@pytest.mark.parametrize('path, old, new, problem', [
    (PAGES, '20 + 3', '1 / 0', 'first.md:6: cell 1: ZeroDivisionError'),
    (PAGES[:1], 'A closing', '```{.python .input}\nA', 'is never closed'),
    (PAGES[1:], 'A closing', '[A](none.md)', 'part/first.md:'),
    (PAGES[1:], '20 + 3', '20 + 4', 'is not the same program'),
    (['_toc.yml'], 'part/second', 'part/third', 'no such file'),
], ids=['a cell', 'a fence', 'a link', 'the other language', 'the contents'])
def test_what_is_wrong_is_said_until_it_is_mended(served, path, old, new,
                                                  problem):
    served.edit(old, new, path)
    until(lambda: problem in served.page('en/part/second.html'))
    served.edit(new, old, path)
    until(lambda: 'admonition error' not in served.page('en/part/first.html'))


@pytest.mark.slow
def test_a_port_in_use_is_told_with_the_way_out(served, tiny_book):
    status, _, messages = book(tiny_book, 'serve', '--port', str(served.port))
    assert status == 1
    assert f'{served.port}: Address already in use; take' in messages


@pytest.mark.slow
def test_ctrl_c_ends_all_that_was_started(served):
    started = psutil.Process(served.process.pid).children(recursive=True)
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait() == 0
    assert psutil.wait_procs(started, PATIENCE)[1] == []


@pytest.mark.slow
def test_the_published_site_does_not_reload(served):
    assert book(served.root, 'html')[0] == 0
    for page in (served.root / files.SITE).rglob('*.html'):
        assert '/-/version' not in page.read_text('utf-8')
