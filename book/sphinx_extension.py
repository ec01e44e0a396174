"""What Jupyter Book calls while it builds an edition.

The name of the source folder, `en` or `zh`, says which edition it is.
"""

import importlib.resources
import pathlib
import shutil
import unicodedata

import sphinx
import sphinx.locale
import sphinx_book_theme
from docutils import nodes
from nbformat.v4 import new_markdown_cell
from sphinx.errors import SphinxError
from sphinx.transforms import SphinxTransform

from book import outputs, reader
from book.errors import BookError

AUTHORS = {'en': 'the contributors', 'zh': '本书的贡献者'}
TITLES = {'en': 'From Scratch to Gluon', 'zh': '从零到 Gluon'}
LOCALES = {'en': 'en', 'zh': 'zh_CN'}
SEARCH = {'en': 'Search this book', 'zh': '搜索本书'}
PICTURE = {'en': 'Picture drawn by the code above', 'zh': '上面的代码画的图'}
SITE = pathlib.Path(__file__).parent / 'site'
OUTPUTS = 'book_outputs'
MATHJAX = ('tex-chtml.js', 'input/tex/extensions',
           'output/chtml/fonts/woff-v2')
NOT_EXECUTED = """\
```{note}
This page was not executed in this build. 这一页在本次构建中没有执行。
```"""
WIDE_QUOTES = '‘’“”—…·'


def setup(app):
    """Register with Sphinx."""
    app.connect('config-inited', choose_edition, priority=1)
    app.connect('env-get-outdated', pages_with_other_outputs)
    app.connect('source-read', note_outputs)
    app.connect('html-page-context', set_language_tag)
    app.connect('build-finished', copy_mathjax)
    app.add_transform(JoinLines)
    app.add_css_file('book.css')
    return {'parallel_read_safe': True, 'parallel_write_safe': True}


def read(text, root='.'):
    """Return the notebook of a page with its outputs."""
    root = pathlib.Path(root)
    try:
        notebook = reader.read(text)
        key = outputs.key_of(root, notebook)
        if key:
            outputs.add(root, notebook, key)
    except BookError as error:
        raise SphinxError(str(error)) from error
    if reader.code_cells(notebook) and not key:
        notebook.cells.insert(
            1, new_markdown_cell(NOT_EXECUTED, metadata={'line': 1})
        )
    notebook.metadata['source_map'] = [
        cell.metadata.line - 2 for cell in notebook.cells
    ]
    return notebook


def root_of(app):
    """Return the folder of the book that an edition belongs to."""
    return pathlib.Path(app.srcdir).parent.parent


def choose_edition(app, config):
    """Set all that depends on the language, and where our files are."""
    edition = pathlib.Path(app.srcdir).name
    config.language = LOCALES[edition]
    config.html_title = config.project = TITLES[edition]
    config.author = AUTHORS[edition]
    config.html_theme_options['search_bar_text'] = SEARCH[edition]
    config.mathjax_path = 'mathjax/tex-chtml.js'
    config.nb_render_image_options = {'alt': PICTURE[edition]}
    config.templates_path = [str(SITE / 'templates')]
    config.html_static_path = [str(SITE / 'static')]
    config.nb_custom_formats = {
        '.md': ['book.read', {'root': str(root_of(app))}]
    }
    translate(app, config.language)


def translate(app, language):
    """Load the words of Sphinx and of the theme in a language."""
    words = pathlib.Path(sphinx.__file__).parent / 'locale'
    app.translator, _ = sphinx.locale.init([str(words)], language)
    theme = pathlib.Path(sphinx_book_theme.__file__).parent
    app.add_message_catalog(
        'booktheme', str(theme / 'theme/sphinx_book_theme/static/locales')
    )


def set_language_tag(app, pagename, templatename, context, doctree):
    """Write zh-CN, as HTML wants it, for Sphinx's zh_CN."""
    context['language'] = app.config.language.replace('_', '-')


def copy_mathjax(app, error):
    """Put what formulas need beside the pages: they work offline."""
    if error or app.builder.format != 'html':
        return
    package = importlib.resources.files('sphinx-mathjax-offline')
    target = pathlib.Path(app.outdir) / '_static' / 'mathjax'
    for name in MATHJAX:
        source = package / 'static' / 'mathjax' / name
        if source.is_dir():
            shutil.copytree(source, target / name, dirs_exist_ok=True)
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / name)


def note_outputs(app, docname, content):
    """Remember which outputs a page was read with."""
    app.env.metadata[docname][OUTPUTS] = key_of(app, content[0])


def pages_with_other_outputs(app, env, added, changed, removed):
    """Return the unchanged pages whose outputs are not what they were."""
    return [
        name
        for name in env.found_docs - added - changed
        if env.metadata[name].get(OUTPUTS)
        != key_of(
            app, pathlib.Path(env.doc2path(name)).read_text(encoding='utf-8')
        )
    ]


def key_of(app, text):
    try:
        return outputs.key_of(root_of(app), reader.read(text))
    except BookError as error:
        raise SphinxError(str(error)) from error


class JoinLines(SphinxTransform):
    """Join source lines where Chinese text has no blank between words."""

    default_priority = 400

    def apply(self, **kwargs):
        if self.config.language.startswith('zh'):
            for block in list(self.document.findall(nodes.TextElement)):
                join_lines(block)


def join_lines(block):
    """Remove the line breaks of a paragraph that touch a wide character."""
    texts = list(block.findall(nodes.Text))
    for index, text in enumerate(texts[1:-1], 1):
        if text == '\n' and (
            is_wide(texts[index - 1][-1:]) or is_wide(texts[index + 1][:1])
        ):
            text.parent.remove(text)


def is_wide(character):
    """Tell whether a character is Chinese or Chinese punctuation."""
    return bool(character) and (
        unicodedata.east_asian_width(character) in 'WF'
        or character in WIDE_QUOTES
    )
