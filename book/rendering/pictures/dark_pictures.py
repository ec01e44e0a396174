"""Drawings turn dark with the page; pictures of pixels stay as they are."""

import pathlib

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

PIXELS = '<image'  # how an SVG holds them


def setup(app):
    app.add_post_transform(MarkDrawings)


class MarkDrawings(SphinxPostTransform):
    """Give the class `drawing` to pictures of lines and letters alone."""

    default_priority = 800

    def run(self, **kwargs):
        folder = pathlib.Path(self.app.srcdir)
        for image in self.document.findall(nodes.image):
            if is_drawing(folder / image['uri']):
                image['classes'].append('drawing')


def is_drawing(path):
    """Tell whether a file is an SVG without pixels."""
    return path.suffix == '.svg' and path.is_file() and (
        PIXELS not in path.read_text('utf-8'))
