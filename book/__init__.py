"""The pipeline of the book.

A chapter is Markdown with notedown fences (`reader`), listed in _toc.yml
(`toc`). Its notebook is run once for both languages (`build`, `execute`),
unless a notebook with the same key (`key`, `environment`) is in the cache
(`cache`). Jupyter Book reads the Markdown of each edition through this
package and finds the outputs in the cache (`outputs`, `extension`).
Its pages become the site (`render`, `publish`), its LaTeX the printed book
(`pdf`), and the notebooks go to readers (`notebooks`, `workspace`). Jupyter
opens the Markdown itself as notebooks (`jupyter`). `python -m book` is the
front door.
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
