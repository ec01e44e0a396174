"""The words in pictures, which are drawn once, with English ones.

pictures.yml has the Chinese. A drawing may bring its own, in `data-zh`: so do
the pictures of figures that move.
"""

import functools
import html
import pathlib
import re

from book.chapters import settings
from book.chapters.words import lettering

TABLE = pathlib.Path(__file__).with_name('pictures.yml')
PLOTS, EVERYWHERE, SAME = 'plots', 'everywhere', 'same'
TEXT = re.compile(r'<(text|title)\b([^<>]*)>(.*?)</\1>', re.DOTALL)
PIECE = re.compile(r'<tspan\b([^<>]*)>([^<>]*)</tspan>')  # of a formula
OWN = re.compile(r' data-zh="([^"]*)"')
WORD = re.compile(r'\b[A-Za-z][a-z]+\b')  # not ReLU, w1 or num_steps
GAP = '{}'  # in the table: a number, a name, or another label
FILLING = '((?:(?!, ).)+?)'  # a comma parts two of them


def translated(svg, language, place=PLOTS):
    """Return a picture with the words of an edition.

    place: the name of a drawing; else it is one that a cell has drawn.
    """
    if language == 'en':
        return svg
    return TEXT.sub(lambda found: shown(found, place), svg)


def load(path, language):
    """Return the bytes of the file of a picture, in the words of an edition.
    """
    content = path.read_bytes()
    if path.suffix != '.svg':
        return content
    return translated(content.decode(), language, path.stem).encode()


def unknown(svg, place=PLOTS):
    """Return the labels of a picture that the table does not have."""
    labels = [said(inside) for _, attributes, inside in TEXT.findall(svg)
              if not OWN.search(attributes)]
    return [x for x in dict.fromkeys(labels) if chinese(x, place) is None]


def shown(found, place):
    """Return an element of a picture as the Chinese edition shows it."""
    kind, attributes, inside = found.groups()
    label, own = said(inside), OWN.search(attributes)
    word = html.unescape(own[1]) if own else chinese(label, place)
    if word in (None, label):
        return found[0]
    if kind == 'title':
        return f'<title>{html.escape(word, quote=False)}</title>'
    piece = PIECE.search(inside)
    attributes = OWN.sub('', attributes) + (piece[1] if piece else '')
    attributes = lettering.in_place(attributes, label, at_tick(found))
    text = html.escape(lettering.spaced(word), quote=False)
    return f'<text{lettering.in_chinese(attributes)}>{text}</text>'


def at_tick(found):
    """Tell whether an element names a tick of an axis below."""
    tick, text = (found.string.rfind(x, 0, found.start())
                  for x in ('id="xtick_', '<text'))
    return tick > text


def said(inside):
    """Return what an element says, be it in pieces."""
    pieces = [text for _, text in PIECE.findall(inside)]
    text = html.unescape(''.join(pieces) if pieces else inside)
    return text.replace('\xa0', ' ').strip()  # as formulas have them


@functools.cache
def table():
    """Return the table: {place: {label: Chinese}}, and what stays."""
    return settings.read(TABLE)


@functools.cache
def chinese(label, place):
    """Return the Chinese of a label: itself if it has no words.

    None if the table does not have it.
    """
    entries = {**table()[EVERYWHERE], **table().get(place, {})}
    if label in entries:
        return entries[label]
    if {*WORD.findall(label)} <= {*table()[SAME]}:
        return label
    for pattern, parts in filled(label, entries):
        texts = [chinese(part, place) for part in parts]
        if None not in texts:
            return entries[pattern].format(*texts)
    return None


def filled(label, words):
    """Yield the entries with gaps that a label fills, and what fills them.

    The longest come first.
    """
    patterns = [x for x in words if GAP in x]
    for pattern in sorted(patterns, key=len, reverse=True):
        expression = re.escape(pattern).replace(r'\{\}', FILLING)
        found = re.fullmatch(expression, label)
        if found:
            yield pattern, found.groups()
