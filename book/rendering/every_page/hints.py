"""What one should get from an exercise is behind a click, in HTML.

It stands in round brackets at the end of an exercise. On paper, in the e-book
and in notebooks it stays there.
"""

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from book.rendering.every_page.editions import edition_of

SECTION = 'exercises'  # the anchor of it, in both editions
BRACKETS = {'(': 1, '（': 1, ')': -1, '）': -1}
ENDS = '.?!:。？！：'  # what comes before a hint


def setup(app):
    app.add_post_transform(HideHints)


class HideHints(SphinxPostTransform):
    """Fold the hints of the exercises of a page."""

    default_priority = 800

    def run(self, **kwargs):
        label = edition_of(self.app).words['site']['hint']
        for section in self.document.findall(nodes.section):
            if SECTION in section['ids']:
                for item in section.findall(nodes.list_item):
                    fold(item, label)


def fold(item, label):
    """Put the hint of an exercise, if it has one, into a fold of its own."""
    paragraph = item.children[-1] if item.children else None
    if not isinstance(paragraph, nodes.paragraph):
        return
    place = opening(paragraph.children)
    if place is None:
        return
    before, hint = parted(paragraph.children, *place)
    paragraph.children = []
    paragraph.extend(before)
    start = f'<details class="hint"><summary>{label}</summary>'
    item += [nodes.raw('', start, format='html'),
             nodes.paragraph('', '', *hint),
             nodes.raw('', '</details>', format='html')]


def opening(children):
    """Return the child and the position of the bracket that opens a hint.

    It is the partner of the one that closes at the very end, and follows a
    whole sentence; None where there is no such bracket.
    """
    depth = 0
    for number in reversed(range(len(children))):
        if not isinstance(children[number], nodes.Text):
            continue
        text = children[number].astext()
        for place in reversed(range(len(text))):
            depth -= BRACKETS.get(text[place], 0)
            if depth == 0:
                before = written(children[:number]) + text[:place]
                follows = before.rstrip()[-1:] in ENDS and before.strip()
                return (number, place) if text[place] in '(（' and follows \
                    else None
    return None


def written(children):
    """Return what a few nodes say; a formula counts as a word."""
    return ''.join(x.astext() if isinstance(x, nodes.Text) else 'x'
                   for x in children)


def parted(children, number, place):
    """Return the nodes before a bracket, and those inside it."""
    text = children[number].astext()
    before = [*children[:number], nodes.Text(text[:place].rstrip())]
    inside = [nodes.Text(text[place + 1:]), *children[number + 1:]]
    inside[-1] = nodes.Text(inside[-1].astext()[:-1])
    return before, inside
