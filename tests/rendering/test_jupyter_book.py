"""Both editions become pages that show the outputs of one execution."""

import re
import subprocess
import sys

import pytest
from books import (
    book,
    book_process,
    chapter,
    keep_outputs,
    write_page,
    write_pair,
    write_tiny_book,
)
from docutils import nodes
from sphinx.errors import SphinxError

from book import read
from book.chapters.languages import EDITIONS
from book.chapters.markdown import is_wide
from book.chapters.toc import LANGUAGES
from book.rendering import jupyter_book
from book.rendering.every_page.line_breaks import join_lines

DRAWING = ('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
           '<text>label</text></svg>')
PICTURE = f'from IPython.display import SVG\nSVG({DRAWING!r})'
FIGURE = """
See {numref}`graph`.

:::{figure-md} graph
![A graph](../../figures/graph.svg)

What it shows.
:::

"""


@pytest.mark.parametrize('pieces, joined', [
    (['第一句。', '\n', '第二句。'], '第一句。第二句。'),
    (['用Gluon', '\n', '来训练'], '用Gluon来训练'),
    (['训练', '\n', 'Gluon'], '训练Gluon'),
    (['他说“好”', '\n', '“不”'], '他说“好”“不”'),
    (['two English', '\n', 'words'], 'two English\nwords'),
    (['设', nodes.literal('', 'x'), '\n', '为输入。'], '设x为输入。'),
], ids=['sentences', 'a Latin word before', 'a Latin word after', 'quotes',
        'not between Latin words', 'across code and formulas'])
def test_chinese_lines_are_joined(pieces, joined):
    block = nodes.paragraph('', '', *(
        nodes.Text(x) if isinstance(x, str) else x for x in pieces))
    join_lines(block)
    assert block.astext() == joined


def test_a_wide_character_is_chinese():
    assert all(map(is_wide, '中，”'))
    assert not is_wide('a') and not is_wide('')


@pytest.mark.parametrize(('before', 'after'), [
    ('', ':3: WARNING: no such label'),
    ('sphinx.errors.SphinxError: ', ':3: an unknown formula'),
], ids=['warning', 'exception'])
def test_what_is_wrong_is_found_in_the_log(tmp_path, before, after):
    log = f'reading\n{before}{tmp_path}/chapters/en/a.md{after}\ndone\n'
    assert jupyter_book.warnings(log, tmp_path) == [
        f'{before}chapters/en/a.md{after}']


@pytest.mark.parametrize('builder, kept', [('html', True), ('epub', False)])
def test_only_an_e_book_is_always_made_anew(tmp_path, builder, kept):
    def build():
        return jupyter_book.Build(
            tmp_path, 'en', builder, 'state', lambda *arguments: None)

    first = build()
    first.done.write_text('state')
    page = first.folder / 'page'
    page.touch()
    build()
    assert page.exists() == kept


@pytest.fixture(scope='module')
def built(tmp_path_factory):
    """Build a book with a figure, a picture and Chinese prose."""
    root = write_tiny_book(tmp_path_factory.mktemp('book'))
    first = chapter('First', PICTURE).replace(
        '```{', '<!-- alt: A square. -->\n```{', 1)
    write_pair(root, 'part/first', first + FIGURE)
    second = chapter('Second', 'import utils\nutils.ANSWER')
    write_page(root, 'zh', 'part/second',
               second.replace('An opening', '第一句，\n用`code`\n写。'))
    (root / 'chapters/figures').mkdir()
    (root / 'chapters/figures/graph.svg').write_text(DRAWING)
    write_page(root, 'en', 'part/second', second)
    status, _, messages = book_process(root, 'html')
    assert status == 0, messages
    return root


def page(root, language, name):
    path = root / '_build/html' / language / f'{name}.html'
    return path.read_text(encoding='utf-8')


@pytest.mark.slow
@pytest.mark.parametrize('language, tag, title, origin', [
    ('en', 'en', 'From Scratch to Gluon',
     'The outputs on this page were computed on'),
    ('zh', 'zh-CN', '从零到 Gluon', '本页的输出于'),
])
def test_a_page_has_the_language_and_title_of_its_edition_and_says_its_origin(
    built, language, tag, title, origin
):
    whole = page(built, language, 'part/second')
    assert f'<html lang="{tag}"' in whole
    assert re.search(f'<title>Second .* {title}</title>', whole)
    text = re.sub(r'<[^>]+>', '', page(built, language, 'part/first'))
    assert re.search(r'20\d\d', text[text.index(origin) :])
    assert 'Python 3.11' in text
    assert origin not in page(built, language, 'part/index')


@pytest.mark.slow
def test_the_chinese_edition_speaks_chinese_in_joined_lines(built):
    text = page(built, 'zh', 'part/first')
    assert '图1' in text and '搜索本书' in text
    text = re.sub('<[^>]+>', '', page(built, 'zh', 'part/second'))
    assert '第一句，用code写。' in text


@pytest.mark.slow
def test_an_edition_shows_outputs_pictures_and_figures(built, language):
    assert '<span></span>42\n' in page(built, language, 'part/second')
    first = page(built, language, 'part/first')
    pictures = re.findall(r'<img alt="([^"]+)"[^>]* src="\.\./([^"]+)"',
                          first)
    assert [alt for alt, _ in pictures] == ['A square.', 'A graph']
    folder = built / '_build/html' / language
    word = '标签' if language == 'zh' else 'label'
    assert all(f'>{word}</text>' in (folder / path).read_text('utf-8')
               for _, path in pictures)


@pytest.mark.slow
@pytest.mark.parametrize('language, other', [LANGUAGES, LANGUAGES[::-1]])
def test_a_page_leads_to_its_twin(built, language, other):
    link = re.search(r'language-switch" href="([^"]+)"\s+hreflang="([\w-]+)"',
                     page(built, language, 'part/first'))
    folder = built / '_build/html' / language / 'part'
    assert link[2] == EDITIONS[other].tag
    assert (folder / link[1]).resolve() == (
        built / '_build/html' / other / 'part/first.html')


@pytest.mark.slow
def test_a_page_offers_its_notebook_and_its_source(built, language):
    folder = built / '_build/html' / language / 'part'
    links = re.findall(r'href="(\.\./_sources/[^"]+)"',
                       page(built, language, 'part/first'))
    assert [x.rsplit('.', 1)[1] for x in links] == ['ipynb', 'md']
    assert all((folder / link).is_file() for link in links)


@pytest.mark.slow
def test_a_page_loads_nothing_from_elsewhere_and_nothing_unused(
    built, language
):
    text = page(built, language, 'part/first')
    loaded = re.findall(r'<(?:script|img)[^>]+src="([^"]+)"', text)
    loaded += re.findall(r'<link[^>]+stylesheet[^>]+href="([^"]+)"', text)
    assert loaded and not [x for x in loaded if '://' in x]
    assert 'thebe' not in text and 'togglebutton' not in text


@pytest.mark.slow
def test_the_first_page_has_a_door_to_each_edition(built):
    site = built / '_build/html'
    text = (site / 'index.html').read_text(encoding='utf-8')
    doors = re.findall('<a class="door" href="([^"]+)"', text)
    assert sorted(doors) == ['en/index.html', 'zh/index.html']
    assert all((site / door).is_file() for door in doors)


@pytest.fixture
def executed(tiny_book):
    """Return a book whose chapters are in the cache."""
    keep_outputs(tiny_book, first=['2\n'], second=['42\n'])
    return tiny_book


@pytest.mark.slow
def test_later_builds_follow_the_outputs_and_keep_a_whole_site(executed):
    assert book(executed, 'html')[0] == 0
    utils = executed / 'utils.py'
    utils.write_text(utils.read_text().replace('42', '43'))
    assert book(executed, 'html')[0] == 0
    assert '<span></span>43\n' in page(executed, 'zh', 'part/second')
    path = executed / 'chapters/en/part/second.md'
    path.write_text(path.read_text() + '\n{ref}`nowhere`\n')
    problem = 'chapters/en/part/second.md:12: WARNING: undefined label'
    for _ in 'the first build', 'the next, which need not read the page':
        status, _, messages = book(executed, 'html')
        assert status == 1
        assert problem in messages
    assert 'nowhere' not in page(executed, 'en', 'part/second')


@pytest.mark.slow
def test_a_new_title_is_in_the_lists_of_all_pages(executed):
    assert book(executed, 'html')[0] == 0
    path = executed / 'chapters/en/part/second.md'
    path.write_text(path.read_text().replace('# Second', '# The last'))
    assert book(executed, 'html')[0] == 0
    listed = page(executed, 'en', 'part/first').split('bd-docs-nav')[1]
    assert 'The last</a>' in listed and 'Second</a>' not in listed


@pytest.mark.slow
def test_one_chapter_can_be_built_before_the_others_have_run(executed):
    assert book(executed, 'html', '--chapter', 'first')[0] == 0
    assert '<span></span>2\n' in page(executed, 'en', 'part/first')
    assert 'was not executed' in page(executed, 'en', 'part/second')
    assert book(executed, 'html')[0] == 0
    assert '<span></span>42\n' in page(executed, 'en', 'part/second')


def test_a_page_without_outputs_says_what_to_run(tmp_path):
    with pytest.raises(SphinxError, match='run `make html`'):
        read('```{.python .input}\n1\n```\n', tmp_path)


def test_no_process_of_the_book_makes_the_grammar_of_addresses():
    code = 'import sys, book, nbformat, jsonschema; print(*sys.modules)'
    done = subprocess.run([sys.executable, '-c', code], check=True,
                          capture_output=True, text=True)
    assert 'jsonschema' in done.stdout.split()
    assert 'lark' not in done.stdout.split()
