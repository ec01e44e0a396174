"""Key -> executed notebook on disk."""

import nbformat

from book import files


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
    """Keep an executed notebook."""
    files.write(path(root, key), nbformat.writes(notebook) + '\n')
