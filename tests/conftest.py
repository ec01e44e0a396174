"""Shared by all tests: a tiny book, and a copy of the real one.

The workers of a run share the cores, unless a user says otherwise: two
kernels with a thread for every core each slow one another down many times.
Importing `utils` sets the same variable, so this comes before. The process
that starts the workers sets nothing, for they would inherit it.
"""

import functools
import os
import shutil

import pytest
import setuptools  # noqa: F401 - nbgrader's wants to come before distutils
from books import ROOT, build_real_book, one_build_at_a_time, write_tiny_book

from book.chapters.toc import LANGUAGES
from book.execution import environment, kernel
from book.tools.setup.front import SEEN

os.environ[SEEN] = 'yes'  # tests change no environment that has packages
SECONDS = 60  # that the browser may take to start
ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic',
             '--no-first-run', '--disable-background-networking',
             '--disable-component-update', '--disable-sync',
             # The names of a class are on this machine
             '--host-resolver-rules=MAP *.class.test 127.0.0.1,'
             'MAP class.test 127.0.0.1']
WORKERS = os.environ.get('PYTEST_XDIST_WORKER_COUNT')
if WORKERS:
    threads = kernel.threads(int(WORKERS))
    os.environ.setdefault('OMP_NUM_THREADS', str(threads))


def pytest_collection_modifyitems(items):
    """Run the chapters first: others build the book from their outputs."""
    items.sort(key=lambda item: ROOT / 'chapters' not in item.path.parents)


def pytest_runtest_setup(item):
    """Skip what needs a GPU where there is none; fail if it was asked for."""
    if item.get_closest_marker('gpu') and not gpu_works():
        reason = 'needs a GPU that the engine can use; see `make doctor`'
        if item.config.option.markexpr == 'gpu':
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


@functools.cache
def gpu_works():
    return environment.ask_utils(ROOT, [])['device'].startswith('gpu')


@pytest.fixture(params=LANGUAGES)
def language(request):
    """Run a test for each language."""
    return request.param


@pytest.fixture(scope='session')
def browser():
    """Return Chromium, the system's own: one for all tests of a process."""
    playwright = pytest.importorskip('playwright.sync_api',
                                     reason='needs requirements-browser.txt')
    chromium = shutil.which('chromium')
    if not chromium:
        pytest.skip('needs Chromium on PATH')
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=chromium, args=ARGUMENTS, timeout=SECONDS * 1000)
        yield browser
        browser.close()


@pytest.fixture
def tiny_book(tmp_path):
    """Return the folder of a book that needs no MXNet."""
    return write_tiny_book(tmp_path)


@pytest.fixture(scope='session')
def real_book(tmp_path_factory):
    """Return a function that builds forms of the real book.

    What was built before is used. It returns the folder of a copy, which no
    other build changes, and the messages.
    """

    def build(*forms):
        root = tmp_path_factory.mktemp('real') / 'book'
        with one_build_at_a_time():
            messages = [build_real_book(form) for form in forms]
            ignored = shutil.ignore_patterns('.*', '*.lock', '*.egg-info')
            shutil.copytree(ROOT, root, ignore=ignored)
        return root, ''.join(messages)

    return build
