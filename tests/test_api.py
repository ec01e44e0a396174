"""The page about utils.py shows what readers call, as the file says it."""

import pathlib

import pytest

from book.chapters.errors import BookError, PageError
from book.rendering.made_pages import api
from book.rendering.made_pages import utils_page as page

ROOT = pathlib.Path(__file__).parent.parent
SOURCE = '''\
"""Helpers."""


def machinery():
    """Before all sections."""


# Crash course

def twice(x, /, y=(1, 2), *rest, z='a', **more):
    """Return 2 x.

    Built in part/first.
    """


def _hidden():
    pass


class Sum:
    """Add up."""

    def __init__(self, start=0):
        self.start = start

    def add(self, x):
        """Add a number."""

    def quiet(self):
        pass


# Supervised learning

class DataError(RuntimeError):
    """No data."""


class Found:
    """Files."""

    files: dict
    reason: str = ''
'''
SECTIONS = api.read(SOURCE)
NAMES = ['twice', 'Sum', 'Sum.add', 'DataError', 'Found']


def test_sections_are_what_their_comments_say():
    assert [(x.title, [y.name for y in x.entries]) for x in SECTIONS] == [
        ('Crash course', ['twice', 'Sum']),
        ('Supervised learning', ['DataError', 'Found']),
    ]


@pytest.mark.parametrize(
    'name, kind, parameters',
    [
        ('twice', 'function',
         ('x', 'y=(1, 2)', '*rest', "z='a'", '**more')),
        ('Sum', 'class', ('start=0',)),
        ('DataError', 'class', None),
        ('Found', 'class', ('files', "reason=''")),
    ],
    ids=['function', 'class', 'error', 'fields'],
)
def test_parameters_are_as_written(name, kind, parameters):
    entries = {x.name: x for section in SECTIONS for x in section.entries}
    assert (entries[name].kind, entries[name].parameters) == (
        kind, parameters)


def test_a_method_with_a_docstring_is_shown_below_its_class():
    (add,) = SECTIONS[0].entries[1].members
    assert (add.name, add.parameters, add.text) == (
        'Sum.add', ('x',), 'Add a number.')


def test_a_syntax_error_is_named_with_its_line():
    with pytest.raises(PageError, match='^utils.py:2: '):
        api.read('x = 1\nx = = 2\n')


def test_a_file_without_sections_shows_nothing():
    assert api.read('def f():\n    pass\n') == []


def test_all_that_readers_are_to_call_is_in_the_book():
    found = api.read((ROOT / 'utils.py').read_text('utf-8'))
    assert {'train', 'Accumulator.add'} <= set(page.all_names(found))


def test_chinese_lines_are_read():
    assert page.summaries(['', 'twice: 乘以2: 真的。']) == {
        'twice': '乘以2: 真的。'}


def test_a_line_without_a_name_is_shown():
    with pytest.raises(BookError, match="'翻倍。' is not a line like"):
        page.summaries(['翻倍。'])


@pytest.mark.parametrize(
    'names, language, problem',
    [
        (NAMES[1:], 'zh', 'no Chinese line for twice of utils.py; add one'),
        ([*NAMES, 'thrice'], 'zh', 'called thrice; correct the names'),
        (['thrice'], 'en', 'called thrice; correct the names'),
    ],
    ids=['missing', 'unknown', 'unknown in English'],
)
def test_the_lines_and_utils_have_the_same_names(names, language, problem):
    with pytest.raises(BookError, match=problem):
        page.check(SECTIONS, dict.fromkeys(names, '。'), language)


@pytest.mark.parametrize('names, language', [(NAMES, 'zh'), ([], 'en')])
def test_an_english_page_needs_no_lines(names, language):
    page.check(SECTIONS, dict.fromkeys(names, '。'), language)
