"""The first page, pages of parts and heads of chapters lead inside."""

import re
from types import SimpleNamespace

import pytest
from books import book, book_process, chapter, write_pair, write_tiny_book
from bs4 import BeautifulSoup
from docutils import nodes

from book.execution import files
from book.rendering.overviews import folds, noted, pictures, whole_book

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
PICTURE = f'from IPython.display import SVG\nSVG({DRAWING!r})'
HOME = """\
# Tiny book

:::{rst-class} doors
:::

- [Begin](part/first.md)

:::{rst-class} parts
:::

- [Part](part/index.md)
  <!-- picture: first 1 -->

  What it is about.
"""
PART = """\
# Part

- Twice the same: [one](first.md) and [two](second.md).
- Alone: [two](second.md).
"""
TABS = """
::::{tab-set}

:::{tab-item} One
:sync: one

In the first.
:::

:::{tab-item} Two
:sync: two

In the second.
:::

::::

:::{rst-class} folded
:::

- **It fails.**
  So do this.
"""


def write(root):
    """Write a book with all that leads inside."""
    write_tiny_book(root)
    drawn = chapter('First', PICTURE).replace(
        '```{', '<!-- alt: A square. -->\n```{', 1)
    write_pair(root, 'index', HOME)
    write_pair(root, 'part/index', PART)
    write_pair(root, 'part/first', drawn)
    write_pair(root, 'part/second', chapter('Second', 'import utils') + TABS)
    return root


@pytest.fixture(scope='module')
def built(tmp_path_factory):
    root = write(tmp_path_factory.mktemp('book'))
    status, _, messages = book_process(root, 'html')
    assert status == 0, messages
    return root


def page(root, language, name):
    path = root / files.SITE / language / f'{name}.html'
    return BeautifulSoup(path.read_text('utf-8'), 'html.parser')


def words(node):
    return ' '.join(node.get_text().split())


# The first page

@pytest.mark.slow
def test_a_card_has_the_picture_that_a_chapter_drew(built, language):
    home = page(built, language, 'index')
    [picture] = home.select('ul.parts > li > img.thumbnail')
    assert picture['alt'] == '' and picture['loading'] == 'lazy'
    assert 'drawing' in picture['class']
    path = built / files.SITE / language / picture['src']
    assert path.read_text() == DRAWING
    first = page(built, language, 'part/first')
    assert first.select_one('.cell_output img')['src'] == (
        f'../{picture["src"]}')
    assert 'picture:' not in home.select_one('article').decode()


@pytest.mark.slow
def test_a_page_that_shows_no_chapter_has_no_thumbnail(built, language):
    assert not page(built, language, 'part/first').select('.thumbnail')


# The page of a part

@pytest.mark.slow
def test_a_row_has_a_picture_the_line_and_a_way_to_each_chapter(
    built, language
):
    both, alone = page(built, language, 'part/index').select('ul.rows > li')
    assert both.select_one('img.thumbnail')['alt'] == ''
    assert not alone.select('img')
    assert words(both.p) == 'Twice the same: one and two.'
    ways = both.select('.ways a')
    assert [(x.strong.text, x['href']) for x in ways] == [
        ('one', 'first.html'), ('two', 'second.html')]
    assert [x['href'] for x in alone.select('a')] == ['second.html']
    assert re.search({'en': '1 min to read, a few seconds to run',
                      'zh': '阅读约1分钟，运行几秒钟'}[language],
                     words(ways[0]))


# The card of a chapter

@pytest.mark.slow
def test_a_chapter_says_below_its_title_what_it_asks_for(built, language):
    article = page(built, language, 'part/second').article
    facts = article.select_one('h1 + dl.facts')
    told = {words(x.dt): words(x.dd) for x in facts.select('div')}
    assert list(told.values()) == {
        'en': ['1 min', 'a few seconds', 'First'],
        'zh': ['约1分钟', '几秒钟', 'First']}[language]
    assert [x['href'] for x in facts.select('a')] == ['first.html']
    assert not page(built, language, 'part/index').select('dl.facts')


# Tabs and folds

@pytest.mark.slow
def test_tabs_are_named_radio_buttons_and_load_their_script_there_alone(
    built, language
):
    tabs = page(built, language, 'part/second')
    buttons = tabs.select('.sd-tab-set > input[type=radio]')
    assert [x.has_attr('checked') for x in buttons] == [True, False]
    labels = [tabs.select_one(f'label[for={x["id"]}]') for x in buttons]
    assert [(words(x), x['data-sync-id']) for x in labels] == [
        ('One', 'one'), ('Two', 'two')]
    scripts = [page(built, language, x).select('script[src*=design-tabs]')
               for x in ('part/second', 'part/first', 'index')]
    assert list(map(len, scripts)) == [1, 0, 0]


@pytest.mark.slow
def test_an_entry_of_a_folded_list_shows_what_it_is_about(built, language):
    fold = page(built, language, 'part/second').select_one('.folded details')
    assert words(fold.summary) == 'It fails.'
    assert words(fold.p) == 'So do this.'


@pytest.mark.parametrize('children', [
    [nodes.Text('plain')], [nodes.Text('a '), nodes.strong('b', 'b')],
    []])
def test_an_entry_that_does_not_begin_with_bold_text_stays(children):
    entry = nodes.list_item('', nodes.paragraph('', '', *children))
    before = entry.pformat()
    folds.fold(entry)
    assert entry.pformat() == before


# Which picture

def app(**pages):
    """Return an application that knows pages: {name: what is noted}."""
    run = {'seconds': 1}
    metadata = {name: {noted.NOTED: {'run': run, 'drawn': [], 'figures': [],
                                     **known}}
                for name, known in pages.items()}
    return SimpleNamespace(env=SimpleNamespace(metadata=metadata,
                                               found_docs=set(metadata)))


def named(*names):
    return [{'uri': x, 'candidates': {'*': x}} for x in names]


BOTH = {'one': {'drawn': named('a', 'b'), 'figures': named('f')},
        'two': {'figures': named('g')}}


@pytest.mark.parametrize('pages, words, uri', [
    (['one', 'two'], '', 'a'), (['two', 'one'], '', 'a'), (['two'], '', 'g'),
    (['one'], '2', 'b'), ([], 'one 2', 'b'), (['one'], 'figure 1', 'f'),
    (['one'], 'two figure 1', 'g'), (['one'], 'none', None), ([], '', None),
], ids=['the first', 'drawn before figures', 'a figure', 'another',
        'of a page', 'a figure of the page', 'a figure of another', 'none',
        'no page'])
def test_which_picture_stands_there(pages, words, uri):
    found = pictures.picture(app(**BOTH), pages, words)
    assert (found and found['uri']) == uri


@pytest.mark.parametrize('words, problem', [
    ('one 3', 'one has 2'), ('nobody 1', 'there is no such page'),
    ('first', 'say SLUG NUMBER'), ('two 1', 'two has 0')])
def test_a_picture_that_is_not_there_is_an_error(words, problem):
    with pytest.raises(pictures.PictureError, match=problem):
        pictures.picture(app(**BOTH), ['one'], words)


def test_a_chapter_that_was_not_executed_shows_its_figure():
    book = app(one={'run': None, 'figures': named('f')})
    assert pictures.picture(book, [], 'one 2')['uri'] == 'f'


@pytest.mark.parametrize('language, text, minutes', [
    ('en', 'word ' * 1000, 5), ('zh', '字' * 2000, 5), ('en', 'short', 1),
], ids=['English', 'Chinese', 'short'])
def test_how_long_a_page_takes_to_read(language, text, minutes):
    doctree = nodes.container('', nodes.paragraph('', text),
                              nodes.literal_block('', 'code ' * 1000))
    assert noted.minutes(doctree, language) == minutes


def test_of_an_output_in_several_formats_the_svg_counts():
    images = [nodes.image(uri=f'x.{kind}', candidates={})
              for kind in ('png', 'svg')]
    output = nodes.container('', *images, nb_element=noted.BUNDLE)
    plain = nodes.figure('', nodes.image(uri='f.svg', candidates={}))
    doctree = nodes.container('', output, plain)
    assert [x['uri'] for x in noted.drawings(doctree)] == ['x.svg']
    assert [x['uri'] for x in noted.figures(doctree)] == ['f.svg']


# The whole book as a file

FILE = f'{files.NAME}-en.pdf'


def links(root, name, language='en'):
    """Return what a page leads to: its menu, its foot, the doors."""
    found = page(root, language, name)
    return [[x['href'] for x in found.select(f'{place} a[href$=".pdf"]')]
            for place in ('.dropdown-download-buttons', '.colophon',
                          'ul.doors')]


@pytest.mark.slow
def test_the_whole_book_is_where_it_is_published_until_it_is_here(built):
    there = f'https://from-scratch-to-gluon.github.io/book/pdf/{FILE}'
    assert links(built, 'part/first') == [[there], [there], []]
    assert links(built, 'index') == [[there]] * 3
    assert not (built / files.SITE / 'pdf').exists()
    files.write(built / files.PDF / FILE, 'a book')
    assert book(built, 'html')[0] == 0
    here = f'../../pdf/{FILE}'
    assert links(built, 'part/first') == [[here], [here], []]
    assert links(built, 'index') == [
        [f'./../pdf/{FILE}'], [f'./../pdf/{FILE}'], [f'../pdf/{FILE}']]
    assert (built / files.SITE / 'pdf' / FILE).read_text() == 'a book'
    assert links(built, 'index', 'zh') == [[there.replace('-en', '-zh')]] * 3


@pytest.mark.parametrize('base, there, address', [
    ('', True, '../../pdf/'), ('', False, None),
    ('https://book.test/', True, '../../pdf/'),
    ('https://book.test/', False, 'https://book.test/pdf/')])
def test_no_link_to_the_whole_book_is_dead(tmp_path, base, there, address):
    if there:
        files.write(tmp_path / files.PDF / FILE, 'a book')
    book = SimpleNamespace(srcdir=tmp_path / 'chapters/en',
                           config=SimpleNamespace(html_baseurl=base))
    assert whole_book.addresses(book, '../').get('pdf') == (
        address and address + FILE)
