"""How lines join and break.

Chinese has no blank between words, so none where a source line ends. In both
languages no line begins with the mark that follows a formula.
"""


from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from book.chapters.markdown import is_wide

CLOSING = '，。、；：？！）”’》.,;:?!)'


def setup(app):
    app.add_transform(JoinLines)
    app.add_post_transform(HoldMarks)


class JoinLines(SphinxTransform):
    """Join the source lines of Chinese paragraphs."""

    default_priority = 400

    def apply(self, **kwargs):
        if self.config.language.startswith('zh'):
            for block in list(self.document.findall(nodes.TextElement)):
                join_lines(block)


def join_lines(block):
    """Remove the line breaks of a paragraph that touch a wide character."""
    texts = list(block.findall(nodes.Text))
    for index, text in enumerate(texts[1:-1], 1):
        if text == '\n' and (
            is_wide(texts[index - 1][-1:]) or is_wide(texts[index + 1][:1])
        ):
            text.parent.remove(text)


class HoldMarks(SphinxPostTransform):
    """Hold a formula and the mark that follows it together, in HTML."""

    default_priority = 900
    formats = ('html',)

    def run(self, **kwargs):
        hold_marks(self.document)


def hold_marks(block):
    """Put each formula and the mark that follows it into one `held`."""
    for formula in list(block.findall(nodes.math)):
        text = formula.next_node(descend=False, siblings=True)
        if isinstance(text, nodes.Text) and text[:1] in CLOSING:
            mark, rest = nodes.Text(text[0]), nodes.Text(text[1:])
            held = nodes.inline('', '', formula.deepcopy(), mark)
            held['classes'].append('held')
            formula.parent.replace(formula, held)
            text.parent.replace(text, rest)
