"""Plots that are wider than the column of text may use the margin.

The theme folds the contents of the page, which stand there, while something
of the class that this gives is in sight.
"""

import pathlib
import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

CLASS = 'full-width'
COLUMN = 701  # pixels, beside the edge of an output
WIDTH = re.compile(r'<svg[^>]*? width="([\d.]+)pt"')
POINT = 96 / 72  # pixels


def setup(app):
    app.add_post_transform(MarkWide)


class MarkWide(SphinxPostTransform):
    """Mark the plots of a page that are wider than its text."""

    default_priority = 800

    def run(self, **kwargs):
        folder = pathlib.Path(self.app.srcdir)
        for cell in self.document.findall(nodes.container):
            if 'cell_output' in cell['classes']:
                for image in cell.findall(nodes.image):
                    if is_wide(folder / image['uri']):
                        image['classes'].append(CLASS)


def is_wide(path):
    """Tell whether a file is an SVG that the column has no room for."""
    if path.suffix != '.svg' or not path.is_file():
        return False
    match = WIDTH.search(path.read_text('utf-8'))
    return bool(match) and float(match[1]) * POINT > COLUMN
