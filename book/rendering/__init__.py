"""What Jupyter Book calls while it builds an edition.

The name of the source folder, `en` or `zh`, says which edition it is, and
the name of the output folder, `html`, `latex` or `epub`, what is built.
Each module connects itself to Sphinx with a `setup` of its own.
"""

import importlib
import pathlib

HTML = pathlib.Path(__file__).parent / 'html'  # templates and assets
PARTS = {
    'every_page': ('reading', 'editions', 'anchors', 'line_breaks', 'index',
                   'boxes', 'latin'),
    'pictures': ('drawings',),
    'made_pages': ('terminology', 'results_page', 'utils_page'),
}
FORMATS = {
    'html': {
        'html': ('page_head', 'sidebar', 'header_buttons', 'style_sheet',
                 'mathjax', 'search', 'moving'),
        'every_page': ('assets', 'hints'),
        'pictures': ('dark_pictures', 'wide'),
        'made_pages': ('term_cards',),
        'overviews': ('noted', 'whole_book', 'cards', 'rows', 'folds'),
    },
    'epub': {'every_page': ('assets',),
             'epub': ('document', 'part_pages', 'tabs')},
    'latex': {'latex': ('document', 'cover')},
}


def setup(app):
    """Register the parts with Sphinx that take part in this build."""
    builder = pathlib.Path(app.outdir).name
    for parts in (PARTS, FORMATS[builder]):
        for folder, names in parts.items():
            for name in names:
                module = f'book.rendering.{folder}.{name}'
                importlib.import_module(module).setup(app)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
