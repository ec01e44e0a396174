"""Sections have the same anchors in both editions.

A heading's anchor is made from its English words, so that a link to a
section also works with the other language's name in its address.
"""

import pathlib

from docutils import nodes
from sphinx.transforms import SphinxTransform

from book import markdown
from book.extension.editions import root_of


def setup(app):
    app.add_transform(EnglishAnchors)


class EnglishAnchors(SphinxTransform):
    """Give the sections of a page the anchors of the English page."""

    default_priority = 500

    def apply(self, **kwargs):
        path = (
            root_of(self.app)
            / 'chapters/en'
            / f'{self.env.docname}.md'
        )
        self.env.note_dependency(str(path))
        names = anchors(path.read_text(encoding='utf-8'))
        sections = list(self.document.findall(nodes.section))
        for section, name in zip(sections, names):
            name_first(self.document, section, name)


def anchors(text):
    """Return the anchors of a page's headings, each different."""
    found = []
    for item in markdown.items(text):
        if item.kind == 'heading':
            name = anchor = nodes.make_id(item.detail) or 'section'
            count = 1
            while anchor in found:
                count += 1
                anchor = f'{name}-{count}'
            found.append(anchor)
    return found


def name_first(document, section, name):
    """Make `name` the anchor of a section; older ones keep working."""
    others = [x for x in section['ids'] if x != name]
    section['ids'] = [name, *others]
    document.ids[name] = section
