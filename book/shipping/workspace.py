"""A reader's own notebooks, which an update renews but never overwrites.

The folder holds, besides the notebooks, a list of what was written there. A
file that differs from the list is the reader's work: it stays, and a newer
version of the book's is put beside it.
"""

import itertools
import pathlib
import re
import shutil
import tempfile

from book.chapters import toc
from book.chapters.errors import BookError
from book.execution import files
from book.shipping import notebooks

LIST = '.from-scratch-to-gluon.json'
HERE = pathlib.Path(__file__).parent
HOW = 'make workspace DIR=~/gluon LANGUAGE=en'


def write(root, folder, language):
    """Write or renew the notebooks of a language in a reader's folder.

    Returns a line for each file that was written. Raises BookError for a
    folder or a language that cannot be meant.
    """
    folder = chosen(root, folder)
    language = known(language)
    try:
        return renew(root, folder, language)
    except OSError as error:
        problem = f'{error.filename or folder}: {error.strerror}'
        raise BookError(f'{problem}; mend this and try again') from error


def renew(root, folder, language):
    """Renew what is not the reader's; return a line for each file."""
    given = given_before(folder, language)
    table = {'language': language, 'files': given}
    files.write_table(folder / LIST, table)  # so that the folder is ours
    with tempfile.TemporaryDirectory() as place:
        new = pathlib.Path(place)
        make(root, language, new)
        try:
            found = [put(new / x, folder, x, given) for x in names(new)]
        finally:
            files.write_table(folder / LIST, table)
    return [line for line in found if line]


def known(language):
    """Return the language if the book has it.

    The system may have a variable LANGUAGE, such as zh_CN:zh.
    """
    found = re.split('[_.:-]', language or '')[0]
    if found in toc.LANGUAGES:
        return found
    choice = ' or '.join(toc.LANGUAGES)
    raise BookError(f'no edition {language or ""!r}; say {choice}: {HOW}')


def chosen(root, folder):
    """Return the path of a folder that readers may have for themselves."""
    if not folder:
        raise BookError(f'say in which folder, as in: {HOW}')
    path = pathlib.Path(folder).expanduser().resolve()
    if path.is_relative_to(root.resolve()):
        raise BookError(f'{path}: inside the book, where updates change '
                        'files; choose a folder outside of it')
    if root.resolve().is_relative_to(path):
        raise BookError(f'{path}: holds the book; choose another folder')
    if path.exists() and not path.is_dir():
        raise BookError(f'{path}: not a folder; choose another name')
    return path


def given_before(folder, language):
    """Return {file: digest} of what was written into a folder before."""
    table = files.read_table(folder / LIST)
    if not table and folder.exists() and any(folder.iterdir()):
        raise BookError(f'{folder}: holds files that are not of this book; '
                        'choose a new or an empty folder')
    if table and table['language'] != language:
        raise BookError(f'{folder}: holds the notebooks in the language '
                        f'{table["language"]!r}; choose another folder for '
                        f'{language!r}')
    return table.get('files', {})


def make(root, language, folder):
    """Write into a folder what a reader gets who has nothing yet."""
    pages = notebooks.with_code(toc.pages(root))
    notebooks.bundle(root, pages, language, folder, executed=False)
    readme = HERE / 'guides' / f'workspace.{language}.md'
    shutil.copy(readme, folder / 'README.md')


def names(folder):
    """Return the files in a folder, relative to it."""
    found = (x for x in folder.rglob('*') if x.is_file())
    return sorted(x.relative_to(folder).as_posix() for x in found)


def put(source, folder, name, given):
    """Put a file of the book into a folder, or beside a reader's own.

    Returns what was done, if anything.
    """
    new, before = digest(source), given.get(name)
    found, done = digest(folder / name), None
    if found != new and found in (None, before):
        done = place(source, folder / name)
    elif found != new != before:
        target = free(folder, name, given, new)
        done = f'{place(source, target)} (you have changed {name})'
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


def place(source, target):
    """Copy a file; return where it is now."""
    files.copy(source, target)
    return str(target)


def digest(path):
    """Return a digest of a file; None if there is no such file."""
    return files.sha256(path) if path.exists() else None
