"""The editions become one site with a front door, replaced as a whole."""

import re
from urllib.parse import urljoin

import pytest
from books import ROOT
from bs4 import BeautifulSoup
from PIL import Image

from book.chapters.errors import BookError
from book.chapters.settings import address
from book.chapters.toc import LANGUAGES, pages
from book.execution import files
from book.rendering import jupyter_book
from book.shipping.site import FRONT, FRONT_DOOR, MOVED, publish

ADDRESS = 'https://book.test/there/'
ABSOLUTE = re.compile(r'https?://[^\s"\'<>]+|(?<=["\'(=])//[^\s"\'<>]+')
NAMESPACE = 'http://www.w3.org/2000/svg'


def editions(root, names=('index.html', 'search.html')):
    """Write two editions of empty files; return where they are."""
    folders = {x: root / files.PAGES / 'html' / x for x in LANGUAGES}
    for folder in folders.values():
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text('new')
    return folders


@pytest.fixture(params=[None, ADDRESS], ids=['no address', 'address'])
def published(request, tmp_path):
    """Return the folder of a small site and the address it was given."""
    publish(tmp_path, editions(tmp_path), request.param)
    return tmp_path / files.SITE, request.param


def document(site, name):
    text = (site / name).read_text(encoding='utf-8')
    return BeautifulSoup(text, 'html.parser')


@pytest.mark.parametrize('path, kept', [
    ('.buildinfo', False),
    ('_static/scripts/bootstrap.js.map', False),
    ('_static/vendor/fonts/solid.woff2', False),
    ('_static/styles/bootstrap.css', False),
    ('_static/all.css', True),
    ('_static/locales/zh/booktheme.mo', False),
    ('_static/scripts/bootstrap.js', True),
    ('_sources/part/first.md', True),
    ('objects.inv', True),
    ('js/locales.html', True)])
def test_the_site_has_only_files_that_pages_use(tmp_path, path, kept):
    publish(tmp_path, editions(tmp_path, [path]))
    assert (tmp_path / files.SITE / 'en' / path).exists() == kept


def test_both_doors_are_plain_links(published):
    site, _ = published
    doors = [x['href'] for x in document(site, 'index.html').select('a.door')]
    assert doors == ['en/index.html', 'zh/index.html']


@pytest.mark.parametrize('name', FRONT)
def test_the_front_needs_only_files_of_the_site(published, name):
    site, base = published
    tags = document(site, name).select('a[href], link[href], img[src]')
    links = [tag.get('href') or tag['src'] for tag in tags]
    paths = [link.removeprefix(base or ' ') for link in links]
    assert 'favicon.svg' in paths
    assert [x for x in paths if not (site / x).exists()] == []
    text = (site / name).read_text(encoding='utf-8')
    outside = set(ABSOLUTE.findall(text)) - {NAMESPACE}
    assert all(base and link.startswith(base) for link in outside)


@pytest.mark.parametrize('name', FRONT)
def test_chinese_on_the_front_is_marked_as_chinese(published, name):
    page = document(published[0], name)
    for part in page.body.find_all(string=re.compile('[\u4e00-\u9fff]')):
        assert part.find_parent(attrs={'lang': 'zh-CN'}), part


@pytest.mark.parametrize('name', ['sitemap.txt', 'robots.txt'])
def test_what_needs_an_address_is_written_only_with_one(published, name):
    site, base = published
    assert (site / name).exists() == bool(base)


def test_search_engines_are_told_the_pages_that_are_to_be_read(tmp_path):
    names = 'index.html', 'part/first.html', 'search.html', '_static/x.html'
    publish(tmp_path, editions(tmp_path, names), ADDRESS)
    site = tmp_path / files.SITE
    assert (site / 'sitemap.txt').read_text().splitlines() == [
        ADDRESS, f'{ADDRESS}en/index.html', f'{ADDRESS}en/part/first.html',
        f'{ADDRESS}zh/index.html', f'{ADDRESS}zh/part/first.html']
    robots = (site / 'robots.txt').read_text()
    assert robots.endswith(f'\nSitemap: {ADDRESS}sitemap.txt\n')


def test_the_landing_page_names_its_place_and_the_editions(tmp_path):
    publish(tmp_path, editions(tmp_path), ADDRESS)
    head = document(tmp_path / files.SITE, 'index.html').head
    places = {tag.get('hreflang', tag['rel'][0]): tag['href']
              for tag in head.select('[rel=canonical], [rel=alternate]')}
    assert places == {'canonical': ADDRESS, 'x-default': ADDRESS,
                      'en': f'{ADDRESS}en/index.html',
                      'zh-CN': f'{ADDRESS}zh/index.html'}


def test_the_preview_is_there_in_the_size_that_is_told(tmp_path):
    publish(tmp_path, editions(tmp_path), ADDRESS)
    site = tmp_path / files.SITE
    told = {tag['property']: tag['content']
            for tag in document(site, 'index.html').select('meta[property]')}
    path = site / told['og:image'].removeprefix(ADDRESS)
    with Image.open(path) as image:
        assert (str(image.width), str(image.height)) == (
            told['og:image:width'], told['og:image:height'])
    assert path.stat().st_size < 100_000


@pytest.mark.parametrize('name', ['en/index.html', 'zh/search.html'])
def test_links_of_a_missing_page_start_at_the_address(published, name):
    page = document(published[0], '404.html')
    assert name in [link['href'] for link in page.select('a')]
    where = urljoin(ADDRESS, page.base['href'])
    assert urljoin(where, name) == ADDRESS + name


@pytest.mark.parametrize('settings, expected', [
    ('html: {baseurl: https://book.test/there/}', ADDRESS),
    ('html: {baseurl: https://book.test/there}', ADDRESS),
    ('html: {baseurl: ""}', None),
    ('html:', None),
    ('', None),
    (None, None)],
    ids=['whole', 'no slash', 'empty', 'no table', 'no text', 'no file'])
def test_the_address_is_what_the_settings_say(tmp_path, settings, expected):
    if settings is not None:
        (tmp_path / '_config.yml').write_text(settings)
    assert address(tmp_path) == expected


def test_an_address_that_is_not_whole_is_an_error(tmp_path):
    (tmp_path / '_config.yml').write_text('html: {baseurl: book.test}')
    with pytest.raises(BookError, match='_config.yml: html.baseurl'):
        address(tmp_path)


@pytest.mark.parametrize('old, new', MOVED.items())
def test_an_old_address_leads_to_the_page_in_the_same_language(
    tmp_path, old, new
):
    publish(tmp_path, editions(tmp_path, [f'{new}.html']), ADDRESS)
    site = tmp_path / files.SITE
    for language in LANGUAGES:
        page = document(site, f'{language}/{old}.html')
        where = f'{ADDRESS}{language}/{old}.html'
        goals = {urljoin(where, tag['href']) for tag in page.select('[href]')}
        assert goals == {f'{ADDRESS}{language}/{new}.html'}
        assert 'location.hash' in page.script.string
        assert where not in (site / 'sitemap.txt').read_text()


def test_only_pages_that_are_there_have_old_addresses(tmp_path):
    publish(tmp_path, editions(tmp_path))
    assert not [*(tmp_path / files.SITE).glob('*/preface')]
    names = {page.name for page in pages(ROOT)}
    assert names.isdisjoint(MOVED) and names.issuperset(MOVED.values())


def test_books_that_were_built_are_in_the_site_and_only_those(tmp_path):
    name = f'{files.NAME}-en.epub'
    files.write(tmp_path / files.EPUB / name, 'a book')
    files.write(tmp_path / files.EPUB / 'draft.epub', 'no book')
    publish(tmp_path, editions(tmp_path))
    site = tmp_path / files.SITE
    assert [x.name for x in (site / 'epub').iterdir()] == [name]
    assert not (site / 'pdf').exists()


@pytest.mark.parametrize('name', FRONT)
def test_a_change_of_the_front_leaves_the_other_pages_alone(name):
    text = (FRONT_DOOR / name).read_text(encoding='utf-8')
    assert text not in jupyter_book.sources(ROOT)
