"""Figures and formulas are numbered as Sphinx numbers them."""

import pytest
from sphinx_external_toc.parsing import parse_toc_data

from book.shipping.numbering import Target, of_pages, targets

TABLE = {
    'format': 'jb-book',
    'root': 'index',
    'options': {'numbered': True},
    'chapters': [
        {'file': 'a/index', 'sections': [{'file': 'a/x'}, {'file': 'a/y'}]},
        {'file': 'b/index', 'sections': [{'file': 'b/z'}]},
    ],
}
CONTENTS = parse_toc_data(TABLE)


def figure(label):
    return f':::{{figure-md}} {label}\n![alt](x.svg)\n\nCaption.\n:::\n'


TEXTS = {
    'index': '',
    'a/index': '',
    'a/x': figure('one') + figure('two'),
    'a/y': f'::::{{note}}\n{figure("three")}::::\n\n$$\nx\n$$ (formula)\n',
    'b/index': '',
    'b/z': figure('four') + '\n(here)=\n## A section\n',
}


def test_pages_are_numbered_by_their_place_in_the_table():
    assert of_pages(CONTENTS) == {
        'index': (),
        'a/index': (1,),
        'a/x': (1, 1),
        'a/y': (1, 2),
        'b/index': (2,),
        'b/z': (2, 1),
    }


@pytest.mark.parametrize(
    'depth, expected',
    [
        (0, ['1', '2', '3', '4']),
        (1, ['1.1', '1.2', '1.3', '2.1']),
        (2, ['1.1.1', '1.1.2', '1.2.1', '2.1.1']),
    ],
    ids=['through the book', 'in each part', 'in each chapter'],
)
def test_figures_are_counted(depth, expected):
    found = targets(CONTENTS, TEXTS, depth)
    labels = 'one', 'two', 'three', 'four'
    assert [found[label].text for label in labels] == expected


def test_without_numbers_of_pages_figures_are_counted_through_the_book():
    contents = parse_toc_data({**TABLE, 'options': {}})
    assert targets(contents, TEXTS, 2)['four'].text == '4'


def test_formulas_are_counted_by_themselves():
    assert targets(CONTENTS, TEXTS, 1)['formula'] == Target(
        'a/y', 'formula', '1.1'
    )


def test_a_label_before_a_heading_stands_for_the_section():
    assert targets(CONTENTS, TEXTS, 1)['here'] == Target(
        'b/z', 'section', 'A section'
    )
