"""Search engines learn each page, its twin and the landing page."""

from xml.etree import ElementTree

import pytest

from book.shipping import sitemap

ADDRESS = 'https://book.test/'
PAGES = {
    'en': {'index.html', 'part/first.html'},
    'zh': {'index.html', 'part/first.html'},
}


def entries(pages):
    """Return what a sitemap says: address -> its alternates."""
    text = sitemap.text(sitemap.groups(pages), ADDRESS)
    return {
        page.findtext(f'{{{sitemap.MAPS}}}loc'): {
            link.get('hreflang'): link.get('href')
            for link in page.findall(f'{{{sitemap.XHTML}}}link')
        }
        for page in ElementTree.fromstring(text)
    }


def test_the_sitemap_has_every_page_of_both_editions():
    assert set(entries(PAGES)) == {
        'https://book.test/',
        'https://book.test/en/index.html',
        'https://book.test/en/part/first.html',
        'https://book.test/zh/index.html',
        'https://book.test/zh/part/first.html',
    }


@pytest.mark.parametrize('language', ['en', 'zh'])
def test_a_page_names_itself_and_its_twin(language):
    assert entries(PAGES)[f'{ADDRESS}{language}/part/first.html'] == {
        'en': 'https://book.test/en/part/first.html',
        'zh-CN': 'https://book.test/zh/part/first.html',
    }


@pytest.mark.parametrize('path', ['', 'en/index.html', 'zh/index.html'])
def test_readers_of_other_languages_are_sent_to_the_landing_page(path):
    assert entries(PAGES)[ADDRESS + path] == {
        'en': 'https://book.test/en/index.html',
        'zh-CN': 'https://book.test/zh/index.html',
        'x-default': 'https://book.test/',
    }


def test_a_page_without_a_twin_names_only_itself():
    pages = {'en': {'index.html', 'new.html'}, 'zh': {'index.html'}}
    assert entries(pages)['https://book.test/en/new.html'] == {
        'en': 'https://book.test/en/new.html'
    }


@pytest.mark.parametrize(
    'path, listed',
    [
        ('part/first.html', True),
        ('search.html', False),
        ('_static/webpack-macros.html', False),
        ('_sources/part/first.md', False),
    ],
    ids=['a chapter', 'the search', 'a part of the theme', 'a source'],
)
def test_only_pages_to_be_read_are_listed(tmp_path, path, listed):
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).touch()
    assert sitemap.reading(tmp_path) == ({path} if listed else set())


def test_robots_are_told_where_the_sitemap_is(tmp_path):
    sitemap.add(tmp_path, ['en', 'zh'], ADDRESS)
    lines = (tmp_path / 'robots.txt').read_text().splitlines()
    assert lines[-1] == 'Sitemap: https://book.test/sitemap.xml'
    assert (tmp_path / 'sitemap.xml').is_file()
