"""Where the pipeline keeps its files, and how it writes them whole."""

import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import stat
import tempfile
import time

from book.chapters.errors import BookError

BUILD = pathlib.Path('_build')
CACHE = BUILD / 'cache'
CLAIMS = BUILD / 'claims'
OUTPUTS = BUILD / 'outputs.json'
SECONDS = BUILD / 'seconds.json'
LOCK = BUILD / 'lock'
MATPLOTLIB = BUILD / 'matplotlib'  # which fonts there are
PAGES = BUILD / 'jupyter-book'
SITE = BUILD / 'html'
PDF = BUILD / 'pdf'
NOTEBOOKS = BUILD / 'notebooks'
EPUB = BUILD / 'epub'
ASSIGNMENTS = BUILD / 'assignments'
BUNDLE = BUILD / 'bundle'
SCRATCH, MINUTE = 'book-', 60
NAME = 'from-scratch-to-gluon'  # of printed books, e-books, archives


@contextlib.contextmanager
def new_file(path):
    """Yield a name for a file that takes the place of another, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f'{path.name}.{os.getpid()}.new')
    try:
        yield new
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)


def write(path, text):
    """Write a file so that it is never seen half-written."""
    with new_file(path) as new:
        new.write_text(text, encoding='utf-8')


def copy(source, target):
    """Copy a file so that it is never seen half-written."""
    with new_file(target) as new:
        shutil.copyfile(source, new)


def sha256(path):
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


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


def write_table(path, table):
    """Write a table as JSON; a file that holds it already stays as it is."""
    if not path.exists() or read_table(path) != table:
        write(path, json.dumps(table, indent=1, sort_keys=True) + '\n')


def read_table(path):
    """Read a table; a missing or damaged one counts as empty."""
    try:
        table = json.loads(path.read_text(encoding='utf-8'))
    except (OSError, ValueError):
        return {}
    return table if isinstance(table, dict) else {}


@contextlib.contextmanager
def scratch():
    """Yield a folder of this process alone, which goes away at the end.

    Its lock ends with the process: if that was killed, `sweep` removes it.
    """
    import filelock

    with tempfile.TemporaryDirectory(
        prefix=SCRATCH, ignore_cleanup_errors=True
    ) as name:
        folder = pathlib.Path(name)
        with filelock.FileLock(folder / 'lock'):
            yield folder


def sweep():
    """Remove the scratch folders of processes that were killed."""
    import filelock

    for folder in pathlib.Path(tempfile.gettempdir()).glob(f'{SCRATCH}*'):
        with contextlib.suppress(OSError):  # somebody else's, or in use
            if is_old_and_own(folder):
                with filelock.FileLock(folder / 'lock', timeout=0):
                    pass
                shutil.rmtree(folder)


def is_old_and_own(folder):
    """Tell whether a scratch folder is ours, and not just being made."""
    found = folder.lstat()
    own = getattr(os, 'getuid', lambda: found.st_uid)() == found.st_uid
    age = time.time() - (folder / 'lock').lstat().st_mtime
    return stat.S_ISDIR(found.st_mode) and own and age > MINUTE


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
        sweep()
        for folder in (SITE, NOTEBOOKS):
            put_back(root / folder)
        yield
    finally:
        lock.release()
