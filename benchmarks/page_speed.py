"""Measure how heavy and how fast the pages of the site are.

Serves `_build/html` compressed with gzip, as static hosts do. Prints what
a browser loads for every chapter, then what Lighthouse says of three
chapters of each edition on a slow phone: the first, the middle one, and
the heaviest of the others. Other programs on the machine make pages look
slow, so a page has three attempts. The exit status is 1 if a page or the
site is too heavy, or a page too slow or not accessible enough:

    python benchmarks/page_speed.py

Needs the site, requirements-browser.txt, Chromium and Node.js.
"""

import contextlib
import functools
import gzip
import http.server
import importlib.util
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass

from book.chapters import toc
from book.chapters.errors import BookError
from book.execution import files

LIGHTHOUSE = 'lighthouse@12.8.2'
CATEGORIES = 'performance', 'accessibility', 'best-practices', 'seo'
CHROMIUM = (
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
)
NEEDED_SCORES = {'performance': 95, 'accessibility': 95}
PAGE_LIMIT, SITE_LIMIT = 1_000_000, 10_000_000  # bytes
PICTURES = '_images'
ATTEMPTS = 3
COMPLETE = """
    !document.querySelector('.math:not(:has(mjx-container))')
    && document.fonts.status === 'loaded'
"""  # all formulas are set, and their fonts are here
COMPRESSED = '.css', '.html', '.js', '.svg', '.txt', '.xml'


@dataclass(frozen=True)
class Weight:
    """The bytes of a page and all that it loads."""

    page: str
    requests: int
    transferred: int
    decoded: int


@dataclass(frozen=True)
class Report:
    """What Lighthouse says of a page."""

    page: str
    scores: dict
    transferred: int
    seconds: float

    @property
    def good(self):
        return all(
            self.scores[name] >= score
            for name, score in NEEDED_SCORES.items()
        )


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files, compressed with gzip where that helps."""

    protocol_version = 'HTTP/1.1'

    def send_head(self):
        path = pathlib.Path(self.translate_path(self.path))
        if path.suffix not in COMPRESSED or not path.is_file():
            return super().send_head()
        data = compressed(path)
        self.send_response(200)
        self.send_header('Content-Type', self.guess_type(path))
        self.send_header('Content-Encoding', 'gzip')
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        return io.BytesIO(data)

    def log_message(self, *arguments):
        pass


@functools.cache
def compressed(path):
    """Return a file in gzip's format."""
    return gzip.compress(path.read_bytes())


@contextlib.contextmanager
def served(folder):
    """Serve a folder; yield its address."""
    handler = functools.partial(Handler, directory=folder)
    with http.server.ThreadingHTTPServer(('localhost', 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f'http://localhost:{server.server_port}'
        server.shutdown()


def need(root):
    """Return the path of Chromium; say what is missing, if anything."""
    chromium = shutil.which('chromium')
    needs = {
        'the site; run `make html`': (root / files.SITE).is_dir(),
        'Playwright; run `pip install -r requirements-browser.txt`': (
            importlib.util.find_spec('playwright')
        ),
        'the browser `chromium` on PATH': chromium,
        '`npx` of Node.js 18 or later on PATH': shutil.which('npx'),
    }
    missing = [thing for thing, found in needs.items() if not found]
    if missing:
        raise BookError(f'missing: {", and ".join(missing)}')
    return chromium


def weigh(address, names, chromium):
    """Return what a browser loads for each of the pages."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=chromium, args=CHROMIUM
        )
        return [weight(browser, address, name) for name in names]


def weight(browser, address, name):
    """Load a page as a first visitor does; return its weight."""
    page = browser.new_context().new_page()
    answers = []
    page.on('response', lambda answer: answers.append(answer))
    page.goto(f'{address}/{name}', wait_until='networkidle')
    page.wait_for_function(COMPLETE)
    sizes = [answer.request.sizes() for answer in answers]
    return Weight(
        name,
        len(answers),
        sum(x['responseHeadersSize'] + x['responseBodySize'] for x in sizes),
        sum(len(answer.body()) for answer in answers),
    )


def choose(weights):
    """Return the first, the middle and the heaviest other page's name."""
    names = [x.page for x in weights]
    chosen = [names[0], names[len(names) // 2]]
    others = [x for x in weights if x.page not in chosen]
    heaviest = sorted(others, key=lambda x: x.transferred)[-1:]
    return list(dict.fromkeys([*chosen, *(x.page for x in heaviest)]))


def best_report(address, name, chromium):
    """Return the first good report of some attempts, or the fastest."""
    reports = []
    for _ in range(ATTEMPTS):
        reports.append(examine(address, name, chromium))
        if reports[-1].good:
            break
    return max(reports, key=lambda x: (x.good, x.scores['performance']))


def examine(address, name, chromium):
    """Return Lighthouse's report on a page."""
    run = subprocess.run(
        [
            *('npx', '--yes', LIGHTHOUSE, f'{address}/{name}'),
            *('--quiet', '--output=json'),
            f'--only-categories={",".join(CATEGORIES)}',
            f'--chrome-flags={" ".join(("--headless", *CHROMIUM))}',
        ],
        env=os.environ | {'CHROME_PATH': chromium},
        text=True,
        capture_output=True,
    )
    if run.returncode:
        last = run.stderr.strip().splitlines()[-1:]
        raise BookError(f'{name}: {LIGHTHOUSE} failed: {"".join(last)}')
    return report(name, json.loads(run.stdout))


def report(name, found):
    """Return the report in Lighthouse's JSON."""
    audits, scores = found['audits'], found['categories']
    return Report(
        name,
        {x: round(100 * scores[x]['score']) for x in CATEGORIES},
        audits['total-byte-weight']['numericValue'],
        audits['largest-contentful-paint']['numericValue'] / 1000,
    )


def site_size(site):
    """Return the bytes of all files but the pictures in the chapters."""
    return sum(
        path.stat().st_size
        for path in site.rglob('*')
        if path.is_file() and PICTURES not in path.parts
    )


def print_weights(weights, size):
    """Print what the pages weigh as a table."""
    print(f'{"page":56} {"requests":>8} {"KiB gzip":>9} {"KiB":>7}')
    for x in weights:
        print(
            f'{x.page:56} {x.requests:8} {x.transferred / 1024:9.1f} '
            f'{x.decoded / 1024:7.1f}'
        )
    print(f'the site without pictures: {size / 1e6:.1f} MB')


def print_reports(reports):
    """Print what Lighthouse says as a table."""
    print(
        f'{"page":56} {"perf.":>5} {"acc.":>5} {"best":>5} {"SEO":>5} '
        f'{"KiB gzip":>9} {"LCP, s":>7}'
    )
    for x in reports:
        scores = ' '.join(f'{x.scores[name]:5}' for name in CATEGORIES)
        print(
            f'{x.page:56} {scores} {x.transferred / 1024:9.1f} '
            f'{x.seconds:7.1f}'
        )


def measure(root):
    """Print both tables; tell whether all is as light and fast as needed."""
    chromium = need(root)
    site = root / files.SITE
    chapters = [x.name for x in toc.pages(root) if x.is_chapter]
    with served(site) as address:
        editions = [
            weigh(address, [f'{x}/{y}.html' for y in chapters], chromium)
            for x in toc.LANGUAGES
        ]
        weights, size = sum(editions, []), site_size(site)
        print_weights(weights, size)
        chosen = [name for edition in editions for name in choose(edition)]
        reports = [best_report(address, x, chromium) for x in chosen]
        print_reports(reports)
    return (
        size <= SITE_LIMIT
        and all(x.transferred <= PAGE_LIMIT for x in weights)
        and all(x.good for x in reports)
    )


def main():
    """Measure; return the exit status."""
    try:
        return 0 if measure(pathlib.Path.cwd()) else 1
    except BookError as error:
        print(f'error: {error}', file=sys.stderr)
        return 1


if __name__ == '__main__':
    sys.exit(main())
