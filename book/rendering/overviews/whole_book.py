"""The whole book as one file: where a page leads for its PDF and EPUB.

That is a file which `make pdf` or `make epub` has left here: it goes into the
site. Without one it is the file of the published site, if the settings say
where that is, and otherwise nowhere.
"""

from book.execution import files
from book.rendering.every_page.editions import edition_of, root_of

FORMS = {'pdf': files.PDF, 'epub': files.EPUB}


def setup(app):
    app.connect('env-get-updated', renew)
    app.connect('html-page-context', add_addresses, priority=100)


def renew(app, env):
    """Have all pages written when other files are there than before."""
    before, env.book_files = (getattr(env, 'book_files', None),
                              addresses(app, ''))
    return [] if before in (None, env.book_files) else env.found_docs


def add_addresses(app, pagename, templatename, context, doctree):
    """Tell a page where the files of its edition are."""
    context['whole_book'] = addresses(app, context['content_root'])


def addresses(app, top):
    """Return {form: address}; top: the way from a page to its edition."""
    language, base = edition_of(app).language, app.config.html_baseurl
    found = {}
    for form in FORMS:
        path = path_in_site(form, language)
        if built(root_of(app), form, language).is_file():
            found[form] = f'{top}../{path}'
        elif base:
            found[form] = f'{base}{path}'
    return found


def built(root, form, language):
    """Return where a build leaves the file of an edition."""
    return root / FORMS[form] / name(form, language)


def path_in_site(form, language):
    """Return where the file is in the site."""
    return f'{form}/{name(form, language)}'


def name(form, language):
    return f'{files.NAME}-{language}.{form}'
