"""Files that are never seen half-written."""

import contextlib
import hashlib
import json
import os
import shutil

EMPTY = hashlib.sha256().hexdigest()  # what a failing power leaves of a file
UNREADABLE = 'a folder, for example'  # in the place of a digest


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


def digest(path):
    """Return a digest of a file; None if there is nothing of this name.

    What is there and cannot be read as a file has no other's digest.
    """
    if not os.path.lexists(path):
        return None
    try:
        return sha256(path) if path.is_file() else UNREADABLE
    except OSError:
        return UNREADABLE


def write_table(path, table):
    """Write a table as JSON; a file that holds it already stays as it is."""
    if path.exists() and read_table(path) == table:
        return
    text = json.dumps(table, indent=1, sort_keys=True) + '\n'
    with new_file(path) as new:
        with new.open('w', encoding='utf-8') as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())  # also when the power fails


def read_table(path):
    """Read a table; a missing or damaged one counts as empty."""
    if not path.is_file():  # a pipe, for example, would keep one waiting
        return {}
    try:
        table = json.loads(path.read_text(encoding='utf-8'))
    except (OSError, ValueError):
        return {}
    return table if isinstance(table, dict) else {}
