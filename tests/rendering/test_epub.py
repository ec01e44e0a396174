"""The e-book: valid, whole, with formulas that readers can set."""

import re
import shutil
import subprocess
import zipfile
from types import SimpleNamespace

import pytest
from books import ROOT
from docutils import nodes
from sphinx.errors import SphinxError

from book.chapters import markdown, toc
from book.chapters.languages import EDITIONS
from book.chapters.toc import LANGUAGES
from book.execution import files
from book.rendering import code_colours
from book.rendering.epub.document import OPF, declare_contents, mathml
from book.rendering.epub.tabs import COMPONENT, show_all

PARTS = sorted({x.name.split('/')[0] for x in toc.pages(ROOT)
                if x.name.endswith('/index')})
CHECKER = shutil.which('epubcheck')


def formula(text):
    node = nodes.math(text, text)
    node.source, node.line = 'chapters/en/part/page.md', 7
    return node


def test_a_formula_becomes_mathml_a_displayed_one_as_a_block():
    code = mathml(formula(r'\frac{a}{b}'), as_block=False)
    assert '<mfrac>' in code and 'display' not in code
    assert 'display="block"' in mathml(formula('a = b'), as_block=True)
    functions = mathml(formula(r'\exp(x)'), as_block=False)
    assert '&ApplyFunction;' not in functions, 'no entities'


def test_an_unknown_command_is_named_with_its_line():
    with pytest.raises(SphinxError, match=r'page.md:7: .*\\nosuch'):
        mathml(formula(r'\nosuch x'), as_block=False)


@pytest.mark.parametrize('content, declared', [
    ('<p>Words.</p>', ''), ('<math xmlns="…"/>', 'properties="mathml"'),
    ('<math/><svg/>', 'properties="mathml svg"')],
    ids=['words', 'a formula', 'a formula and a picture'])
def test_the_list_of_files_says_what_pages_hold(tmp_path, content, declared):
    (tmp_path / 'page.xhtml').write_text(content, 'utf-8')
    path = tmp_path / 'content.opf'
    path.write_text(f'<package xmlns="{OPF}"><item href="page.xhtml"/>'
                    '</package>')
    declare_contents(tmp_path)
    assert declared in path.read_text('utf-8')
    assert ('properties' in path.read_text('utf-8')) == bool(declared)


def test_tabs_stand_one_below_the_other():
    items = [nodes.container('', nodes.rubric('', x), design_component=kind)
             for x, kind in (('Linux', 'tab-item'), ('Mac', 'tab-item'))]
    page = nodes.container(
        '', nodes.container('', *items, design_component='tab-set'))
    show_all(page)
    assert COMPONENT not in page[0] and page[0].children == items


@pytest.fixture(scope='module')
def books(real_book):
    """Return language -> the e-book of the real book, opened."""
    root, _ = real_book('epub')
    names = {x: f'{files.NAME}-{x}.epub' for x in LANGUAGES}
    paths = {x: root / files.EPUB / name for x, name in names.items()}
    return {x: SimpleNamespace(path=path, zip=zipfile.ZipFile(path))
            for x, path in paths.items()}


@pytest.mark.slow
def test_epubcheck_finds_nothing(books, language):
    if not CHECKER or not shutil.which('java'):
        pytest.skip('needs epubcheck and java')
    done = subprocess.run(['java', '-jar', CHECKER, books[language].path],
                          text=True, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert '0 fatals / 0 errors / 0 warnings' in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize('page', toc.pages(ROOT), ids=str)
def test_a_page_is_there_with_its_formulas_and_pictures(
    books, language, page
):
    text = books[language].zip.read(f'{page.name}.xhtml').decode()
    items = markdown.items(page.text(language))
    formulas = [x for x in items if x.kind in ('math', 'formula')]
    assert text.count('<math ') == len(formulas)
    names = set(re.findall(r'src="(?:\.\./)?(_images/[^"]+)"', text))
    assert len(names) >= len(markdown.of('image', items))
    assert names <= set(books[language].zip.namelist())
    assert '<script' not in text
    assert f'<html lang="{EDITIONS[language].tag}"' in text


@pytest.mark.slow
def test_the_book_has_a_cover_of_its_own(books, language):
    names = books[language].zip.namelist()
    covers = [x for x in names if 'cover' in x and x.endswith('.png')]
    assert covers == [f'_static/cover-{language}.png']


@pytest.mark.slow
def test_the_contents_has_parts_and_chapters(books, language):
    text = books[language].zip.read('nav.xhtml').decode()
    pages = {f'{x.name}.xhtml' for x in toc.pages(ROOT)}
    links = re.findall(r'href="([^"]+)"', text)
    assert set(links) - {'genindex.xhtml'} <= pages
    assert pages <= set(links)


@pytest.mark.slow
def test_a_part_lists_its_chapters(books, language):
    for part in PARTS:
        text = books[language].zip.read(f'{part}/index.xhtml').decode()
        title, after = text.split('</h1>', 1)
        listed = after.split('class="toctree-wrapper', 1)[1].split('</div>')
        assert re.findall(r'href="([\w-]+)\.xhtml"', listed[0]) == [
            x.name.split('/')[1] for x in toc.pages(ROOT)
            if x.name.startswith(f'{part}/') and x.name != f'{part}/index']
        assert after.index('toctree-wrapper') < after.index('<p>')


@pytest.mark.slow
def test_code_is_coloured(books, language):
    page = books[language].zip.read('crash-course/ndarray.xhtml').decode()
    assert '<span class="kn">import</span>' in page
    assert '_static/pygments.css' in page
    css = books[language].zip.read('_static/pygments.css').decode()
    assert css == code_colours.sheet()
