"""The editions belong together: one program, one structure, one set of
terms.
"""

import os
import pathlib

import pytest

from book.chapters import checks, glossary, toc
from book.chapters.checks import terminology

ROOT = pathlib.Path(__file__).parent.parent
CHOSEN = toc.pages(ROOT, os.environ.get('BOOK_CHAPTER') or None)
TABLE = glossary.load(ROOT)


def assert_nothing(found):
    assert not found, '\n'.join(['', *found])


@pytest.mark.parametrize('page', CHOSEN, ids=str)
def test_both_languages_say_the_same(page):
    assert_nothing(checks.pair_findings(page))


@pytest.mark.parametrize('page', CHOSEN, ids=str)
def test_a_page_uses_our_terms(page):
    assert_nothing(checks.word_findings(page, TABLE))


def test_each_term_is_listed_once():
    assert_nothing(terminology.check_table(TABLE, glossary.TABLE))


def test_the_chinese_edition_glosses_each_term_at_its_first_use():
    assert_nothing(checks.gloss_findings(toc.pages(ROOT), TABLE))
