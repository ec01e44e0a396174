"""Search finds words of both languages, terms where they are introduced.

Sphinx makes an index of words, and its script looks the words of a query
up in it. Here Chinese text is cut into words, and the index is told where
the book introduces each term of TERMINOLOGY.md, and which characters have a
traditional form; `search.js` does the rest in the browser.
"""

import json
import logging
import pathlib
import re

import jieba
import snowballstemmer
from sphinx.errors import SphinxError
from sphinx.search import js_index
from sphinx.search.zh import SearchChinese

from book.chapters import markdown, toc
from book.chapters.anchors import anchors
from book.chapters.errors import BookError
from book.execution import files
from book.rendering.every_page.editions import edition_of, root_of
from book.rendering.every_page.index import introductions, table

INDEX = 'searchindex.js'
SCRIPT = pathlib.Path(__file__).with_name('search.js')
# Pairs: a traditional character and the simplified one; from TSCharacters.txt
# of OpenCC (https://github.com/BYVoid/OpenCC, Apache-2.0), first choices
TRADITIONAL = pathlib.Path(__file__).with_name('traditional.txt')
RUNS = re.compile(r'[\u4e00-\u9fff]+|[^\W\u4e00-\u9fff]+')


def setup(app):
    app.add_search_language(Chinese)
    app.connect('config-inited', configure)
    app.connect('build-finished', complete)


def configure(app, config):
    """Set the script, and the words that Chinese text is cut into."""
    config.html_search_scorer = str(SCRIPT)
    if edition_of(app).language == 'zh':
        config.html_search_options = {
            'words': [term.zh for term in table(root_of(app))],
            'folder': str(app.doctreedir),
        }


def complete(app, error):
    """Add to Sphinx's index what `search.js` needs."""
    if error:
        return
    root, path = root_of(app), pathlib.Path(app.outdir) / INDEX
    try:
        pages = toc.pages(root)
    except BookError as problem:
        raise SphinxError(str(problem)) from problem
    index = js_index.loads(path.read_text(encoding='utf-8'))
    index['terms'] = used(index['terms'])
    # The chapter that builds a function comes before its signature
    index.update(objects={}, objnames={}, objtypes={})
    index['order'] = reading_order(pages)
    index['introductions'] = [
        entry(term, place(page, line), edition_of(app).language)
        for term, (page, line) in introductions(table(root), pages).items()
    ]
    index.pop('traditional', None)  # of the last build, if nothing changed
    index['traditional'] = traditional(dumps(index))
    files.write(path, dumps(index))


def used(words):
    """Return the words, with their pages, that are on some page.

    Sphinx keeps a word when its last page loses it, and a word that is
    found on no page hides the longer ones that it is a part of.
    """
    return {word: pages for word, pages in words.items() if pages != []}


def traditional(text):
    """Return traditional characters and, in a second text, what they are.

    Only those whose simplified form the text has, and which it does not
    have itself.
    """
    have = set(text)
    pairs = [pair for pair in TRADITIONAL.read_text('utf-8').split()
             if pair[1] in have and pair[0] not in have]
    return [''.join(pair[i] for pair in pairs) for i in (0, 1)]


def dumps(index):
    """Return an index as Sphinx writes it, only shorter."""
    text = json.dumps(index, ensure_ascii=False, separators=(',', ':'))
    return f'{js_index.PREFIX}{text}{js_index.SUFFIX}'


def reading_order(pages):
    """Return the names of the pages: the lessons, then all others."""
    return [page.name
            for page in sorted(pages, key=lambda page: not page.is_lesson)]


def place(page, line):
    """Return a page and the anchor of its section with a Chinese line.

    The editions have the same sections.
    """
    headings = markdown.of('heading', markdown.items(page.text('zh')))
    number = sum(heading.line <= line for heading in headings)
    names = anchors(page.text('en'))
    return page.name, names[number - 1] if number > 1 else ''


def entry(term, place, language):
    """Return what the index says about a term.

    The word of the edition, how results show it, all words that readers
    may type for it, and the place.
    """
    word, label = term.en, term.en
    if language == 'zh':
        word, label = term.zh, f'{term.zh}（{term.en}）'
    page, anchor = place
    return {'word': word, 'label': label,
            'forms': [term.zh, term.en, *term.rejected], 'page': page,
            'anchor': anchor and f'#{anchor}'}


class Chinese(SearchChinese):
    """Cuts text into words with jieba, which also learns the terms.

    Unlike its base it stems English as the script in the browser does.
    """

    def init(self, options):
        self.stemmer = snowballstemmer.stemmer('porter')
        self.words = options['words']
        self.cutter = cutter(self.words, options['folder'])

    def split(self, input):
        """Return the words of a text; long ones also in parts."""
        return [word for run in RUNS.findall(input)
                for word in (self.cut(run) if is_chinese(run) else [run])]

    def cut(self, run):
        """Yield the words in a run of Chinese characters."""
        for word in self.cutter.cut_for_search(run):
            yield word
            yield from (x for x in self.words if x in word and x != word)

    def word_filter(self, stemmed_word):
        """Say whether the index keeps a word; it needs no numbers."""
        if stemmed_word.isdigit():
            return False
        return len(stemmed_word) > 1 or is_chinese(stemmed_word)


def cutter(words, folder):
    """Return jieba's tokenizer with more words.

    folder: where it may keep its own dictionary from build to build.
    """
    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = folder
    for word in words:
        tokenizer.add_word(word)
    return tokenizer


def is_chinese(word):
    """Say whether a word is written in Chinese characters."""
    return '\u4e00' <= word[:1] <= '\u9fff'
