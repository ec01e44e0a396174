"""What nbgrader gets instead of a student's notebook.

Its cells are the student's, but all that nbgrader goes by is ours: what a
cell is called, the checks, and the outputs of the checks, which are the
verdicts. The rest is text and pictures only, for browsers of teachers show
it: no HTML, no scripts.
"""

import base64
import json
import re

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from classroom.marking.program import CHECK, Unreadable, grade_id

CELLS, CHARACTERS = 1000, 2_000_000  # of a notebook, without its outputs
SHOWN = 20_000  # characters of an output
OUTPUTS = 50  # of a cell
PICTURES = 'image/png', 'image/jpeg'
PICTURE = 1_500_000  # characters of a picture, in base64
INVISIBLE = '\u200b'  # makes a tag or a command into text
# In Markdown a tag, a command of a formula that links or gives a style, and a
# picture: its address may be that of anything. A link leads to a page, or to
# nothing: `javascript:` can be written in too many ways to list them
TAG = re.compile(
    r'<(?=[A-Za-z/!?])'
    r'|\\(?=href|unicode|class|style|cssId|mmlToken|require|bbox)'
    r'|!(?=\[)|\](?=\((?!https?://)|:(?![ \t]*https?://))')
CONTROL = re.compile('[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f\ud800-\udfff]')


def cleaned(notebook):
    """Return the cells of a student's notebook: types, texts, names.

    notebook: as program.read returns it. Raises Unreadable.
    """
    try:
        cells = [plain(cell) for cell in notebook['cells']]
    except (KeyError, TypeError, AttributeError) as error:
        raise Unreadable('no_notebook', '') from error
    size = sum(len(cell['source']) for cell in cells)
    if len(cells) > CELLS or size > CHARACTERS:
        raise Unreadable('no_notebook', '')
    return {'cells': cells}


def plain(cell):
    """Return a cell with nothing but its type, text and name."""
    kind = 'code' if cell['cell_type'] == 'code' else 'markdown'
    name = grade_id(cell)
    about = {'nbgrader': {'grade_id': str(name)}} if name else {}
    return {'cell_type': kind, 'metadata': about,
            'source': text(''.join(cell['source']))}


def text(source):
    """Return a text without control characters and halves of a pair."""
    return CONTROL.sub('', source.replace('\r\n', '\n'))


def harmless(source):
    """Return Markdown in which no tags, pictures or odd links work."""
    return TAG.sub(lambda x: x[0] + INVISIBLE, source)


def made(released, submitted):
    """Return the notebook: the student's cells in the student's order.

    released: the notebook as it was handed out; submitted: as `cleaned`
    returns it. A cell that lacks is at the end, as it was handed out.
    """
    wanted = {grade_id(cell): cell for cell in released['cells']
              if grade_id(cell)}
    known = {cell['source'] for cell in released['cells']}
    cells = []
    for cell in submitted['cells']:
        ours = wanted.pop(grade_id(cell), None)
        cells.append(built(cell, ours, known))
    cells += [built(cell, cell, known) for cell in wanted.values()]
    return nbformat.v4.new_notebook(cells=cells, metadata={
        'kernelspec': {'name': 'python3', 'language': 'python',
                       'display_name': 'Python 3'}})


def built(cell, ours, known):
    """Return a cell: the text of one, the name and type of another.

    ours: the cell of that name as it was handed out, or None.
    """
    locked = ours and ours['metadata']['nbgrader']['locked']
    source = ours['source'] if locked else cell['source']
    kind = (ours or cell)['cell_type']
    about = {'nbgrader': dict(ours['metadata']['nbgrader'])} if ours else {}
    if kind == 'code':
        return new_code_cell(source, metadata=about)
    if source not in known:
        source = harmless(source)
    return new_markdown_cell(source, metadata=about)


def judge(notebook, verdicts, outputs):
    """Put the outputs into a notebook, and the verdicts at its checks.

    verdicts: task -> '' or what is wrong; outputs: a list for each cell.
    """
    for cell, found in zip(notebook['cells'], outputs):
        if cell['cell_type'] == 'code':
            cell['outputs'] = shown(found)
    for cell in notebook['cells']:
        name = grade_id(cell)
        if name.startswith(CHECK):
            cell['outputs'] = verdict(verdicts.get(name[len(CHECK):]))


def verdict(sentence):
    """Return the outputs by which nbgrader gives all points, or none."""
    if sentence == '':
        return []
    sentence = sentence or 'no hidden test: mark this task by hand'
    return [new_output('error', ename='hidden test', evalue=sentence,
                       traceback=[sentence])]


def outputs(written, number):
    """Return the outputs that execute.py has written, for each cell."""
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or len(found) != number:
        return [[] for _ in range(number)]
    return found


def shown(found):
    """Return of a cell's outputs what can be shown, and no more."""
    if not isinstance(found, list):
        return []
    return [x for x in map(shown_output, found[:OUTPUTS]) if x]


def shown_output(output):
    """Return an output as text or as a picture, or None."""
    try:
        kind = output['output_type']
        if kind == 'stream':
            return new_output('stream', name='stdout',
                              text=short(output['text']))
        if kind == 'error':
            name, value = (short(output[x]) for x in ('ename', 'evalue'))
            trace = [short(x) for x in output['traceback'][:OUTPUTS]]
            return new_output('error', ename=name, evalue=value,
                              traceback=trace)
        return new_output('display_data', data=data(output['data']))
    except (KeyError, TypeError, AttributeError, ValueError):
        return None


def data(found):
    """Return the forms of an output that are text or a picture."""
    kept = {'text/plain': short(found.get('text/plain', ''))}
    for kind in PICTURES:
        if kind in found and len(found[kind]) <= PICTURE:
            picture = base64.b64decode(''.join(found[kind].split()), None,
                                       validate=True)
            kept[kind] = base64.b64encode(picture).decode('ascii')
    return kept


def short(found):
    """Return the beginning of a text that may be a list of lines."""
    found = text(''.join(found))
    return found if len(found) <= SHOWN else found[:SHOWN] + ' …'
