"""Sections have the same anchors in both editions.

They are those of `book/chapters/anchors.py`.
"""

from docutils import nodes
from sphinx.transforms import SphinxTransform

from book.chapters.anchors import anchors
from book.chapters.errors import read_text
from book.rendering.every_page.editions import root_of


def setup(app):
    app.add_transform(EnglishAnchors)


class EnglishAnchors(SphinxTransform):
    """Give the sections of a page the anchors of the English page.

    Anchors that labels have given them keep working. Links with `#` find
    both.
    """

    default_priority = 500

    def apply(self, **kwargs):
        page = f'{self.env.docname}.md'
        path = root_of(self.app) / 'chapters' / 'en' / page
        self.env.note_dependency(str(path))
        names = anchors(read_text(path))
        sections = [
            section
            for section in self.document.findall(nodes.section)
            if 'made' not in section['classes']  # by a directive of ours
        ]
        for section, name in zip(sections, names):
            others = [x for x in section['ids'] if x not in names]
            section['ids'] = [name, *others]
            self.document.ids[name] = section
        self.announce({**self.labels(),
                       **{name: (x.line, name, x[0].astext())
                          for x, name in zip(sections, names)}})

    def labels(self):
        """Return what the labels of the page lead to."""
        explicit, ids = self.document.nametypes, self.document.nameids
        return {x: (0, ids[x], x) for x in ids if explicit[x] and ids[x]}

    def announce(self, targets):
        """Tell MyST where links with `#` lead: (line, id, title)."""
        self.document.myst_slugs = targets
        self.env.metadata[self.env.docname]['myst_slugs'] = targets
