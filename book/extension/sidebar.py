"""The list of all pages beside every page, made once for each folder.

The theme makes it anew for each page, which takes the longer the more pages
there are. Within a folder the lists differ only in what is marked: the page
itself, and the pages above it.
"""

import functools
import posixpath
import re

from pydata_sphinx_theme.toctree import add_toctree_functions
from sphinx.environment.adapters.toctree import TocTree

NOBODY = 'no-page'  # a page that is not in the list
ENTRY = (
    r'<li class="(toctree-l\d+)( has-children)?">'
    r'<a class="reference internal" href="{}">(.*?)</a>(<details>)?'
)
LIST = r'(<summary>.*?</summary>)<ul>'
CURRENT = r'<li class="\1 current active\2"><a class="'
OPEN = '<details open="open">'
TOP = '<ul class="nav bd-sidenav">', '<ul class="current nav bd-sidenav">'


def setup(app):
    lists = functools.cache(functools.partial(unmarked, app))
    app.connect(
        'html-page-context', functools.partial(share, lists), priority=900
    )


def share(lists, app, pagename, templatename, context, doctree):
    """Let a page take the list of its folder."""
    theirs = context['generate_toctree_html']

    def generate(kind, startdepth=1, **options):
        if (kind, startdepth) != ('sidebar', 0):
            return theirs(kind, startdepth, **options)
        nobody = posixpath.join(posixpath.dirname(pagename), NOBODY)
        own = app.builder.get_relative_uri(nobody, pagename)
        parents = [x['link'] for x in context.get('parents', ())]
        return marked(lists(nobody, **options), own, parents)

    context['generate_toctree_html'] = generate


def unmarked(app, nobody, **options):
    """Return the theme's list for a folder, as text, without marks."""

    def toctree(**options):
        tree = TocTree(app.env).get_toctree_for(
            nobody, app.builder, **options
        )
        return app.builder.render_partial(tree)['fragment']

    context = {'toctree': toctree}
    add_toctree_functions(app, nobody, '', context, None)
    make = context['generate_toctree_html']
    return str(make('sidebar', startdepth=0, **options))


def marked(text, own, parents):
    """Return a list with a page and those above it marked.

    own: the address of the page; a page that is not in the list has no
    marks.
    """
    entry = ENTRY.format(re.escape(own))
    text, found = re.subn(entry, mark_own, text, count=1)
    if not found:
        return text
    for address in parents:
        entry = ENTRY.format(re.escape(address)) + LIST
        text = re.sub(entry, mark_parent, text, count=1)
    return text.replace(*TOP, 1)


def mark_own(match):
    """Return the entry of a page on this page."""
    link = f'current reference internal" href="#">{match[3]}</a>'
    return match.expand(CURRENT) + link + (OPEN if match[4] else '')


def mark_parent(match):
    """Return the entry of a page above this page, unfolded."""
    link = match[0].split('<a class="', 1)[1].split('</a>', 1)[0]
    rest = f'{link}</a>{OPEN}{match[5]}<ul class="current">'
    return match.expand(CURRENT) + rest
