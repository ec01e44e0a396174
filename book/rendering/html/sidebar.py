"""The list of all pages beside every page, for our template of it.

The theme resolves the whole table of contents anew for each page, twice, so
that a page costs the more the more pages there are.
"""

import functools
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """A page in the list: its name, its title in HTML, the pages below."""

    name: str
    title: str
    below: tuple

    def holds(self, name):
        """Tell whether a page is anywhere below this one."""
        return any(x.name == name or x.holds(name) for x in self.below)


def setup(app):
    app.connect('html-page-context', add_list, priority=100)


def add_list(app, pagename, templatename, context, doctree):
    """Give a page the list."""
    context['listed'] = entries(app, app.config.root_doc)


@functools.cache
def entries(app, name):
    """Return the entries of the pages below a page."""
    return tuple(Entry(x, title(app, x), entries(app, x))
                 for x in app.env.toctree_includes.get(name, ()))


def title(app, name):
    """Return the title of a page in HTML; the theme numbers it."""
    return app.builder.render_partial(app.env.titles[name])['title']
