"""A chapter's Markdown <-> the notebook that Jupyter shows of it.

A notebook cannot say everything that a page says: how the fence of a cell is
written, how many blank lines stand between two cells. `reads` notes what is
not as usual in the metadata, under `chapter`, and `writes` puts it back, so
that an untouched chapter is written byte by byte as it was.

Markdown cannot say everything either. Empty cells are left out, neighbouring
Markdown cells become one, raw cells become literal blocks, and of metadata
nothing is kept.
"""

import itertools
import json
import re
import urllib.parse

import nbformat

from book.chapters import reader
from book.chapters.errors import PageError
from book.chapters.images import DESCRIPTION

NOTES = 'chapter'
BETWEEN = '\n\n'
CELL_INFO = re.compile(r'\{.*\.(input|output)\b')
CELL_FENCE = re.compile(r'^(`{3,}|~{3,}) *\{.*\.input\b', re.MULTILINE)
OUTPUT_INFO = re.compile(r'\{\.json +\.output( +n=(?P<count>\d+))? *\}')
COUNT = re.compile(r' +n=\d*')
SPACE = re.compile(r'\s*')
MARK = '\ufeff'  # with which Notepad begins a file
START = re.compile(rf'{MARK}?\s*')
LEADING_BLANK_LINES = re.compile(r'\A\s*\n')


def is_chapter(text):
    """Tell whether a page has code cells, or wants to have them."""
    try:
        return bool(reader.code_cells(reader.read(text.removeprefix(MARK))))
    except PageError:
        return bool(CELL_FENCE.search(text))


def reads(text, path='<text>'):
    """Return the notebook of a chapter.

    Raises PageError, naming the line, for what the pipeline cannot read.
    """
    ends = '\r\n' if text.count('\r\n') == text.count('\n') > 0 else '\n'
    whole = text.replace(ends, '\n')
    text = whole.removeprefix(MARK)
    notebook = reader.read(text, path)
    del notebook.metadata['needs']
    found = {'newline': ends, **note_layout(text, notebook.cells)}
    notebook.cells = list(with_outputs(notebook.cells, path))
    found['start'] = whole[: len(whole) - len(text)] + found['start']
    for cell in notebook.cells:
        del cell.metadata['line']
    reader.number(notebook.cells)
    usual = {'newline': '\n', 'start': '', 'end': '\n' if text else ''}
    note(notebook, found, usual)
    return notebook


def note(place, found, usual):
    """Note in the metadata what is not as usual."""
    odd = {name: x for name, x in found.items() if x != usual[name]}
    if odd:
        place.metadata[NOTES] = odd


def noted(place, name, pattern=SPACE):
    """Return what was noted, if a person has not made it unusable."""
    notes = place.metadata.get(NOTES)
    found = notes.get(name) if isinstance(notes, dict) else None
    good = isinstance(found, str) and pattern.fullmatch(found)
    return found if good else None


def note_layout(text, cells):
    """Note how the cells stand on their page; return its start and end."""
    lines = text.split('\n')
    starts = [0, *itertools.accumulate(len(line) + 1 for line in lines)]
    before, start, end = None, '', 0
    for cell in cells:
        row = cell.metadata['line'] - 1 - (cell.cell_type == 'code')
        here = starts[row]
        found = {'fence': lines[row], 'before': text[end:here]}
        if before is None:
            start = found.pop('before')
        if is_prose(cell):
            del found['fence']
        between = usual_gap(before, cell)
        note(cell, found, {'fence': reader.CODE_FENCE, 'before': between})
        end = here + len(as_written(cell, lines[row]))
        before = cell
    return {'start': start, 'end': text[end:]}


def as_written(cell, fence):
    """Return the text of a cell on its page."""
    if cell.cell_type == 'code':
        return f'{fence}\n{cell.source}\n{marks_of(fence)}'
    return cell.source


def marks_of(fence):
    return reader.FENCE.fullmatch(fence.rstrip())['marks']


def with_outputs(cells, path):
    """Yield the cells; a block of outputs goes to the cell before it."""
    before = None
    for cell in cells:
        yield from take_outputs(before, cell, path)
        before = cell


def take_outputs(before, cell, path):
    """Yield what is left of a cell without the outputs of the one before."""
    first = next(reader.fences(cell.source), None) if is_prose(cell) else None
    match = first and first[0] == 1 and OUTPUT_INFO.fullmatch(first[1])
    if not match:
        yield cell
        return
    if before is None or is_prose(before):
        problem = 'outputs without a code cell before them; remove this block'
        raise PageError(path, cell.metadata['line'], problem)
    before.outputs = outputs_of(first[2], path, cell.metadata['line'])
    count = match['count']
    before.execution_count = int(count) if count else None
    notes = before.metadata.get(NOTES, {})
    if 'fence' in notes:  # its number is that of the run
        notes['fence'] = COUNT.sub('', notes['fence'])
    rest = cell.source.split('\n')[len(first[2]) + 2 :]
    cell.source = '\n'.join(rest).strip('\n')
    if cell.source:
        yield cell


def is_prose(cell):
    return cell.cell_type == 'markdown'


def outputs_of(body, path, line):
    """Return the outputs in a block."""
    try:
        found = json.loads('\n'.join(body))
        return [nbformat.from_dict(dict(output)) for output in found]
    except (TypeError, ValueError) as error:
        problem = f'not the outputs of a cell ({error}); remove this block'
        raise PageError(path, line, problem) from error


def writes(notebook, outputs=False):
    """Return the text of the chapter that a notebook shows.

    outputs: write them, too, each in a block after its cell.
    """
    text, before = noted(notebook, 'start', START) or '', None
    for cell in notebook.cells:
        piece = written(cell, outputs)
        if piece:
            text += (gap(before, cell) if before else '') + piece
            before = cell
    end = noted(notebook, 'end')
    if end is None:
        end = '\n' if before else ''
    ends = noted(notebook, 'newline', re.compile('\r?\n')) or '\n'
    return (text + end).replace('\n', ends)


def gap(before, cell):
    """Return what separates a cell from the one before it."""
    found = noted(cell, 'before') or ''
    least = 2 if is_prose(before) and is_prose(cell) else 1
    good = found.count('\n') >= least
    return found if good else usual_gap(before, cell)


def usual_gap(before, cell):
    """Return a blank line, but none after a picture's description."""
    if before is None or is_prose(cell) or not is_prose(before):
        return BETWEEN
    return '\n' if DESCRIPTION.search(before.source) else BETWEEN


def written(cell, outputs=False):
    """Return the text of a cell; nothing if the cell is empty."""
    source = ''.join(cell.source).replace('\r\n', '\n')
    if not source.strip():
        return ''
    if cell.cell_type == 'code':
        return code(cell, source, outputs)
    if cell.cell_type == 'raw':
        return fenced('```text', source)
    return prose(with_pictures(cell, source))


def code(cell, source, outputs):
    """Return a code cell in its fence, with its outputs if wanted."""
    fence = noted(cell, 'fence', re.compile('.*')) or ''
    match = reader.FENCE.fullmatch(fence.rstrip())
    if not match or not reader.CODE_INFO.fullmatch(match['info']):
        fence = reader.CODE_FENCE
    count = f' n={cell.execution_count}' if cell.execution_count else ''
    if not outputs or not cell.outputs:
        return fenced(fence, source)
    fence = COUNT.sub('', fence).replace('.input', f'.input{count}')
    found = json.dumps(cell.outputs, ensure_ascii=False, indent=1)
    block = fenced(f'```{{.json .output{count}}}', found)
    return fenced(fence, source) + BETWEEN + block


def fenced(fence, source):
    """Return a fenced block; its marks are longer than any inside."""
    marks = longer = marks_of(fence)
    while any(line.startswith(longer) for line in source.split('\n')):
        longer += marks[0]
    return f'{longer}{fence[len(marks) :]}\n{source}\n{longer}'


def with_pictures(cell, source):
    """Put the pictures that were pasted into a cell into its text."""
    pictures = cell.get('attachments') or {}
    for name in sorted(filter(pictures.get, pictures), key=len, reverse=True):
        kind, content = next(iter(pictures[name].items()))
        address = f'data:{kind};base64,' + ''.join(''.join(content).split())
        for each in (name, urllib.parse.quote(name)):
            source = source.replace(f'attachment:{each}', address)
    return source


def prose(source):
    """Return the text of a Markdown cell as it can stand on a page."""
    source = LEADING_BLANK_LINES.sub('', source.rstrip())
    if is_one_cell(source):
        return source
    return '\n'.join(without_cells(source.split('\n')))


def is_one_cell(source):
    """Tell whether a text is a Markdown cell wherever it stands."""
    try:
        cells = reader.read(source).cells
        first = next(reader.fences(source), (0, '', []))
    except PageError:
        return False
    is_output = first[0] == 1 and CELL_INFO.match(first[1])
    return len(cells) == 1 and is_prose(cells[0]) and not is_output


def without_cells(lines):
    """Yield lines in which no fence opens a cell, and none stays open.

    What looks like a cell moves to the right by a blank, which does not
    change how Markdown shows it. A block that is open is closed, and one
    that is empty gets a blank line: notedown reads on past its end.
    """
    lines = iter(lines)
    for line in lines:
        fence = reader.FENCE.fullmatch(line.rstrip())
        if not fence:
            yield line
            continue
        marks, is_cell = fence['marks'], CELL_INFO.match(fence['info'])
        body = lines_of_block(lines, marks)
        for row in (line, *body):
            inner = reader.FENCE.fullmatch(row.rstrip())
            moves = is_cell or reader.opens_cell(inner, marks)
            yield f' {row}' if moves else row
        if not body:
            yield ''
        yield f' {marks}' if is_cell else marks


def lines_of_block(lines, marks):
    """Return the lines before the end of a block, in Jupyter's view.

    The end, if there is one, is taken from the iterator as well.
    """
    end = re.compile(rf' {{0,3}}{marks}{marks[0]}*\s*')
    return list(itertools.takewhile(lambda x: not end.fullmatch(x), lines))
