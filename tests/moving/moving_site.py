"""A small site with every figure that moves, cut from the book's pages."""

import contextlib
import functools
import http.server
import re
import shutil
import threading

from books import ROOT, book, write_page, write_tiny_book
from draw_moving import NAMES

from book.chapters import toc
from book.execution import files

BLOCK = r':::\{{figure-md\}} fig-moving-{}\n.*?\n:::\n'
TOC = """\
format: jb-book
root: index
chapters:
"""


def block(language, name):
    """Return a figure as it stands on its page."""
    (found,) = [
        x for page in toc.pages(ROOT) for x in re.findall(
            BLOCK.format(name), page.text(language), re.DOTALL)]
    return found


def build(root):
    """Build a site in a folder: a page for each figure, and one without."""
    write_tiny_book(root)
    for path in root.glob('chapters/*/part/*'):
        path.unlink()
    shutil.copytree(ROOT / 'chapters/figures', root / 'chapters/figures')
    pages = ('none', *NAMES)
    (root / '_toc.yml').write_text(
        TOC + ''.join(f'  - file: part/{x}\n' for x in pages))
    for language in toc.LANGUAGES:
        write_page(root, language, 'part/none', '# None\n\nNothing.\n')
        for name in NAMES:
            text = f'# {name}\n\n{block(language, name)}'
            write_page(root, language, f'part/{name}', text)
    status, _, messages = book(root, 'html')
    assert status == 0, messages
    return root / files.SITE


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line on the screen for each."""

    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def served(folder):
    """Serve a folder; yield its address."""
    handler = functools.partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(('localhost', 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f'http://localhost:{server.server_port}'
        server.shutdown()
