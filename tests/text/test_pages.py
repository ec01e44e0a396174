"""The pages keep to STYLE_GUIDE.md, agree in both languages, use our terms.

`make check` tells the same.
"""

import os

from books import ROOT

from book.chapters import checks


def test_the_checks_of_the_text_find_nothing():
    found = checks.findings(ROOT, os.environ.get('BOOK_CHAPTER') or None)
    assert not found, '\n'.join(['', *found])
