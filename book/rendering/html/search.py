"""Search: the texts of all sections, for `static/search.js` to look through.

Sphinx's index of words gives way to the prose itself, with the terms of
TERMINOLOGY.md, where the book introduces them, and the traditional forms of
its characters. It is a script and no file of data, so that it can be loaded
from a folder, too.
"""

import json
import pathlib
import re

from docutils import nodes
from sphinx.errors import SphinxError

from book.chapters import markdown, toc
from book.chapters.anchors import anchors
from book.chapters.errors import BookError
from book.execution import files
from book.rendering.every_page.editions import edition_of, root_of
from book.rendering.every_page.index import introductions, table

INDEX = 'searchindex.js'
FORM = 'const BOOK = {};\n'
SECTIONS = 'search'  # where a page's metadata has them
# Pairs: a traditional character and the simplified one; from TSCharacters.txt
# of OpenCC (https://github.com/BYVoid/OpenCC, Apache-2.0), first choices
TRADITIONAL = pathlib.Path(__file__).with_name('traditional.txt')
NAME = re.compile(r'[^\W\d]\w{2,}')
FORMULA = '…'
PLAIN = re.compile('[A-Za-z0-9., -]+')  # a formula that reads as text
NO_PROSE = (nodes.section, nodes.title, nodes.literal_block,
            nodes.math_block, nodes.raw, nodes.Invisible)


def setup(app):
    app.add_js_file('search.js', loading_method='defer')
    app.connect('builder-inited', leave_out_sphinxs)
    app.connect('doctree-read', keep_sections)
    app.connect('html-collect-pages', search_page)
    app.connect('build-finished', write_index)


def leave_out_sphinxs(app):
    """Have Sphinx make no index and no page of its own."""
    app.builder.search = False


def search_page(app):
    """Yield the page of the search, for Sphinx to write."""
    yield 'search', {}, 'search.html'


def keep_sections(app, doctree):
    """Note what the sections of a page say."""
    app.env.metadata[app.env.docname][SECTIONS] = sections(doctree)


def sections(doctree):
    """Return [anchor, title, prose, names in code] for each section."""
    found = []
    for section in doctree.findall(nodes.section):
        text = ' '.join(prose(*section.children).split())
        names = sorted(set(NAME.findall(code(*section.children)))
                       - set(NAME.findall(text)))
        found.append([section['ids'][0], section[0].astext(), text,
                      ' '.join(names)])
    return found


def prose(*parts):
    """Return the text of parts of a page, without code and sections in it.
    """
    return ' '.join(spoken(part) for part in parts)


def spoken(node):
    """Return the prose of a node; `…` stands for a formula."""
    if isinstance(node, nodes.Text):
        return str(node)
    if isinstance(node, nodes.math):
        text = node.astext()
        return text if PLAIN.fullmatch(text) else FORMULA
    if isinstance(node, NO_PROSE) or 'cell' in node.get('classes'):
        return ''
    if isinstance(node, nodes.TextElement):
        return ''.join(map(spoken, node))
    return prose(*node)


def code(*parts):
    """Return the code in parts of a page, without what it prints."""
    return '\n'.join(
        part.astext() if isinstance(part, nodes.literal_block)
        else code(*part) for part in parts
        if isinstance(part, nodes.Element)
        and not isinstance(part, nodes.section)
        and 'cell_output' not in part['classes'])


def write_index(app, error):
    """Write what the page's script looks through."""
    if error:
        return
    try:
        index = content(app, toc.pages(root_of(app)))
    except BookError as problem:
        raise SphinxError(str(problem)) from problem
    index['traditional'] = traditional(dumps(index))
    files.write(pathlib.Path(app.outdir) / INDEX,
                FORM.format(dumps(index)))


def content(app, pages):
    """Return the texts of the pages, the terms, and the words to show."""
    root, language = root_of(app), edition_of(app).language
    return {
        'words': edition_of(app).words['search'],
        'pages': [[name, app.env.metadata[name][SECTIONS]]
                  for name in reading_order(pages)],
        'terms': [entry(term, place(page, line), language)
                  for term, (page, line)
                  in introductions(table(root), pages).items()]}


def dumps(index):
    """Return data as a script has it, and as short as can be."""
    return json.dumps(index, ensure_ascii=False, separators=(',', ':'))


def traditional(text):
    """Return traditional characters and, in a second text, what they are.

    Only those whose simplified form the text has, and which it does not
    have itself.
    """
    have = set(text)
    pairs = [pair for pair in TRADITIONAL.read_text('utf-8').split()
             if pair[1] in have and pair[0] not in have]
    return [''.join(pair[i] for pair in pairs) for i in (0, 1)]


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
            'anchor': anchor}
