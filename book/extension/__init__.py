"""What Jupyter Book calls while it builds an edition.

The name of the source folder, `en` or `zh`, says which edition it is, and
the name of the output folder, `html`, `latex` or `epub`, what is built.
Each module connects itself to Sphinx with a `setup` of its own.
"""

import importlib
import pathlib

FOR_ALL = (
    *('reading', 'editions', 'anchors', 'lines'),
    *('index', 'terminology', 'results', 'api'),
)
FOR_ONE = {
    'html': (
        *('pages', 'sidebar', 'buttons'),
        *('assets', 'styles', 'mathjax', 'search'),
    ),
    'epub': ('assets', 'epub'),
    'latex': ('latex',),
}


def setup(app):
    """Register the parts with Sphinx that take part in this build."""
    builder = pathlib.Path(app.outdir).name
    for name in (*FOR_ALL, *FOR_ONE[builder]):
        importlib.import_module(f'book.extension.{name}').setup(app)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
