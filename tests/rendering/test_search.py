"""The search has the prose of all sections, and where terms are introduced.

How searching works in the browser is tested in browser/test_searching.py.
"""

import pytest
import yaml
from books import ROOT, write_page, write_pair
from docutils import nodes

from book.chapters import glossary, toc
from book.rendering.html import search

TERMS = glossary.read('''\
| 中文 | English | rejected |
| --- | --- | --- |
| 梯度 | gradient | 斜度 |
| 梯度下降 | gradient descent | |
| 随机梯度下降 | stochastic gradient descent | |
| 独热编码 | one-hot encoding | |
''')


@pytest.fixture
def page():
    """Return what Sphinx has of a page with a formula, code and output."""
    code = nodes.literal_block('', 'net.hybridize()')
    printed = nodes.literal_block('', 'secret')
    cell = nodes.container('', code, nodes.container(
        '', printed, classes=['cell_output']), classes=['cell'])
    inner = nodes.section(
        '', nodes.title('', 'Code'), cell, nodes.paragraph('', 'It ends.'),
        nodes.math_block('', 'x_i'), ids=['code'])
    text = nodes.paragraph(
        '', '', nodes.Text('We follow '), nodes.math('', r'\frac{a}{b}'),
        nodes.Text(' with '), nodes.literal('', 'asnumpy'),
        nodes.Text(' at a rate of '), nodes.math('', '0.1'),
        nodes.Text('.'))
    outer = nodes.section('', nodes.title('', 'Slopes'), text, inner,
                          ids=['slopes', 'other'])
    return outer


def test_a_section_has_its_prose_and_the_names_in_its_code(page):
    assert search.sections(page) == [
        ['slopes', 'Slopes', 'We follow … with asnumpy at a rate of 0.1.',
         ''],
        ['code', 'Code', 'It ends.', 'hybridize net']]


def test_blocks_are_parted_and_words_are_not():
    items = [nodes.list_item('', nodes.paragraph('', text))
             for text in ('one', 'two')]
    mixed = nodes.paragraph('', '', nodes.Text('小批'), nodes.strong(
        '', '量'))
    assert search.prose(*items, mixed).split() == ['one', 'two', '小批量']


def test_the_terms_are_those_of_the_table_if_there_is_one(tmp_path):
    assert '小批量' in [term.zh for term in search.table(ROOT)]
    assert search.table(tmp_path) == []


def places(root):
    found = search.introductions(TERMS, toc.pages(root))
    return {term.en: search.place(*where) for term, where in found.items()}


@pytest.mark.parametrize('text, place', [
    ('# 标题\n\n梯度（gradient）。\n', ('part/first', '')),
    ('# 标题\n\n## 一\n\n梯度（gradient）\n', ('part/first', 'one')),
    ('# 标题\n\n## 一\n\n## 二\n\n梯度（Gradients，斜率）\n',
     ('part/first', 'two')),
    ('# 标题\n\n[梯度（gradient）](second.md)\n', ('part/second', '')),
    ('# 标题\n\n梯度\n', ('part/second', '')),
], ids=['opening', 'section', 'next section', 'in a link', 'no gloss'])
def test_a_term_is_introduced_where_it_is_first_glossed(
    tiny_book, text, place
):
    write_page(tiny_book, 'zh', 'part/first', text)
    write_page(tiny_book, 'en', 'part/first', '# Title\n\n## One\n\n## Two\n')
    write_pair(tiny_book, 'part/second', '# 标题\n\n梯度（gradient）\n')
    assert places(tiny_book) == {'gradient': place}


def test_the_preface_introduces_nothing_and_comes_after_the_lessons(
    tiny_book
):
    write_pair(tiny_book, 'preface/how', '# 怎样读\n\n梯度（gradient）\n')
    names = ['preface/how', 'part/first']
    pages = [toc.Page(name, tiny_book) for name in names]
    assert list(search.introductions(TERMS, pages)) == []
    assert search.reading_order(pages) == names[::-1]


def test_overviews_introduce_nothing_and_come_last(tiny_book):
    write_page(tiny_book, 'zh', 'part/index', '# 部分\n\n梯度（gradient）\n')
    assert places(tiny_book) == {}
    assert search.reading_order(toc.pages(tiny_book)) == [
        'part/first', 'part/second', 'index', 'part/index']


@pytest.mark.parametrize('language, word, label', [
    ('en', 'gradient', 'gradient'), ('zh', '梯度', '梯度（gradient）')])
def test_readers_may_use_any_word_for_a_term(language, word, label):
    entry = search.entry(TERMS[0], ('part/first', 'one'), language)
    assert (entry['word'], entry['label']) == (word, label)
    assert entry['forms'] == ['梯度', 'gradient', '斜度']
    assert (entry['page'], entry['anchor']) == ('part/first', 'one')


def test_every_query_has_a_page():
    queries = yaml.safe_load((ROOT / 'tests/queries.yml').read_text('utf-8'))
    names = {page.name for page in toc.pages(ROOT)}
    assert list(queries) == list(toc.LANGUAGES)
    for table in queries.values():
        assert len(table) >= 12 and set(table.values()) <= names


@pytest.mark.parametrize('text, forms', [
    ('过拟', {'過': '过', '擬': '拟'}), ('干', {'乾': '干', '幹': '干'}),
    ('乾、干', {'幹': '干'}), ('overfit', {})],
    ids=['two', 'ambiguous', 'both are in the book', 'English'])
def test_the_index_has_the_traditional_forms_of_its_characters(text, forms):
    assert forms.items() <= dict(zip(*search.traditional(text))).items()
    assert set(search.traditional(text)[1]) == {*forms.values()}


@pytest.mark.parametrize('query', ['卷積', '過擬合', '損失函數', '學習率'])
def test_a_query_in_traditional_characters_has_the_words_of_the_book(query):
    words = [term.zh for term in search.table(ROOT)]
    table = str.maketrans(*search.traditional(''.join(words)))
    assert query not in words and query.translate(table) in words
