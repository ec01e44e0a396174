"""The server of the preview: files, with what pages must say now."""

import functools
import html
import http.server
import pathlib
import posixpath
import threading
import uuid

from book.chapters.errors import BookError
from book.chapters.languages import words

HOST = '127.0.0.1'  # nobody but this computer
VERSION = '/-/version'
SCRIPT = """<script>
setInterval(async () => {
  const answer = await fetch('%s').catch(() => null);
  if (answer?.ok && await answer.text() !== '%s') location.reload();
}, 300);
</script>
"""
NOTICE = (
    '<div class="admonition {kind}" role="status" style="position:sticky;'
    'top:0;z-index:9;background:var(--pst-color-surface,#fff)">'
    '<p class="admonition-title">{words}</p>{lines}</div>\n'
)
EMPTY = '<!DOCTYPE html><title>404</title><body>404</body>'
SESSION = uuid.uuid4().hex  # pages of an earlier server are old


class Handler(http.server.SimpleHTTPRequestHandler):
    """Answers a browser.

    folders: the first part of an address -> the folder that it stands for,
    '' for all others.
    """

    def __init__(self, preview, folders, *arguments):
        self.preview, self.folders = preview, folders
        super().__init__(*arguments)

    def do_GET(self):
        if self.path == VERSION:
            return self.answer(self.version())
        path = pathlib.Path(self.translate_path(self.path))
        if path.is_dir() and self.path.endswith('/'):
            path /= 'index.html'
        if path.suffix != '.html':
            return super().do_GET()
        found = path.is_file()
        text = path.read_text('utf-8', 'replace') if found else EMPTY
        status = 200 if found else 404
        self.answer(self.completed(text), status, 'text/html')

    def translate_path(self, path):
        """Return the file that an address stands for."""
        first, _, rest = path.lstrip('/').partition('/')
        if first not in self.folders:
            first, rest = '', path
        self.directory = str(self.folders[first])
        return super().translate_path(f'/{rest}')

    def answer(self, text, status=200, kind='text/plain'):
        self.send_response(status)
        self.send_header('Content-Type', f'{kind}; charset=utf-8')
        self.send_header('Cache-Control', 'no-store')
        self.end_headers()
        self.wfile.write(text.encode())

    def version(self):
        return f'{SESSION}-{self.preview.version}'

    def completed(self, text):
        """Return a page with its notices and the script that reloads it."""
        place = '<article' if '<article' in text else '</body>'
        text = text.replace(place, self.notices() + place, 1)
        before, end, after = text.rpartition('</body>')
        return before + SCRIPT % (VERSION, self.version()) + end + after

    def notices(self):
        """Return what the page must say now."""
        language, _, name = self.path.lstrip('/').partition('/')
        own = words(language if language in self.folders else 'en')
        page = posixpath.splitext(name.partition('?')[0])[0]
        found = ''
        if page in {x.name for x in self.preview.running}:
            found += notice('note', own['preview']['running'])
        if self.preview.problems:
            lines = self.preview.problems
            found += notice('error', own['preview']['wrong'], lines)
        return found

    def log_message(self, *arguments):
        """Say nothing: the terminal is for the book."""


def notice(kind, text, lines=()):
    """Return the block that says something on a page."""
    shown = ''.join(f'<p><code>{html.escape(x)}</code></p>' for x in lines)
    return NOTICE.format(kind=kind, words=html.escape(text), lines=shown)


def start(preview, folders, port):
    """Serve until this process ends; return the address."""
    handler = functools.partial(Handler, preview, folders)
    try:
        server = http.server.ThreadingHTTPServer((HOST, port), handler)
    except OSError as error:
        raise BookError(
            f'port {port}: {error.strerror}; take another one: '
            f'`make serve PORT={port % 65535 + 1}`'
        ) from error
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f'http://{HOST}:{server.server_port}/'
