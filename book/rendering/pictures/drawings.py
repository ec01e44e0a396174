"""Drawings speak the language of the edition; Sphinx shows such copies."""

import os
import pathlib
from urllib.parse import unquote

from docutils import nodes

from book.chapters.words import pictures
from book.execution import files
from book.rendering.every_page.editions import edition_of, root_of

FOLDER = 'drawings'  # beside what Jupyter Book builds
FIRST = 400  # before Sphinx makes its list of pictures


def setup(app):
    app.connect('doctree-read', put_in_words, priority=FIRST)


def put_in_words(app, doctree):
    """Show a copy of each drawing that has other words in this edition."""
    language = edition_of(app).language
    page = pathlib.Path(app.env.doc2path(app.env.docname))
    for image in doctree.findall(nodes.image):
        path = pathlib.Path(page.parent, unquote(image['uri'])).resolve()
        if not (path.is_file() and is_ours(path, app)):
            continue
        text = pictures.load(path, language)
        if text != path.read_bytes():
            app.env.note_dependency(str(path))
            copy = pathlib.Path(app.outdir).parent / FOLDER / path.name
            renew(copy, text.decode())
            uri = os.path.relpath(copy, page.parent)
            image['uri'] = pathlib.PurePath(uri).as_posix()


def is_ours(path, app):
    """Tell whether a picture is a file of the chapters, not an output."""
    return path.is_relative_to(root_of(app).resolve() / 'chapters')


def renew(path, text):
    """Write a file unless it is there; a newer one is read again."""
    if not path.exists() or path.read_text('utf-8') != text:
        files.write(path, text)
