"""Long tables in print have columns that fit their words."""

import pytest
from docutils import nodes

from book.rendering.latex.long_tables import FEW_ROWS, GAP, LINE, room, widths


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


def table(*rows):
    return nodes.table('', nodes.tbody('', *(nodes.row('', x) for x in rows)))


def test_a_table_stays_with_the_addresses_at_the_foot_of_its_page():
    link = nodes.reference('', 'there', refuri='https://example.org')
    page = nodes.reference('', 'here', refuri='%part/first')
    plain = table(*(text('x') for _ in range(20)))
    linked = table(cell(link), cell(page), text('x'))
    assert room(plain).astext() == rf'\bookroom{{{FEW_ROWS}}}'
    assert room(linked).astext() == r'\bookroom{7}'
