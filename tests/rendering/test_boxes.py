"""Boxes: four kinds, named in both languages, in all forms of the book."""

import re

import pytest
from books import book, keep_outputs, write_pair, write_tiny_book
from docutils import nodes

from book.chapters.languages import words
from book.chapters.markdown import BOXES
from book.chapters.toc import LANGUAGES
from book.rendering import HTML
from book.rendering.every_page import boxes

PAGE = '# Part\n\n' + '\n'.join(
    f'Before.\n\n:::{{{x}}}\nText with `code` and $x$.\n:::\n' for x in BOXES)
STYLE = HTML.parent / 'latex/bookstyle.sty'


@pytest.fixture(scope='module')
def site(tmp_path_factory):
    """Return the folder of a site whose second page has all boxes."""
    root = write_tiny_book(tmp_path_factory.mktemp('boxes'))
    write_pair(root, 'part/index', PAGE)
    keep_outputs(root, first=['2\n'], second=['3\n'])
    status, _, messages = book(root, 'html')
    assert status == 0, messages
    return root / '_build/html'


@pytest.mark.parametrize('language', LANGUAGES)
@pytest.mark.parametrize('kind', BOXES)
def test_a_box_is_a_note_that_begins_with_its_kind(site, language, kind):
    page = (site / language / 'part/index.html').read_text('utf-8')
    found = re.search(rf'<div class="{kind} [^>]*>\s*'
                      r'<p class="admonition-title">(.*?)</p>', page)
    assert 'role="note"' in found[0]
    assert found[1] == words(language)['boxes'][kind]


@pytest.mark.parametrize('language', LANGUAGES)
def test_a_remark_alone_goes_into_the_margin(site, language):
    page = (site / language / 'part/index.html').read_text('utf-8')
    assert re.findall(r'class="beside [^>]*>\s*<p>Before.</p>\s*'
                      '<div class="([a-z]+)', page) == ['aside']
    assert page.count('"beside') == 1


def body(*children):
    """Return what holds a few nodes."""
    return nodes.section('', *children)


def remark():
    return boxes.box('', nodes.title('', 'Aside'), classes=['aside'])


def test_a_remark_stands_beside_the_paragraph_before_it():
    page = body(nodes.paragraph('', 'First.'), nodes.paragraph('', 'Second.'),
                remark(), nodes.paragraph('', 'Third.'))
    boxes.join_paragraph(page[2])
    first, both, third = page.children
    assert both['classes'] == ['beside']
    assert [x.astext() for x in both] == ['Second.', 'Aside']
    assert (first.astext(), third.astext()) == ('First.', 'Third.')


@pytest.mark.parametrize('before', [[], [nodes.literal_block('', '1 + 1')]],
                         ids=['nothing', 'code'])
def test_a_remark_without_a_paragraph_stays(before):
    page = body(*before, remark())
    boxes.join_paragraph(page[-1])
    assert page[-1]['classes'] == ['aside']


@pytest.mark.parametrize('kind', BOXES)
def test_each_kind_has_a_look_on_the_site_on_paper_and_in_the_e_book(kind):
    sheets = [HTML / 'static/boxes.css',
              HTML.parent / 'epub/static/e-book.css']
    for sheet in sheets:
        assert f'div.admonition.{kind} {{' in sheet.read_text('utf-8')
    paper = STYLE.read_text('utf-8')
    assert f'\\book@box{{{boxes.PAPER[kind]}}}' in paper
    assert f'\\sphinxstyle{boxes.PAPER[kind]}title}}' in paper
