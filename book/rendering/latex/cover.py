"""The drawing of the site's front page, for the cover of the printed book."""

import pathlib
import re

from book.rendering import HTML

DRAWING = HTML / 'templates/above/cover.svg'
NAME = 'bookcover.pdf'
DEFINED = re.compile(r'(--[\w-]+): var\(--[\w-]+, (#\w+)\);?')
USED = re.compile(r'var\((--[\w-]+)\)')


def setup(app):
    app.connect('builder-inited', draw)


def draw(app):
    """Put the drawing beside the LaTeX of the book."""
    import cairosvg

    path = pathlib.Path(app.outdir) / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    svg = alone(DRAWING.read_text('utf-8'))
    cairosvg.svg2pdf(bytestring=svg.encode(), write_to=str(path))


def alone(svg):
    """Return a drawing with the colours that it has outside a page."""
    colours = dict(DEFINED.findall(svg))
    return USED.sub(lambda name: colours[name[1]], DEFINED.sub('', svg))
