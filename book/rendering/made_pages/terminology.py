"""The directive `terminology`: the table of terms, from TERMINOLOGY.md.

    ```{terminology} zh
    ```

sorts it by the Chinese terms, `en` by the English ones.
"""

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from book.chapters import glossary, toc
from book.chapters.languages import EDITIONS, words
from book.chapters.markdown import title
from book.rendering.every_page import pinyin
from book.rendering.every_page.editions import edition_of, root_of
from book.rendering.every_page.index import anchor, introductions, table
from book.rendering.made_pages.tables import anchor_link
from book.rendering.made_pages.tables import table as table_of

WIDTHS = 22, 25, 30, 23


def setup(app):
    app.add_directive('terminology', Terminology)


class Terminology(SphinxDirective):
    """A table of all terms, each with the page that introduces it."""

    required_arguments = 1

    def run(self):
        first = directives.choice(self.arguments[0], toc.LANGUAGES)
        root = root_of(self.env.app)
        language = edition_of(self.env.app).language
        pages = toc.pages(root)
        for path in sources(root, pages):
            self.env.note_dependency(str(path))
        found = table(root)
        places = {term: title(page.text(language))
                  for term, (page, _) in introductions(found, pages).items()}
        return [nodes_of(found, places, first, language)]


def sources(root, pages):
    """Return the files that the table is made from."""
    texts = (x.path(y) for x in pages for y in toc.LANGUAGES)
    return [root / glossary.TABLE, *texts]


def nodes_of(terms, places, first, language):
    """Return the table, sorted by the terms of the first language.

    places: {term: title of the page that introduces it}.
    """
    second = 'en' if first == 'zh' else 'zh'
    head = words(language)['terminology']
    return table_of(
        [[word(EDITIONS[first].name)],
         [word(EDITIONS[second].name)],
         head['page'],
         head['rejected']],
        [
            [[word(getattr(term, first))],
             [word(getattr(term, second))],
             place(term, places),
             listed(term.rejected, head['and'])]
            for term in ordered(terms, first)
        ],
        WIDTHS,
    )


def ordered(terms, language):
    """Return the terms as readers of a language look them up."""
    return sorted(terms, key=lambda term: pinyin.key(getattr(term, language)))


def place(term, places):
    """Return the link to where a term is introduced, if it is."""
    if term not in places:
        return []
    return [anchor_link(places[term], anchor(term.en))]


def listed(texts, separator):
    """Return the nodes of several words."""
    found = []
    for text in texts:
        found += [nodes.Text(separator), word(text)]
    return found[1:]


def word(text):
    """Return a word that tells its language, for fonts and voices."""
    tag = EDITIONS['en' if text.isascii() else 'zh'].tag
    return nodes.inline(text, text, classes=[f'language-{tag}'])
