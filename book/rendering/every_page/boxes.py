"""Boxes: a guess, a trap, PyTorch's words, a remark beside the text.

For screen readers a box is a note that begins with its kind. In HTML a
remark may stand in the margin, beside the paragraph before it.
"""

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from book.chapters.markdown import BOXES
from book.rendering.every_page.editions import edition_of

# The kind of Sphinx's boxes on paper that bookstyle.sty makes a kind's look
PAPER = {'predict': 'hint', 'trap': 'warning', 'pytorch': 'tip',
         'aside': 'important'}
HIDES_CONTENTS = 'margin'  # what the theme's script looks for


class box(nodes.admonition):
    """A box of a kind, which is its first class."""


def setup(app):
    app.add_node(box, html=(visit_html, depart_html),
                 latex=(visit_latex, depart_latex))
    app.add_post_transform(MarginNotes)
    for kind in BOXES:  # sphinx-design has an `aside`, too
        app.add_directive(kind, Box, override=True)


class Box(SphinxDirective):
    """A box with the title of its kind; it has neither title nor option."""

    has_content = True

    def run(self):
        self.assert_has_content()
        title = edition_of(self.env.app).words['boxes'][self.name]
        found = box('', nodes.title(title, title), classes=[self.name])
        self.set_source_info(found)
        self.state.nested_parse(self.content, self.content_offset, found)
        return [found]


class MarginNotes(SphinxPostTransform):
    """Let a remark and the paragraph before it begin side by side."""

    default_priority = 800
    formats = ('html',)

    def run(self, **kwargs):
        if self.app.builder.name == 'html':
            for found in list(self.document.findall(box)):
                if 'aside' in found['classes']:
                    join_paragraph(found)


def join_paragraph(remark):
    """Put a remark and the paragraph before it, if any, into one block."""
    parent, place = remark.parent, remark.parent.index(remark)
    before = parent[place - 1] if place else None
    if isinstance(before, nodes.paragraph):
        remark['classes'].append(HIDES_CONTENTS)
        parent[place - 1:place + 1] = [
            nodes.container('', before, remark, classes=['beside'])]


def visit_html(self, node):
    self.body.append(self.starttag(node, 'div', CLASS='admonition box',
                                   role='note'))


def depart_html(self, node):
    self.depart_admonition(node)


def visit_latex(self, node):
    kind = PAPER[node['classes'][0]]
    self.body.append(f'\n\\begin{{sphinxadmonition}}{{{kind}}}')
    self.no_latex_floats += 1


def depart_latex(self, node):
    self.depart_admonition(node)
