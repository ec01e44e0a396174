"""Searching, as readers of both editions do it."""

import pathlib
from urllib.parse import quote

import pytest
import yaml

QUERIES = pathlib.Path(__file__).parent.parent / 'queries.yml'
CASES = [
    (language, query, name)
    for language, table in yaml.safe_load(QUERIES.read_text('utf-8')).items()
    for query, name in table.items()]
RESULTS = '#search-results'
LINKS = f'{RESULTS} li > a'
WITHOUT_EXCERPT = f'{RESULTS} li:has(> a:only-child)'

pytestmark = pytest.mark.slow


def search(page, site, language, query):
    """Look something up; return the links of the results."""
    page.goto(f'{site}/{language}/search.html?q={quote(query)}')
    page.locator(f'{RESULTS} .search-summary:not(:empty)').wait_for()
    page.locator(WITHOUT_EXCERPT).first.wait_for(state='detached')
    return page.locator(LINKS)


@pytest.mark.parametrize('language, query, name', CASES,
                         ids=[f'{x[0]}-{x[1]}' for x in CASES])
def test_the_page_that_introduces_something_comes_first(
        site, page, language, query, name):
    links = search(page, site, language, query)
    assert links.count(), 'nothing is found'
    assert links.first.get_attribute('href').split('#')[0] == f'{name}.html'


@pytest.mark.parametrize('language, query, title, marked', [
    ('en', 'head gradients', 'head gradient', 'head'),
    ('zh', '头梯度', '头梯度（head gradient）', '头梯度'),
    ('zh', 'head gradient', '头梯度（head gradient）', '头梯度')],
    ids=['English', 'Chinese', 'English in Chinese'])
def test_a_result_shows_the_term_in_its_context(site, page, language, query,
                                                title, marked):
    links = search(page, site, language, query)
    assert links.first.inner_text().endswith(f' > {title}')
    excerpt = page.locator(f'{RESULTS} li').first.locator('.context')
    assert excerpt.locator('.highlighted').first.inner_text() == marked


def test_a_result_leads_to_the_marked_term(site, page):
    search(page, site, 'zh', '头梯度').first.click()
    page.wait_for_url('**/autograd.html#in-the-middle-of-a-chain')
    page.wait_for_selector('article .highlighted')
    marked = page.locator('article .highlighted')
    assert set(marked.all_inner_texts()) == {'头梯度'}


def test_results_have_all_words_of_a_query(site, page):
    links = search(page, site, 'zh', 'softmax损失')
    pages = {x.get_attribute('href') for x in links.all()}
    assert pages and 'softmax' in links.first.get_attribute('href')
    assert not any('ndarray' in name or 'linear' in name for name in pages)


@pytest.mark.parametrize('word', ['constructor', '__proto__'])
def test_what_every_object_has_is_a_word_like_any_other(site, page, word):
    search(page, site, 'en', word)  # the page's scripts must not fail


@pytest.mark.parametrize('language, query, words', [
    ('en', 'xyzzy', 'did not match any documents'),
    ('zh', '饕餮', '没有匹配')], ids=['English', 'Chinese'])
def test_no_result_is_said_in_words(site, page, language, query, words):
    assert search(page, site, language, query).count() == 0
    assert words in page.locator(f'{RESULTS} .search-summary').inner_text()
