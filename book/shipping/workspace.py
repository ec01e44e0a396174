"""A reader's own notebooks, made from this clone.

What an update renews and what it leaves alone: from_scratch_to_gluon/renewal.
"""

import pathlib
import re
import shutil
import tempfile

from book.chapters import toc
from book.chapters.errors import BookError
from book.shipping import notebooks
from from_scratch_to_gluon import renewal

HERE = pathlib.Path(__file__).parent
HOW = 'make workspace DIR=~/gluon LANGUAGE=en'


def write(root, folder, language):
    """Write or renew the notebooks of a language in a reader's folder.

    Returns a line for each file that was written, or met an obstacle.
    Raises BookError for a folder or a language that cannot be meant.
    """
    folder = chosen(root, folder)
    language = known(language)
    renewal.given(folder, language)  # refuses before there is work
    with tempfile.TemporaryDirectory() as new:
        make(root, language, pathlib.Path(new))
        done = renewal.renew(pathlib.Path(new), folder, language)
    return [line(*x) for x in done]


def line(path, name, problem):
    """Return what is told of a file."""
    if problem:
        return f'not renewed: {path}: {problem}'
    return f'{path} (you have changed {name})' if name else str(path)


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
    path = renewal.resolved(folder)
    if path.is_relative_to(root.resolve()):
        raise BookError(f'{path}: inside the book, where updates change '
                        'files; choose a folder outside of it')
    if root.resolve().is_relative_to(path):
        raise BookError(f'{path}: holds the book; choose another folder')
    return path


def make(root, language, folder):
    """Write into a folder what a reader gets who has nothing yet."""
    pages = notebooks.with_code(toc.pages(root))
    notebooks.bundle(root, pages, language, folder, executed=False)
    readme = HERE / 'guides' / f'workspace.{language}.md'
    shutil.copy(readme, folder / 'README.md')
