"""A chapter and the notebook that Jupyter shows of it say the same.

What a person may do to a notebook is tried many times over by chance, with
fixed seeds: whatever the edits, the file that is written can be read again,
by the pipeline and by notedown alike, and holds all that was there.
"""

import random

import nbformat
import notedown
import pytest
from books import ROOT
from nbformat import v4
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from book.chapters import reader, toc
from book.chapters.errors import PageError
from book.chapters.toc import LANGUAGES
from book.tools.jupyter import chapter

PAGES = toc.pages(ROOT)
FILES = [x.label(language) for x in PAGES for language in LANGUAGES]
SEEDS = range(300)
PROSE = (
    'Some prose.', '# A heading\n\n- a list\n\n      deep',
    ':::{note}\nMind the step.\n:::', '```bash\nls\n```', '```bash\nls',
    '    indented = 1', '```{.python .input}\nan example, not a cell\n```',
    '```{.bash .input}\nls\n```', '```{.json .output n=1}\n[]\n```',
    '~~~\n```{.python .input}\n~~~\nmore',
    '```text\n```{.python .input}\n1\n```\n```',
    '````\n```{.python .input}\nnested\n```\n````',
    '  ```\n  x\n  ```\nand more ```',
    '```text\nclosed by a longer one\n`````\nafter',
    '多维数组$\\mathbf{x}$\n\n$$\ny = x\n$$', '\n\n  \nwith space around\n\n',
    '<!-- alt: A curve that falls. -->', '+++', '', ' \n')
CODE = ('a = 1', 'def f(x):\n    return x\n\n\nf(1)  ', '"""\n```\n"""',
        '"""\n```{.python .input}\n~~~\n````\n"""', '\n\nspace = 1\n\n',
        '%%time\nx = "“"', '', '\n')
ODD = """

# Title
Right below the title.···



```{.python .input  n=7}

a = 1

```
Text right below.\t
```bash
ls
```
~~~~ {.python .input n=}···
b = '''
~~~
'''
~~~~···
```{.python .input}
c
```


```{.python .input }
d
```
````
```{.python .input}
an example
```
````


""".replace('·', ' ')


def cells(notebook):
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def in_theory(notebook):
    """Return the cells that a chapter can hold of a notebook."""
    found = []
    for cell in notebook.cells:
        kind, text = cell.cell_type, cell.source
        if kind == 'markdown':
            text = clean(text)
        if not text.strip():
            continue
        if kind == 'markdown' and found and found[-1][0] == 'markdown':
            found[-1] = (kind, f'{found[-1][1]}\n\n{text}')
        else:
            found.append((kind, text))
    return found


def clean(text):
    lines = text.rstrip().split('\n')
    while lines and not lines[0].strip():
        lines.pop(0)
    return '\n'.join(lines)


def by_notedown(text):
    """Return the cells that notedown reads."""
    reader = notedown.MarkdownReader(code_regex='fenced', match='strict',
                                     magic=False)
    return outline(reader.reads(text))


def outline(notebook):
    """Return the code cells, and between them the lines of prose.

    Blank lines and fences are left out: notedown drops empty blocks.
    """
    found = [[]]
    for cell in notebook.cells:
        if cell.cell_type == 'code':
            found += [cell.source, []]
        else:
            lines = [x.strip() for x in cell.source.split('\n')]
            found[-1] += [x for x in lines
                          if x and not x.startswith(('```', '~~~'))]
    return found


@pytest.mark.parametrize('name', FILES)
def test_an_untouched_chapter_is_written_byte_by_byte_as_it_was(name):
    content = (ROOT / name).read_bytes()
    notebook = chapter.reads(content.decode(), name)
    nbformat.validate(notebook)
    assert chapter.writes(notebook).encode() == content
    as_jupyter_stores_it = nbformat.writes(notebook)
    again = nbformat.reads(as_jupyter_stores_it, as_version=4)
    assert chapter.writes(again).encode() == content


@pytest.mark.parametrize('text', [
    ODD, ODD.replace('\n', '\r\n'), ODD.rstrip('\n'), '', '\n \n',
    f'\ufeff{ODD}', '\ufeff# Title\r\n',
    'Only prose.', '```{.python .input}\n1\n```',
    '\n\n```{.python .input}\n1\n```\n\n\n'],
    ids=['a page of many kinds', 'line ends of Windows', 'no final line end',
         'an empty page', 'a blank page', 'the mark of Notepad',
         'its mark and line ends', 'prose', 'a cell',
         'a cell with space around it'])
def test_an_odd_page_is_kept_as_it_is(text):
    assert chapter.writes(chapter.reads(text)) == text


def test_the_cells_are_those_that_the_pipeline_reads():
    assert cells(chapter.reads(ODD)) == cells(reader.read(ODD))


def test_a_broken_page_is_refused_with_its_line():
    with pytest.raises(PageError, match='^page.md:3: .*never closed'):
        chapter.reads('# A\n\n```{.python .input}\n1\n', 'page.md')


@pytest.mark.parametrize('text, expected', [
    ('# Read me\n\n```bash\nls\n```\n', False),
    ('````\n```{.python .input}\n1\n```\n````\n', False),
    ('```{.python .input}\n1\n```\n', True),
    ('```{.python .input}\n1\n', True),
    ('```bash\n', False)],
    ids=['prose', 'an example of a cell', 'a cell',
         'a cell that is never closed', 'another fence that is never closed'])
def test_a_chapter_is_a_page_with_cells(text, expected):
    assert chapter.is_chapter(text) is expected


def edited(seed):
    """Return the notebook of an odd page after a person's edits."""
    chance = random.Random(seed)
    notebook = chapter.reads(ODD)
    for _ in range(chance.randint(1, 6)):
        edit = chance.choice(EDITS)
        if edit is add or len(notebook.cells) > (edit is merge):
            edit(notebook.cells, chance)
    return notebook


def make(chance):
    if chance.random() < 0.5:
        return new_code_cell(chance.choice(CODE))
    return new_markdown_cell(chance.choice(PROSE))


def add(cells, chance):
    cells.insert(chance.randint(0, len(cells)), make(chance))


def remove(cells, chance):
    cells.pop(chance.randrange(len(cells)))


def move(cells, chance):
    cell = cells.pop(chance.randrange(len(cells)))
    cells.insert(chance.randint(0, len(cells)), cell)


def split(cells, chance):
    place = chance.randrange(len(cells))
    lines = cells[place].source.split('\n')
    cut = chance.randint(0, len(lines))
    second = nbformat.from_dict({**cells[place], 'id': f'new-{place}'})
    cells[place].source = '\n'.join(lines[:cut])
    second.source = '\n'.join(lines[cut:])
    cells.insert(place + 1, second)


def merge(cells, chance):
    place = chance.randrange(len(cells) - 1)
    cells[place].source += '\n\n' + cells.pop(place + 1).source


def retype(cells, chance):
    place = chance.randrange(len(cells))
    make = chance.choice([new_code_cell, new_markdown_cell])
    cells[place] = make(cells[place].source, metadata=cells[place].metadata)


def change(cells, chance):
    cell = chance.choice(cells)
    cell.source = chance.choice(CODE if cell.cell_type == 'code' else PROSE)


EDITS = add, remove, move, split, merge, retype, change


@pytest.mark.parametrize('seed', SEEDS)
def test_after_any_edits_the_page_can_be_read_and_loses_nothing(seed):
    notebook = edited(seed)
    text = chapter.writes(notebook)
    found = chapter.reads(text)
    expected = in_theory(notebook)
    assert [kind for kind, _ in cells(found)] == [x for x, _ in expected]
    for (kind, source), (_, wanted) in zip(cells(found), expected):
        if kind == 'code':
            assert source == wanted
        else:
            assert lines_in(wanted, source)
    assert chapter.writes(found) == text


def lines_in(wanted, found):
    """Tell whether the lines of a text are in another, in their order."""
    wanted, found = ([x.strip().strip('`~') for x in text.split('\n')]
                     for text in (wanted, found))
    left = iter(found)
    return all(line in left for line in wanted)


@pytest.mark.parametrize('seed', SEEDS)
def test_notedown_reads_the_cells_that_were_written(seed):
    notebook = edited(seed)
    notebook.metadata.pop('chapter', None)
    for cell in notebook.cells:
        cell.metadata.pop('chapter', None)
    text = chapter.writes(notebook)
    assert by_notedown(text) == outline(chapter.reads(text))


def written(*cells):
    return chapter.writes(new_notebook(cells=list(cells)))


def test_new_cells_are_written_as_the_style_guide_wants():
    assert written(
        new_markdown_cell('# Title'), new_code_cell('a = 1'),
        new_markdown_cell('<!-- alt: A line. -->'), new_code_cell('a')) == (
        '# Title\n\n```{.python .input}\na = 1\n```\n\n'
        '<!-- alt: A line. -->\n```{.python .input}\na\n```\n')


def test_empty_cells_are_left_out():
    assert written(new_code_cell(' \n'), new_markdown_cell('')) == ''


@pytest.mark.parametrize('make, source, expected', [
    (new_markdown_cell, '```{.python .input}\n1\n```',
     ' ```{.python .input}\n 1\n ```\n'),
    (new_markdown_cell, '```bash\nls', '```bash\nls\n```\n'),
    (new_markdown_cell, '~~~\nls\n ~~~~\nmore', '~~~\nls\n~~~\nmore\n'),
    (v4.new_raw_cell, '\\newpage\n```',
     '````text\n\\newpage\n```\n````\n\n')],
    ids=['like a cell', 'never closed', 'closed loosely', 'a raw cell'])
def test_prose_and_a_raw_cell_cannot_become_code(make, source, expected):
    text = written(make(source), new_code_cell('1'))
    assert text.startswith(expected)
    kinds = [kind for kind, _ in cells(chapter.reads(text))]
    assert kinds == ['markdown', 'code']


def test_a_pasted_picture_stays_in_the_page():
    text = '![A](attachment:a.png) ![B](attachment:a%20b.png "B")'
    pictures = {'a.png': {'image/png': 'QUFB\n'},
                'a b.png': {'image/png': 'QkJC'}}
    assert written(new_markdown_cell(text, attachments=pictures)) == (
        '![A](data:image/png;base64,QUFB) '
        '![B](data:image/png;base64,QkJC "B")\n')


def executed():
    outputs = [v4.new_output('stream', name='stdout', text='1\n```\n'),
               v4.new_output('execute_result', {'text/plain': '二'},
                             execution_count=3)]
    return [new_code_cell('print(1)\n2', execution_count=3, outputs=outputs),
            new_markdown_cell('The end.'),
            new_code_cell('pass', execution_count=4)]


def test_outputs_are_not_written():
    assert written(*executed()) == (
        '```{.python .input}\nprint(1)\n2\n```\n\nThe end.\n\n'
        '```{.python .input}\npass\n```\n')


def test_outputs_are_written_if_wanted_and_read_again_by_notedown_too():
    notebook = new_notebook(cells=executed())
    text = chapter.writes(notebook, outputs=True)
    found = chapter.reads(text)
    nbformat.validate(found)
    theirs = notedown.MarkdownReader(match='all', magic=False).reads(text)
    for one in (found, theirs):
        assert cells(one) == cells(notebook)
        assert one.cells[0].outputs == notebook.cells[0].outputs
        assert one.cells[0].execution_count == 3
    assert chapter.writes(found, outputs=True) == text
    assert chapter.writes(found) == written(*executed())


@pytest.mark.parametrize('text, line, problem', [
    ('```{.json .output n=1}\n[]\n```\n', 1, 'without a code cell'),
    ('```{.python .input}\n1\n```\n\n```{.json .output n=1}\n{\n```\n', 5,
     'not the outputs of a cell')], ids=['no cell before', 'not JSON'])
def test_a_block_of_outputs_out_of_place_is_an_error(text, line, problem):
    with pytest.raises(PageError, match=problem) as caught:
        chapter.reads(text, 'page.md')
    assert caught.value.line == line


@pytest.mark.parametrize('notes', ['text', 5, {'fence': 1, 'before': 'x'}])
def test_notes_that_a_person_has_spoilt_do_no_harm(notes):
    cells = [new_code_cell(x, metadata={'chapter': notes}) for x in '12']
    notebook = new_notebook(cells=cells, metadata={'chapter': notes})
    assert chapter.writes(notebook) == written(new_code_cell('1'),
                                               new_code_cell('2'))
