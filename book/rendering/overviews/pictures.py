"""Small pictures of chapters on other pages: their own, of this build.

A comment in a list tells which one stands there; without a page it is one of
the page that the entry leads to:
<!-- picture: mlp-scratch 3 --> the third that the code of this page draws
<!-- picture: preface figure 1 --> the first figure of that page
<!-- picture: 2 --> <!-- picture: none -->
"""

import re

from docutils import nodes

from book.rendering.overviews.noted import NOTED, noted

COMMENT = re.compile(r'<!--\s*picture:\s*(?P<words>[^>]*?)\s*-->\s*')
CHOICE = re.compile(r'((?P<slug>[a-z][\w-]*?) +)??'
                    r'(?P<figure>figure +)?(?P<number>[1-9]\d*)')
NONE = 'none'
KINDS = 'drawn', 'figures'
PROBLEM = 'picture: {!r}: {}'


class PictureError(Exception):
    """A comment asks for a picture that is not there."""


def take_choice(item):
    """Remove the comment in an entry of a list; return its words, or ''."""
    for raw in list(item.findall(nodes.raw)):
        match = COMMENT.fullmatch(raw.astext())
        if match:
            raw.parent.remove(raw)
            return match['words']
    return ''


def picture(app, pages, words=''):
    """Return the node of a picture of pages, or None if they have none.

    pages: names of those that an entry leads to; words: of a comment.
    Without words it is the first that the code of one of them has drawn, or
    else the first figure.
    """
    if words == NONE:
        return None
    if words:
        return chosen(app, pages, words)
    for kind in KINDS:
        for name in pages:
            for found in noted(app, name).get(kind, ()):
                return image(found)
    return None


def chosen(app, pages, words):
    """Return the picture that a comment asks for.

    A page that was not executed in this build draws nothing; then it is what
    it would be without the comment.
    """
    match = CHOICE.fullmatch(words)
    if not match:
        raise PictureError(PROBLEM.format(words, 'say SLUG NUMBER, SLUG '
                                          'figure NUMBER, or none'))
    name = named(app, match['slug']) if match['slug'] else next(
        iter(pages), None)
    if name is None:
        raise PictureError(PROBLEM.format(
            words, 'the entry leads to no page; say SLUG NUMBER'))
    kind = KINDS[bool(match['figure'])]
    found, place = noted(app, name).get(kind, ()), int(match['number'])
    if place <= len(found):
        return image(found[place - 1])
    if kind == 'drawn' and not noted(app, name).get('run'):
        return picture(app, [name])
    raise PictureError(PROBLEM.format(words, f'{name} has {len(found)}'))


def named(app, slug):
    """Return the name of the page with a slug."""
    for name in app.env.found_docs:
        if name.rpartition('/')[2] == slug and slug != 'index':
            return name
    raise PictureError(PROBLEM.format(slug, 'there is no such page'))


def image(found):
    """Return the node of a picture, which only decorates."""
    return nodes.image(uri=found['uri'], alt='', loading='lazy',
                       candidates=dict(found['candidates']),
                       classes=['thumbnail'])


def state(app):
    """Return all pictures that pages may show, to tell whether one changed.
    """
    return {name: [own[NOTED][kind] for kind in KINDS]
            for name, own in app.env.metadata.items() if NOTED in own}
