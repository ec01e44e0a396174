"""A section has the same anchor in both editions, and links lead there."""

import re

import pytest
from books import ROOT, book, write_page

from book.chapters import toc
from book.chapters.anchors import anchors
from book.chapters.checks import links, style
from book.execution import files

LOOP = 'the-loop-of-utils-py'
PAGE = {
    'en': '# First\n\nAn opening.\n\n## The loop of `utils.py`\n\nText.\n',
    'zh': '# 第一\n\n开头。\n\n## `utils.py`的循环\n\n文字。\n',
}
LINK = r'href="([^"]*)">(?:<span[^>]*>)?(?:loop|here|place)'
LINKS = """\
# Links

(place)=
## Here

[loop](first.md#{loop})
[here](#here)
[place](#place)
[index](index.md)
"""


@pytest.mark.parametrize('text, found', [
    ('# A title\n\n## The loss function\n', ['a-title', 'the-loss-function']),
    ('# T\n\n## Same\n\n## Same\n', ['t', 'same', 'same-2']),
    ('# T\n\n## `nd.dot` and $x$\n', ['t', 'nd-dot-and-x']),
    ('# T\n\n## The loop of `utils.py`\n', ['t', LOOP]),
    ('# T\n\n## ……\n', ['t', 'section']),
], ids=['words', 'repeated', 'code and formulas', 'a file', 'no letters'])
def test_an_anchor_is_made_of_english_words(text, found):
    assert anchors(text) == found


@pytest.mark.parametrize('page', toc.pages(ROOT), ids=str)
def test_the_anchors_of_a_page_differ(page):
    found = anchors(page.text('en'))
    assert len(set(found)) == len(found)


@pytest.fixture
def linked(tiny_book):
    """Return a function that writes links to a section."""

    def write(loop):
        for language, text in PAGE.items():
            write_page(tiny_book, language, 'part/first', text)
            text = LINKS.format(loop=loop)
            write_page(tiny_book, language, 'part/second', text)
        return tiny_book

    return write


@pytest.mark.parametrize('loop, findings', [
    (LOOP, []),
    ('the-loop-of-utilspy', [':6: no heading or label #the-loop-of-utilspy '
                             'in first.md; correct the link']),
], ids=['right', 'wrong'])
def test_a_link_to_a_section_is(linked, language, loop, findings):
    [page] = toc.pages(linked(loop), 'second')
    draft = style.Draft(page.text(language), language)
    found = links.check(draft, page.path(language), '', set())
    assert found == findings


@pytest.mark.slow
def test_the_site_has_the_anchors_that_links_are_checked_against(linked):
    root = linked(LOOP)
    status, _, messages = book(root, 'html')
    assert status == 0, messages
    for language in toc.LANGUAGES:
        folder = root / files.SITE / language / 'part'
        text = (folder / 'second.html').read_text('utf-8')
        targets = re.findall(LINK, text)
        assert len(targets) == 3
        for target in targets:
            name, _, anchor = target.rpartition('#')
            goal = (folder / (name or 'second.html')).read_text('utf-8')
            assert f'id="{anchor}"' in goal
