"""The printed book holds what the site holds, and nothing sticks out."""

import html
import re
import shutil
import subprocess
import sys
import unicodedata
from collections import namedtuple

import pytest
from books import ROOT

from book.chapters import glossary, markdown, toc
from book.chapters.errors import BookError
from book.chapters.reader import read
from book.chapters.toc import LANGUAGES
from book.execution import files, outputs
from book.experiments import results
from book.rendering.every_page import index
from book.rendering.made_pages import dot_plots
from book.shipping import pdf

TAG = re.compile('<[^>]+>')
HEADING = re.compile(
    r'<h[1-3]><span class="section-number">([\d.]+)\. </span>(.*?)<a ',
    re.DOTALL)
CAPTION = re.compile(r'<span class="caption-number">(.*?)</span>'
                     r'<span class="caption-text">(.*?)</span>', re.DOTALL)
ENTRY = re.compile(r'\\bookentry\s*\{(.*?)\}\{.*?\},\s+\\hyperpage\{(\d+)\}')
CONTENTS = re.compile(r'^\\contentsline \{part\}\{(.*?)\}\{(\d+)\}', re.M)
COMMAND = re.compile(r'\\newcommand\{(\\\w+)\}(\[\d\])?')
WHOLE, SIDE, NARROW = 10, 3, 78  # lines; letters that a printed line holds
PLAIN = {'text', 'softbreak', 'code_inline'}
SIGNS = str.maketrans('‘’“”', '\'\'""', '-\xad')
# Without running heads, and in the order in which LaTeX set it
BODY = ['-raw', '-x', '0', '-y', '79', '-W', '596', '-H', '690']

Printed = namedtuple('Printed', 'root messages')


def test_what_is_missing_is_told_at_once_with_the_way_out(monkeypatch):
    monkeypatch.setenv('PATH', '')
    with pytest.raises(BookError) as caught:
        pdf.need_tools()
    message = str(caught.value)
    assert 'needs xelatex, latexmk, kpsewhich\n' in message
    assert 'apt-get install' in message and 'brew install' in message


def test_missing_files_and_fonts_are_named(monkeypatch):
    monkeypatch.setattr(shutil, 'which', lambda name: f'/bin/{name}')
    monkeypatch.setattr(pdf, 'output_of', lambda *command: '')
    absent = pdf.missing()
    assert set(pdf.TEX_FILES) < set(absent)
    assert 'the font Noto Serif CJK SC' in absent


def test_a_cairo_that_cannot_be_loaded_is_missing(tmp_path, monkeypatch):
    (tmp_path / 'cairosvg.py').write_text('raise OSError("no cairo-2")')
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, 'cairosvg', raising=False)
    assert pdf.missing_cairo() == ['the library cairo']


def test_ci_installs_the_packages_that_the_message_names():
    debian = re.search(r'apt-get install (.*?)\non macOS', pdf.INSTALL, re.S)
    ci = (ROOT / '.ci/packages').read_text(encoding='utf-8')
    assert set(debian[1].split()) <= set(re.findall(r'[\w-]+', ci))


@pytest.mark.parametrize('figure',
                         sorted((ROOT / 'chapters/figures').glob('*.svg')),
                         ids=lambda path: path.stem)
def test_figures_do_without_what_the_converter_misplaces(figure):
    text = figure.read_text(encoding='utf-8')
    assert not re.search(r'<tspan[^>]* d[xy]=', text), (
        'a shifted tspan is drawn in the wrong place; use a text of its own')


def test_latex_knows_the_same_words_in_both_languages():
    folder = ROOT / 'book/rendering/latex'
    english, chinese = (
        COMMAND.findall((folder / f'words-{x}.tex').read_text('utf-8'))
        for x in LANGUAGES)
    assert english == chinese and english


@pytest.mark.parametrize('log, message', [
    ('a\n! Undefined control sequence.\nl.3 \\no\n',
     'Undefined control sequence.'),
    ('./x.sty:7: LaTeX Error: File `no.sty\' not found.\n',
     "LaTeX Error: File `no.sty' not found."),
    ('', 'LaTeX ended without a message'),
], ids=['of TeX', 'with its line', 'no log'])
def test_the_first_error_of_a_log_is_found(log, message):
    assert pdf.error(log) == message


@pytest.mark.parametrize('line, found', [
    ('Missing character: There is no 中 in font X!', True),
    ('Overfull \\hbox (7.5pt too wide) in paragraph', True),
    ('Overfull \\hbox (0.9pt too wide) in paragraph', False),
    ('Overfull \\vbox (60.1pt too high) has occurred while', True),
    ('Overfull \\vbox (2.9pt too high) detected at line 7', False),
    ("LaTeX Warning: Reference `x' on page 1 undefined.", True),
    ("LaTeX Font Warning: Font shape `a/b' undefined", False),
    ('Underfull \\hbox (badness 10000) in paragraph', False),
], ids=['no such character', 'a line sticks out', 'hardly sticks out',
        'a page is too full', 'hardly too full', 'a link to nowhere',
        'another weight of a font', 'a loose line'])
def test_what_spoils_a_page_is_found_in_the_log(line, found):
    assert pdf.findings(f'before\n{line}\nafter\n') == [line] * found


@pytest.mark.slow
def test_an_error_of_latex_names_edition_and_log(tmp_path):
    if not shutil.which('latexmk'):
        pytest.skip('latexmk is not installed')
    folders = {}
    for language in LANGUAGES:
        folders[language] = tmp_path / language
        folders[language].mkdir()
        (folders[language] / f'{files.NAME}.tex').write_text(r'\wrong')
    with pytest.raises(BookError) as caught:
        pdf.typeset(tmp_path, folders)
    assert str(caught.value).splitlines() == [
        f'{x}: Undefined control sequence. (see {x}/{files.NAME}.log)'
        for x in LANGUAGES]
    assert not (tmp_path / files.PDF).exists()


@pytest.fixture(scope='module')
def printed(real_book):
    """Build the real book's site and its printed form."""
    if pdf.missing():
        pytest.skip(f'not installed: {", ".join(pdf.missing())}')
    if not shutil.which('pdftotext'):
        pytest.skip('pdftotext is not installed (package poppler-utils)')
    return Printed(*real_book('html', 'pdf'))


def path(printed, language):
    return printed.root / files.PDF / f'{files.NAME}-{language}.pdf'


def tell(*command):
    return subprocess.run(
        command, capture_output=True, text=True, check=True).stdout


def site_pages(printed, language):
    """Yield the text of the site's pages behind the first one."""
    for page in toc.pages(printed.root)[1:]:
        name = printed.root / files.SITE / language / f'{page}.html'
        yield name.read_text(encoding='utf-8')


def bare(text):
    """Return a text without blanks, hyphens and the shapes of signs."""
    text = unicodedata.normalize('NFKC', text.translate(SIGNS))
    return ''.join(text.split())


def text_of(printed, language):
    return bare(tell('pdftotext', '-nopgbrk', *BODY,
                     path(printed, language), '-'))


@pytest.mark.slow
def test_no_character_is_missing_and_nothing_sticks_out(printed):
    assert 'warning' not in printed.messages


@pytest.mark.slow
def test_the_outline_numbers_the_headings_as_the_site_does(printed, language):
    titles = [title for _, title in outline(printed, language)]
    headings = [bare(f'{number} {html.unescape(TAG.sub("", title))}')
                for page in site_pages(printed, language)
                for number, title in HEADING.findall(page)]
    assert headings
    assert [bare(x) for x in titles if x[0].isdigit()] == headings


def outline(printed, language):
    """Return the bookmarks of a book: pages and titles."""
    lines = tell('pdftohtml', '-xml', '-i', '-l', '1', '-stdout',
                 path(printed, language))
    found = re.findall(r'<item page="(\d+)">(.*)</item>', lines)
    return [(int(page), html.unescape(title)) for page, title in found]


@pytest.mark.slow
def test_the_contents_has_parts_and_chapters_on_three_pages_at_most(
    printed, language
):
    (first, _), (after, _) = outline(printed, language)[:2]
    assert 1 <= after - first <= 3
    text = bare(''.join(printed_pages(printed, language)[first:after]))
    chapters = sections_of(printed, language)
    assert [x for _, x in chapters if bare(x) not in text] == []
    assert [x for sections in chapters.values() for x in sections
            if bare(x) in text] == []


@pytest.mark.slow
def test_a_chapter_begins_with_its_sections(printed, language):
    pages = [bare(x) for x in printed_pages(printed, language)]
    chapters = sections_of(printed, language)
    assert any(chapters.values())
    assert [title for (page, _), sections in chapters.items()
            for title in sections if bare(title) not in pages[page]] == []


@pytest.mark.slow
def test_a_part_begins_with_its_chapters(printed, language):
    pages = [bare(x) for x in printed_pages(printed, language)]
    parts, chapters = {}, sections_of(printed, language)
    for page, title in outline(printed, language):
        if title[0].isdigit() and '.' not in title.split()[0]:
            titles = parts[page] = []
        elif (page, title) in chapters:
            titles.append(title)
    assert all(parts.values()) and len(parts) > 5
    assert [title for page, titles in parts.items() for title in titles
            if bare(title) not in pages[page]] == []


def printed_pages(printed, language):
    """Return the texts of the pages; the first page has the number 1."""
    text = tell('pdftotext', '-layout', path(printed, language), '-')
    return ['', *text.split('\f')]


def sections_of(printed, language):
    """Return {(page, title of a chapter): titles of its sections}."""
    found = {}
    for page, title in outline(printed, language):
        depth = title.split()[0].count('.') if title[0].isdigit() else None
        if depth == 1:
            sections = found[page, title] = []
        elif depth == 2:
            sections.append(title)
    return found


@pytest.mark.slow
def test_figures_have_the_numbers_of_the_site(printed, language):
    text = text_of(printed, language)
    captions = [(number, html.unescape(TAG.sub('', caption)).split('\\(')[0])
                for page in site_pages(printed, language)
                for number, caption in CAPTION.findall(page)]
    assert captions
    assert [number for number, caption in captions
            if bare(f'{number}:{caption}') not in text] == []


@pytest.mark.slow
def test_every_figure_and_every_plot_is_printed(printed, language):
    drawn = sum(len(markdown.of('image', markdown.items(page.text(language))))
                + plots(printed.root, page.text(language))
                for page in toc.pages(printed.root))
    drawn += len(results.load(printed.root / 'book/results.yml'))
    drawn += sum(map(len, dot_plots.signs().values()))  # what they mean
    drawn += 1  # on the cover
    log = made(printed, language, 'log')
    graphics = re.findall(r'^File: \S+ Graphic file', log, re.MULTILINE)
    assert drawn and len(graphics) == drawn


def made(printed, language, suffix):
    """Return the text of a file that LaTeX has written."""
    folder = printed.root / files.PAGES / 'latex' / language / '_build/latex'
    return (folder / f'{files.NAME}.{suffix}').read_text(errors='replace')


def plots(root, text):
    """Count the pictures among the outputs of a page."""
    return sum(map(plots_of, executed(root, text).cells))


def plots_of(cell):
    """Count the pictures among the outputs of a cell."""
    return sum(
        any(kind.startswith('image/') for kind in output.get('data', ()))
        for output in cell.get('outputs', ()))


@pytest.mark.slow
def test_paragraphs_are_printed_as_they_are_written(printed, language):
    text = text_of(printed, language)
    sample = [paragraph for page in toc.pages(printed.root)
              for paragraph in plain_paragraphs(page.text(language))[::3]]
    assert len(sample) > 50
    # A note may stand between the sentences of a paragraph, on its page
    sentences = [x for paragraph in sample for x in paragraph.split('\n')]
    assert [x for x in sentences if bare(x) not in text] == []


def plain_paragraphs(text):
    """Return the paragraphs of text and code without formulas and links."""
    tokens = markdown.PARSER.parse(text)
    found = [token.children for before, token in zip(tokens, tokens[1:])
             if before.type == 'paragraph_open' and before.level == 0]
    return [''.join(child.content or '\n' for child in children)
            for children in found
            if {child.type for child in children} <= PLAIN]


@pytest.mark.slow
def test_short_outputs_are_whole_and_the_code_before_them_is_near(
    printed, language
):
    pages = tell('pdftotext', *BODY, path(printed, language), '-').split('\f')
    pages = [bare(x) for x in pages]
    pieces = [x for page in toc.pages(printed.root)
              for x in together(printed.root, page.text(language))]
    assert len(pieces) > 100
    assert [x for x in pieces
            if not any(bare(x) in page for page in pages)] == []


def together(root, text):
    """Yield what one page must hold: the end of code and a short output."""
    for cell in executed(root, text).cells:
        texts = [x.text for x in cell.get('outputs', ())
                 if x.output_type == 'stream']
        lines = ''.join(texts[:1]).splitlines()
        if plots_of(cell):  # their letters stand between code and output
            continue
        if 0 < len(lines) <= WHOLE and max(map(len, lines)) <= NARROW:
            code = cell.source.splitlines()[-SIDE:]
            yield '\n'.join([*code, *lines])


def executed(root, text):
    """Return the notebook of a page with its outputs, if it has some."""
    notebook = read(text)
    key = outputs.key_of(root, notebook)
    if key:
        outputs.add(root, notebook, key)
    return notebook


@pytest.mark.slow
@pytest.mark.parametrize('language, name', [('en', 'Index'), ('zh', '索引')])
def test_the_index_ends_the_outline_and_the_contents(printed, language, name):
    assert outline(printed, language)[-1][1] == name
    assert CONTENTS.findall(made(printed, language, 'toc'))[-1][0] == name


@pytest.mark.slow
def test_the_index_has_every_term(printed, language):
    words = {getattr(x, language) for x in index.table(printed.root)}
    assert set(index_pages(printed, language)) == words
    first, _ = outline(printed, language)[-1]
    pages = tell('pdftotext', '-f', str(first), path(printed, language), '-')
    assert [x for x in words if bare(x) not in bare(pages)] == []


@pytest.mark.slow
def test_a_term_is_on_the_page_that_the_index_names(printed, language):
    pages = tell('pdftotext', *BODY, path(printed, language), '-').split('\f')
    pages = [bare(page).lower() for page in pages]
    pages = [x + y for x, y in zip(pages, pages[1:])]  # a term may part
    (first, _), (_, number) = (
        outline(printed, language)[-1],
        CONTENTS.findall(made(printed, language, 'toc'))[-1])
    shift = first - int(number) - 1  # pages without a number, from page 0
    numbers = index_pages(printed, language)
    assert [word for word in words_of_pages(printed.root, language)
            if bare(word[:-1]).lower() not in pages[numbers[word] + shift]
            ] == []


def index_pages(printed, language):
    """Return {word: page} as LaTeX has gathered it."""
    found = ENTRY.findall(made(printed, language, 'ind'))
    return {word: int(page) for word, page in found}


def words_of_pages(root, language):
    """Yield the terms that stand in the prose of the page they belong to."""
    table, pages = index.table(root), toc.pages(root)
    for term, (page, _) in index.introductions(table, pages).items():
        prose = markdown.of('prose', markdown.items(page.text(language)))
        word = getattr(term, language)
        if glossary.pattern(word).search(''.join(x.detail for x in prose)):
            yield word


@pytest.mark.slow
@pytest.mark.parametrize('language, title, author', [
    ('en', 'From Scratch to Gluon', 'the contributors'),
    ('zh', '从零到 Gluon', '本书的贡献者'),
])
def test_the_file_says_what_it_is(printed, language, title, author):
    lines = tell('pdfinfo', path(printed, language)).splitlines()
    told = {key: value.strip() for key, value
            in (line.split(':', 1) for line in lines)}
    assert (told['Title'], told['Author']) == (title, author)
    assert told['Subject'] and told['Keywords']
    assert 'A4' in told['Page size']


@pytest.mark.slow
def test_links_between_chapters_tell_the_page(printed, language):
    shape = {'en': r'\(page\d+\)', 'zh': r'\(第\d+页\)'}[language]
    text = text_of(printed, language)
    assert re.search(shape, text)
    assert '??' not in text
