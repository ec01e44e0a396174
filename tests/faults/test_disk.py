"""A full disk, a limit on files or a read-only folder: told, nothing lost.

A small disk in memory and a read-only view of a folder are mounted, which
needs root; without it those tests are skipped.
"""

import gzip
import hashlib
import os
import subprocess
import sys

import pytest
from books import book, book_process, chapter, write_pair, write_tiny_book
from harm import thorough, tree

import utils_data
from book.chapters import toc
from book.chapters.errors import disk_problem
from book.execution import cache, files
from book.shipping import site

LOUD = "print('a' * 3_000_000)"
READ_ONLY = 'Read-only file system'
FULL = 'No space left on device'


@pytest.fixture
def mount():
    """Return a function that mounts; skip where that is not allowed."""
    mounted = []

    def mount(folder, *options):
        folder.mkdir(exist_ok=True)
        done = subprocess.run(['mount', *options, folder],
                              capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f'cannot mount here: {done.stderr.strip()}')
        if folder not in mounted:
            mounted.append(folder)
        return folder

    if os.geteuid() != 0:
        pytest.skip('only root can mount')
    yield mount
    for folder in reversed(mounted):
        subprocess.run(['umount', '--lazy', folder], check=True)


@pytest.fixture
def small_disk(mount, tmp_path):
    """Return a function: mount a disk of some size, or change its size."""
    folder = tmp_path / 'disk'

    def resize(size):
        again = ',remount' if folder.is_mount() else ''
        kind = ('-t', 'tmpfs', '-o', f'size={size}{again}', 'none')
        return mount(folder, *kind)

    return resize


@pytest.fixture
def read_only(mount):
    """Return a function that makes a folder read-only."""

    def protect(folder):
        mount(folder, '--bind', str(folder))
        return mount(folder, '-o', 'remount,ro,bind', str(folder))

    return protect


def loud_book(folder):
    """Write a book whose outputs are large."""
    write_tiny_book(folder)
    write_pair(folder, 'part/first', chapter('First', LOUD))
    return folder


@pytest.mark.slow
def test_outputs_that_the_disk_cannot_hold(small_disk):
    root = loud_book(small_disk('1m'))
    status, _, messages = book(root, 'execute')
    assert status == 1
    assert messages.splitlines()[-1] == (
        f'error: {FULL}; make room and run again')
    assert 'Traceback' not in messages
    assert not [*(root / files.CACHE).glob('*.new')]
    small_disk('9m')
    assert book(root, 'execute')[0] == 0
    assert len([*(root / files.CACHE).iterdir()]) == 2


@thorough
@pytest.mark.slow
def test_pages_that_the_disk_cannot_hold(small_disk):
    root = write_tiny_book(small_disk('3m'))
    files.write(root / files.SITE / 'index.html', 'old')
    status, _, messages = book_process(root, 'html')
    assert status == 1
    for language in toc.LANGUAGES:
        assert f'html/{language}.log: {FULL}' in messages
    assert 'make room and run again' in messages
    assert 'Traceback' not in messages
    assert tree(root / files.SITE) == {'index.html': b'old'}


def test_a_site_that_the_disk_cannot_hold(small_disk):
    root = small_disk('1m')
    folders = {x: root / 'built' / x for x in toc.LANGUAGES}
    for folder in folders.values():
        files.write(folder / 'index.html', 'a' * 200_000)
    site.publish(root, folders)
    before = tree(root / files.SITE)
    with pytest.raises(OSError) as caught:
        site.publish(root, folders)
    assert disk_problem(str(caught.value)).startswith(FULL)
    assert tree(root / files.SITE) == before
    assert [x.name for x in (root / files.BUILD).iterdir()] == ['html']


@pytest.fixture
def data_set(monkeypatch, tmp_path):
    """Add a data set whose download is simulated; return its content."""
    content = os.urandom(200_000)
    packed = gzip.compress(content)
    data = utils_data.DataSet(
        'noise', ('http://127.0.0.1/',),
        {'noise.gz': utils_data.Content(
            len(content), hashlib.sha256(content).hexdigest())})
    monkeypatch.setitem(utils_data.DATA_SETS, 'noise', data)
    monkeypatch.setenv('BOOK_STAND_IN', 'never')
    monkeypatch.setenv('HOME', str(tmp_path))
    monkeypatch.setattr(utils_data, 'pieces', lambda *_: [packed])
    return packed


def test_data_that_the_disk_cannot_hold(small_disk, data_set, monkeypatch):
    monkeypatch.setenv('BOOK_DATA', str(small_disk('100k')))
    with pytest.raises(utils_data.DataError, match=FULL) as caught:
        utils_data.find_data('noise')
    assert 'set BOOK_DATA to a folder of yours' in str(caught.value)
    folder = small_disk('1m') / 'noise'
    assert [x.name for x in folder.iterdir()] == ['.lock']
    found = utils_data.find_data('noise').files['noise.gz']
    assert found.read_bytes() == data_set


def test_data_for_a_read_only_folder(
    read_only, data_set, tmp_path, monkeypatch
):
    monkeypatch.setenv('BOOK_DATA', str(read_only(tmp_path / 'data')))
    with pytest.raises(utils_data.DataError, match=READ_ONLY) as caught:
        utils_data.find_data('noise')
    assert 'set BOOK_DATA to a folder of yours' in str(caught.value)


def test_a_read_only_book_is_told(read_only, tmp_path):
    root = tmp_path / 'book'
    root.mkdir()
    write_tiny_book(root)
    read_only(root)
    status, _, messages = book(root, 'execute')
    assert (status, messages) == (
        1,
        f"error: {READ_ONLY}: '{root / files.BUILD}'; work where you may "
        'write and run again\n')


@pytest.mark.slow
def test_only_the_built_files_are_written(read_only, mount, tmp_path):
    root = tmp_path / 'book'
    (root / files.BUILD).mkdir(parents=True)
    write_tiny_book(root)
    read_only(root)
    mount(root / files.BUILD, '-t', 'tmpfs', 'none')
    assert book(root, 'execute')[0] == 0


@pytest.mark.slow
def test_a_limit_on_the_size_of_files(tiny_book):
    root = loud_book(tiny_book)
    assert book(root, 'execute', '--chapter', 'second')[0] == 0
    command = f'ulimit -f 2000; exec {sys.executable} -m book execute'
    done = subprocess.run(['bash', '-c', command], cwd=root,
                          capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        'error: File too large; raise the limit on the size of files and '
        'run again')
    [kept] = (root / files.CACHE).iterdir()
    assert cache.load(root, kept.stem), 'the other chapter is kept'
    assert book(root, 'execute')[0] == 0
