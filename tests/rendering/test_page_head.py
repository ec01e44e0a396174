"""What a page says of itself: its twin, its run, its description."""

from types import SimpleNamespace

import jinja2
import pytest
from books import ROOT, write_page
from docutils import nodes

from book.chapters.languages import EDITIONS
from book.rendering.every_page.editions import engine_of
from book.rendering.every_page.line_breaks import hold_marks
from book.rendering.html import page_head


@pytest.mark.parametrize('language, name, has_twin', [
    ('en', 'part/first', True), ('en', 'part/new', False),
    ('zh', 'search', True), ('zh', 'genindex', True),
], ids=['in both languages', 'in one', 'the search', 'the index'])
def test_a_page_leads_to_its_twin_where_there_is_one(
    tiny_book, language, name, has_twin
):
    write_page(tiny_book, 'en', 'part/new', '# New\n')
    edition = EDITIONS[language]
    assert page_head.has_twin(tiny_book, edition, name) == has_twin


@pytest.mark.parametrize('language, words', [
    ('en', 'not yet in Chinese'), ('zh', '尚无英文版')])
def test_a_page_without_a_twin_says_so_and_leads_nowhere(language, words):
    folder = ROOT / 'book/rendering/html/templates'
    templates = jinja2.Environment(loader=jinja2.FileSystemLoader(folder))
    switch = templates.get_template('language-switch.html')
    text = switch.render(edition=EDITIONS[language])
    assert words in text and 'href' not in text


@pytest.mark.parametrize('language, engine, words', [
    ('en', 'mxnet', 'on cpu with Python 3.12 and MXNet 1.9.1.'),
    ('en', 'torch', 'on cpu with Python 3.12 and the book&#39;s engine 1.9.1 '
     'on PyTorch 2.13.0.'),
    ('zh', 'torch', 'Python 3.12，本书的引擎1.9.1（基于PyTorch 2.13.0）。'),
])
def test_a_page_says_which_engine_made_its_outputs(language, engine, words):
    folder = ROOT / 'book/rendering/html/templates'
    templates = jinja2.Environment(loader=jinja2.FileSystemLoader(folder),
                                   autoescape=True)
    versions = {'python': '3.12', 'mxnet': '1.9.1', 'torch': '2.13.0'}
    run = {'device': 'cpu', 'seconds': 2, 'data': {}, 'engine': engine,
           'versions': versions}
    text = templates.get_template('run.html').render(
        run=run, day='today', edition=EDITIONS[language],
        engine=engine_of(run, language))
    assert words in text


def test_a_page_names_itself_in_all_languages_where_it_has_an_address():
    assert page_head.alternates('https://example.org/book/', 'a/b.html') == [
        {'tag': 'en', 'url': 'https://example.org/book/en/a/b.html'},
        {'tag': 'zh-CN', 'url': 'https://example.org/book/zh/a/b.html'}]
    assert page_head.alternates('', 'a/b.html') == []


def test_the_first_page_sends_readers_of_other_languages_to_the_landing():
    *_, last = page_head.alternates('https://example.org/', 'index.html')
    assert last == {'tag': 'x-default', 'url': 'https://example.org/'}


def document(*texts):
    top = nodes.section()
    top += [nodes.paragraph(x, x) for x in texts]
    return top


@pytest.mark.parametrize('texts, described', [
    (['First.', 'Second.'], 'First.'),
    (['Two\nlines.'], 'Two lines.'),
    (['字' * 300], '字' * 199 + '…'),
    ([], ''),
], ids=['the first paragraph', 'lines joined', 'cut', 'nothing'])
def test_a_page_is_described_by_its_beginning(texts, described):
    assert page_head.description(document(*texts)) == described


@pytest.mark.parametrize('after, held', [
    ('，再看', True), ('。', True), ('是', False), (', too', True),
    (' and', False)])
def test_a_mark_stays_with_the_formula_before_it(after, held):
    block = nodes.paragraph('', '', nodes.math('', 'x'), nodes.Text(after))
    hold_marks(block)
    text = block.astext()
    inline = [x.astext() for x in block.findall(nodes.inline)]
    assert inline == ([f'x{after[0]}'] if held else [])
    assert text == f'x{after}'


@pytest.mark.parametrize('name, ways', [
    ('part/mlp-scratch', {'scratch': 'part/mlp-scratch',
                          'gluon': 'part/mlp-gluon'}),
    ('part/mlp-gluon', {'scratch': 'part/mlp-scratch',
                        'gluon': 'part/mlp-gluon'}),
    ('part/gru-scratch', None), ('part/mlp', None),
], ids=['from scratch', 'with Gluon', 'no twin', 'another name'])
def test_the_chapters_of_a_model_lead_to_each_other(name, ways):
    found = {'part/mlp-scratch', 'part/mlp-gluon', 'part/gru-scratch',
             'part/mlp'}
    app = SimpleNamespace(env=SimpleNamespace(found_docs=found))
    context = {}
    page_head.add_pair(app, name, 'page.html', context, None)
    assert context.get('pair') == ways
