"""The first use of a term leads to where an earlier page introduces it."""

import pytest
from docutils import nodes
from docutils.utils import new_document

from book.rendering.made_pages.term_cards import Card, cards, link_terms

GRADIENT = Card('gradient', '梯度', 'part/first', 'First', 0)
DESCENT = Card('gradient descent', '梯度下降', 'part/first', 'First', 0)
ENTRY = Card('entry', '项', 'part/first', 'First', 0)
KNOWN = GRADIENT, DESCENT, ENTRY


def linked(*blocks, terms=KNOWN, known=None):
    """Return the text of a page with <> around what is a link."""
    words = {x.word for x in known or terms}
    document = new_document('page')
    document += nodes.section('', nodes.title('', 'A gradient'), *blocks)
    link_terms(document, terms, words, lambda card: f'<{card.other} ')
    for raw in document.findall(nodes.raw):
        if raw.astext() == '</a>':
            raw.parent.replace(raw, nodes.Text('>'))
    return [x.astext() for x in document.next_node(nodes.section)]


def paragraph(*pieces):
    return nodes.paragraph('', '', *pieces)


def text(words):
    return paragraph(nodes.Text(words))


@pytest.mark.parametrize('words, found', [
    ('A gradient, the gradient.', 'A <梯度 gradient>, the gradient.'),
    ('Gradients and entries', '<梯度 Gradients> and <项 entries>'),
    ('Gradient descent follows the gradient',
     '<梯度下降 Gradient descent> follows the <梯度 gradient>'),
    ('No gradientless words', 'No gradientless words'),
], ids=['the first', 'plurals', 'a longer one', 'whole words'])
def test_the_first_use_is_a_link(words, found):
    assert linked(text(words)) == ['A gradient', found]


def test_a_page_has_one_link_for_a_term():
    assert linked(text('gradient'), text('gradient'))[1:] == [
        '<梯度 gradient>', 'gradient']


def test_headings_code_formulas_links_and_tables_have_none():
    silent = paragraph(nodes.literal('', 'gradient'), nodes.Text(' '),
                       nodes.math('', 'gradient'), nodes.Text(' '),
                       nodes.reference('', 'gradient'))
    table = nodes.table('', nodes.entry('', text('gradient')))
    assert linked(silent, table)[1:] == ['gradient gradient gradient',
                                         'gradient']


def test_a_chinese_term_is_not_taken_out_of_a_longer_one():
    known = [Card('梯度', 'gradient', 'a', 'A', 0),
             Card('梯度下降', 'gradient descent', 'a', 'A', 0)]
    assert linked(text('梯度下降用梯度'), terms=known)[1] == (
        '<gradient descent 梯度下降>用<gradient 梯度>')


def test_nor_out_of_a_longer_one_that_the_page_itself_introduces():
    words = 'Gradient descent takes the gradient'
    assert linked(text(words), known=[GRADIENT])[1] == (
        'Gradient descent takes the <梯度 gradient>')


class Page:
    """A page of a book."""

    name = 'part/first'

    def text(self, language):
        return '# First\n' if language == 'en' else '# 一\n'


class Term:
    """A term, of one word that English uses for other things, too."""

    def __init__(self, zh, en):
        self.zh, self.en = zh, en


@pytest.mark.parametrize('language, found', [
    ('en', [Card('gradient', '梯度', 'part/first', 'First', 3)]),
    ('zh', [Card('梯度', 'gradient', 'part/first', '一', 3),
            Card('视图', 'view', 'part/first', '一', 3)])])
def test_cards_have_both_languages_and_everyday_words_none(language, found):
    places = {Term('梯度', 'gradient'): (Page(), 1),
              Term('视图', 'view'): (Page(), 2)}
    assert cards(places, {'part/first': 3}, language) == found
