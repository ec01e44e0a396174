"""Shared by all tests: a tiny book, and a copy of the real one.

The workers of a run share the cores, unless a user says otherwise: two
kernels with a thread for every core each slow one another down many times.
Importing `utils` sets the same variable, so this comes before. The process
that starts the workers sets nothing, for they would inherit it.
"""

import os
import shutil

import pytest
from books import ROOT, book_when_free, write_tiny_book

from book import cores, files

WORKERS = os.environ.get('PYTEST_XDIST_WORKER_COUNT')
if WORKERS:
    os.environ.setdefault('OMP_NUM_THREADS', str(cores.threads(int(WORKERS))))


@pytest.fixture
def tiny_book(tmp_path):
    """Return the folder of a book that needs no MXNet."""
    return write_tiny_book(tmp_path)


@pytest.fixture(scope='session')
def real_book(tmp_path_factory):
    """Return a copy of the real book, its chapters executed."""
    status, _, messages = book_when_free(ROOT, 'execute')
    assert status == 0, messages
    root = tmp_path_factory.mktemp('real') / 'book'
    ignored = shutil.ignore_patterns('.*', '_build', '*.egg-info')
    shutil.copytree(ROOT, root, ignore=ignored)
    shutil.copytree(ROOT / files.CACHE, root / files.CACHE)
    return root
