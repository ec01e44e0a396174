"""Sections have the same anchors in both editions.

A heading's anchor is made from its English words, so that a link to a
section also works with the other language's name in its address.
"""

from docutils import nodes
from sphinx.transforms import SphinxTransform

from book.chapters import markdown
from book.rendering.every_page.editions import root_of


def setup(app):
    app.add_transform(EnglishAnchors)


class EnglishAnchors(SphinxTransform):
    """Give the sections of a page the anchors of the English page.

    Anchors that labels have given them keep working.
    """

    default_priority = 500

    def apply(self, **kwargs):
        page = f'{self.env.docname}.md'
        path = root_of(self.app) / 'chapters' / 'en' / page
        self.env.note_dependency(str(path))
        names = anchors(path.read_text(encoding='utf-8'))
        sections = [
            section
            for section in self.document.findall(nodes.section)
            if 'made' not in section['classes']  # by a directive of ours
        ]
        for section, name in zip(sections, names):
            others = [x for x in section['ids'] if x not in names]
            section['ids'] = [name, *others]
            self.document.ids[name] = section


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
