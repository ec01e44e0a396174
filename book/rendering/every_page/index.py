"""The index: where the book introduces each term of TERMINOLOGY.md.

A term gets an anchor where it is introduced; the index of the site, of the
e-book and of the printed book lead there.
"""

from collections import namedtuple
from itertools import groupby

from docutils import nodes
from markupsafe import Markup
from sphinx import addnodes
from sphinx.errors import SphinxError
from sphinx.transforms import SphinxTransform

from book.chapters import glossary, markdown, toc
from book.chapters.errors import BookError
from book.rendering.every_page import pinyin
from book.rendering.every_page.editions import edition_of, root_of

NAME = 'genindex'  # Sphinx's name of the page
WORDS = Markup('{} <span lang="{}">{}</span>')
SILENT = (nodes.literal, nodes.math, nodes.raw, nodes.reference,
          addnodes.pending_xref)

# A term of a page, and the longer English terms that it is a part of
Mark = namedtuple('Mark', 'zh en longer')
# What the index says of a term: its word, that of the other edition, where
Entry = namedtuple('Entry', 'word other page anchor')


def setup(app):
    app.connect('env-get-outdated', find_marks)
    app.add_transform(SetMarks)
    app.connect('html-page-context', fill_index)


def table(root):
    """Return the terms of a book; it may have none."""
    path = root / glossary.TABLE
    if not path.exists():
        return []
    try:
        return glossary.load(root)
    except BookError as error:
        raise SphinxError(str(error)) from error


def introductions(table, pages):
    """Return {term: (page, line)} for the lessons among the pages."""
    return glossary.introductions(
        table,
        [(x, markdown.items(x.text('zh'))) for x in pages if x.is_lesson],
    )


def find_marks(app, env, added, changed, removed):
    """Note which terms belong to which page; return pages with others."""
    root, before = root_of(app), getattr(env, 'book_marks', {})
    try:
        env.book_marks = marks(table(root), toc.pages(root))
    except BookError as error:
        raise SphinxError(str(error)) from error
    return [name for name in env.found_docs
            if env.book_marks.get(name) != before.get(name)]


def marks(table, pages):
    """Return {name of a page: the marks of its terms}."""
    found = {}
    for term, (page, _) in introductions(table, pages).items():
        longer = [x.en for x in table if term.en in x.en and term is not x]
        mark = Mark(term.zh, term.en, tuple(longer))
        found.setdefault(page.name, []).append(mark)
    return found


def anchor(en):
    """Return the anchor of a term, the same in both editions."""
    return nodes.make_id(f'term {en}')


class SetMarks(SphinxTransform):
    """Give the terms of a page their anchors."""

    default_priority = 600

    def apply(self, **kwargs):
        language = edition_of(self.app).language
        for mark in self.env.book_marks.get(self.env.docname, ()):
            name = anchor(mark.en)
            target = nodes.target('', '', ids=[name], names=[name])
            target['mark'] = mark
            self.document.note_explicit_target(target)
            insert(self.document, target, finder(mark, language))


def finder(mark, language):
    """Return the function that finds a term in a text of an edition."""
    if language == 'zh':
        return lambda text: glossary.place_of_gloss(text, mark.zh, mark.en)
    return lambda text: glossary.place_of_word(text, mark.en, mark.longer)


def insert(document, target, find):
    """Put a target where `find` finds something, or below the title."""
    for paragraph in document.findall(nodes.paragraph):
        pieces = [(x, spoken(x)) for x in paragraph.findall(nodes.Text)]
        place = find(''.join(text for _, text in pieces))
        if place is not None:
            return split(*piece_at(pieces, place), target)
    return document.next_node(nodes.section).insert(1, target)


def spoken(text):
    """Return a text of a paragraph, or placeholders if it is no prose."""
    parent = text.parent
    while not isinstance(parent, nodes.paragraph):
        if isinstance(parent, SILENT):
            return markdown.PLACEHOLDER * len(text)
        parent = parent.parent
    return str(text)


def piece_at(pieces, place):
    """Return the text with a place of their sum, and the place in it."""
    for text, words in pieces:
        if place < len(words):
            return text, place
        place -= len(words)
    raise ValueError('a place behind the end')


def split(text, place, target):
    """Put a target into a text."""
    parent, halves = text.parent, (text[:place], text[place:])
    index = next(i for i, x in enumerate(parent) if x is text)
    before, after = ([nodes.Text(x)] if x else [] for x in halves)
    parent[index : index + 1] = [*before, target, *after]


def fill_index(app, pagename, templatename, context, doctree):
    """Give the index our entries, for Sphinx sorts by letters alone."""
    if pagename == NAME:
        edition = edition_of(app)
        found = groups(app.env.book_marks, edition.language)
        context['genindexentries'] = [
            (letter, [shown(x, edition, app.builder) for x in entries])
            for letter, entries in found
        ]


def shown(entry, edition, builder):
    """Return an entry as Sphinx's templates expect it."""
    words = WORDS.format(entry.word, edition.twin.tag, entry.other)
    url = f'{builder.get_target_uri(entry.page)}#{entry.anchor}'
    return words, ([('', url)], [], None)


def groups(marks, language):
    """Return the entries of an edition: pairs (letter, its entries)."""
    entries = [entry(mark, page, language)
               for page, found in marks.items() for mark in found]
    entries.sort(key=lambda entry: pinyin.key(entry.word))
    letters = groupby(entries, lambda entry: pinyin.initial(entry.word))
    return [(letter, list(found)) for letter, found in letters]


def entry(mark, page, language):
    """Return what the index of an edition says of a term."""
    words = (mark.zh, mark.en) if language == 'zh' else (mark.en, mark.zh)
    return Entry(*words, page, anchor(mark.en))
