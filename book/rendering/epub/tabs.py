"""What the site has in tabs, the e-book shows one below the other."""

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

COMPONENT = 'design_component'  # what sphinx-design knows its nodes by


def setup(app):
    app.add_post_transform(ShowAll)


class ShowAll(SphinxPostTransform):
    """Have sphinx-design make no tabs: their titles and texts remain."""

    default_priority = 100  # before it

    def run(self, **kwargs):
        show_all(self.document)


def show_all(document):
    """Take from tabs what sphinx-design knows them by."""
    for block in document.findall(nodes.container):
        if block.get(COMPONENT) == 'tab-set':
            del block[COMPONENT]
