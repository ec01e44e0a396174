"""Figures are numbered as Sphinx numbers them."""

import pytest
from sphinx_external_toc.parsing import parse_toc_data

from book.shipping.numbering import of_figures, of_pages

TABLE = {'format': 'jb-book', 'root': 'index', 'options': {'numbered': True},
         'chapters': [{'file': 'a/index',
                       'sections': [{'file': 'a/x'}, {'file': 'a/y'}]},
                      {'file': 'b/index', 'sections': [{'file': 'b/z'}]}]}
CONTENTS = parse_toc_data(TABLE)


def figure(label):
    return f':::{{figure-md}} {label}\n![alt](x.svg)\n\nCaption.\n:::\n'


TEXTS = {'index': '', 'a/index': '', 'a/x': figure('one') + figure('two'),
         'a/y': f'::::{{note}}\n{figure("three")}::::\n', 'b/index': '',
         'b/z': figure('four')}


def test_pages_are_numbered_by_their_place_in_the_table():
    assert of_pages(CONTENTS) == {
        'index': (), 'a/index': (1,), 'a/x': (1, 1), 'a/y': (1, 2),
        'b/index': (2,), 'b/z': (2, 1)}


@pytest.mark.parametrize('depth, expected', [
    (0, ['1', '2', '3', '4']),
    (1, ['1.1', '1.2', '1.3', '2.1']),
    (2, ['1.1.1', '1.1.2', '1.2.1', '2.1.1'])],
    ids=['through the book', 'in each part', 'in each chapter'])
def test_figures_are_counted(depth, expected):
    found = of_figures(CONTENTS, TEXTS, depth)
    assert list(found) == ['one', 'two', 'three', 'four']
    assert list(found.values()) == expected


def test_without_numbers_of_pages_figures_are_counted_through_the_book():
    contents = parse_toc_data({**TABLE, 'options': {}})
    assert of_figures(contents, TEXTS, 2)['four'] == '4'
