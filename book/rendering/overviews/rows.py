"""The page of a part: a row for each entry of its list of chapters.

A row has a picture of a chapter, the author's line, and below it a way to
each chapter of the line, with the time to read and to run it.
"""

import posixpath

from docutils import nodes
from sphinx.errors import SphinxError
from sphinx.transforms.post_transforms import SphinxPostTransform

from book.chapters.languages import words as words_of
from book.experiments import durations
from book.rendering.every_page.editions import edition_of
from book.rendering.overviews import pictures
from book.rendering.overviews.cards import PRIORITY
from book.rendering.overviews.noted import noted

INDEX = '/index'  # ends the name of the page of a part


def setup(app):
    app.add_post_transform(Rows)


class Rows(SphinxPostTransform):
    """Make the list of chapters one of rows."""

    default_priority = PRIORITY

    def run(self, **kwargs):
        if not self.env.docname.endswith(INDEX):
            return
        for entries in self.document.findall(nodes.bullet_list):
            found = [chapters(self.app, x) for x in entries.children]
            if all(found):
                entries['classes'].append('rows')
                for entry, pages in zip(entries.children, found):
                    fill(self.app, entry, pages)
                return


def chapters(app, entry):
    """Return {name: link} of the chapters of its part that an entry names."""
    folder = posixpath.dirname(app.env.docname)
    found = {}
    for link in entry.findall(nodes.reference):
        path = link.get('refuri', '').partition('#')[0]
        name = posixpath.join(folder, path.removesuffix('.html'))
        if path and '/' not in path and name in app.env.found_docs:
            found.setdefault(name, link)
    return found


def fill(app, entry, pages):
    """Put the picture and the ways to the chapters into a row."""
    words = pictures.take_choice(entry)
    try:
        found = pictures.picture(app, pages, words)
    except pictures.PictureError as error:
        page = app.env.doc2path(app.env.docname)
        raise SphinxError(f'{page}: {error}') from error
    ways = [way(app, *page) for page in pages.items()]
    for link in pages.values():
        link.parent.replace(link, link.children)
    text = nodes.container('', *entry.children, classes=['row-text'])
    text += nodes.paragraph('', '', *ways, classes=['ways'])
    entry.children = []
    entry += [found, text] if found else [text]


def way(app, name, link):
    """Return the way to a chapter: its name in the line, and how long."""
    language = edition_of(app).language
    long = nodes.inline('', time(noted(app, name), language))
    title = nodes.strong('', '', *(x.deepcopy() for x in link.children))
    return nodes.reference('', '', title, nodes.Text(' '), long,
                           refuri=link['refuri'], internal=True)


def time(known, language):
    """Return how long a chapter takes to read and, with a run, to run."""
    own = words_of(language)['site']['facts']
    found = [own['read'].format(known['minutes'])]
    if known['run']:
        coarse = durations.coarse(known['run']['seconds'], language)
        found.append(own['run'].format(coarse))
    return own['and'].join(found)
