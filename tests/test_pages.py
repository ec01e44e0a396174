"""Every page of both editions keeps to STYLE_GUIDE.md."""

import functools
import os
import pathlib

import pytest

from book.chapters import checks, toc

ROOT = pathlib.Path(__file__).parent.parent
CHOSEN = toc.pages(ROOT, os.environ.get('BOOK_CHAPTER') or None)


@functools.cache
def labels(language):
    return checks.edition_labels(toc.pages(ROOT), language)


@pytest.mark.parametrize('language', toc.LANGUAGES)
@pytest.mark.parametrize('page', CHOSEN, ids=str)
def test_a_page_keeps_to_the_style_guide(page, language):
    found = checks.page_findings(page, language, labels(language))
    assert not found, '\n'.join(['', *found])
