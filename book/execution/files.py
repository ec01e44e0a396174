"""Where the pipeline keeps its files, and how it writes them whole."""

import contextlib
import pathlib
import shutil

from book.chapters.errors import BookError
from from_scratch_to_gluon.files import (  # noqa: F401 - all in one place
    copy,
    new_file,
    read_table,
    sha256,
    write,
    write_table,
)

BUILD = pathlib.Path('_build')
CACHE = BUILD / 'cache'
CLAIMS = BUILD / 'claims'
OUTPUTS = BUILD / 'outputs.json'
SECONDS = BUILD / 'seconds.json'
LOCK = BUILD / 'lock'
PAGES = BUILD / 'jupyter-book'
SITE = BUILD / 'html'
PDF = BUILD / 'pdf'
NOTEBOOKS = BUILD / 'notebooks'
EPUB = BUILD / 'epub'
WHEEL = BUILD / 'wheel'
ASSIGNMENTS = BUILD / 'assignments'
BUNDLE = BUILD / 'bundle'
NAME = 'from-scratch-to-gluon'  # of printed books, e-books, archives


@contextlib.contextmanager
def new_folder(folder):
    """Yield an empty folder that takes the place of another at the end.

    When anything goes wrong the other one stays as it was.
    """
    new = folder.with_name(f'{folder.name}.new')
    shutil.rmtree(new, ignore_errors=True)
    try:
        new.mkdir(parents=True)
        yield new
        replace_folder(folder, new)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def replace_folder(folder, new):
    """Put a new folder in the place of another, as a whole."""
    old = set_aside(folder)
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def put_back(folder):
    """Undo a replacement that was killed when it had done half."""
    if set_aside(folder).exists() and not folder.exists():
        set_aside(folder).rename(folder)


def set_aside(folder):
    """Return where a folder is while another takes its place."""
    return folder.with_name(f'{folder.name}.old')


class Busy(BookError):
    """Another build is working in `_build`."""


@contextlib.contextmanager
def only_one(root):
    """Let one build at a time work in `_build`.

    The lock ends with the process that holds it, however that ends.
    """
    import filelock  # here, for the doctor starts without packages

    (root / BUILD).mkdir(exist_ok=True)
    lock = filelock.FileLock(root / LOCK)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise Busy(
            f'{LOCK}: another build of this book is running; '
            'wait for its end, or stop it, and try again'
        ) from error
    try:
        for folder in (SITE, NOTEBOOKS):
            put_back(root / folder)
        yield
    finally:
        lock.release()
