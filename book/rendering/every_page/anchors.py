"""Sections and cells have the same anchors in both editions.

Those of sections come from `book/chapters/anchors.py`; cells are counted.
"""

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from book.chapters.anchors import anchors
from book.chapters.errors import read_text
from book.rendering.every_page.editions import edition_of, root_of

LINK = ('<a class="headerlink" href="#{0}" aria-label="{1}" title="{1}">#'
        '</a>')


def setup(app):
    app.add_transform(EnglishAnchors)
    app.add_post_transform(CellAnchors)


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


class CellAnchors(SphinxPostTransform):
    """Give the cells of a page anchors, `cell-1` and so on, and a link."""

    default_priority = 800
    formats = ('html',)

    def run(self, **kwargs):
        label = edition_of(self.app).words['site']['cell']
        address(self.document, self.app.builder.name == 'html' and label)


def address(document, label):
    """Give the cells of a page anchors, and links if those have a label."""
    cells = [x for x in document.findall(nodes.container)
             if 'cell' in x['classes']]
    for number, cell in enumerate(cells, 1):
        name = f'cell-{number}'
        cell['ids'].append(name)
        if label:
            link = LINK.format(name, label)
            cell.insert(0, nodes.raw('', link, format='html'))
