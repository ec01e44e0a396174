"""The menus at the head of a page: run it, download it, mend it."""

from book.chapters.languages import words as words_of
from book.rendering.every_page.editions import edition_of
from book.rendering.every_page.reading import OUTPUTS

GITHUB = 'https://github.com/'
COLAB = 'https://colab.research.google.com/github/{repository}/blob/'
BINDER = 'https://mybinder.org/v2/gh/{repository}/'
BRANCH = 'notebooks'  # holds what `make notebooks` writes
FORM = '1-page.yml'  # in .github/ISSUE_TEMPLATE; it has a field `page`


def setup(app):
    app.connect('html-page-context', add_buttons, priority=900)


def add_buttons(app, pagename, templatename, context, doctree):
    """Put our menus before the theme's buttons."""
    if not context.get('page_source_suffix'):
        return
    language = edition_of(app).language
    words = words_of(language)['buttons']
    address = app.config.html_theme_options.get('repository_url', '')
    branch = app.config.html_theme_options.get('repository_branch')
    runs = app.env.metadata[pagename].get(OUTPUTS) is not None
    page = f'{context["content_root"]}_sources/{pagename}'
    menus = [downloads(words, page, runs)]
    if address.startswith(GITHUB):
        menus.append(sources(words, address, branch, language, pagename))
    if address.startswith(GITHUB) and runs:
        path = f'{language}/{pagename}.ipynb'
        menus.insert(0, launches(words, address, path))
    context['header_buttons'][:0] = menus


def downloads(words, sources, runs):
    """Return the menu of files of a page."""
    files = [link('.md', words['markdown'], f'{sources}.md', 'fas fa-file'),
             {'type': 'javascript', 'text': '.pdf', 'tooltip': words['print'],
              'icon': 'fas fa-print', 'javascript': 'window.print()',
              'label': 'download-pdf-button'}]
    if runs:
        files.insert(0, link('.ipynb', words['notebook'],
                             f'{sources}.ipynb', 'fas fa-code'))
    return menu('download', words['download'], 'fas fa-download', files)


def launches(words, address, path):
    """Return the menu of services that run a notebook."""
    repository = address.removeprefix(GITHUB).strip('/')
    services = {'Colab': f'{COLAB}{BRANCH}/{path}',
                'Binder': f'{BINDER}{BRANCH}?urlpath=lab/tree/{path}'}
    buttons = [link(name, words['open'].format(name),
                    url.format(repository=repository), 'fas fa-play')
               for name, url in services.items()]
    return menu('launch', words['launch'], 'fas fa-rocket', buttons)


def sources(words, address, branch, language, pagename):
    """Return the menu that leads to the page's file and its repository."""
    file = f'chapters/{language}/{pagename}.md'
    edit = f'{address}/edit/{branch}/{file}'
    issue = f'{address}/issues/new?template={FORM}&page={file}'
    buttons = [link(words['edit'], file, edit, 'fas fa-pencil-alt'),
               link(words['issue'], file, issue, 'fas fa-lightbulb'),
               link(words['repository'], address, address, 'fab fa-github')]
    return menu('source', words['source'], 'fab fa-github', buttons)


def link(text, tooltip, url, icon):
    return {'type': 'link', 'text': text, 'tooltip': tooltip, 'icon': icon,
            'url': url}


def menu(name, tooltip, icon, buttons):
    return {'type': 'group', 'label': f'{name}-buttons', 'tooltip': tooltip,
            'icon': icon, 'buttons': buttons}
