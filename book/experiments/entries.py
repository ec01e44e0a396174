"""results.yml -> its entries, each of a kind."""

import functools
import pathlib
import re

import yaml

from book.chapters.errors import BookError
from book.chapters.toc import LANGUAGES

NAME = 'book/results.yml'  # from the top of a book
TABLE = pathlib.Path(__file__).parents[2] / NAME  # of this one
LOADER = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)  # far faster
# An entry is of the kind whose key it has
KINDS = 'run', 'find', 'values', 'claim', 'fixed'


def written(path, kind):
    """Return the entries of a kind, as they were written."""
    return [entry for _, entry in numbered(path, kind)]


def parsed(path, kind, parse):
    """Return what `parse` makes of each entry of a kind.

    Raises BookError, naming the entry, for one that cannot be used.
    """
    found = []
    for number, entry in numbered(path, kind):
        try:
            found.append(parse(entry))
        except (TypeError, ValueError, re.error) as error:
            raise BookError(f'{path}: entry {number}: {error}') from error
    return found


def numbered(path, kind):
    """Return pairs (number from 1, entry) of the entries of a kind."""
    try:
        found = loaded(pathlib.Path(path).read_text('utf-8'))
    except (OSError, yaml.YAMLError) as error:
        raise BookError(f'{path}: cannot be read: {error}') from error
    return [(number, entry) for number, entry in enumerate(found, 1)
            if kind_of(entry) == kind]


def chapters(path):
    """Return the slugs of all chapters that have entries."""
    return {entry.get('chapter') for kind in KINDS[1:]
            for entry in written(path, kind)}


@functools.lru_cache(maxsize=4)
def loaded(text):
    """Return the entries in a text; the same text is read once."""
    return tuple(yaml.load(text, LOADER) or ())


def kind_of(entry):
    """Return of which of KINDS an entry is; what has no sign is `find`."""
    return next((kind for kind in KINDS if kind in entry), 'find')


def refuse(entry, needed, optional=frozenset()):
    """Raise ValueError for keys that are missing or unknown."""
    missing, unknown = needed - set(entry), set(entry) - needed - optional
    if missing or unknown:
        raise ValueError(f'missing keys {sorted(missing)}, unknown keys '
                         f'{sorted(unknown)}')


def bilingual(words, key):
    """Raise ValueError for words that are not there in both languages."""
    if set(words) != set(LANGUAGES):
        raise ValueError(f'`{key}` needs {" and ".join(LANGUAGES)}')
