"""Chinese text has no blank between words, so none where a line ends."""

import unicodedata

from docutils import nodes
from sphinx.transforms import SphinxTransform

WIDE_QUOTES = '‘’“”—…·'


def setup(app):
    app.add_transform(JoinLines)


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


def is_wide(character):
    """Tell whether a character is Chinese or Chinese punctuation."""
    return bool(character) and (
        unicodedata.east_asian_width(character) in 'WF'
        or character in WIDE_QUOTES
    )
