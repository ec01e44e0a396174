"""Lists that one looks up: of each entry the site shows what it is about.

The class `folded` before a list says so. An entry begins with bold text; what
follows is behind a click.
"""

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

START = '<details class="fold"><summary>', '</summary>'
END = '</details>'


def setup(app):
    app.add_post_transform(Fold)


class Fold(SphinxPostTransform):
    """Fold the entries of such lists."""

    default_priority = 800

    def run(self, **kwargs):
        for entries in self.document.findall(nodes.bullet_list):
            if 'folded' in entries['classes']:
                for entry in entries.children:
                    fold(entry)


def fold(entry):
    """Put all but the bold beginning of an entry behind a click."""
    first = entry.children[0] if entry.children else nodes.paragraph()
    said = [x for x in first.children if x.astext()]  # MyST has empty texts
    if not said or not isinstance(said[0], nodes.strong):
        return
    bold, *first.children = said
    entry.children = [html(START[0]), bold, html(START[1]), first,
                      *entry.children[1:], html(END)]
    for child in entry.children:
        child.parent = entry


def html(text):
    return nodes.raw('', text, format='html')
