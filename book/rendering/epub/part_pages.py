"""A part of the e-book begins with a list of its chapters."""

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform


def setup(app):
    app.add_post_transform(ListChapters)


class ListChapters(SphinxPostTransform):
    """Show the list of pages that Sphinx has of a part, below its title."""

    default_priority = 500

    def run(self, **kwargs):
        if self.env.docname != self.config.root_doc:
            for tree in list(self.document.findall(addnodes.toctree)):
                tree['hidden'] = False
                tree['maxdepth'] = 1
                move(tree.parent, self.document.next_node(nodes.section))


def move(wrapper, section):
    """Put the list behind the title of a page."""
    wrapper.parent.remove(wrapper)
    wrapper['classes'].append('chapters')
    place = section.first_child_matching_class(nodes.title) + 1
    section.insert(place, wrapper)
