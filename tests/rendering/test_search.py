"""The search index knows Chinese words, terms and where they are introduced.

How searching works in the browser is tested in browser/test_searching.py.
"""

from types import SimpleNamespace

import pytest
import yaml
from books import ROOT, write_page, write_pair

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


@pytest.fixture(scope='module')
def chinese(tmp_path_factory):
    folder = str(tmp_path_factory.mktemp('jieba'))
    words = [term.zh for term in TERMS]
    return search.Chinese({'words': words, 'folder': folder})


@pytest.mark.parametrize('text, words', [
    ('用随机梯度下降训练', {'随机梯度下降', '梯度下降', '梯度', '训练'}),
    ('做独热编码', {'独热编码', '编码'}),
    ('softmax回归', {'softmax', '回归'}),
    ('调用wait_to_read等待', {'wait_to_read', '等待'}),
    ('mini-batch', {'mini', 'batch'}),
], ids=['nested terms', 'a word new to jieba', 'mixed', 'code', 'hyphen'])
def test_a_text_is_cut_into_words(chinese, text, words):
    assert words <= set(chinese.split(text))


@pytest.mark.parametrize('word, kept', [
    ('层', True), ('梯度', True), ('3d', True), ('x', False), ('25', False)])
def test_the_index_needs_no_letters_and_no_numbers(chinese, word, kept):
    assert chinese.word_filter(word) == kept


def test_english_is_stemmed_as_in_the_browser(chinese):
    assert chinese.stem('Gradients') == 'gradient'
    assert chinese.stem('generically') == 'gener'


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
    assert (entry['page'], entry['anchor']) == ('part/first', '#one')


def test_every_query_has_a_page():
    queries = yaml.safe_load((ROOT / 'tests/queries.yml').read_text('utf-8'))
    names = {page.name for page in toc.pages(ROOT)}
    assert list(queries) == list(toc.LANGUAGES)
    for table in queries.values():
        assert len(table) >= 12 and set(table.values()) <= names


def test_a_word_that_its_pages_lost_is_left_out():
    words = {'独热': [], '独热编码': [0, 3], '嵌入': 0}
    assert search.used(words) == {'独热编码': [0, 3], '嵌入': 0}


def test_a_build_that_changes_nothing_leaves_the_index_as_it_is(
        tiny_book, tmp_path, monkeypatch):
    monkeypatch.setattr(search, 'root_of', lambda app: tiny_book)
    monkeypatch.setattr(search, 'edition_of', lambda app: SimpleNamespace(
        language='zh'))
    path = tmp_path / search.INDEX
    path.write_text(search.dumps({'terms': {'卷积': [0]}}), 'utf-8')
    app, texts = SimpleNamespace(outdir=tmp_path), []
    for _ in range(2):
        search.complete(app, None)
        texts.append(path.read_text('utf-8'))
    assert '積' in texts[0] and texts[0] == texts[1]


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
