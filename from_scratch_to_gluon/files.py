"""Files that are never seen half-written."""

import contextlib
import hashlib
import json
import os
import shutil


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
