"""Markdown with notedown fences -> notebook.

Each cell gets an id that depends on its position alone, so that it is the
same in both languages, and `metadata.line`, the line its text starts on.
"""

import re

import notedown

from book.errors import PageError

CODE_FENCE = '```{.python .input}'
FENCE = re.compile(r'^(?P<marks>`{3,}|~{3,})(?P<info>.*)$')
KERNEL = {'name': 'python3', 'display_name': 'Python 3',
          'language': 'python'}


class Reader(notedown.MarkdownReader):
    """notedown's reader; fences other than its own stay prose."""

    def __init__(self):
        super().__init__(code_regex='fenced', match='strict', magic=False)

    def create_cells(self, blocks):
        cells = []
        for cell in super().create_cells(blocks):
            if cells and cell.cell_type == cells[-1].cell_type == 'markdown':
                cells[-1].source = '\n\n'.join(
                    [cells[-1].source.rstrip('\n'), cell.source.strip('\n')])
            else:
                cells.append(cell)
        return cells


def read(text, path='<text>'):
    """Turn the text of a chapter into a notebook without outputs.

    Raises PageError, naming the line, for a fence that is never closed and
    for a code cell without code.
    """
    lines = code_lines(text, path)
    notebook = Reader().reads(text.rstrip('\n') + '\n')
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata.kernelspec = dict(KERNEL)
    notebook.metadata.language_info = {'name': 'python'}
    place_cells(notebook.cells, lines)
    return notebook


def place_cells(cells, lines):
    """Give each cell its id and the line it starts on."""
    count = {'code': 0, 'markdown': 0}
    line = 1
    for cell in cells:
        kind = cell.cell_type
        if kind == 'code':
            line = lines[count[kind]]
        cell['id'] = f'{kind}-{count[kind]}'
        cell.metadata['line'] = line
        count[kind] += 1
        if kind == 'code':
            line += cell.source.count('\n') + 3  # closing fence, blank


def code_lines(text, path='<text>'):
    """Return the line of the first line of code of each code cell."""
    found = []
    for start, info, body in fences(text, path):
        if not info.replace(' ', '').startswith('{.python.input'):
            continue
        if not ''.join(body).strip():
            raise PageError(path, start, 'this code cell is empty; '
                            'write its code or remove the fence')
        found.append(start + 1)
    return found


def fences(text, path='<text>'):
    """Yield (line, info, lines inside) of each fenced block."""
    opened = None
    for number, line in enumerate(text.splitlines(), 1):
        fence = FENCE.match(line)
        if opened is None and fence:
            opened, body = (number, fence), []
        elif opened and line.rstrip() == opened[1]['marks']:
            yield opened[0], opened[1]['info'].strip(), body
            opened = None
        elif opened:
            if fence and fence['info'].startswith('{.python'):
                break
            body.append(line)
    if opened:
        raise PageError(path, opened[0], 'this fence is never closed; end '
                        f"it with a line {opened[1]['marks']}")


def code_cells(notebook):
    """Return the code cells of a notebook, in order."""
    return [cell for cell in notebook.cells if cell.cell_type == 'code']
