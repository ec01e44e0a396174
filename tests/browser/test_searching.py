"""Searching, as readers of both editions do it."""

import json
import pathlib
from urllib.parse import quote

import pytest
import yaml

from book.chapters.languages import words
from book.chapters.toc import LANGUAGES

QUERIES = pathlib.Path(__file__).parent.parent / 'queries.yml'
CASES = [
    (language, query, name)
    for language, table in yaml.safe_load(QUERIES.read_text('utf-8')).items()
    for query, name in table.items()]
FOUND = '.bd-search-container .found'
LINKS = f'{FOUND} a'
FIELD, LIST = '#search-input', '.search-button__wrapper .found'
CHAPTER = 'crash-course/ndarray'
HIDDEN = '#searchbox .highlight-link'
COVERED = """field => {
  const icon = field.parentNode.querySelector('i').getBoundingClientRect();
  const {left} = field.getBoundingClientRect();
  return left + parseFloat(getComputedStyle(field).paddingLeft) < icon.right;
}"""

pytestmark = pytest.mark.slow


def search(page, site, language, query):
    """Look something up; return the links of the results."""
    page.goto(f'{site}/{language}/search.html?q={quote(query)}')
    page.locator(f'{FOUND} [role=status]:not(:empty)').wait_for()
    return page.locator(LINKS)


@pytest.fixture(params=LANGUAGES)
def dialogue(request, page, site):
    """Return a chapter on which the search was opened with the keyboard."""
    page.goto(f'{site}/{request.param}/{CHAPTER}.html')
    page.keyboard.press('Control+k')
    page.locator(f'{FIELD}:focus').wait_for()
    return page


@pytest.mark.parametrize('language, query, name', CASES,
                         ids=[f'{x[0]}-{x[1]}' for x in CASES])
def test_the_page_that_introduces_something_comes_first(
        site, page, language, query, name):
    links = search(page, site, language, query)
    href = links.first.get_attribute('href')
    assert href.split('#')[0] == f'./{name}.html'


@pytest.mark.parametrize('language, query, label, marked', [
    ('en', 'head gradients', 'head gradient', 'head gradient'),
    ('zh', '头梯度', '头梯度（head gradient）', '头梯度'),
    ('zh', 'head gradient', '头梯度（head gradient）', '头梯度'),
    ('zh', '頭梯度', '头梯度（head gradient）', '头梯度')],
    ids=['English', 'Chinese', 'English in Chinese', 'traditional'])
def test_a_result_shows_page_section_and_the_words_in_their_context(
        site, page, language, query, label, marked):
    first = search(page, site, language, query).first
    assert first.locator('b').inner_text()
    assert first.locator('i').inner_text().strip() == f'› {label}'
    assert first.locator('span mark').first.inner_text() == marked


@pytest.mark.parametrize('language', LANGUAGES)
def test_whole_words_come_before_other_forms_and_code_comes_last(
        site, page, language):
    links = search(page, site, language, 'transformer')
    texts = [x.lower() for x in links.locator('span').all_inner_texts()]
    whole = ['transformer' in text for text in texts]
    assert whole[0] and whole == sorted(whole, reverse=True)
    code = [text.startswith(words(language)['search']['in_code'].lower())
            for text in links.locator('span').all_text_contents()]
    assert code == sorted(code)


def test_what_lies_between_terms_is_cut_into_words_of_the_book(site, page):
    links = search(page, site, 'zh', '学习率太大怎么办')
    assert '学习率' in links.first.locator('mark').all_inner_texts()


def test_a_result_leads_to_the_marked_term(site, page):
    search(page, site, 'zh', '头梯度').first.click()
    page.wait_for_url('**/autograd.html#in-the-middle-of-a-chain')
    marked = page.locator('article .highlighted')
    marked.first.wait_for()
    assert set(marked.all_inner_texts()) == {'头梯度'}
    assert page.locator(HIDDEN).inner_text() == '隐藏搜索结果'
    page.locator(f'{HIDDEN} a').click()
    marked.first.wait_for(state='detached')


def test_results_have_all_words_of_a_query(site, page):
    links = search(page, site, 'zh', 'softmax损失')
    pages = {x.get_attribute('href') for x in links.all()}
    assert pages and 'softmax' in links.first.get_attribute('href')
    assert not any('ndarray' in name or 'linear' in name for name in pages)


@pytest.mark.parametrize('language, query, nearest', [
    ('en', 'dropuot', 'dropout'), ('zh', '残叉块', '残差块')],
    ids=LANGUAGES)
def test_without_results_terms_and_the_index_are_offered(
        site, page, language, query, nearest):
    links = search(page, site, language, query)
    said = page.locator(f'{FOUND} [role=status]').inner_text()
    assert words(language)['search']['nothing'].strip() in said
    assert nearest in links.first.locator('i').inner_text()
    assert links.last.get_attribute('href') == './genindex.html'


def test_results_come_while_one_types_and_the_address_keeps_the_query(
        site, page):
    page.goto(f'{site}/en/search.html')
    page.locator('.bd-search-container input:focus').wait_for()
    page.keyboard.type('over')
    page.locator(LINKS).first.wait_for()
    page.keyboard.type('fitting')
    page.wait_for_url('**/search.html?q=overfitting')
    page.click('.language-switch')
    page.wait_for_url('**/zh/search.html?q=overfitting')
    page.locator(LINKS, has_text='过拟合').first.wait_for()


def test_the_keyboard_chooses_opens_and_closes(dialogue):
    dialogue.keyboard.insert_text('autograd')
    options = dialogue.locator(f'{LIST} [role=option]')
    options.first.wait_for()
    for key, number in ('Down', 0), ('Down', 1), ('Up', 0):
        dialogue.keyboard.press(f'Arrow{key}')
        chosen = dialogue.locator(f'{LIST} [aria-selected=true]')
        assert chosen.get_attribute('id') == options.nth(
            number).get_attribute('id') == dialogue.locator(
            FIELD).get_attribute('aria-activedescendant')
    href = options.first.evaluate('link => link.href')
    dialogue.keyboard.press('Enter')
    dialogue.wait_for_url(href)
    dialogue.keyboard.press('Control+k')
    dialogue.locator(f'{FIELD}:focus').wait_for()
    dialogue.keyboard.press('Escape')
    dialogue.locator(FIELD).wait_for(state='hidden')


def test_enter_alone_shows_all_results(dialogue):
    dialogue.keyboard.insert_text('softmax')
    more = dialogue.locator(f'{LIST} a[href*="search.html"]')
    more.wait_for()
    number = int(''.join(filter(str.isdigit, more.inner_text())))
    dialogue.keyboard.press('Enter')
    dialogue.wait_for_url('**/search.html?q=softmax')
    dialogue.locator(LINKS).first.wait_for()
    assert dialogue.locator(LINKS).count() == number > 8


def test_the_field_says_what_it_is_to_those_who_hear_it(dialogue):
    dialogue.get_by_role('combobox', expanded=False).fill('softmax')
    field = dialogue.get_by_role('combobox', expanded=True)
    (id,) = field.get_attribute('aria-controls').split()
    shown = dialogue.get_by_role('listbox', name=words(
        dialogue.locator('html').get_attribute('lang')[:2]
    )['search']['results'])
    assert shown.get_attribute('id') == id
    assert shown.locator('> :not([role=option])').count() == 0


def test_the_magnifier_does_not_lie_on_what_is_typed(dialogue, site):
    assert not dialogue.locator(FIELD).evaluate(COVERED)
    dialogue.goto(f'{site}/en/search.html')
    assert not dialogue.locator('.bd-search-container input').evaluate(
        COVERED)


@pytest.mark.parametrize('options', [{'java_script_enabled': False}],
                         ids=['no script'])
@pytest.mark.parametrize('language', LANGUAGES)
def test_without_scripts_the_page_leads_to_the_index(site, page, language):
    page.goto(f'{site}/{language}/search.html')
    said = page.locator('main noscript')
    assert words(language)['search']['no_script'] in said.inner_text()
    said.locator('a').click()
    page.wait_for_url(f'{site}/{language}/genindex.html')


def test_the_search_works_from_a_folder(folder, browser):
    page = browser.new_page()
    page.goto(f'{folder.as_uri()}/zh/search.html?q={quote("卷积")}')
    page.locator(LINKS).first.wait_for()
    page.close()


@pytest.mark.parametrize('language', LANGUAGES)
def test_the_texts_have_neither_formulas_nor_code(folder, language):
    text = (folder / language / 'searchindex.js').read_text('utf-8')
    book = json.loads(text.removeprefix('const BOOK = ').rstrip(';\n'))
    prose = [part[2] for _, sections in book['pages'] for part in sections]
    assert len(prose) > 200
    assert [x for x in prose if '\\frac' in x or '\\mathbf' in x
            or 'import utils import mxnet' in ' '.join(x.split())] == []
