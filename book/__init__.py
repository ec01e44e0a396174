"""The pipeline of the book: README.md beside this file draws it.

`python -m book` is the front door. Jupyter Book knows the package as the
reader of its pages, `read`, and as an extension, `setup`.
"""

import sys

# With this package jsonschema makes a grammar of addresses, which takes a
# second of every process, in order to check what no notebook holds.
sys.modules.setdefault('rfc3987_syntax', None)


def read(text, root='.', language='en'):
    """Return the notebook of a page with its outputs; for MyST-NB."""
    from book.rendering.every_page import reading

    return reading.read(text, root, language)


def setup(app):
    """Register the package as an extension of Sphinx."""
    from book import rendering

    return rendering.setup(app)
