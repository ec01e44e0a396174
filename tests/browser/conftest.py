"""Shared by the tests in a browser: the book's own site, and Chromium.

The tests see what readers see who have no network: a page may ask for
nothing outside the site, and its scripts may not fail.

A busy machine is slow. So a test waits for what it measures (`wait_for`,
`wait_for_url`, `wait_for_function`), however long it takes, and nothing on a
page moves gradually.
"""

import contextlib
import functools
import http.server
import pathlib
import shutil
import sys
import threading

import pytest
from books import ROOT, build_real_book, one_build_at_a_time

from book.execution import files

SECONDS = 60
MOTIONLESS = pathlib.Path(__file__).with_name('motionless.js')


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line on the screen for each."""

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    """Does not mind a browser that leaves in the middle of an answer."""

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@pytest.fixture(scope='session')
def folder(tmp_path_factory):
    """Return the folder of the book's site, which is built first."""
    folder = tmp_path_factory.mktemp('site') / 'html'
    with one_build_at_a_time():
        build_real_book('html')
        shutil.copytree(ROOT / files.SITE, folder)
    return folder


@pytest.fixture(scope='session')
def site(folder):
    """Return the address at which the book's site is served."""
    handler = functools.partial(QuietHandler, directory=folder)
    with Server(('localhost', 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f'http://localhost:{server.server_port}'
        server.shutdown()


@pytest.fixture
def options():
    """Return the settings of `page`, for tests to replace."""
    return {}


@pytest.fixture
def page(watch, options):
    """Return an empty page that keeps an eye on what it is made to do.

    The test fails if it asked for anything outside the site, or if one of
    its scripts failed.
    """
    with watch(**options) as (page, problems):
        yield page
    assert not problems, '\n'.join(problems)


@pytest.fixture(scope='session')
def watch(browser):
    """Return a function that opens a watched page."""
    return functools.partial(watched, browser)


@contextlib.contextmanager
def watched(browser, **options):
    """Yield an empty page and a growing list of what it does wrong."""
    page, problems = browser.new_page(**options), []
    page.set_default_timeout(SECONDS * 1000)
    page.add_init_script(path=MOTIONLESS)
    page.on('pageerror', lambda error: problems.append(f'script: {error}'))
    page.on('console', lambda line: problems.extend(problem_of(line)))
    page.on('request', lambda request: problems.extend(outside(request.url)))
    yield page, problems
    page.close()


def problem_of(line):
    """Return what a line of the console says is wrong."""
    return [f'console: {line.text}'] if line.type == 'error' else []


def outside(url):
    """Return what is wrong with asking for an address."""
    inside = url.startswith(('http://localhost:', 'data:', 'blob:'))
    return [] if inside else [f'asks for {url}']
