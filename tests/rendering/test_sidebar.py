"""The list of pages beside a page."""

import re

import jinja2
import pytest

from book.chapters.languages import EDITIONS
from book.rendering import HTML
from book.rendering.html.sidebar import Entry

PAGE = Entry('part/page', '1.1. Page', ())
PART = Entry('part/index', '1. Part', (PAGE,))
LISTED = PART, Entry('other', '2. Other', ())


@pytest.fixture(scope='module')
def marks():
    """Return a function: page, edition -> what its list marks, the list."""
    loader = jinja2.FileSystemLoader(HTML / 'templates')
    template = jinja2.Environment(loader=loader, autoescape=True)
    template = template.get_template('sbt-sidebar-nav.html')

    def marks(name, language='en'):
        text = template.render(pagename=name, listed=LISTED,
                               edition=EDITIONS[language],
                               pathto=lambda name: f'{name}.html',
                               root_doc='index', root_title='Book')
        marked = re.findall(r'current active[^>]*>\s*<a [^>]*>([^<]*)', text)
        return marked, text

    return marks


@pytest.mark.parametrize('name, marked, links', [
    ('part/page', ['1. Part', '1.1. Page'],
     ['href="#">1.1. Page</a>', 'href="part/index.html">1. Part</a>']),
    ('part/index', ['1. Part'], ['href="part/page.html">1.1. Page</a>']),
], ids=['in a part', 'of the part'])
def test_a_page_is_marked_and_its_part_unfolded(marks, name, marked, links):
    found, text = marks(name)
    assert found == marked
    assert [x for x in ['<details open="open">', *links]
            if x not in text] == []


@pytest.mark.parametrize('name', ['search', 'other'])
def test_a_part_that_a_page_is_not_in_stays_folded(marks, name):
    assert '<details>' in marks(name)[1]


def test_the_first_page_of_the_book_is_marked_on_itself(marks):
    assert marks('index')[0] == ['Book']


def test_the_list_is_named_in_the_language_of_the_page(marks):
    assert 'aria-label="全书目录"' in marks('other', 'zh')[1]
    assert 'aria-label="Contents of the book"' in marks('other')[1]


def test_a_page_holds_what_is_below_at_any_depth():
    book = Entry('book', 'Book', LISTED)
    assert book.holds('part/page') and book.holds('other')
    assert not PART.holds('other') and not PAGE.holds('part/page')
