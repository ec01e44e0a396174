"""What our templates show on a page besides its text."""

from datetime import datetime

from docutils import nodes

from book.chapters.languages import EDITIONS
from book.experiments import durations
from book.rendering.every_page.editions import (
    day_of,
    edition_of,
    engine_of,
    root_of,
)
from book.rendering.overviews.noted import noted

DESCRIPTION = 200
WAYS = 'scratch', 'gluon'  # the ends of the names of a pair of chapters


def setup(app):
    app.add_css_file('book.css')
    app.add_js_file('book.js', loading_method='defer')
    app.add_js_file('enlarge.js', loading_method='defer')
    app.connect('html-page-context', add_edition, priority=100)
    app.connect('html-page-context', add_run, priority=100)
    app.connect('html-page-context', add_description, priority=100)
    app.connect('html-page-context', add_pair, priority=100)
    app.connect('html-page-context', add_facts, priority=100)


def add_edition(app, pagename, templatename, context, doctree):
    """Tell a page its edition and where its other languages are."""
    edition = edition_of(app)
    page = f'{pagename}.html'
    context['edition'], context['language'] = edition, edition.tag
    if has_twin(root_of(app), edition, pagename):
        top = context['content_root'] + '../'
        context['twin_url'] = f'{top}{edition.twin.language}/{page}'
        context['alternates'] = alternates(app.config.html_baseurl, page)
    context['preview'] = f'{app.config.html_baseurl}social.png'
    context['pageurl'] = app.config.html_baseurl and (
        f'{app.config.html_baseurl}{edition.language}/{page}'
    )


def has_twin(root, edition, pagename):
    """Tell whether the other edition has a page, too."""
    twin = root / 'chapters' / edition.twin.language / f'{pagename}.md'
    return pagename in ('search', 'genindex') or twin.is_file()


def alternates(address, page):
    """Return the tags and addresses of a page in all languages."""
    if not address:
        return []
    found = [{'tag': x.tag, 'url': f'{address}{x.language}/{page}'}
             for x in EDITIONS.values()]
    if page == 'index.html':  # for readers of other languages
        found.append({'tag': 'x-default', 'url': address})
    return found


def add_run(app, pagename, templatename, context, doctree):
    """Give a page the record of the run that made its outputs."""
    run = noted(app, pagename).get('run')
    if run:
        language = edition_of(app).language
        context['run'] = run
        context['day'] = day_of(datetime.fromisoformat(run['date']), language)
        context['engine'] = engine_of(run, language)


def add_description(app, pagename, templatename, context, doctree):
    """Describe a page by its first paragraph, for search engines."""
    if doctree:
        context['description'] = description(doctree)


def description(doctree):
    """Return the beginning of a page's text."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = ' '.join(paragraph.astext().split())
        if len(text) <= DESCRIPTION:
            return text
        return text[: DESCRIPTION - 1].rstrip() + '…'
    return ''


def add_pair(app, pagename, templatename, context, doctree):
    """Give a chapter the names of its pair: the way there -> its page."""
    model, _, way = pagename.rpartition('-')
    pages = {x: f'{model}-{x}' for x in WAYS}
    if way in WAYS and app.env.found_docs.issuperset(pages.values()):
        context['pair'] = pages


def add_facts(app, pagename, templatename, context, doctree):
    """Tell how long a chapter with a program takes, to read and to run."""
    known = noted(app, pagename)
    if known.get('run'):
        context['minutes'] = known['minutes']
        context['coarse'] = durations.coarse(known['run']['seconds'],
                                             edition_of(app).language)
