"""What LaTeX does not see within a line: where code may break, and gaps.

A link, a label or an entry of the index hides from it that Chinese meets
Latin letters there.
"""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from book.rendering.every_page.editions import edition_of

LONG = 12  # letters; shorter code is never parted
BREAK = re.compile(r'(?<=\w[._/=,(])(?=[\w\'"])|(?<=\w)(?=\()')
HAN = re.compile('[\u4e00-\u9fff]')
LATIN = re.compile(r'[A-Za-z0-9\-.+@#]')
LINKS = nodes.reference, addnodes.number_reference
GAP, BREAK_HERE = r'\CJKecglue{}', r'\bookbreak{}'


class CodeBreaks(SphinxPostTransform):
    """Code in a line may break behind its signs, without a hyphen."""

    default_priority = 510
    formats = ('latex',)

    def run(self, **kwargs):
        for code in list(self.document.findall(nodes.literal)):
            text = code.astext().replace('…', '...')  # a wide sign in Chinese
            coloured = 'code' in code['classes']
            title = any(isinstance(x, nodes.title) for x in parents(code))
            if not title and not coloured and len(code) == 1:
                code.children = []
                code += pieces(text)


def parents(node):
    while node.parent:
        node = node.parent
        yield node


def pieces(code):
    """Return the nodes of code that may break between some of them."""
    first, *others = BREAK.split(code) if len(code) > LONG else [code]
    found = [nodes.Text(first)]
    for text in others:
        found += [nodes.raw('', BREAK_HERE, format='latex'), nodes.Text(text)]
    return found


class Gaps(SphinxPostTransform):
    """Chinese keeps its distance from Latin letters, whatever is between."""

    default_priority = 520
    formats = ('latex',)

    def run(self, **kwargs):
        if edition_of(self.app).language != 'zh':
            return
        for line in list(self.document.findall(nodes.TextElement)):
            if not isinstance(line, (nodes.literal, nodes.literal_block)):
                line.children = [*spaced(line.children)]


def spaced(children):
    """Yield the parts of a line, and gaps where LaTeX would leave none."""
    before, hidden = '', False
    for child in children:
        if isinstance(child, nodes.target) or r'\index' in child.astext():
            hidden = True
        elif isinstance(child, (nodes.raw, nodes.footnote_reference)):
            before, hidden = '', False
        elif child.astext():
            text = child.astext()
            link = isinstance(child, LINKS)
            code = isinstance(child, nodes.literal) and not text[0].isalnum()
            if (hidden or link or code) and meet(before, text[0]):
                yield nodes.raw('', GAP, format='latex')
            before, hidden = last(child, text), link
        yield child


def last(child, text):
    """Return the last letter of a part; a number of a figure is to come."""
    return '1' if isinstance(child, addnodes.number_reference) else text[-1]


def meet(one, other):
    """Tell whether one of two letters is Chinese, and the other Latin."""
    return bool(HAN.match(one) and LATIN.match(other)
                or LATIN.match(one) and HAN.match(other))
