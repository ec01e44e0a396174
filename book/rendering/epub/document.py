"""The e-book: its settings, and formulas as MathML, which readers set."""

import pathlib
import re
from importlib import metadata
from xml.etree import ElementTree

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.builders.epub3 import Epub3Builder
from sphinx.errors import SphinxError
from sphinx.util.math import get_node_equation_number

from book.rendering import code_colours
from book.rendering.every_page.editions import edition_of

STATIC = pathlib.Path(__file__).parent / 'static'
DOCTYPE = re.compile(r'<!DOCTYPE[^>]*>\s*')
IMAGE_ID = re.compile(r'(<image\b[^>]*?)\s+id="[^"]*"')
EMPTY_PATH = re.compile(r'<path (?![^>]*\bd=)')
COVER = '_static/cover-{}.png'
OURS = 'e-book.css', 'pygments.css'
UNUSED = ('copybutton.css', 'sphinx-design.min.css', 'sphinx-thebe.css',
          'togglebutton.css')
DECLARED = {'mathml': '<math', 'svg': '<svg'}  # what a page may hold
OPF = 'http://www.idpf.org/2007/opf'


def setup(app):
    app.add_builder(Epub, override=True)
    app.add_html_math_renderer('mathml', (visit_formula, None),
                               (visit_displayed, None))
    app.connect('config-inited', choose_edition, priority=2)
    app.connect('html-page-context', leave_out_assets, priority=900)


def choose_edition(app, config):
    """Set all that concerns the e-book."""
    edition = edition_of(app)
    config.html_math_renderer = 'mathml'
    config.templates_path = []
    config.html_static_path = [str(STATIC)]
    config.epub_cover = COVER.format(edition.language), 'epub-cover.html'
    config.epub_exclude_files = [COVER.format(edition.twin.language),
                                 *(f'_static/{name}' for name in UNUSED)]
    config.epub_css_files = ['e-book.css']
    config.epub_basename = 'book'
    config.version = metadata.version('from-scratch-to-gluon')
    config.epub_language = edition.tag
    config.epub_title = edition.title
    config.epub_author = config.epub_publisher = edition.author
    config.epub_uid = f'from-scratch-to-gluon-{edition.language}'
    config.epub_identifier = config.epub_uid
    config.epub_show_urls = 'no'
    config.epub_tocscope = 'includehidden'
    config.epub_tocdepth = 2  # parts and chapters
    config.epub_tocdup = False


def leave_out_assets(app, pagename, templatename, context, doctree):
    """Load our style sheet, the colours of code and no script."""
    context['script_files'] = []
    context['css_files'] = [x for x in context['css_files']
                            if x.filename.endswith(OURS)]


class Epub(Epub3Builder):
    """Sphinx's builder, with what the standard and readers want besides."""

    def init(self):
        super().init()
        edition = edition_of(self.app)
        tag = f'lang="{edition.tag}" xml:lang="{edition.tag}"'
        self.html_tag = self.html_tag.replace('<html ', f'<html {tag} ')
        titles = {'toc': edition.contents, 'cover': edition.title}
        self.guide_titles = {**self.guide_titles, **titles}

    def create_pygments_style_file(self):
        path = pathlib.Path(self.outdir) / '_static/pygments.css'
        path.write_text(code_colours.sheet(), encoding='utf-8')

    def build_epub(self):
        folder = pathlib.Path(self.outdir)
        for picture in folder.glob('_images/*.svg'):
            text = DOCTYPE.sub('', picture.read_text(encoding='utf-8'))
            text = EMPTY_PATH.sub('<path d="" ', text)  # of a blank
            text = IMAGE_ID.sub(r'\1', text)  # equal for equal images
            picture.write_text(text, encoding='utf-8')
        declare_contents(folder)
        super().build_epub()


def declare_contents(folder):
    """Tell the e-book's list of files which pages have formulas, pictures."""
    ElementTree.register_namespace('', OPF)
    path = folder / 'content.opf'
    tree = ElementTree.parse(path)
    for item in tree.iter(f'{{{OPF}}}item'):
        page = folder / item.get('href')
        if page.suffix == '.xhtml':
            text = page.read_text('utf-8')
            found = [name for name, tag in DECLARED.items() if tag in text]
            if found:
                item.set('properties', ' '.join(found))
    tree.write(path, encoding='utf-8', xml_declaration=True)


def visit_formula(self, node):
    self.body.append(mathml(node, as_block=False))
    raise nodes.SkipNode


def visit_displayed(self, node):
    self.body.append(self.starttag(node, 'div', CLASS='math'))
    self.body.append(mathml(node, as_block=True))
    if node['number']:
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({number})</span>')
    self.body.append('</div>')
    raise nodes.SkipNode


def mathml(node, as_block):
    """Return a formula in MathML."""
    try:
        code = tex2mathml(node.astext(), as_block)
    except MathError as error:
        raise SphinxError(f'{node.source}:{node.line}: the e-book cannot '
                          f'show the formula {node.astext()!r}: {error}; '
                          'write it with other commands') from error
    return code.replace('&ApplyFunction;', '&#x2061;')
