"""One style sheet for all pages: what would be ten waits is one.

It holds the sheets of Sphinx, the theme and the book in their order, and
the icons that pages show instead of all 2,000 of Font Awesome.
"""

import base64
import io
import pathlib
import re

import pydata_sphinx_theme
from fontTools import subset, ttLib

from book.execution import files

NAME = 'all.css'
SHEETS = ('basic.css', 'styles/bootstrap.css',
          'styles/pydata-sphinx-theme.css', 'pygments.css',
          'styles/sphinx-book-theme.css', 'copybutton.css', 'mystnb.*.css',
          'palette.css', 'book.css', 'boxes.css', 'overviews.css',
          'search.css', 'moving/moving.css')
ICONS = (
    pathlib.Path(pydata_sphinx_theme.__file__).parent
    / 'theme/pydata_sphinx_theme/static/vendor/fontawesome/6.5.2'
)
FONTS = {'fa-solid-900': '"Font Awesome 6 Free";font-weight:900',
         'fa-brands-400': '"Font Awesome 6 Brands";font-weight:400'}
CLASS = re.compile(r'\bfa-[a-z-]+')
ICON = re.compile(r'((?:\.fa-[\w-]+:before,?)+)\{content:"\\?(.+?)"\}')
FACE = re.compile(r'@font-face\{.*?\}')
PRIVATE = re.compile('[\ue000-\uf8ff]')


def setup(app):
    app.connect('html-page-context', load_one, priority=950)
    app.connect('build-finished', write_one, priority=900)


def load_one(app, pagename, templatename, context, doctree):
    """Leave the sheets out that the one for all pages holds."""
    context['css_files'] = []


def write_one(app, error):
    """Write the style sheet of all pages."""
    if error:
        return
    site = pathlib.Path(app.outdir)
    static = site / '_static'
    paths = [path for name in SHEETS for path in static.glob(name)]
    sheets = '\n'.join(path.read_text(encoding='utf-8') for path in paths)
    names = {
        name
        for path in (*site.rglob('*.html'), *static.glob('scripts/*.js'))
        for name in CLASS.findall(path.read_text(encoding='utf-8'))
    }
    files.write(static / NAME, f'{icons(names, sheets)}\n{sheets}')


def icons(names, sheets):
    """Return Font Awesome's sheet with the icons that pages show.

    names: their classes; sheets: style sheets that show more, as text.
    """
    codes = {ord(character) for character in PRIVATE.findall(sheets)}

    def keep(match):
        if names.isdisjoint(CLASS.findall(match[1])):
            return ''
        codes.add(int(match[2], 16))
        return match[0]

    sheet = (ICONS / 'css/all.min.css').read_text(encoding='utf-8')
    sheet = FACE.sub('', ICON.sub(keep, sheet))
    return '\n'.join([*(face(font, codes) for font in FONTS), sheet])


def face(font, codes):
    """Return the rule of a font with the glyphs of these codes."""
    data = io.BytesIO()
    options = subset.Options(flavor='woff', layout_features=[])
    path = ICONS / f'webfonts/{font}.ttf'
    with ttLib.TTFont(path, recalcTimestamp=False) as whole:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=codes)
        subsetter.subset(whole)
        subset.save_font(whole, data, options)
    text = base64.b64encode(data.getvalue()).decode()
    url = f'data:font/woff;base64,{text}'
    return f'@font-face{{font-family:{FONTS[font]};src:url({url})}}'
