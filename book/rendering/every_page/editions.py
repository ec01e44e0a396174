"""The settings of Sphinx and of the theme that depend on the language."""

import gettext
import pathlib

import sphinx
import sphinx.locale
import sphinx_book_theme
from babel.dates import format_date

from book.chapters.languages import EDITIONS, words
from book.chapters.settings import address
from book.execution.engine import MXNET
from book.rendering import HTML


def setup(app):
    app.connect('config-inited', choose_edition, priority=1)


def edition_of(app):
    """Return the edition that is being built."""
    return EDITIONS[pathlib.Path(app.srcdir).name]


def day_of(date, language):
    """Return a day in the words of an edition."""
    style = words(language)['site']['day']
    return format_date(date, style, EDITIONS[language].locale)


def engine_of(run, language):
    """Return what made the outputs of a run, in the words of an edition."""
    text = words(language)['engines'][run.get('engine', MXNET)]
    return text.format(**run['versions'])


def root_of(app):
    """Return the folder of the book that an edition belongs to."""
    return pathlib.Path(app.srcdir).parent.parent


def choose_edition(app, config):
    """Set all that depends on the language, and where our files are."""
    edition = edition_of(app)
    config.language = edition.locale
    config.html_title = config.project = edition.title
    config.author = edition.author
    config.numfig_format = {'figure': edition.figure}
    config.html_baseurl = address(root_of(app)) or ''
    config.html_theme_options['search_bar_text'] = edition.search
    folder = f'chapters/{edition.language}'
    config.html_theme_options['path_to_docs'] = folder
    config.html_context['default_mode'] = 'auto'
    config.templates_path = [str(HTML / 'templates')]
    config.html_favicon = str(HTML / 'favicon.svg')
    config.html_static_path = [str(HTML / 'static')]
    options = {'root': str(root_of(app)), 'language': edition.language}
    config.nb_custom_formats = {'.md': ['book.read', options]}
    translate(app, config.language)


def translate(app, language):
    """Load the words of Sphinx and of the theme in a language."""
    folder = pathlib.Path(sphinx.__file__).parent / 'locale'
    app.translator, _ = sphinx.locale.init([str(folder)], language)
    if language.startswith('zh'):
        app.translator.add_fallback(Chinese())
    theme = pathlib.Path(sphinx_book_theme.__file__).parent
    app.add_message_catalog(
        'booktheme', str(theme / 'theme/sphinx_book_theme/static/locales')
    )


class Chinese(gettext.NullTranslations):
    """The words of the theme that nobody has translated so far."""

    def gettext(self, message):
        for name, text in words('en')['theme'].items():
            if text == message:
                return words('zh')['theme'][name]
        return message
