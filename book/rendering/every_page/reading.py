"""Markdown -> notebook with its outputs, whenever any of it has changed."""

import pathlib

from nbformat.v4 import new_markdown_cell
from sphinx.errors import SphinxError

from book.chapters import images, reader, requirements, toc
from book.chapters.errors import BookError, read_text
from book.chapters.languages import words
from book.execution import files, outputs
from book.experiments import entries
from book.experiments.sentences import roles
from book.rendering.every_page.editions import edition_of, root_of

OUTPUTS, SOURCES = 'book_outputs', 'book_sources'
NOTE = '```{{note}}\n{}\n```'
INSTALL = '\n\n`pip install -r {}`'


def setup(app):
    app.connect('env-get-outdated', changed_pages)
    app.connect('source-read', note_outputs)
    app.connect('env-updated', note_sources)


def read(text, root='.', language='en'):
    """Return the notebook of a page with its outputs.

    language: that of the words in plots, and of the note on a page that
    has no outputs.
    """
    root = pathlib.Path(root)
    try:
        notebook = reader.read(text)
        key = outputs.key_of(root, notebook)
        if key:
            outputs.add(root, notebook, key, language)
            images.describe(notebook)
    except BookError as error:
        raise SphinxError(str(error)) from error
    if reader.code_cells(notebook) and not key:
        said = NOTE.format(note(root, notebook, language))
        cell = new_markdown_cell(said, metadata={'line': 1})
        notebook.cells.insert(1, cell)
    notebook.metadata['source_map'] = [cell.metadata.line - 2
                                       for cell in notebook.cells]
    return notebook


def note(root, notebook, language):
    """Return why a page has no outputs."""
    own = words(language)['site']
    lacking = requirements.missing(root, notebook.metadata.needs)
    for name, lines in lacking.items():
        reason = own['not_installed'].format(', '.join(lines))
        return reason + INSTALL.format(name)
    return own['not_executed']


def note_outputs(app, docname, content):
    """Remember which outputs a page was read with; put its numbers in."""
    app.env.metadata[docname][OUTPUTS] = key_of(app, content[0])
    if not roles.ROLE.search(content[0]):
        return
    root = root_of(app)
    app.env.note_dependency(str(root / entries.NAME))
    try:
        content[0] = roles.of_page(root, toc.Page(docname, root),
                                   edition_of(app).language, content[0])
    except BookError as error:
        raise SphinxError(str(error)) from error


def note_sources(app, env):
    """Remember which files the pages were read from that have been read."""
    for name in env.found_docs:
        if SOURCES not in env.metadata[name]:
            env.metadata[name][SOURCES] = sources(env, name)


def changed_pages(app, env, added, changed, removed):
    """Return further pages that are not what they were.

    Sphinx looks at the times of files alone. They do not tell of other
    outputs, and of nothing at all when a clock was put back.
    """
    return [
        name
        for name in env.found_docs - added - changed
        if env.metadata[name].get(SOURCES) != sources(env, name)
        or env.metadata[name].get(OUTPUTS) != key_of(app, text_of(env, name))
    ]


def text_of(env, name):
    return read_text(pathlib.Path(env.doc2path(name)))


def sources(env, name):
    """Return digests of a page and of the files that it shows."""
    paths = [env.doc2path(name), *sorted(env.dependencies[name])]
    return [files.sha256(pathlib.Path(env.srcdir, path)) for path in paths]


def key_of(app, text):
    try:
        return outputs.key_of(root_of(app), reader.read(text))
    except BookError as error:
        raise SphinxError(str(error)) from error
