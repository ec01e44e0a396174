"""Some pages are made from other files, and follow them at every build."""

import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from books import ROOT, book, keep_outputs, write_pair, write_tiny_book
from bs4 import BeautifulSoup
from docutils import nodes
from nbformat.v4 import new_code_cell, new_notebook, new_output

from book.chapters import glossary, toc
from book.chapters.languages import words
from book.chapters.toc import LANGUAGES
from book.execution import files
from book.execution.engine import ENGINES
from book.experiments import results
from book.rendering.every_page import index, pinyin
from book.rendering.made_pages import (
    experiment_names,
    tables,
    terminology,
    utils_page,
)
from book.rendering.made_pages import results_page as results_page
from book.rendering.made_pages.dot_plots import draw
from book.rendering.made_pages.result_pictures import in_words, plot_of

TERMS = '| 中文 | English | rejected |\n| - | - | - |\n{}'
GRADIENT, SUM = '| 梯度 | gradient | 斜度 |\n', '| 和 | sum | |\n'
RESULTS = """\
- {{run: three, date: 2026-11-20, seeds: [0, 100, 200],
   machine: {{en: an abacus, zh: 算盘}}}}
- {{chapter: first, name: only, metric: sum, printed_2017: {}, full_run: 3,
   find: '^(?P<found>2)', cpu: [1, 3], full: [1, 3],
   reason: {{en: Better., zh: 更好。}}, measured: {{three: [2, 1.5, 2]}}}}
- {{chapter: first, claim: found < 3, en: closing, zh: closing}}
"""
UTILS = '''

# Part

def twice(x, times=2):
    """Return 2 x.

    Built in part/first.
    """
    return times * x
'''
REFERENCE = {
    'terminology': '```{terminology} zh\n```\n\n```{terminology} en\n```\n',
    'results': '```{results}\n```\n',
    'utils-api': '```{eval-rst}\n.. autofunction:: utils.twice\n\n'
    '   翻倍。\n```\n',
}
OUTPUTS = {'first': ['2\n'], 'second': ['42\n']}
DOCTREES = files.PAGES / 'html' / 'zh' / '_build' / '.doctrees'


# What the pages are made of

def test_a_table_is_small_in_print_and_short_rows_reach_to_its_end():
    made = tables.table(['a', 'b', 'c'], [['x', '', 'z'], ['whole']], [1, 2])
    entries = [x for x in made.findall(nodes.entry)][3:]
    assert [x.get('morecols') for x in entries] == [None, None, None, 2]
    assert [len(x) for x in entries] == [1, 0, 1, 1]
    assert made['classes'] == ['made-table']
    assert r'\X{2}{3}' in made[0]['spec']


@pytest.mark.parametrize('language, order', [
    ('zh', ['广播', '梯度', '噪声']), ('en', ['广播', '噪声', '梯度'])])
def test_terms_come_in_the_order_of_a_language(language, order):
    table = glossary.read(TERMS.format(
        '| 噪声 | error | |\n| 梯度 | gradient | |\n'
        '| 广播 | broadcasting | |\n'))
    found = [x.zh for x in terminology.ordered(table, language)]
    assert found == order


def record(date, device='cpu', engine='mxnet', **data):
    versions = {'python': '3.11', 'mxnet': '1.9.1', 'torch': '2.13'}
    return {'date': date, 'device': device, 'data': data, 'engine': engine,
            'versions': versions}


OURS = results.Run('ours', date(2026, 11, 30), {'en': 'a slate'}, (0,),
                   'torch')


@pytest.mark.parametrize('records, text', [
    ([], 'No chapter has been run.'),
    ([record('2026-11-20'), record('2026-11-20')],
     ' The numbers of “MXNet” were computed on 20 November 2026 on CPU '
     'with Python 3.11 and MXNet 1.9.1. Data: none.'),
    ([record('2026-11-21', mnist='stand-in-1'),
      record('2026-11-20', 'gpu', mnist='stand-in-1', tale='real')],
     ' The numbers of “MXNet” were computed from 20 November 2026 to '
     '21 November 2026 on CPU, GPU with Python 3.11 and MXNet 1.9.1. '
     'Data: mnist (a stand-in), tale (the real set).'),
    ([record('2026-11-20', engine='torch')],
     ' The numbers of “PyTorch” were computed on 20 November 2026 on CPU '
     'with Python 3.11 and the book\'s engine 1.9.1 on PyTorch 2.13. Data: '
     'none.'),
], ids=['none', 'one day', 'days, devices and data', 'our engine'])
def test_the_run_is_told_in_a_sentence(records, text):
    assert results_page.run_text(records, 'en') == text


@pytest.mark.parametrize('engines, runs, text', [
    (['mxnet'], [OURS], ' Those of “PyTorch” were noted on 30 November 2026 '
     'on a slate; this build did not compute them.'),
    (['mxnet'], [], ' Those of “PyTorch” have not been noted yet.'),
    (['torch'], [OURS], ' Those of “MXNet” have not been noted yet.'),
    (['mxnet', 'torch'], [OURS], ''),
    ([], [OURS], ''),
], ids=['one that was noted', 'one that was not', 'MXNet', 'none: both ran',
        'none: nothing ran'])
def test_it_is_told_where_the_numbers_of_the_other_engine_are_from(
        engines, runs, text):
    records = [record('2026-11-20', engine=x) for x in engines]
    assert results_page.noted_text(records, runs, 'en') == text


def executed(output, data='real', engine='mxnet'):
    """Return a notebook whose only cell printed something."""
    cell = new_code_cell(outputs=[new_output('stream', text=output)])
    record = {'data': {'numbers': data}, 'engine': engine}
    return new_notebook(cells=[cell], metadata={'book': record})


def experiment():
    """Return an experiment that was measured with MXNet."""
    return results.parse({
        'chapter': 'first', 'name': 'run', 'metric': 'loss',
        'find': r'loss (\S+)', 'cpu': [-3, -1], 'full': [-3, -1],
        'printed_2017': -1.25, 'full_run': -1,
        'measured': {'autumn': [-2, -1.5]}},
        {'autumn': results.Run('autumn', None, {}, (0, 100))})


def test_every_experiment_and_metric_of_the_book_has_a_chinese_name():
    known = results.load(ROOT / 'book/results.yml')
    assert experiment_names.missing(known) == [], 'name them in Chinese'
    assert experiment_names.unused(known) == [], 'no experiment has these'


def test_a_table_has_a_column_of_full_runs_only_where_there_are_some(
    language
):
    page = SimpleNamespace(name='part/first', text=lambda x: '# First')

    def heads(**others):
        whole = replace(experiment(), **others)
        chapter = results_page.Chapter(page, None, [whole])
        made = results_page.digits([chapter], language)[1]
        return next(made.findall(nodes.thead)).astext().split('\n\n')

    head = words(language)['results']['head']
    assert heads(full_run=3.0) == head
    assert heads(full_run=None) == [x for x in head if x != head[5]]


@pytest.mark.parametrize('notebook, english, chinese', [
    (None, 'not run', '没有运行'),
    (executed('nothing'), 'not found', '没有找到'),
    (executed('loss -2'), '−2', '−2'),
    (executed('loss 9'), '9', '9'),
    (executed('loss 9', 'stand-in-1'), '9 (stand-in data)', '9（替代数据）'),
    (executed('loss 9', engine='torch'), '−2', '−2'),
], ids=['skipped', 'lost', 'in its band', 'out of it', 'stand-in',
        'executed with the other engine'])
def test_what_an_experiment_reached_is_told_in_every_case(
    notebook, english, chinese
):
    found = [results_page.reached(experiment(), notebook, 'mxnet',
                                  words(x)['results']) for x in LANGUAGES]
    assert found == [english, chinese]


@pytest.mark.parametrize('language, text', [
    ('en', 'seeds with MXNet: −2, −1.5; this build: 9; 2017: −1.25; '
     'full run: −1; band: −3 to −1'),
    ('zh', '各种子（MXNet）：−2、−1.5；本次构建：9；2017年：−1.25；'
     '完整训练：−1；范围：−3至−1'),
])
def test_a_picture_tells_its_numbers_to_those_who_do_not_see_it(
        language, text):
    plot = plot_of(results.row(executed('loss 9'), experiment()))
    assert in_words(plot, language) == text
    assert f'<title>{text}</title>' in draw(plot, text)


@pytest.mark.parametrize('notebook', [
    None, executed('nothing'), executed('loss 9', 'stand-in-1')],
    ids=['skipped', 'lost', 'stand-in'])
def test_a_picture_has_a_run_only_if_it_can_be_compared(notebook):
    assert plot_of(results.row(notebook, experiment())).run is None


# A small book

def write_small_book(root):
    """Write a book with one page of each kind, and the outputs it has."""
    write_tiny_book(root)
    with (root / '_toc.yml').open('a') as table:
        table.write('  - file: appendix/index\n    sections:\n')
        table.writelines(f'      - file: appendix/{x}\n' for x in REFERENCE)
    write_pair(root, 'appendix/index', '# Appendix\n')
    for name, text in REFERENCE.items():
        write_pair(root, f'appendix/{name}', f'# Page\n\nOpening.\n\n{text}')
    for slug, text in ('first', '梯度（gradient）'), ('second', '和（sum）'):
        path = root / f'chapters/zh/part/{slug}.md'
        path.write_text(path.read_text().replace('An opening', text))
    path = root / 'chapters/en/part/first.md'
    path.write_text(path.read_text().replace('An opening', 'A gradient'))
    with (root / 'utils.py').open('a') as utils:
        utils.write(UTILS)
    (root / 'TERMINOLOGY.md').write_text(TERMS.format(GRADIENT))
    (root / 'book').mkdir()
    (root / 'book/results.yml').write_text(RESULTS.format(1.5))
    keep_outputs(root, **OUTPUTS)
    return root


def build(root):
    """Build the site."""
    status, _, messages = book(root, 'html')
    assert status == 0, messages


@pytest.fixture(scope='module')
def small(tmp_path_factory):
    """Return a built book that stays as it is."""
    root = write_small_book(tmp_path_factory.mktemp('book'))
    build(root)
    return root


@pytest.fixture
def changing(tmp_path):
    """Return a book for a test to change."""
    return write_small_book(tmp_path)


def page(root, language, name):
    path = root / files.SITE / language / f'{name}.html'
    return BeautifulSoup(path.read_text('utf-8'), 'html.parser')


def texts(found):
    return [' '.join(x.get_text().split()) for x in found]


def rows(root, language, name):
    """Return the rows of the tables of a page as lists of texts."""
    found = page(root, language, name).select('tbody tr')
    return [texts(row.select('td')) for row in found]


def read_again(root):
    """Build; return which pages of the Chinese edition were read."""
    before = times(root)
    build(root)
    return {name for name, time in times(root).items()
            if before.get(name) != time}


def times(root):
    folder = root / DOCTREES
    return {path.relative_to(folder).with_suffix('').as_posix():
            path.stat().st_mtime_ns for path in folder.rglob('*.doctree')}


@pytest.mark.slow
def test_a_term_leads_to_where_it_is_introduced(small, language):
    found = rows(small, language, 'appendix/terminology')
    assert found == [['梯度', 'gradient', 'First', '斜度'],
                     ['gradient', '梯度', 'First', '斜度']]
    link = page(small, language, 'appendix/terminology').select_one('td a')
    assert link['href'] == '../part/first.html#term-gradient'
    place = page(small, language, 'part/first').select_one('#term-gradient')
    assert place.parent.name == 'p'


@pytest.mark.slow
@pytest.mark.parametrize('language, name', [('en', 'Index'), ('zh', '索引')])
def test_the_index_leads_there_too(small, language, name):
    whole = page(small, language, 'genindex')
    assert texts(whole.select('article h1')) == [name]
    (link,) = whole.select('ul.index a')
    assert link['href'] == 'part/first.html#term-gradient'
    assert set(link.get_text().split()) == {'梯度', 'gradient'}
    assert whole.select_one('.language-switch')['href'].endswith(
        'genindex.html')


@pytest.mark.slow
@pytest.mark.parametrize('language, seeds, band, reason, origin', [
    ('en', '1.5 to 2', '1 to 3', 'Better.',
     'computed with MXNet: up to 3 seeds on 20 November 2026 on an abacus.'),
    ('zh', '1.5至2', '1至3', '更好。',
     '两栏用MXNet算出：至多3个种子，于2026年11月20日在算盘上。'),
])
def test_an_experiment_has_its_numbers_its_reason_and_their_origin(
    small, language, seeds, band, reason, origin
):
    first, picture, again, only = rows(small, language, 'appendix/results')
    assert first[0].startswith('First') and 'CPU' in first[0]
    assert first == again
    assert picture[0].startswith('only sum') and picture[0].endswith('2')
    assert picture[1].endswith(reason)
    assert only == ['only', 'sum', '1.5', '2', '', '3', seeds, band]
    whole = page(small, language, 'appendix/results')
    assert origin in whole.get_text().replace('\n', ' ')


@pytest.mark.slow
@pytest.mark.parametrize('language, signs, unfold, line', [
    ('en', ['seeds with MXNet', 'seeds with our engine on PyTorch',
            'this build', '2017', 'full run', 'band'],
     'The numbers as a table', '1 such sentences were checked, and all'),
    ('zh', ['各种子（MXNet）', '各种子（本书基于PyTorch的引擎）', '本次构建',
            '2017年', '完整训练', '范围'],
     '用表格列出这些数', '核对了1句，句句成立。'),
])
def test_pictures_have_a_legend_and_digits_to_unfold_and_claims_a_line(
    small, language, signs, unfold, line
):
    whole = page(small, language, 'appendix/results')
    assert texts(whole.select('.legend .key')) == signs
    assert len(whole.select('svg.dot-plot[role=img] > title')) == 1
    (digits,) = whole.select('details.digits')
    assert texts(digits.select('summary')) == [unfold]
    assert len(digits.select('table')) == 1
    assert line in texts(whole.select('p.claims'))[0]


@pytest.mark.slow
@pytest.mark.parametrize('language, lines', [
    ('zh', ['翻倍。', 'Return 2 x.', 'Built in First.']),
    ('en', ['Return 2 x.', 'Built in First.', '翻倍。']),
])
def test_a_function_is_shown_with_its_signature(small, language, lines):
    whole = page(small, language, 'appendix/utils-api')
    name = whole.find(id='utils.twice')
    assert name.get_text().strip() == 'utils.twice(x, times=2)#'
    assert texts(name.find_next('dd').select('p')) == lines
    link = name.find_next('dd').a
    assert link['href'] == '../part/first.html'


@pytest.mark.slow
def test_a_change_is_read_where_it_is_shown_and_nowhere_else(changing):
    build(changing)
    assert read_again(changing) == set(), 'nothing has changed'
    (changing / 'TERMINOLOGY.md').write_text(TERMS.format(SUM + GRADIENT))
    assert read_again(changing) == {'appendix/terminology', 'part/second'}
    found = rows(changing, 'zh', 'appendix/terminology')
    assert ['和', 'sum', 'Second', ''] in found
    assert len(page(changing, 'en', 'genindex').select('ul.index a')) == 2
    (changing / 'book/results.yml').write_text(RESULTS.format(1))
    assert read_again(changing) == {'appendix/results'}
    assert rows(changing, 'en', 'appendix/results')[-1][2] == '1'
    path = changing / 'utils.py'
    path.write_text(path.read_text().replace('Return 2 x.', 'Double x.'))
    assert read_again(changing) == {'appendix/utils-api'}, 'nothing has run'
    found = page(changing, 'zh', 'appendix/utils-api').get_text()
    assert 'Double x.' in found


@pytest.mark.slow
def test_a_chapter_that_has_not_run_says_so(changing):
    assert book(changing, 'html', '--chapter', 'second')[0] == 0
    assert rows(changing, 'en', 'appendix/results')[-1][3:6] == [
        'not run', 'not run', '3']
    line = page(changing, 'en', 'appendix/results').select_one('p.claims')
    assert 'Not checked in this one: 1,' in line.get_text()


@pytest.mark.slow
@pytest.mark.parametrize('path, text, problem', [
    ('chapters/zh/appendix/utils-api.md',
     '# Page\n\n```{eval-rst}\n.. autofunction:: utils.thrice\n```\n',
     r'chapters/zh/appendix/utils-api.md:4: .*utils.py has no thrice'),
    ('book/results.yml', '- chapter: first\n',
     r'appendix/results.md:5: .*results.yml: entry 1: missing keys'),
    ('TERMINOLOGY.md', '| a |\n', r'TERMINOLOGY.md:1: the table must'),
], ids=['an unknown name', 'results', 'terms'])
def test_a_mistake_is_told_with_its_place(changing, path, text, problem):
    (changing / path).write_text(text, encoding='utf-8')
    status, _, messages = book(changing, 'html')
    assert status == 1
    assert re.search(problem, messages), messages


# The real book

@pytest.fixture(scope='module')
def real(real_book):
    """Build the site of the real book; return its folder and its pages."""
    root, _ = real_book('html')
    return SimpleNamespace(root=root, pages=toc.pages(root))


@pytest.mark.slow
def test_the_terms_of_the_book_are_those_of_the_table(real, language):
    table = index.table(real.root)
    found = rows(real.root, language, 'appendix/terminology')
    chinese = [[x.zh, x.en] for x in terminology.ordered(table, 'zh')]
    english = [[x.en, x.zh] for x in terminology.ordered(table, 'en')]
    assert [row[:2] for row in found] == chinese + english
    assert all(row[2] for row in found)


@pytest.mark.slow
def test_the_index_of_the_book_has_every_term(real, language):
    found = texts(page(real.root, language, 'genindex').select('ul.index a'))
    expected = sorted(((x.zh, x.en) if language == 'zh' else (x.en, x.zh)
                       for x in index.table(real.root)),
                      key=lambda pair: pinyin.key(pair[0]))
    assert found == [' '.join(pair) for pair in expected]


@pytest.mark.slow
def test_the_results_of_the_book_are_those_of_its_chapters(real, language):
    own = words(language)['results']
    found = [row for row in rows(real.root, language, 'appendix/results')
             if len(row) > 2]
    expected = [[experiment_names.name(x, language).replace("'", '’'),
                 experiment_names.metric(x, language),
                 results_page.number(x.printed_2017),
                 *(results_page.reached(x, chapter.notebook, engine, own)
                   for engine in ENGINES)]
                for chapter in results_page.chapters(real.root)
                for x in chapter.experiments]
    assert len(expected) == len(results.load(ROOT / 'book/results.yml'))
    assert [row[:5] for row in found] == expected


@pytest.mark.slow
def test_the_functions_of_the_book_are_those_of_utils(real, language):
    found = page(real.root, language, 'appendix/utils-api').select('dt.sig')
    text = (real.root / 'chapters' / language / 'appendix/utils-api.md')
    names = utils_page.NAME.findall(text.read_text('utf-8'))
    assert [x['id'] for x in found] == [f'utils.{name}' for name in names]
