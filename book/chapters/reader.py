"""Markdown with notedown fences -> notebook.

Each cell gets an id that depends on its position alone, so that it is the
same in both languages, and `metadata.line`, the line its text starts on. The
notebook gets `metadata.needs`, the files of requirements that the page names.
"""

import re

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from book.chapters.errors import PageError
from book.chapters.requirements import declared

CODE_FENCE = '```{.python .input}'
CODE_INFO = re.compile(r'\{\.python +\.input( +n=\d*)? *\}')
FENCE = re.compile(r'(?P<marks>`{3,}|~{3,}) *(?P<info>[^`]*)')
# What editors and parsers do not agree about: is it there, does a line end?
ODD = re.compile('[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]')
ROLE = re.compile(r'(?<![\w`:]):(\w+):`')  # of reStructuredText and others
OUTPUT = ('a stored output; chapters hold none, remove it or save the page '
          'without save_outputs')
ELSEWHERE = ('`:{}:` is not known here; a label is `(name)=` on the line '
             'before what it names, and {{numref}}`name`, {{ref}}`name` or '
             '{{eq}}`name` refer to it')
KERNEL = {'name': 'python3', 'display_name': 'Python 3', 'language': 'python'}


def read(text, path='<text>'):
    """Turn the text of a chapter into a notebook without outputs.

    Raises PageError, naming the line, for a fence that is never closed, for
    a code cell without code, for fences that are nearly right and for
    characters that cannot be seen.
    """
    refuse_odd(text, path)
    cells, lines, after = [], text.split('\n'), 1
    for start, info, body in fences(text, path):
        if not is_code(info, start, path):
            continue
        cells += prose(lines, after, start)
        cells.append(code(body, start, path))
        after = start + len(body) + 2
    cells += prose(lines, after, len(lines) + 1)
    number(cells)
    metadata = {'kernelspec': dict(KERNEL),
                'language_info': {'name': 'python'},
                'needs': declared(text, path)}
    return new_notebook(cells=cells, metadata=metadata)


def refuse_odd(text, path):
    """Raise PageError for the first character that cannot be seen."""
    odd = ODD.search(text)
    if odd:
        line, code = text.count('\n', 0, odd.start()) + 1, ord(odd[0])
        problem = f'holds the invisible character U+{code:04X}; remove it'
        raise PageError(path, line, problem)


def foreign(text, path='<text>'):
    """Yield (line, problem) of what belongs into pages of other books.

    Jupyter opens such a page; the book is not made of it.
    """
    inside = set()
    for start, info, body in fences(text, path):
        inside.update(range(start, start + len(body) + 2))
        if '.output' in info:
            yield start, OUTPUT
    for line, content in enumerate(text.split('\n'), 1):
        for match in ROLE.finditer('' if line in inside else content):
            yield line, ELSEWHERE.format(match[1])


def prose(lines, first, end):
    """Return the cell for lines first to end - 1, if they hold any text."""
    chosen = lines[first - 1 : end - 1]
    while chosen and not chosen[0].strip():
        chosen.pop(0)
        first += 1
    source = '\n'.join(chosen).rstrip()
    if not source:
        return []
    return [new_markdown_cell(source, metadata={'line': first})]


def code(body, start, path):
    """Return the cell for the code in the fence that opens at a line."""
    if not ''.join(body).strip():
        raise PageError(path, start, 'this code cell is empty; write its '
                        'code or remove the fence')
    return new_code_cell('\n'.join(body), metadata={'line': start + 1})


def number(cells):
    """Give each cell its id: its kind and its number among its kind."""
    count = {'code': 0, 'markdown': 0}
    for cell in cells:
        cell['id'] = f'{cell.cell_type}-{count[cell.cell_type]}'
        count[cell.cell_type] += 1


def is_code(info, start, path='<text>'):
    """Tell whether a fence opens a code cell."""
    if CODE_INFO.fullmatch(info):
        return True
    if re.match(r'\{.*\.input\b', info):
        raise PageError(path, start,
                        f'not the fence of a code cell; write {CODE_FENCE}')
    return False


def fences(text, path='<text>'):
    """Yield (line, info, lines inside) of each fenced block."""
    opened = None
    for line, content in enumerate(text.split('\n'), 1):
        fence = FENCE.fullmatch(content.rstrip())
        if opened is None and fence:
            opened, marks, body = line, fence['marks'], []
            info = fence['info']
        elif opened and content.rstrip() == marks:
            yield opened, info, body
            opened = None
        elif opened and opens_cell(fence, marks):
            break
        elif opened:
            body.append(content)
    if opened:
        problem = f'this fence is never closed; end it with a line {marks}'
        raise PageError(path, opened, problem)


def opens_cell(fence, marks):
    """Tell whether a line inside a fence opens a code cell."""
    return bool(fence) and (fence['marks'].startswith(marks)
                            and fence['info'].startswith('{.python'))


def code_cells(notebook):
    """Return the code cells of a notebook, in order."""
    return [cell for cell in notebook.cells if cell.cell_type == 'code']
