"""The headings of a page -> their anchors, which links lead to.

An anchor is made from the English words, for both editions, so that a link
to a section also works with the other language's name in its address.
"""

import os
import pathlib

from docutils.nodes import make_id

from book.chapters import markdown
from book.chapters.errors import read_text

ENGLISH, CHINESE = (os.path.join('chapters', x, '') for x in ('en', 'zh'))


def anchors(text):
    """Return the anchors of an English page's headings, each different."""
    found = []
    for item in markdown.of('heading', markdown.items(text)):
        name = anchor = make_id(item.detail) or 'section'
        count = 1
        while anchor in found:
            count += 1
            anchor = f'{name}-{count}'
        found.append(anchor)
    return found


def of_page(path):
    """Return the anchors of the headings of a page in either language."""
    return anchors(read_text(english(path)))


def english(path):
    """Return the English page of a pair; the page itself if it is alone."""
    root, folder, rest = os.path.normpath(path).rpartition(CHINESE)
    twin = pathlib.Path(f'{root}{ENGLISH}{rest}')
    return twin if folder and twin.exists() else path
