"""The settings of the printed book, and its pages as one document."""

import pathlib

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from book.execution.files import NAME
from book.rendering.every_page import pinyin
from book.rendering.every_page.editions import edition_of
from book.rendering.every_page.index import entry
from book.rendering.latex.inline import CodeBreaks, Gaps
from book.rendering.latex.long_tables import LongTables

HERE = pathlib.Path(__file__).parent
STYLE = '.sty', '.tex'
CODE = 'book.rendering.code_colours.Light'
PREAMBLE = r"""
\newcommand{{\booktitle}}{{{title}}}
\newcommand{{\othertitle}}{{{other}}}
\newcommand{{\bookauthor}}{{{author}}}
\input{{words-{language}.tex}}
\usepackage{{bookstyle}}
"""


def setup(app):
    app.setup_extension('sphinxcontrib.cairosvgconverter')
    app.connect('config-inited', choose_settings)
    for transform in (FrontPage, SmallContents, PageNumbers, JoinedCells,
                      LongTables, IndexEntries, CodeBreaks, Gaps):
        app.add_post_transform(transform)


def choose_settings(app, config):
    """Set all that depends on the printed book."""
    edition = edition_of(app)
    config.latex_engine = 'xelatex'
    book = 'index', f'{NAME}.tex', edition.title, edition.author, 'manual'
    config.latex_documents = [book]
    config.latex_toplevel_sectioning = 'part'
    config.pygments_style = CODE
    config.latex_show_urls = 'footnote'
    config.latex_use_xindy = False
    config.latex_domain_indices = False
    config.latex_additional_files = [str(path) for path in HERE.iterdir()
                                     if path.suffix in STYLE]
    config.latex_elements = elements(edition)
    config.nb_mime_priority_overrides = [('latex', 'image/svg+xml', 15)]


def elements(edition):
    """Return what Sphinx puts into its LaTeX template."""
    return {
        'papersize': 'a4paper',
        'pointsize': '11pt',
        'extraclassoptions': 'openany,oneside',
        'geometry': r'\usepackage[hmargin=31mm,top=28mm,bottom=28mm,'
        'headsep=8mm]{geometry}',
        'fncychap': '',
        'passoptionstopackages':
            r'\PassOptionsToPackage{newparttoc}{titlesec}',
        'fontpkg': r'\usepackage{bookfonts}',
        'preamble': PREAMBLE.format(title=edition.title,
                                    other=edition.twin.title,
                                    author=edition.author,
                                    language=edition.language),
        'maketitle': r'\input{bookcover.tex}',
        'printindex': r'\printindex',
    }


class Transform(SphinxPostTransform):
    """A change of the whole document."""

    default_priority = 500


class FrontPage(Transform):
    """The page before the parts becomes a chapter without numbers."""

    def run(self, **kwargs):
        top = self.document.next_node(nodes.section)
        title, *rest = top.children
        parts = [x for x in rest if 'toctree-wrapper' in x.get('classes', ())]
        front = [x for x in rest if x not in parts]
        words = edition_of(self.app).words['pdf']['front']
        chapter = nodes.section('', nodes.title(words, words), *front)
        top.children = []
        top += [title, latex(r'\bookfront'), nodes.section('', chapter),
                latex(r'\bookmain'), *parts]


class SmallContents(Transform):
    """A part begins with a list of its chapters, a chapter with its sections.
    """

    def run(self, **kwargs):
        for part in self.document.findall(addnodes.start_of_file):
            chapters = list(part.findall(addnodes.start_of_file))[1:]
            if chapters:
                insert_list(part, r'\bookchapters')
            for page in chapters:
                if has_sections(page.next_node(nodes.section)):
                    insert_list(page, r'\booksections')


def insert_list(page, command):
    """Put a list behind the title of a part or a chapter."""
    top = page.next_node(nodes.section)
    place = top.first_child_matching_class(nodes.title) + 1
    top.insert(place, latex(command))


def has_sections(chapter):
    return any(isinstance(x, nodes.section) for x in chapter)


class PageNumbers(Transform):
    """A link to another page of the site gets the number of its page."""

    def run(self, **kwargs):
        for link in list(self.document.findall(nodes.reference)):
            uri = link.get('refuri', '')
            if uri.startswith('%'):
                label = uri[1:].replace('#', ':')
                if '#' not in uri:
                    label += '::doc'
                number = latex(rf'\bookpage{{\detokenize{{{label}}}}}')
                link.parent.insert(link.parent.index(link) + 1, number)


class JoinedCells(Transform):
    """The code of a cell stays with the output that follows it."""

    def run(self, **kwargs):
        for cell in self.document.findall(nodes.container):
            if 'cell' in cell['classes'] and len(cell) > 1:
                cell[0]['classes'].append('cell_joined')


class IndexEntries(Transform):
    """A term has an entry in the index with the page it is introduced on."""

    def run(self, **kwargs):
        language = edition_of(self.app).language
        for target in list(self.document.findall(nodes.target)):
            if 'mark' in target:
                place = target.parent.index(target) + 1
                command = index_entry(target['mark'], language)
                target.parent.insert(place, latex(command))


def index_entry(mark, language):
    """Return the command that makes the entry of a term."""
    words = entry(mark, '', language)
    key = pinyin.key(words.word)
    return rf'\index{{{key}@\bookentry{{{words.word}}}{{{words.other}}}}}'


def latex(text):
    """Return a node that only LaTeX shows."""
    return nodes.raw('', text, format='latex')
