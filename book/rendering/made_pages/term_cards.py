"""Terms lead to where the book introduces them, with a card on the way.

On each later page the first use of a term of TERMINOLOGY.md is a quiet link;
`static/cards.js` shows the word of the other edition and the page when one
points at it.
"""

import re
from collections import namedtuple

from docutils import nodes
from markupsafe import escape
from sphinx.transforms.post_transforms import SphinxPostTransform

from book.chapters import glossary, toc
from book.chapters.markdown import title
from book.rendering.every_page import index
from book.rendering.every_page.editions import edition_of, root_of

SITE = 'html'  # the name of Sphinx's builder
# English words that pages use for other things, too
EVERYDAY = ('attention', 'example', 'expectation', 'kernel', 'socket',
            'view')
START = '<a class="term" href="{}" data-other="{}" data-page="{}">'

# A term in both languages, and the name, title and number of its page
Card = namedtuple('Card', 'word other page title place')
# A place in a text where a term is used for the first time
Use = namedtuple('Use', 'start stop card')


def setup(app):
    app.add_js_file('cards.js', loading_method='defer')
    app.connect('env-updated', note_cards)
    app.add_post_transform(LinkTerms)


def note_cards(app, env):
    """Note the cards of the book; return all pages if there are others."""
    pages = toc.pages(root_of(app))
    order = {page.name: place for place, page in enumerate(pages)}
    language = edition_of(app).language
    found = cards(index.introductions(index.table(root_of(app)), pages),
                  order, language)
    before = getattr(env, 'book_cards', None)
    env.book_cards, env.book_order = found, order
    return [] if before == found else list(env.found_docs)


def cards(introductions, order, language):
    """Return the card of each term in the words of an edition."""
    found = []
    for term, (page, _) in introductions.items():
        words = (term.zh, term.en) if language == 'zh' else (term.en, term.zh)
        if words[0] in EVERYDAY:
            continue
        found.append(Card(*words, page.name, title(page.text(language)),
                          order[page.name]))
    return found


class LinkTerms(SphinxPostTransform):
    """Link the terms of a page that earlier pages introduce."""

    default_priority = 810

    def run(self, **kwargs):
        here, env = self.env.docname, self.env
        if self.app.builder.name != SITE or here not in env.book_order:
            return
        place = env.book_order[here]
        known = {x.word for x in env.book_cards if x.place < place}
        label = edition_of(self.app).words['site']['introduced']

        def start(card):
            uri = self.app.builder.get_relative_uri(here, card.page)
            en = card.other if card.other.isascii() else card.word
            return START.format(f'{uri}#{index.anchor(en)}', card.other,
                                escape(label.format(card.title)))

        if known:
            link_terms(self.document, env.book_cards, known, start)


def link_terms(document, cards, words, start):
    """Make the first use of some of the terms a link that `start` begins."""
    find, left = finder(cards), set(words)
    for paragraph in list(document.findall(nodes.paragraph)):
        if in_table(paragraph):
            continue
        pieces = [(x, index.spoken(x)) for x in paragraph.findall(nodes.Text)]
        for text, words in pieces:
            uses = [x for x in find(words) if x.card.word in left]
            first = {x.card.word: x for x in reversed(uses)}
            left -= first.keys()
            if first:
                link(text, sorted(first.values()), start)


def finder(cards):
    """Return the function that finds the uses of terms in a text.

    A term inside a longer one is none.
    """
    ordered = sorted(cards, key=lambda card: -len(card.word))
    every = re.compile('|'.join(f'({glossary.word_pattern(card.word)})'
                                for card in ordered), re.IGNORECASE)
    return lambda text: [Use(*match.span(), ordered[match.lastindex - 1])
                         for match in every.finditer(text)]


def in_table(node):
    """Tell whether a paragraph is a part of a table."""
    while node is not None and not isinstance(node, nodes.table):
        node = node.parent
    return node is not None


def link(text, uses, start):
    """Make links of some uses in a text, which come in their order."""
    parent, whole, found, end = text.parent, str(text), [], 0
    for use in uses:
        found += [nodes.Text(whole[end:use.start]),
                  nodes.raw('', start(use.card), format='html'),
                  nodes.Text(whole[use.start:use.stop]),
                  nodes.raw('', '</a>', format='html')]
        end = use.stop
    found.append(nodes.Text(whole[end:]))
    place = next(i for i, x in enumerate(parent) if x is text)
    parent[place:place + 1] = [x for x in found if x != '']
