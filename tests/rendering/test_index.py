"""The index: each term, sorted, with the place that introduces it."""

from types import SimpleNamespace

import pytest
from books import write_page, write_pair
from docutils import nodes
from docutils.utils import new_document

from book.chapters import glossary, toc
from book.chapters.languages import EDITIONS
from book.rendering.every_page import index
from book.rendering.latex.document import index_entry

TERMS = glossary.read('''\
| 中文 | English | rejected |
| --- | --- | --- |
| 梯度 | gradient | 斜度 |
| 梯度下降 | gradient descent | |
| 广播 | broadcasting | |
''')
GRADIENT = index.Mark('梯度', 'gradient', ('gradient descent',))
MARKS = {'part/first': [GRADIENT, index.Mark('广播', 'broadcasting', ())],
         'part/second': [index.Mark('梯度下降', 'gradient descent', ())]}


def paragraph(*pieces):
    return nodes.paragraph('', '', *pieces)


def marked(language, *paragraphs):
    """Return the text of a page with a sign where the target is."""
    document = new_document('page')
    title = nodes.title('', 'gradient')
    document += nodes.section('', title, *paragraphs)
    find = index.finder(GRADIENT, language)
    index.insert(document, nodes.target('', '#'), find)
    return [x.astext() for x in document.next_node(nodes.section)]


def test_a_page_has_the_terms_that_it_introduces(tiny_book):
    write_page(tiny_book, 'zh', 'part/first',
               '# 一\n\n梯度（gradient），梯度下降。\n')
    write_pair(tiny_book, 'part/second', '# 二\n\n广播（broadcasting）\n')
    found = index.marks(TERMS, toc.pages(tiny_book))
    assert found == {'part/first': [GRADIENT],
                     'part/second': [index.Mark('广播', 'broadcasting', ())]}


@pytest.mark.parametrize('pieces, text', [
    ([nodes.Text('The Gradients.')], 'The #Gradients.'),
    ([nodes.strong('', 'gradient')], '#gradient'),
    ([nodes.literal('', 'gradient'), nodes.Text(' and gradient')],
     'gradient and #gradient'),
    ([nodes.Text('gradient descent, gradient')],
     'gradient descent, #gradient'),
    ([nodes.Text('An ingradient, a gradient')], 'An ingradient, a #gradient'),
], ids=['plural, any case', 'bold', 'not in code', 'not in a longer term',
        'not in a longer word'])
def test_an_english_term_is_marked_where_it_first_stands(pieces, text):
    assert marked('en', paragraph(*pieces))[1] == text


def test_a_chinese_term_is_marked_where_it_is_glossed():
    texts = [nodes.Text('梯度。'), nodes.strong('', '梯度'),
             nodes.Text('（gradient）')]
    assert marked('zh', paragraph(*texts))[1] == '梯度。#梯度（gradient）'


def test_a_page_without_the_word_is_marked_below_its_title():
    assert marked('en', paragraph(nodes.Text('Slope.'))) == [
        'gradient', '#', 'Slope.']


@pytest.mark.parametrize('language, found', [
    ('en',
     [('B', ['broadcasting']), ('G', ['gradient', 'gradient descent'])]),
    ('zh', [('G', ['广播']), ('T', ['梯度', '梯度下降'])]),
])
def test_entries_stand_under_their_letters(language, found):
    assert [(letter, [entry.word for entry in entries]) for letter, entries
            in index.groups(MARKS, language)] == found


def test_an_entry_has_both_words_and_leads_to_the_term():
    entry = index.entry(GRADIENT, 'part/first', 'zh')
    assert entry == ('梯度', 'gradient', 'part/first', 'term-gradient')


def test_the_page_names_the_language_of_the_other_word():
    builder = SimpleNamespace(get_target_uri=lambda page: f'{page}.html')
    entry = index.entry(GRADIENT, 'part/first', 'en')
    words, (links, _, _) = index.shown(entry, EDITIONS['en'], builder)
    assert words == 'gradient <span lang="zh-CN">梯度</span>'
    assert links == [('', 'part/first.html#term-gradient')]


@pytest.mark.parametrize('language, command', [
    ('en', r'\index{gradient@\bookentry{gradient}{梯度}}'),
    ('zh', r'\index{ti1 du4@\bookentry{梯度}{gradient}}'),
])
def test_in_print_an_entry_is_sorted_by_sound(language, command):
    assert index_entry(GRADIENT, language) == command
