"""The menus at the head of a page: run it, download it, mend it."""

from book.chapters.languages import words as words_of
from book.chapters.requirements import declared
from book.rendering.every_page.editions import edition_of
from book.rendering.every_page.reading import OUTPUTS, text_of

GITHUB = 'https://github.com/'
BRANCH = 'notebooks'  # holds what `make notebooks` writes
COLAB = f'https://colab.research.google.com/github/{{}}/blob/{BRANCH}/{{}}'
KAGGLE = ('https://kaggle.com/kernels/welcome'
          f'?src={GITHUB}{{}}/blob/{BRANCH}/{{}}')
BINDER = f'https://mybinder.org/v2/gh/{{}}/{BRANCH}?urlpath=lab/tree/{{}}'
INSTALL = 'preface/install'
FORM = '1-page.yml'  # in .github/ISSUE_TEMPLATE; it has a field `page`


def setup(app):
    app.connect('html-page-context', add_buttons, priority=900)


def add_buttons(app, pagename, templatename, context, doctree):
    """Give a page its menus, for our template of them."""
    context['header_buttons'] = []
    if not context.get('page_source_suffix'):
        return
    language = edition_of(app).language
    words = words_of(language)['buttons']
    address = app.config.html_theme_options.get('repository_url', '')
    branch = app.config.html_theme_options.get('repository_branch')
    runs = app.env.metadata[pagename].get(OUTPUTS) is not None
    page = f'{context["content_root"]}_sources/{pagename}'
    menus = [downloads(words, page, runs, context.get('whole_book', {}))]
    if address.startswith(GITHUB):
        menus.append(sources(words, address, branch, language, pagename))
        context['report_url'] = report(address, language, pagename)
    if address.startswith(GITHUB) and runs:
        path = f'{language}/{pagename}.ipynb'
        needs = declared(text_of(app.env, pagename))
        menus.insert(0, launches(words, address, path, needs))
        if INSTALL in app.env.found_docs and pagename != INSTALL:
            home = f'{context["content_root"]}{INSTALL}.html'
            menus[0]['buttons'].insert(0, link(
                words['own'], words['own_computer'], home, 'fas fa-play'))
    context['header_buttons'] = menus


def downloads(words, sources, runs, whole_book=()):
    """Return the menu of files: those of a page, and of the whole book.

    whole_book: {form: address}.
    """
    files = [link('Markdown', words['markdown'], f'{sources}.md',
                  'fas fa-file'),
             {'type': 'javascript', 'text': words['paper'],
              'tooltip': words['print'], 'icon': 'fas fa-print',
              'javascript': 'window.print()', 'label': 'download-pdf-button'}]
    if runs:
        files.insert(0, link('Jupyter', words['notebook'],
                             f'{sources}.ipynb', 'fas fa-code'))
    files += [link(words[form], words[f'whole_{form}'], whole_book[form],
                   'fas fa-book') for form in whole_book]
    return menu('download', words, 'fas fa-download', files)


def launches(words, address, path, needs=()):
    """Return the menu of services that run a notebook.

    needs: files of requirements beyond the lock. Colab and Kaggle have
    PyTorch, which is all that a chapter asks for; Binder has the lock alone.
    """
    repository = address.removeprefix(GITHUB).strip('/')
    services = {'Colab': COLAB, 'Kaggle': KAGGLE, 'Binder': BINDER}
    if needs:
        del services['Binder']
    buttons = [link(name, words['open'].format(name),
                    url.format(repository, path), 'fas fa-play')
               for name, url in services.items()]
    return menu('launch', words, 'fas fa-play', buttons)


def sources(words, address, branch, language, pagename):
    """Return the menu that leads to the page's file and its repository."""
    file = f'chapters/{language}/{pagename}.md'
    edit = f'{address}/edit/{branch}/{file}'
    issue = report(address, language, pagename)
    buttons = [link(words['edit'], file, edit, 'fas fa-pencil-alt'),
               link(words['issue'], file, issue, 'fas fa-lightbulb'),
               link(words['repository'], address, address, 'fab fa-github')]
    return menu('source', words, 'fab fa-github', buttons)


def report(address, language, pagename):
    """Return where a reader tells what is wrong with a page."""
    file = f'chapters/{language}/{pagename}.md'
    return f'{address}/issues/new?template={FORM}&page={file}'


def link(text, tooltip, url, icon):
    return {'type': 'link', 'text': text, 'tooltip': tooltip, 'icon': icon,
            'url': url}


def menu(name, words, icon, buttons):
    """Return a menu; `words` has what it does, in a word and in more."""
    return {'label': f'{name}-buttons', 'tooltip': words[name], 'icon': icon,
            'word': words[f'{name}_word'], 'buttons': buttons}
