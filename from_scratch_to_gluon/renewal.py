"""A reader's own files, which an update renews but never overwrites.

The folder holds, besides the files, a list of what was written there. A file
that differs from the list is the reader's work: it stays, and a newer version
of the book's is put beside it. A folder in which the reader has worked keeps
the modules that its notebooks import, too, see folders.py.
"""

import contextlib
import errno
import itertools
import os
import pathlib
from collections import namedtuple

from from_scratch_to_gluon import files, folders, news
from from_scratch_to_gluon.errors import BookError
from from_scratch_to_gluon.files import EMPTY, digest
from from_scratch_to_gluon.words import LANGUAGES, say

LIST = '.from-scratch-to-gluon.json'
# What all further files would meet as well
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}

# Where a file was written, and the name of the reader's that it is beside;
# or why it could not be written
Placed = namedtuple('Placed', 'path beside problem', defaults=[None, None])


def renew(source, folder, language):
    """Renew a reader's notebooks from those in a folder of the book's.

    Returns a `Placed` for each file that was written or met an obstacle; a
    page in the folder tells the same. Raises BookError, before anything is
    written, for a folder that cannot be meant, and for a disk that is full.
    """
    table = {'language': language, **given(folder, language)}
    was_there, before = bool(table['files']), dict(table['folders'])
    chosen = names(source)
    try:
        done = put_all(source, chosen, folder, table)
    except BookError as error:
        news.write_failure(folder, language, error)
        raise
    if was_there:
        moved = {x: y for x, y in table['folders'].items()
                 if before.get(x) != y}
        news.write(folder, language, done, moved)
    return done


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
    """Return what the list of a folder says that was written before.

    A folder with a list that is damaged is the book's, too; all that differs
    from the book's is then a reader's.
    """
    if folder.exists() and not folder.is_dir():
        raise BookError(say('not a folder', folder=folder))
    table = listed(folder)
    known = table.pop('language')
    with told(folder):
        if not known and not is_damaged(folder / LIST) and (
                folder.exists() and any(folder.iterdir())):
            raise BookError(say('foreign folder', folder=folder))
    if known and known != language:
        raise BookError(say('other language', folder=folder, known=known,
                            language=language))
    return table


def listed(folder):
    """Return the list of a folder; where it is damaged, as if it were new.
    """
    table = files.read_table(folder / LIST)
    known = table.get('language')
    return {'language': known if known in LANGUAGES else None,
            'files': texts(table.get('files')),
            'folders': folders.known(texts(table.get('folders')))}


def is_damaged(path):
    """Tell whether a list is there of which no language can be read.

    The list of a folder that holds other things besides names none.
    """
    return os.path.lexists(path) and files.read_table(path).get(
        'language', '') is not None


def texts(table):
    """Return those entries of a table that are texts."""
    if not isinstance(table, dict):
        return {}
    return {x: y for x, y in table.items() if isinstance(y, str)}


def put_all(source, chosen, folder, table):
    """Put files into a folder; its list is right whatever happens."""
    with told(folder):
        failed = keep_list(folder, table)  # so that it is the book's
        try:
            folders.choose(source, chosen, folder, table)
            found = [put(source / name, folder,
                         folders.placed(name, table), table['files'])
                     for name in chosen]
        finally:
            keep_list(folder, table)
    return [x for x in (failed, *found) if x]


def keep_list(folder, table):
    """Write the list of a folder; return what is in the way, or None."""
    with obstacles(folder / LIST) as problems:
        files.write_table(folder / LIST, table)
    return problems[0] if problems else None


@contextlib.contextmanager
def obstacles(path):
    """Yield a list for what keeps one file from being written.

    What would keep all others, too, is raised.
    """
    problems = []
    try:
        yield problems
    except OSError as error:
        if error.errno in DISK or not path.parent.is_dir():
            raise
        problems.append(Placed(path, problem=error.strerror))


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
    if found == new:
        given[name] = new
    elif found in (None, EMPTY, before):
        done = place(source, folder / name)
    elif new != before:
        target = free(folder, name, given, new)
        done = place(source, target, name)
        if not done.problem:
            given[target.relative_to(folder).as_posix()] = new
    if done and not done.problem:
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
    """Copy a file; return where it is now, or what was in the way."""
    try:
        files.copy(source, target)
    except OSError as error:
        if error.errno in DISK:
            raise
        return Placed(target, problem=error.strerror)
    return Placed(target, beside)


def names(folder):
    """Return the files in a folder, relative to it.

    Those that Python has made of others, as pip lets it, do not count.
    """
    found = (x for x in folder.rglob('*')
             if x.is_file() and x.parent.name != '__pycache__')
    return sorted(x.relative_to(folder).as_posix() for x in found)
