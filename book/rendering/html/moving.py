"""Figures that move: pages that have one get the script that wakes it.

Such a figure is a picture named moving-NAME.svg, whose life is in
static/moving/NAME.js.
"""

import pathlib

from docutils import nodes

from book.chapters.images import MOVING


def setup(app):
    app.connect('html-page-context', add_script, priority=100)


def add_script(app, pagename, templatename, context, doctree):
    """Give the script to a page with a figure that moves."""
    if doctree and any(moves(x) for x in doctree.findall(nodes.image)):
        app.add_js_file('moving/moving.js', loading_method='defer')


def moves(image):
    """Tell whether an image is the picture of such a figure."""
    return pathlib.PurePosixPath(image['uri']).name.startswith(MOVING)
