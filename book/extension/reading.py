"""Markdown -> notebook with its outputs, whenever either has changed."""

import pathlib

from nbformat.v4 import new_markdown_cell
from sphinx.errors import SphinxError

from book import needs, outputs, pictures, reader
from book.errors import BookError
from book.extension.editions import root_of

OUTPUTS = 'book_outputs'
NOT_EXECUTED = """\
```{note}
This page was not executed in this build. 这一页在本次构建中没有执行。
```"""
NOT_INSTALLED = """\
```{{note}}
This page was not executed in this build: {what} is not installed.
这一页在本次构建中没有执行：没有安装{what}。

`pip install -r {name}`
```"""


def setup(app):
    app.connect('env-get-outdated', pages_with_other_outputs)
    app.connect('source-read', note_outputs)


def read(text, root='.'):
    """Return the notebook of a page with its outputs."""
    root = pathlib.Path(root)
    try:
        notebook = reader.read(text)
        key = outputs.key_of(root, notebook)
        if key:
            outputs.add(root, notebook, key)
            pictures.describe(notebook)
    except BookError as error:
        raise SphinxError(str(error)) from error
    if reader.code_cells(notebook) and not key:
        notebook.cells.insert(
            1, new_markdown_cell(note(root, notebook), metadata={'line': 1})
        )
    notebook.metadata['source_map'] = [
        cell.metadata.line - 2 for cell in notebook.cells
    ]
    return notebook


def note(root, notebook):
    """Return the block that says why a page has no outputs."""
    lacking = needs.missing(root, notebook.metadata.needs)
    for name, lines in lacking.items():
        return NOT_INSTALLED.format(what=', '.join(lines), name=name)
    return NOT_EXECUTED


def note_outputs(app, docname, content):
    """Remember which outputs a page was read with."""
    app.env.metadata[docname][OUTPUTS] = key_of(app, content[0])


def pages_with_other_outputs(app, env, added, changed, removed):
    """Return the unchanged pages whose outputs are not what they were."""
    return [
        name
        for name in env.found_docs - added - changed
        if env.metadata[name].get(OUTPUTS)
        != key_of(
            app, pathlib.Path(env.doc2path(name)).read_text(encoding='utf-8')
        )
    ]


def key_of(app, text):
    try:
        return outputs.key_of(root_of(app), reader.read(text))
    except BookError as error:
        raise SphinxError(str(error)) from error
