"""Each picture that a cell draws is described for those who see none."""

import pytest
from books import book, chapter, write_page, write_pair
from nbformat.v4 import new_output

from book.chapters import images, toc
from book.chapters.reader import code_cells, read
from book.experiments import drawings

CELL = '```{.python .input}\ndraw()\n```\n'
PICTURE = new_output('display_data', {'image/svg+xml': '<svg/>'})
TEXT = new_output('stream', text='3')
DRAWING = ('from IPython.display import SVG\n'
           'SVG(\'<svg xmlns="http://www.w3.org/2000/svg"/>\')')


def executed(text, *outputs):
    """Return the notebook of a page whose one cell has these outputs."""
    notebook = read(text)
    code_cells(notebook)[0].outputs = list(outputs)
    return notebook


@pytest.mark.parametrize('before, outputs, problems', [
    ('Look.\n<!-- alt: A line. -->\n', [PICTURE], []),
    ('Look.\n', [TEXT], []),
    ('Look.\n', [TEXT, PICTURE], [(4, drawings.MISSING)]),
    ('Look.\n<!-- a note -->\n', [PICTURE], [(5, drawings.MISSING)]),
    ('<!-- alt: A. -->\nLook.\n', [PICTURE], [(5, drawings.MISSING)]),
    ('Look.\n<!-- alt: -->\n', [PICTURE], [(5, drawings.MISSING)]),
    ('Look.\n<!-- alt: A line. -->\n', [TEXT], [(5, drawings.IDLE)]),
], ids=['described', 'no picture', 'not described', 'another comment',
        'a comment elsewhere', 'an empty description', 'nothing to describe'])
def test_descriptions_and_pictures_belong_together(before, outputs, problems):
    notebook = executed(f'# T\n{before}{CELL}', *outputs)
    assert drawings.findings(notebook) == problems


def test_its_own_description_reaches_the_page_as_alternative_text():
    page = f'# T\n<!-- alt: 一条线。 -->\n{CELL}\n{CELL}'
    notebook = executed(page, PICTURE)
    images.describe(notebook)
    first, second = code_cells(notebook)
    assert first.metadata['mystnb'] == {'image': {'alt': '一条线。'}}
    assert 'mystnb' not in second.metadata


def test_words_without_chinese_are_told_with_the_line_of_the_picture(
        tiny_book):
    drawn = '<svg><text>label</text><text>flux</text></svg>'
    plot = new_output('display_data', {'image/svg+xml': drawn})
    assert drawings.in_plots(executed(f'# T\n{CELL}', plot)) == [
        (3, ['flux'])]
    (tiny_book / 'chapters/figures').mkdir()
    (tiny_book / 'chapters/figures/a.svg').write_text(drawn)
    write_pair(tiny_book, 'part/first', '# T\n![A](../../figures/a.svg)\n')
    page = next(x for x in toc.pages(tiny_book) if x.slug == 'first')
    assert drawings.in_files(page) == [(2, ['flux'])]


@pytest.mark.slow
def test_the_build_names_the_cell_and_the_way_out(tiny_book):
    text = chapter('First', DRAWING)
    write_pair(tiny_book, 'part/first', text)
    described = '<!-- alt: A drawing. -->\n```{.python'
    write_page(tiny_book, 'en', 'part/first',
               text.replace('```{.python', described))
    status, _, messages = book(tiny_book, 'html')
    assert status == 1
    assert f'chapters/zh/part/first.md:6: {drawings.MISSING}' in messages
    assert 'chapters/en' not in messages
