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


def of_pages(contents):
    """Return a table: page name -> its number in _toc.yml, as a tuple."""
    found = {contents.root.docname: ()}
    for name, document in contents.items():
        for count, child in enumerate(document.child_files(), 1):
            found[child] = (*found[name], count)
    return found


def targets(contents, texts, depth):
    """Return a table: label -> its target.

    contents: of `toc.load`; texts: page name -> text, in the order of the
    book; depth: with how many levels a number begins.
    """
    if not any(tree.numbered for tree in contents.root.subtrees):
        depth = 0
    numbers, found, counts = of_pages(contents), {}, Counter()
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
