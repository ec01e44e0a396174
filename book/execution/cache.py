"""Key -> executed notebook on disk."""

import filelock
import nbformat

from book.execution import files


def path(root, key):
    """Return where the notebook with a key is kept."""
    return root / files.CACHE / f'{key}.ipynb'


def load(root, key):
    """Return the notebook with a key; None if there is none, or damaged."""
    try:
        notebook = nbformat.read(path(root, key), as_version=4)
        nbformat.validate(notebook)
    except (OSError, ValueError, nbformat.ValidationError):
        return None
    return notebook


def store(root, key, notebook):
    """Keep an executed notebook; who stores it has claimed it."""
    target = path(root, key)
    for half in target.parent.glob(f'{target.name}.*.new'):
        half.unlink(missing_ok=True)  # left by a process that was killed
    files.write(target, nbformat.writes(notebook) + '\n')


def claim(root, key, cancelled=lambda: False):
    """Wait until no other process executes the notebook with a key.

    Return a context that keeps the others waiting. The claim ends with the
    process, however that ends; cancelled: tells when to give up waiting.
    """
    lock = root / files.CLAIMS / f'{key}.lock'
    lock.parent.mkdir(parents=True, exist_ok=True)
    return filelock.FileLock(lock).acquire(cancel_check=cancelled)
