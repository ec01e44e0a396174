"""Shared by the tests in a browser: the book's own site, and Chromium.

The tests see what readers see who have no network: a page may ask for
nothing outside the site, and its scripts may not fail.
"""

import functools
import http.server
import pathlib
import shutil
import subprocess
import sys
import threading

import filelock
import pytest

from book import files

ROOT = pathlib.Path(__file__).parent.parent.parent
SECONDS = 10
ARGUMENTS = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
]


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line on the screen for each."""

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope='session')
def site(tmp_path_factory):
    """Return the address of the book's site, which is built first."""
    folder = tmp_path_factory.mktemp('site') / 'html'
    with filelock.FileLock(ROOT / files.BUILD / 'browser-tests.lock'):
        build()
        shutil.copytree(ROOT / files.SITE, folder)
    handler = functools.partial(QuietHandler, directory=folder)
    with http.server.ThreadingHTTPServer(('localhost', 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f'http://localhost:{server.server_port}'
        server.shutdown()


def build():
    """Build the site of the book; other builds are waited for."""
    command = [sys.executable, '-m', 'book', 'html']
    while True:
        with filelock.FileLock(ROOT / files.LOCK, timeout=3600):
            pass
        run = subprocess.run(
            command, cwd=ROOT, text=True, capture_output=True
        )
        if 'another build' not in run.stderr:
            break
    assert run.returncode == 0, run.stderr


@pytest.fixture(scope='session')
def browser():
    """Return Chromium, the system's own."""
    playwright = pytest.importorskip(
        'playwright.sync_api', reason='needs requirements-browser.txt'
    )
    chromium = shutil.which('chromium')
    if not chromium:
        pytest.skip('needs Chromium on PATH')
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=chromium, args=ARGUMENTS
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    """Return an empty page that keeps an eye on what it is made to do.

    The test fails if it asked for anything outside the site, or if one of
    its scripts failed.
    """
    page, problems = browser.new_page(), []
    page.set_default_timeout(SECONDS * 1000)
    page.on('pageerror', lambda error: problems.append(f'script: {error}'))
    page.on('console', lambda line: problems.extend(problem_of(line)))
    page.on('request', lambda request: problems.extend(outside(request.url)))
    yield page
    page.close()
    assert not problems, '\n'.join(problems)


def problem_of(line):
    """Return what a line of the console says is wrong."""
    return [f'console: {line.text}'] if line.type == 'error' else []


def outside(url):
    """Return what is wrong with asking for an address."""
    inside = url.startswith(('http://localhost:', 'data:', 'blob:'))
    return [] if inside else [f'asks for {url}']
