"""The run of all chapters fails where it should, and names the place."""

import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from books import ROOT, keep_outputs, write_pair

from book.chapters.reader import code_cells
from book.execution import files
from book.experiments import expected_outputs
from book.experiments.comparison import output_text

EXECUTED = {'right': ['import os; x = 2 / 3', 'print("loss", 1.5)\nx',
                      'os.listdir()', 'print("time 3 s")'],
            'changed': ['1 + 1', '2 / 3'],
            'raises': ['1 + 1', '# comment\nundefined_name', '3']}
KEPT = {
    'outside': ['loss 9.5', '2'],
    'lost': ['no result'],
    'gpu': ['gpu(0)', '5 loss 2.5'],
    'generated': ['STAND-IN DATA: generated', 'loss 9'],
    'renamed': ['1'],
}  # slug: what its cells have printed in an earlier run
REFERENCES = {'right': {2: 'loss 1.5\n0.66667', 3: '[]', 4: 'time 99 s'},
              'changed': {1: '2', 2: '0.7'}, 'gpu': {2: '4 loss 2.5'},
              'renamed': {1: '1', 2: '2'}}
EXPERIMENTS = '''
- {chapter: %s, name: run, metric: loss, find: 'loss ([\\d.]+)',
   cpu: [1, 2], full: [2, 3]}
'''


LOG = 'import pathlib; pathlib.Path({!r}).open("a").write("{}\\n")'


def write(root):
    """Write a book of chapters without MXNet, right and wrong ones."""
    chapters = {**EXECUTED, **{slug: list(map(repr, texts))
                               for slug, texts in KEPT.items()}}
    write_pair(root, 'index', '# T\n')
    for slug, cells in chapters.items():
        log = LOG.format(str(root / 'log'), slug)
        cells = [f'{log}\n{cells[0]}', *cells[1:]]
        fences = [f'```{{.python .input}}\n{x}\n```\n' for x in cells]
        write_pair(root, slug, '\n'.join(['# T\n', *fences]))
    files = ''.join(f'- file: {slug}\n' for slug in chapters)
    (root / '_toc.yml').write_text(f'root: index\nchapters:\n{files}')
    for slug, texts in REFERENCES.items():
        expected_outputs.write(root / f'tests/references/{slug}.yml', texts)
    (root / 'book').mkdir()
    (root / 'book/results.yml').write_text(''.join(
        EXPERIMENTS % slug
        for slug in ('right', 'outside', 'lost', 'gpu', 'generated')))
    shutil.copytree(ROOT / 'tests/chapters', root / 'tests/chapters')
    shutil.copy(ROOT / 'pyproject.toml', root)
    for name in ('utils.py', 'requirements.txt'):
        (root / name).touch()


@pytest.fixture(scope='module')
def book(tmp_path_factory):
    """Return a book; outputs of some chapters are in the cache."""
    root = tmp_path_factory.mktemp('book')
    write(root)
    keep_outputs(root, **KEPT)
    return root


def run(book, *arguments, chapter='', **variables):
    """Run the chapters of a book; return the finished process."""
    return subprocess.run(
        [sys.executable, '-P', '-m', 'pytest', '-q', '-p', 'no:cacheprovider',
         '--color=no', '-rA', *arguments, 'tests/chapters'], cwd=book,
        capture_output=True, text=True,
        env={**os.environ, 'BOOK_CHAPTER': chapter, 'FRESH': '', **variables})


@pytest.fixture(scope='module')
def report(book):
    """Return what a run of all chapters reports, in two workers."""
    done = run(book, '-n', '2', '--dist', 'loadfile')
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def outcomes(report, slug):
    """Return the outcome of each cell of a chapter, in order."""
    found = re.findall(rf'^([A-Z]+) chapters/en/{slug}\.md::cell (\d+)',
                       report, re.MULTILINE)
    return [outcome for outcome, _ in sorted(found, key=lambda x: x[1])]


def executions(book):
    """Return the chapters that were executed so far."""
    return (book / 'log').read_text().split()


def kept(book):
    """Return what the last cells of the chapters in the cache wrote."""
    found = [nbformat.read(path, 4)
             for path in (book / '_build/cache').glob('*.ipynb')]
    return {output_text(code_cells(x)[-1].outputs) for x in found}


@pytest.mark.slow
@pytest.mark.parametrize('slug, expected', [
    ('right', ['PASSED'] * 4),
    ('outside', ['FAILED', 'PASSED']),
    ('gpu', ['PASSED'] * 2),
    ('generated', ['PASSED'] * 2),
], ids=['of a right chapter', 'after a difference',
        'on a GPU, where references do not count',
        'on stand-in data, which is not judged'])
def test_each_cell_is_judged(report, slug, expected):
    assert outcomes(report, slug) == expected


@pytest.mark.slow
@pytest.mark.parametrize('message', [
    'changed.md:9: cell 2: ',
    'expected:\n0.7\nfound:\n0.6666666666666666\n',
    'run `python -m book references --chapter changed`',
    'outside.md:4: cell 1: ',
    'outside, run: loss is 9.5, out of its band 1 to 2',
    '; FRESH=1 executes the chapter.',
    'lost.md:4: cell 1: ',
    'lost, run: loss:',
    "raises.md:9: cell 2: NameError: name 'undefined_name' is not defined",
    '----> 2 undefined_name',
    'renamed.md:4: cell 1: ',
    'there are references for cells [2], which the chapter does not have',
], ids=['place of a change', 'what changed', 'how to accept a change',
        'place outside a band', 'value and band', 'origin of kept outputs',
        'place of a lost result', 'which result is lost', 'error',
        'line of an error', 'place of old references', 'old references'])
def test_failures_name(message, report):
    assert message in report


@pytest.mark.slow
def test_after_an_error_the_chapter_stops(report):
    assert 'SKIPPED' in report
    assert report.count('cell 2 of chapters/en/raises.md did not run') == 1


@pytest.mark.slow
def test_what_is_in_the_cache_is_judged_and_not_executed(book, report):
    assert set(executions(book)) == set(EXECUTED)


@pytest.mark.slow
def test_what_ran_to_its_end_is_kept_for_builds_and_for_the_next_run(
    book, report
):
    last = {texts[-1] for texts in KEPT.values()}
    assert kept(book) == last | {'time 3 s', '0.6666666666666666'}
    before = executions(book)
    done = run(book, chapter='changed')
    assert 'expected:\n0.7\nfound:\n0.6666666666666666\n' in done.stdout
    assert outcomes(done.stdout, 'changed') == ['PASSED', 'FAILED']
    assert executions(book) == before


@pytest.mark.slow
@pytest.mark.parametrize('fresh', ['1', ''], ids=['wanted', 'damaged'])
def test_a_chapter_is_executed_anew_when_that_is(book, report, fresh):
    for path in (book / '_build/cache').glob('*.ipynb'):
        if not fresh and 'time 3 s' in path.read_text():
            path.write_text('{"cells": [')
    before = executions(book)
    done = run(book, chapter='right', FRESH=fresh)
    assert outcomes(done.stdout, 'right') == ['PASSED'] * 4
    assert executions(book) == [*before, 'right']
    assert 'time 3 s' in kept(book)


def test_the_longest_chapters_come_first(book):
    files.write_table(book / files.SECONDS, {'gpu': 2, 'lost': 9})
    done = run(book, '--collect-only')
    named = re.findall(r'^chapters/en/(\w+)\.md::cell 1', done.stdout, re.M)
    assert named[-2:] == ['lost', 'gpu']


def test_fast_runs_start_no_kernel(book):
    done = run(book, '-m', 'not slow')
    assert 'deselected' in done.stdout and 'passed' not in done.stdout


def test_an_unknown_chapter_is_named(book):
    done = run(book, chapter='unknown')
    assert "no chapter 'unknown'" in done.stdout and done.returncode
