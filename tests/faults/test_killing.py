"""A run that is killed leaves only whole files, and the next one recovers."""

import gzip
import hashlib
import http.server
import itertools
import random
import signal
import threading
import time

import pytest
from books import (
    book,
    book_process,
    chapter,
    start_book,
    without_outputs,
    write_pair,
)
from harm import (
    ALL,
    duration,
    kill_after,
    kill_before_step,
    moments,
    some,
    survivors,
    tree,
    until,
)
from nbformat.v4 import new_output

import utils_data
from book.chapters import toc
from book.chapters.reader import code_cells, read
from book.execution import cache, files, schedule
from book.shipping import notebooks, site

KEY = 'a' * 64
MARK = 'BOOK_MARK'
SLOW_CHAPTER = 'import time\nfor i in range(8):\n    print(i)\n'
PIECES = 20


# Download


class Drip(http.server.BaseHTTPRequestHandler):
    """Serves files in small pieces."""

    def do_GET(self):
        body = self.server.bodies[self.path.strip('/')]
        self.send_response(200)
        self.send_header('Content-Length', len(body))
        self.end_headers()
        for start in range(0, len(body), len(body) // PIECES):
            self.wfile.write(body[start : start + len(body) // PIECES])
            time.sleep(0.005)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def dripping(monkeypatch, tmp_path):
    """Serve a data set `drops`; return its bodies and its folder."""
    contents = {name: random.Random(name).randbytes(2**20)
                for name in ('one.txt', 'two.txt', 'packed.gz')}
    known = {name: utils_data.Content(
        len(content), hashlib.sha256(content).hexdigest())
        for name, content in contents.items()}
    (tmp_path / 'data').mkdir()
    monkeypatch.setenv('BOOK_DATA', str(tmp_path / 'data'))
    monkeypatch.setenv('BOOK_STAND_IN', 'never')
    monkeypatch.setenv('HOME', str(tmp_path))
    monkeypatch.setenv('NO_PROXY', '*')
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Drip) as web:
        web.bodies = {**contents, 'packed.gz': gzip.compress(
            contents['packed.gz'])}
        web.handle_error = lambda *arguments: None  # the client was killed
        monkeypatch.setitem(utils_data.DATA_SETS, 'drops', utils_data.DataSet(
            'drops', (f'http://127.0.0.1:{web.server_port}/',), known))
        threading.Thread(target=web.serve_forever, args=(0.02,),
                         daemon=True).start()
        yield web.bodies, tmp_path / 'data/drops'
        web.shutdown()


def test_a_killed_download_leaves_no_false_file(dripping):
    bodies, folder = dripping
    whole = duration(lambda: utils_data.find_data('drops'))
    for moment in moments(some(4, 16), 'download'):
        for path in folder.iterdir():
            path.unlink()
        kill_after(moment * whole, lambda: utils_data.find_data('drops'))
        kept = {name: content for name, content in tree(folder).items()
                if name in bodies}
        assert kept == {name: bodies[name] for name in kept}
        found = utils_data.find_data('drops')
        assert found.identity == 'real'
        assert {n: p.read_bytes() for n, p in found.files.items()} == bodies
        assert {*tree(folder)} == {*bodies, '.lock'}


# Cache


def executed(word):
    """Return a notebook of some megabytes, as if it had been executed."""
    notebook = read('```{.python .input}\n1\n```\n')
    code_cells(notebook)[0].outputs = [
        new_output('stream', text=word * 10**6)]
    return notebook


@pytest.mark.parametrize('before', [None, 'old'])
def test_a_killed_write_to_the_cache_leaves_all_or_nothing(tmp_path, before):
    new = executed('new')
    whole = duration(lambda: cache.store(tmp_path, KEY, new))
    known = before and executed(before)
    for moment in moments(some(6, 20), 'cache'):
        cache.path(tmp_path, KEY).unlink(missing_ok=True)
        if known:
            cache.store(tmp_path, KEY, known)
        kill_after(moment * whole, lambda: cache.store(tmp_path, KEY, new))
        assert cache.load(tmp_path, KEY) in (known, new)
        with cache.claim(tmp_path, KEY):
            cache.store(tmp_path, KEY, new)
        assert cache.load(tmp_path, KEY) == new
        assert [*tree(tmp_path / files.CACHE)] == [f'{KEY}.ipynb']


# Execution


@pytest.fixture
def slow_book(tiny_book, monkeypatch):
    """Return a book whose kernels take their time; mark its processes."""
    monkeypatch.setenv(MARK, str(tiny_book))
    for slug in ('first', 'second'):
        code = f'{SLOW_CHAPTER}    time.sleep(0.1)\nprint({slug!r})'
        write_pair(tiny_book, f'part/{slug}', chapter(slug, code))
    return tiny_book


def texts(root):
    """Return what the chapters in the cache wrote; each is whole."""
    found = {}
    for path in (root / files.CACHE).glob('*.ipynb'):
        notebook = cache.load(root, path.stem)
        assert notebook is not None, path
        found[path.stem] = ''.join(
            x.text for cell in code_cells(notebook) for x in cell.outputs)
    return found


def kill_book(root, seconds, command):
    """Start the book, kill it after some seconds, and wait for its end."""
    process = start_book(root, command)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert until(lambda: not survivors(f'{MARK}={root}')), 'orphans run on'


@pytest.mark.slow
def test_a_killed_execution_is_done_again(slow_book):
    started = time.monotonic()
    assert book_process(slow_book, 'execute')[0] == 0
    whole = time.monotonic() - started
    expected = texts(slow_book)
    assert len(expected) == 2
    for moment in moments(some(1, 5), 'execution'):
        for path in (slow_book / files.CACHE).iterdir():
            path.unlink()
        kill_book(slow_book, moment * whole, 'execute')
        kept = texts(slow_book)
        assert kept.items() <= expected.items()
        schedule.execute(slow_book, schedule.prepare(toc.pages(slow_book)))
        assert texts(slow_book) == expected


# Rendering and publication


def rewrite(root, word):
    """Change what a book and its built pages say, in both languages."""
    text = chapter('First', 'print(1)') + f'\n{word}.\n'
    write_pair(root, 'part/first', text)
    for language in toc.LANGUAGES:
        for name in ('index.html', 'part/first.html'):
            files.write(root / 'built' / language / name, word)


@pytest.mark.slow
def test_a_killed_build_leaves_the_old_or_the_new_site(
    tiny_book, monkeypatch
):
    monkeypatch.setenv(MARK, str(tiny_book))
    sites = {}
    for word in ('old', 'new'):
        rewrite(tiny_book, word)
        started = time.monotonic()
        assert book_process(tiny_book, 'html')[0] == 0
        seconds = time.monotonic() - started
        sites[word] = tree(tiny_book / files.SITE)
    assert sites['old'] != sites['new']
    words = itertools.cycle(['old', 'new'])
    for moment, word in zip(moments(some(1, 3), 'render'), words):
        rewrite(tiny_book, word)
        kill_book(tiny_book, moment * seconds, 'html')
        assert tree(tiny_book / files.SITE) in sites.values()
        assert book(tiny_book, 'html')[0] == 0
        assert tree(tiny_book / files.SITE) == sites[word]


def publish_site(root):
    site.publish(root, {x: root / 'built' / x for x in toc.LANGUAGES})


def publish_notebooks(root):
    notebooks.write(root, toc.pages(root))


@pytest.mark.parametrize('task, folder, least', [
    (publish_site, files.SITE, 20),
    (publish_notebooks, files.NOTEBOOKS, 40),
], ids=['the site', 'the notebooks'])
def test_a_killed_publication_leaves_the_old_folder_or_the_new(
    tiny_book, task, folder, least
):
    expected = {}
    for word in ('old', 'new', 'old'):
        rewrite(tiny_book, word)
        task(without_outputs(tiny_book))
        expected[word] = tree(tiny_book / folder)
    rewrite(tiny_book, 'new')
    step = 1
    while kill_before_step(step, lambda: task(tiny_book)):
        with files.only_one(tiny_book):
            assert tree(tiny_book / folder) in expected.values(), step
        step += 1 if ALL else 5
    assert step > least, 'it was hardly ever killed'
    assert tree(tiny_book / folder) == expected['new']
    left = {x.name for x in (tiny_book / files.BUILD).iterdir()}
    assert left == {folder.name, files.LOCK.name, files.OUTPUTS.name}
