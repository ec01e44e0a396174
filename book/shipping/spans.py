"""Where in a text the pieces of its Markdown stand.

The parser keeps only the lines of a block; here the pieces inside a line
carry their places, too, so that a piece can be replaced in the text.
"""

from dataclasses import dataclass
from itertools import accumulate

from markdown_it.rules_inline import html_inline, image, link, newline
from markdown_it.token import Token
from mdit_py_plugins.myst_role.index import myst_role

from book.chapters.markdown import parser

RULES = {'html_inline': html_inline, 'image': image, 'link': link,
         'myst_role': myst_role, 'newline': newline}


@dataclass(frozen=True)
class Span:
    """A piece, and the text from `start` to `end` that it stands for."""

    token: Token
    start: int
    end: int


def spans(text):
    """Return the blocks of a text, and the pieces of RULES in its lines."""
    lengths = (len(line) + 1 for line in text.split('\n'))
    starts = [0, *accumulate(lengths)]
    found, cursor = [], 0
    for token in PARSER.parse(text):
        if token.type == 'inline':
            cursor = max(cursor, starts[token.map[0]])
            pieces = inline(token, text, cursor)
            cursor = max([cursor, *(piece.end for piece in pieces)])
            found += pieces
        elif token.map:
            first, last = token.map
            found.append(Span(token, starts[first], starts[last]))
    return found


def inline(token, text, cursor):
    """Return the pieces in the lines of a paragraph, heading or cell."""
    pieces = [child for child in token.children if 'span' in child.meta]
    rows = []
    for line in token.content.split('\n') if pieces else []:
        rows.append(text.index(line, cursor))
        cursor = rows[-1] + len(line)
    return [
        Span(piece, *(place(x, token.content, rows) for x in
                      piece.meta['span']))
        for piece in pieces
    ]


def place(position, content, rows):
    """Return where in the text a position in a paragraph's content is."""
    before = content[:position].split('\n')
    return rows[len(before) - 1] + len(before[-1])


def placed(rule):
    """Return a rule that notes in its first token where it held."""

    def apply(state, silent):
        start, count = state.pos, len(state.tokens)
        holds = rule(state, silent)
        if holds and not silent:
            new = (x for x in state.tokens[count:] if x.type != 'text')
            next(new).meta['span'] = start, state.pos
        return holds

    return apply


PARSER = parser()
for name, rule in RULES.items():
    PARSER.inline.ruler.at(name, placed(rule))
