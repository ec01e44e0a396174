"""The table that tells Jupyter Book which outputs belong to a program."""

from book.chapters import reader
from book.chapters.errors import BookError
from book.chapters.program import program_digest
from book.chapters.reader import code_cells
from book.chapters.words import pictures
from book.execution import cache, files

SVG = 'image/svg+xml'


def write(root, table):
    """Keep a table: digest of the program -> key of its outputs.

    A key of None means: show the page without outputs and say so.
    """
    files.write_table(root / files.OUTPUTS, table)


def complete(root, table, chapters):
    """Return the table with what is known of the other chapters."""
    known = files.read_table(root / files.OUTPUTS)
    rest = {
        x.digest: known.get(x.digest)
        for x in chapters
        if code_cells(x.notebook)
    }
    return {**rest, **table}


def lost(root, chapters):
    """Return the chapters whose outputs were known but cannot be read."""
    known = files.read_table(root / files.OUTPUTS)
    return [x for x in chapters if known.get(x.digest)
            and cache.load(root, known[x.digest]) is None]


def key_of(root, notebook):
    """Return the key of a notebook's outputs; None without any.

    Raises BookError when the program has never been executed.
    """
    if not code_cells(notebook):
        return None
    table = files.read_table(root / files.OUTPUTS)
    try:
        return table[program_digest(notebook)]
    except KeyError as error:
        raise BookError(
            f'{files.OUTPUTS}: no outputs for the code of this '
            'page; run `make html`'
        ) from error


def add(root, notebook, key, language='en'):
    """Put the outputs with a key into the cells of a notebook.

    language: that of the words in its plots.
    """
    executed = cache.load(root, key)
    if executed is None:
        raise BookError(
            f'{cache.path(root, key)}: missing or damaged; run `make html`'
        )
    for cell, source in zip(
        code_cells(notebook), code_cells(executed), strict=True
    ):
        cell.outputs = [in_words(x, language) for x in source.outputs]
        cell.execution_count = source.execution_count


def in_words(output, language):
    """Return an output with the words of an edition in what it draws."""
    data = output.get('data', {})
    if SVG in data:
        data[SVG] = pictures.translated(data[SVG], language)
    return output


def executed(root, page, language='en'):
    """Return the notebook of a page with its outputs; None without any."""
    notebook = reader.read(page.text(language), page.label(language))
    key = key_of(root, notebook)
    if not key:
        return None
    add(root, notebook, key, language)
    return notebook
