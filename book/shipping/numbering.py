"""The numbers of figures and formulas, the same as on the site.

Sphinx counts figures and formulas within a part or a chapter; how many
levels of the table of contents their numbers begin with is the setting
`numfig_secnum_depth` of _config.yml.
"""

import functools
from collections import Counter
from dataclasses import dataclass

from book.chapters.markdown import DIRECTIVE, PARSER, split_options


@dataclass(frozen=True)
class Target:
    """What a label stands for: a 'figure', a 'formula' or a 'section'.

    `text` is the number of a figure or a formula, the heading of a section.
    """

    page: str
    kind: str
    text: str


def of_pages(table, number=()):
    """Return a table: page name -> its number in _toc.yml, as a tuple."""
    found = {table.get('root') or table['file']: number}
    entries = [
        entry
        for key in ('chapters', 'sections')
        for entry in table.get(key) or []
    ]
    for count, entry in enumerate(entries, 1):
        found |= of_pages(entry, (*number, count))
    return found


def targets(table, texts, depth):
    """Return a table: label -> its target.

    table: that of _toc.yml; texts: page name -> text, in the order of the
    book; depth: with how many levels a number begins.
    """
    if not table.get('options', {}).get('numbered'):
        depth = 0
    numbers, found, counts = of_pages(table), {}, Counter()
    for page, text in texts.items():
        prefix = numbers[page][:depth]
        for kind, label, name in labels(text):
            if kind != 'section':
                counts[kind, prefix] += 1
                name = '.'.join(map(str, (*prefix, counts[kind, prefix])))
            found[label] = Target(page, kind, name)
    return found


@functools.cache
def labels(text):
    """Return of each labelled thing its kind, its label and its heading."""
    found, waiting, tokens = [], [], PARSER.parse(text)
    for token, after in zip(tokens, [*tokens[1:], None]):
        if token.type == 'myst_target':
            waiting.append(token.content)
        elif token.type == 'heading_open':
            found += [('section', label, after.content) for label in waiting]
            waiting = []
        elif token.type == 'math_block_label':
            found.append(('formula', token.info, ''))
        elif token.type in ('fence', 'colon_fence'):
            found += labels_in(token)
    return tuple(found)


def labels_in(token):
    """Return the same of what a directive is and contains."""
    match = DIRECTIVE.fullmatch(token.info.strip())
    if not match:
        return ()
    if match['name'] == 'figure-md':
        return (('figure', match['argument'], ''),)
    return labels(split_options(token.content)[1])
