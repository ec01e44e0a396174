"""English phrases on Chinese pages say that they are English.

A voice then reads them as such, and the apostrophe of “Tom’s Hardware”, which
Chinese fonts draw as wide as a character, comes from a Latin font.
"""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from book.rendering.every_page.editions import edition_of

ENGLISH = 'language-en'  # docutils makes an attribute `lang` of it
WORD = '[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9]*'
PHRASE = re.compile(rf"{WORD}(?:(?:[’',:&.]? |[-’']){WORD})+")
APOSTROPHE = re.compile("[’']")
SILENT = nodes.literal, nodes.literal_block, nodes.math, nodes.raw


def setup(app):
    app.add_post_transform(MarkEnglish)


class MarkEnglish(SphinxPostTransform):
    """Mark the English phrases of a page of the Chinese edition."""

    default_priority = 850
    formats = 'html', 'latex'

    def run(self, **kwargs):
        if edition_of(self.app).language != 'zh':
            return
        marked = printed if self.app.builder.format == 'latex' else shown
        for text in list(self.document.findall(nodes.Text)):
            found = phrases(str(text))
            if found and not is_silent(text):
                replace(text, found, marked)


def phrases(text):
    """Return the (start, end) of English phrases, of more than a word."""
    return [match.span() for match in PHRASE.finditer(text)
            if re.search("[ ’']", match[0])]


def is_silent(text):
    """Tell whether a text belongs to code or a formula."""
    node = text.parent
    while node is not None:
        if isinstance(node, SILENT) or ENGLISH in node.get('classes', ()):
            return True
        node = node.parent
    return False


def replace(text, spans, marked):
    """Put what `marked` makes of the phrases in their places."""
    whole, done, end = str(text), [], 0
    for start, stop in spans:
        done += [nodes.Text(whole[end:start]), *marked(whole[start:stop])]
        end = stop
    done.append(nodes.Text(whole[end:]))
    parent = text.parent
    index = next(i for i, x in enumerate(parent) if x is text)
    parent[index:index + 1] = [x for x in done if x != '']


def shown(phrase):
    """Return a phrase for the site and the e-book."""
    return [nodes.inline('', phrase, classes=[ENGLISH])]


def printed(phrase):
    """Return a phrase for print, where Latin fonts have straight ones."""
    first, *others = APOSTROPHE.split(phrase)
    found = [nodes.Text(first)]
    for other in others:
        found += [nodes.raw('', "'", format='latex'), nodes.Text(other)]
    return found
