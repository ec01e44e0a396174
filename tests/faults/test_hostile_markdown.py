"""Whatever a page says, it is read without a crash and without a loss.

The inputs are drawn by Hypothesis, the same ones in each run: a few hundred
in `make test`, more than 10,000 in `make faults`.
"""

import re

import nbformat
import notedown
import pytest
from harm import some

pytest.importorskip('hypothesis', reason='in requirements-browser.txt')
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from book.chapters.errors import PageError
from book.chapters.reader import CODE_FENCE, code_cells, read
from book.shipping.commonmark import Place, convert

FENCES = [*('```', '~~~', '````', '```', '\n```\n', CODE_FENCE,
            '```{.python'),
          *('```{.python .input  n=5}', '```{.input .python}', '```bash')]
ODD = ['\r', '\x00', '\x0b', '\x0c', '\x85', '\u2028', '\ufeff', '\ud800']
PIECES = [
    *(':::', '::::', ':::\n', '`', '``', '\n:::{note}\n', '\n```{tip}\n'),
    *('{note}', '{figure-md} graph', '{tabs}', '{eq}`rule`', '{ref}`no`'),
    *('{doc}`other`', '{ref}`there <far>`', '{numref}`%s <graph>`', '{x}`'),
    *('$', '$$', '$$ (rule)', '(label)=', '% ', '+++', '---', '***', '\\'),
    *('[a](other.md)', '[a][b]', '[b]: other.md', '[a](', '](', '![', ']'),
    *('![a](x.svg)', '<other.md>', '<https://b.org>', '[a](<b c> "d")'),
    *('<!--', '-->', '<!-- needs: ../x.txt -->', '<b>', '&amp;', '&#0;'),
    *('# ', '## ', '- ', '1. ', '> ', '| a | b |', '|-|-|', '    ', '  '),
    *('\n', '\n', '\n', '\n\n', '\t', '\ufffc', 'é', '中', '，', '**', '_'),
]


def texts(*pieces):
    """Return a strategy for texts of some pieces in any order."""
    lists = st.lists(st.sampled_from(sum(pieces, [])), max_size=25)
    return lists.map(''.join)


HOSTILE = (
    texts(PIECES, FENCES) | texts(PIECES, FENCES, ODD) | st.text(max_size=20))
PLACES = [Place(page='part/page', language=language,
                titles={'part/other': 'Other'}, figures={'graph': '2.1'},
                images={'x.svg': 'data:x'}) for language in ('en', 'zh')]


def inputs(few, many):
    """Return how many inputs to draw, always the same ones."""
    return settings(max_examples=some(few, many), derandomize=True,
                    database=None, deadline=None,
                    suppress_health_check=list(HealthCheck))


@inputs(300, 7_500)
@given(HOSTILE)
def test_a_hostile_page_is_read_whole_or_refused_with_its_line(text):
    lines = text.split('\n')
    try:
        notebook = read(text, 'page.md')
    except PageError as error:
        assert 1 <= error.line <= len(lines)
        return
    for cell in notebook.cells:
        start = cell.metadata.line - 1
        own = cell.source.split('\n')
        found = '\n'.join(lines[start : start + len(own)])
        is_code = cell.cell_type == 'code'
        assert cell.source == (found if is_code else found.rstrip())
        lines[start : start + len(own)] = [''] * len(own)
    rest = [line for line in lines if line.strip()]
    assert len(rest) == 2 * len(code_cells(notebook)), 'only fences are left'
    assert all(line.startswith('```') for line in rest)


@inputs(50, 300)
@given(texts(PIECES, FENCES[-5:]))
def test_a_hostile_page_becomes_a_notebook_that_can_be_kept(text):
    try:
        notebook = read(text)
    except PageError:
        return
    nbformat.validate(notebook)
    assert nbformat.reads(nbformat.writes(notebook), 4) == notebook


@pytest.mark.parametrize('place', PLACES, ids=lambda place: place.language)
@inputs(150, 900)
@given(text=texts(PIECES) | texts(PIECES, FENCES))
def test_hostile_prose_is_converted_or_refused_with_its_line(place, text):
    try:
        for cell in read(text).cells:
            if cell.cell_type == 'markdown':
                convert(cell.source, place, cell.metadata.line)
    except PageError as error:
        assert 1 <= error.line <= text.count('\n') + 1


# Chapters that are well written, but with all that prose may hold

WORDS = st.text('ab 中，{}`*_[]()$\\#|>-.', min_size=1, max_size=30)
PARAGRAPH = st.lists(WORDS.map(lambda x: f'a{x.rstrip()}'), min_size=1,
                     max_size=4).map('\n'.join)
FENCED = st.sampled_from(
    ['```bash\nls\n\npwd\n```',
     '````\n```{.python .input}\nan example\n```\n````',
     '~~~\n```{.python .input}\n~~~', ':::{note}\nA note.\n:::',
     '```{note}\nA note.\n```', '$$\nx = 1\n$$ (rule)',
     '| a | b |\n| - | - |\n| 1 | 2 |', '- a\n\n      not code\n- b',
     '<!-- alt: a picture -->'])
PROSE = st.lists(PARAGRAPH | FENCED, min_size=1, max_size=4).map('\n\n'.join)
LINE = st.text('ab =()#\'"中`~:{}.\\', max_size=20)
CODE = st.lists(LINE, min_size=1, max_size=6).map(
    lambda lines: '\n'.join(['a', *lines, 'b'])
).filter(lambda code: not re.search('^ *(```|~~~)', code, re.MULTILINE))
NOTEDOWN = notedown.MarkdownReader(
    code_regex='fenced', match='strict', magic=False)
CHAPTER = st.lists(PROSE | CODE.map(lambda x: (x,)), min_size=1, max_size=8)


def written(cells):
    """Return the Markdown of cells; those of code are tuples."""
    return '\n\n'.join(
        f'{CODE_FENCE}\n{x[0]}\n```' if isinstance(x, tuple) else x
        for x in cells) + '\n'


def joined(cells):
    """Return cells with prose below prose in the same cell."""
    found = []
    for cell in cells:
        if found and isinstance(cell, str) and isinstance(found[-1], str):
            found[-1] += f'\n\n{cell}'
        else:
            found.append(cell)
    return found


def cells_of(notebook):
    """Return the cells of a notebook; those of code are tuples."""
    return [(x.source,) if x.cell_type == 'code' else x.source
            for x in notebook.cells]


@inputs(100, 500)
@given(CHAPTER)
def test_a_chapter_keeps_its_cells_on_the_way_to_a_notebook_and_back(cells):
    text = written(cells)
    expected = joined(cells)
    assert cells_of(read(text)) == expected
    assert written(expected) == text
    found = cells_of(NOTEDOWN.reads(text))
    assert joined(
        [x if isinstance(x, tuple) else x.strip('\n') for x in found]
    ) == expected, 'notedown may end a cell at a fence of prose'
