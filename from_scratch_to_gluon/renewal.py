"""A reader's own files, which an update renews but never overwrites.

The folder holds, besides the files, a list of what was written there. A file
that differs from the list is the reader's work: it stays, and a newer version
of the book's is put beside it.
"""

import contextlib
import itertools
import pathlib
from collections import namedtuple

from from_scratch_to_gluon import files
from from_scratch_to_gluon.errors import BookError
from from_scratch_to_gluon.words import LANGUAGES, say

LIST = '.from-scratch-to-gluon.json'

# Where a file was written, and the name of the reader's that it is beside
Placed = namedtuple('Placed', 'path beside')


def renew(source, folder, language):
    """Renew a reader's notebooks from those in a folder of the book's.

    Returns a `Placed` for each file that was written. Raises BookError,
    before anything is written, for a folder that cannot be meant.
    """
    table = {'language': language, 'files': given(folder, language)}
    return put_all(source, names(source), folder, table)


def renew_beside(source, chosen, folder):
    """Renew some files in a folder that may hold anything besides."""
    return put_all(source, chosen, folder, listed(folder))


def resolved(folder):
    """Return the path of a folder as a user writes it: with ~, relative."""
    try:
        return pathlib.Path(folder).expanduser().resolve()
    except RuntimeError as error:  # nobody's home, or links in a circle
        raise BookError(say('no home', folder=folder)) from error


def given(folder, language):
    """Return {file: digest} of what was written into a folder before."""
    if folder.exists() and not folder.is_dir():
        raise BookError(say('not a folder', folder=folder))
    table = listed(folder)
    known = table['language']
    with told(folder):
        if not known and folder.exists() and any(folder.iterdir()):
            raise BookError(say('foreign folder', folder=folder))
    if known and known != language:
        raise BookError(say('other language', folder=folder, known=known,
                            language=language))
    return table['files']


def listed(folder):
    """Return the list of a folder; where it is damaged, as if it were new.
    """
    table = files.read_table(folder / LIST)
    known, found = table.get('language'), table.get('files')
    return {'language': known if known in LANGUAGES else None,
            'files': found if isinstance(found, dict) else {}}


def put_all(source, chosen, folder, table):
    """Put files into a folder; its list is right whatever happens."""
    with told(folder):
        files.write_table(folder / LIST, table)  # so that it is the book's
        try:
            found = [put(source / name, folder, name, table['files'])
                     for name in chosen]
        finally:
            files.write_table(folder / LIST, table)
    return [x for x in found if x]


@contextlib.contextmanager
def told(folder):
    """Tell what a disk or its rights do not allow in one line."""
    try:
        yield
    except OSError as error:
        path = error.filename2 or error.filename or folder
        raise BookError(say('not written', path=path,
                            problem=error.strerror)) from error


def put(source, folder, name, given):
    """Put a file of the book into a folder, or beside a reader's own."""
    new, before = digest(source), given.get(name)
    found, done = digest(folder / name), None
    if found != new and found in (None, before):
        done = place(source, folder / name)
    elif found != new != before:
        target = free(folder, name, given, new)
        done = place(source, target, name)
        given[target.relative_to(folder).as_posix()] = new
    given[name] = new
    return done


def free(folder, name, given, new):
    """Return where a new version of a file can stand beside the old."""
    path = pathlib.PurePosixPath(name)
    for number in itertools.count(1):
        count = f'-{number}' if number > 1 else ''
        other = path.with_name(f'{path.stem}.new-version{count}{path.suffix}')
        if digest(folder / other) in (None, given.get(str(other)), new):
            return folder / other


def place(source, target, beside=None):
    """Copy a file; return where it is now."""
    files.copy(source, target)
    return Placed(target, beside)


def names(folder):
    """Return the files in a folder, relative to it.

    Those that Python has made of others, as pip lets it, do not count.
    """
    found = (x for x in folder.rglob('*')
             if x.is_file() and x.parent.name != '__pycache__')
    return sorted(x.relative_to(folder).as_posix() for x in found)


def digest(path):
    """Return a digest of a file; None if there is no such file."""
    return files.sha256(path) if path.exists() else None
