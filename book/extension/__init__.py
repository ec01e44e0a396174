"""What Jupyter Book calls while it builds an edition.

Each module connects itself to Sphinx with a `setup` of its own. The name
of the source folder, `en` or `zh`, says which edition is built.
"""

from book.extension import (
    anchors,
    assets,
    buttons,
    editions,
    lines,
    mathjax,
    pages,
    reading,
)

PARTS = (
    reading,
    editions,
    anchors,
    lines,
    mathjax,
    pages,
    buttons,
    assets,
)


def setup(app):
    """Register all parts with Sphinx."""
    for part in PARTS:
        part.setup(app)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
