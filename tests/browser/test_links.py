"""Links inside the site lead to something, the same in both editions."""

import pathlib
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup

from book.chapters import settings, toc
from book.rendering.overviews import whole_book

ROOT = pathlib.Path(__file__).parent.parent.parent
ADDRESS = settings.address(ROOT) or 'https://book.test/'

# The printed books and e-books are where the book is published, until they
# are built here
ELSEWHERE = {str(whole_book.path_in_site(form, language))
             for form in whole_book.FORMS for language in toc.LANGUAGES}

pytestmark = pytest.mark.slow


@pytest.fixture(scope='module')
def documents(folder):
    """Return a table: the path of a page in the site -> the page."""
    paths = [x.relative_to(folder) for x in folder.rglob('*.html')]
    return {path.as_posix(): BeautifulSoup((folder / path).read_text('utf-8'),
                                           'html.parser')
            for path in paths if '_static' not in path.parts}


def links(documents):
    """Yield each link into the site: page, path and anchor."""
    for page, document in documents.items():
        for element in document.select('[href], [src]'):
            link = element.get('href') or element.get('src')
            url = urljoin(ADDRESS + page, link)
            if url.startswith(ADDRESS):
                parts = urlsplit(url.removeprefix(ADDRESS))
                path = unquote(parts.path) or 'index.html'
                yield page, path, unquote(parts.fragment)


def test_a_link_leads_to_a_file_of_the_site(folder, documents):
    broken = {
        f'{page}: {path}'
        for page, path, _ in links(documents)
        if not (folder / path).is_file() and path not in ELSEWHERE}
    assert not broken


def test_a_link_into_a_page_leads_to_an_anchor(documents):
    anchors = {
        path: {x['id'] for x in document.select('[id]')}
        for path, document in documents.items()}
    broken = {
        f'{page}: {path}#{anchor}'
        for page, path, anchor in links(documents)
        if anchor and anchor not in anchors[path]}
    assert not broken


@pytest.mark.parametrize('page', toc.pages(ROOT), ids=str)
def test_a_page_has_the_same_sections_in_both_languages(documents, page):
    english, chinese = (
        [x['id'] for x in document.select('article section')]
        for document in (
            documents[f'{language}/{page}.html'] for language in toc.LANGUAGES
        ))
    assert english == chinese != []
