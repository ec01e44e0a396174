"""Long tables in print have columns that fit their words."""

import pytest
from docutils import nodes

from book.rendering.latex.long_tables import (
    FEW_ROWS,
    GAP,
    LINE,
    PAGE,
    headed,
    room,
    widths,
)


def cell(*parts):
    return nodes.entry('', nodes.paragraph('', '', *parts))


def text(words):
    return cell(nodes.Text(words))


def test_a_column_has_room_for_its_longest_word():
    narrow, wide = widths([[text('no')], [text('many words ' * 40)]])
    assert narrow == len('no ') + GAP
    assert narrow + wide == pytest.approx(LINE, abs=1)


@pytest.mark.parametrize('cells, expected', [
    ([text('a bc'), text('d')], [5, 2]),
    ([text('中文字'), text('abc')], [6, 4]),
    ([cell(nodes.math('', r'\mathbf{W}_{hh}')), text('x')], [4, 2]),
    ([nodes.entry(), text('x')], [0, 2]),
], ids=['what short cells need', 'the width of Chinese',
        'the signs of a formula', 'nothing for an empty cell'])
def test_a_column_has_room_for(cells, expected):
    assert widths([[x] for x in cells]) == [x + GAP for x in expected]


def test_code_is_wider_than_letters():
    code = cell(nodes.literal('', 'abcdefgh'))
    assert widths([[code], [text('abcdefgh')]])[0] > 8 + GAP + 1


def test_a_link_to_a_page_needs_room_for_its_number():
    link = nodes.reference('', 'here', refuri='%part/first')
    assert widths([[cell(link)], [text('here')]])[0] >= GAP + PAGE


def table(*rows):
    return nodes.table('', nodes.tbody('', *(nodes.row('', x) for x in rows)))


def test_a_table_stays_with_the_addresses_at_the_foot_of_its_page():
    link = nodes.reference('', 'there', refuri='https://example.org')
    page = nodes.reference('', 'here', refuri='%part/first')
    plain = table(*(text('x') for _ in range(20)))
    linked = table(cell(link), cell(page), text('x'))
    assert room(plain).astext() == rf'\bookroom{{{FEW_ROWS}}}'
    assert room(linked).astext() == r'\bookroom{7}'
    assert room(linked, with_heading=True).astext() == r'\bookroom{12}'


@pytest.mark.parametrize('words, alone', [((), False), (('Words.',), True)],
                         ids=['a heading', 'a sentence'])
def test_no_page_ends_between_a_heading_and_its_table(words, alone):
    columns, found = nodes.raw(), table(text('x'))
    paragraphs = [nodes.paragraph('', x) for x in words]
    section = nodes.section('', nodes.title('', 'Head'), *paragraphs, columns,
                            found)
    assert headed(found) is (columns if alone else section)
