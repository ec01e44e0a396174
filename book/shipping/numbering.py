"""The numbers of figures, the same as on the site.

Sphinx counts figures within a part or a chapter; how many levels of the
table of contents their numbers begin with is the setting
`numfig_secnum_depth` of _config.yml.
"""

import functools
from collections import Counter

from book.chapters.markdown import DIRECTIVE, PARSER, split_options


def of_pages(contents):
    """Return a table: page name -> its number in _toc.yml, as a tuple."""
    found = {contents.root.docname: ()}
    for name, document in contents.items():
        for count, child in enumerate(document.child_files(), 1):
            found[child] = (*found[name], count)
    return found


def of_figures(contents, texts, depth):
    """Return a table: label of a figure -> its number.

    contents: of `toc.load`; texts: page name -> text, in the order of the
    book; depth: with how many levels a number begins.
    """
    if not any(tree.numbered for tree in contents.root.subtrees):
        depth = 0
    numbers, found, counts = of_pages(contents), {}, Counter()
    for page, text in texts.items():
        prefix = numbers[page][:depth]
        for label in labels(text):
            counts[prefix] += 1
            found[label] = '.'.join(map(str, (*prefix, counts[prefix])))
    return found


@functools.cache
def labels(text):
    """Return the labels of the figures in a text, in its order."""
    found = []
    for token in PARSER.parse(text):
        match = DIRECTIVE.fullmatch(token.info.strip())
        if match and match['name'] == 'figure-md':
            found.append(match['argument'])
        elif match:
            found += labels(split_options(token.content)[1])
    return tuple(found)
