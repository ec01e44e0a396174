"""A section has the same anchor in both editions."""

import pytest
from books import ROOT

from book.chapters import toc
from book.rendering.every_page.anchors import anchors


@pytest.mark.parametrize(
    'text, found',
    [
        ('# A title\n\n## The loss function\n', ['a-title',
                                                'the-loss-function']),
        ('# T\n\n## Same\n\n## Same\n', ['t', 'same', 'same-2']),
        ('# T\n\n## `nd.dot` and $x$\n', ['t', 'nd-dot-and-x']),
        ('# T\n\n## ……\n', ['t', 'section']),
    ],
    ids=['words', 'repeated', 'code and formulas', 'no letters'],
)
def test_an_anchor_is_made_of_english_words(text, found):
    assert anchors(text) == found


@pytest.mark.parametrize('page', toc.pages(ROOT), ids=str)
def test_the_anchors_of_a_page_differ(page):
    found = anchors(page.text('en'))
    assert len(set(found)) == len(found)
