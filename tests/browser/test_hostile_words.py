"""Words and addresses that are something else to the language of scripts.

These tests need no site: they try the scripts alone, in a browser.
"""

import json

import pytest

from book.rendering import HTML
from book.rendering.html import search
from book.shipping import site

BOOK = {
    'words': {}, 'terms': [], 'traditional': ['', ''],
    'pages': [['page', [['top', 'Gradient', 'descent', 'attach_grad']]]]}
ANSWER = 'word => find(word).hits.map(({name}) => name)'
ADDRESS = 'http://localhost:8000'

pytestmark = pytest.mark.slow


@pytest.fixture
def searching(page):
    """Return a page with the script of the search, and a small book."""
    page.add_script_tag(content=search.FORM.format(json.dumps(BOOK)))
    page.add_script_tag(path=HTML / 'static/find.js')
    return page


def test_a_word_of_the_book_is_found(searching):
    for word in ('gradient', 'Descent', 'grad', 'gradient descent'):
        assert searching.evaluate(ANSWER, word) == ['page'], word


def test_what_every_object_has_is_found_nowhere(searching):
    words = searching.evaluate('Object.getOwnPropertyNames(Object.prototype)')
    assert {'constructor', '__proto__', 'toString'} <= set(words)
    for word in (*words, 'constructor gradient', '-constructor', '(', '.*'):
        assert searching.evaluate(ANSWER, word) == [], word


@pytest.mark.parametrize('path', [
    '//elsewhere.test/en/x', '///elsewhere.test/en/x',
    '/.//elsewhere.test/en/x', '/\\elsewhere.test/en/x',
    '//elsewhere.test/zh/a/en/x', '//user@elsewhere.test/zh/x'])
def test_links_of_a_missing_page_stay_on_the_site(page, tmp_path, path):
    site.add_front(tmp_path, None)
    text = (tmp_path / '404.html').read_text('utf-8')
    page.route('**', lambda route: route.fulfill(
        body=text, content_type='text/html'))
    page.goto(ADDRESS + path)
    links = page.locator('a').evaluate_all('all => all.map(a => a.href)')
    assert links
    assert [x for x in links if not x.startswith(f'{ADDRESS}/')] == []
