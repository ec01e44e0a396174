"""Links, pictures and references of a page: do they lead anywhere?

These checks need to know the other pages.
"""

import re
from urllib.parse import unquote

from book.chapters import anchors, markdown
from book.chapters.errors import read_text

GIVEN = {'genindex'}  # the label of the index, which Sphinx writes


def check(draft, file, path, labels):
    """Return the findings for links, pictures and references of a page.

    file: where the page lies, to find its neighbours; labels: all labels of
    its edition.
    """
    problems = [*broken_paths(draft, file), *unknown_roles(draft, labels)]
    return [f'{path}:{line}: {problem}' for line, problem in problems]


def broken_paths(draft, file):
    """Yield relative links and pictures that lead nowhere."""
    for item in draft.of('link', 'image'):
        target, _, anchor = unquote(item.text).partition('#')
        if re.match(r'[a-z]+:', target):
            continue
        goal = file.parent / target if target else file
        if not goal.exists():
            yield (item.line, f'{target} does not exist; correct the path, '
                   'it is relative to this page')
        elif anchor and anchor not in targets(goal):
            yield (item.line, f'no heading or label #{anchor} in '
                   f'{goal.name}; correct the link')


def targets(page):
    """Return what `#...` may lead to on a page: headings and labels."""
    items = markdown.items(read_text(page))
    return {*anchors.of_page(page), *markdown.labels(items)}


def unknown_roles(draft, labels):
    """Yield {ref}, {numref} and {eq} whose label nobody defines."""
    known = labels | GIVEN
    for item in draft.of('role'):
        if item.detail in ('ref', 'numref', 'eq') and item.text not in known:
            yield (item.line, f'no label {item.text!r} in this edition; '
                   'correct it, or put the label before its target')
