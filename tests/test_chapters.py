"""The run of all chapters fails where it should, and names the place."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import nbformat
import pytest

from book.chapters.reader import code_cells
from book.experiments import expected_outputs
from book.experiments.comparison import output_text

ROOT = pathlib.Path(__file__).parent.parent
CHAPTERS = {
    'right': ['import os; x = 2 / 3', 'print("loss", 1.5)\nx',
              'os.listdir()', 'print("time 3 s")'],
    'changed': ['1 + 1', '2 / 3'],
    'outside': ['print("loss", 9.5)', '1 + 1'],
    'lost': ['print("no result")'],
    'raises': ['1 + 1', '# comment\nundefined_name', '3'],
    'gpu': ['print("gpu(0)")', 'print(5, "loss", 2.5)'],
    'generated': ['print("STAND-IN DATA: generated")', 'print("loss 9")'],
    'renamed': ['1'],
}
REFERENCES = {'right': {2: 'loss 1.5\n0.66667', 3: '[]', 4: 'time 99 s'},
              'changed': {1: '2', 2: '0.7'}, 'gpu': {2: '4 loss 2.5'},
              'renamed': {1: '1', 2: '2'}}
EXPERIMENTS = '''
- {chapter: %s, name: run, metric: loss, find: 'loss ([\\d.]+)',
   cpu: [1, 2], full: [2, 3]}
'''


@pytest.fixture(scope='module')
def book(tmp_path_factory):
    """Write a book of chapters without MXNet, right and wrong ones."""
    root = tmp_path_factory.mktemp('book')
    for language in ('en', 'zh'):
        folder = root / 'chapters' / language
        folder.mkdir(parents=True)
        for slug, cells in {'index': [], **CHAPTERS}.items():
            fences = [f'```{{.python .input}}\n{x}\n```\n' for x in cells]
            (folder / f'{slug}.md').write_text('\n'.join(['# T\n', *fences]))
    files = ''.join(f'- file: {slug}\n' for slug in CHAPTERS)
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
    return root


def run(book, *arguments, **variables):
    """Run the chapters of a book; return the finished process."""
    return subprocess.run(
        [sys.executable, '-P', '-m', 'pytest', '-q', '-p', 'no:cacheprovider',
         '--color=no', '-rA', *arguments, 'tests/chapters'],
        cwd=book, capture_output=True, text=True,
        env={**os.environ, 'BOOK_CHAPTER': '', **variables})


@pytest.fixture(scope='module')
def report(book):
    """Return what a run of all chapters reports."""
    done = run(book)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def outcomes(report, slug):
    """Return the outcome of each cell of a chapter, in order."""
    pattern = rf'^([A-Z]+) chapters/en/{slug}\.md::cell \d+'
    return re.findall(pattern, report, re.MULTILINE)


@pytest.mark.slow
def test_a_right_chapter_passes(report):
    assert outcomes(report, 'right') == ['PASSED'] * 4


@pytest.mark.slow
@pytest.mark.parametrize('message', [
    'changed.md:8: cell 2: ',
    'expected:\n0.7\nfound:\n0.6666666666666666\n',
    'run `python -m book references --chapter changed`',
    'outside.md:4: cell 1: ',
    'outside, run: loss is 9.5, out of its band 1 to 2',
    'lost.md:4: cell 1: ',
    'lost, run: loss:',
    "raises.md:8: cell 2: NameError: name 'undefined_name' is not defined",
    '----> 2 undefined_name',
    'renamed.md:4: cell 1: ',
    'there are references for cells [2], which the chapter does not have',
], ids=['place of a change', 'what changed', 'how to accept a change',
        'place outside a band', 'value and band', 'place of a lost result',
        'which result is lost', 'error', 'line of an error',
        'place of old references', 'old references'])
def test_failures_name(message, report):
    assert message in report


@pytest.mark.slow
def test_after_an_error_the_chapter_stops(report):
    assert 'SKIPPED' in report
    assert report.count('cell 2 of chapters/en/raises.md did not run') == 1


@pytest.mark.slow
def test_after_a_difference_the_chapter_goes_on(report):
    assert sorted(outcomes(report, 'outside')) == ['FAILED', 'PASSED']


@pytest.mark.slow
def test_references_do_not_count_on_a_gpu(report):
    assert outcomes(report, 'gpu') == ['PASSED'] * 2


@pytest.mark.slow
def test_stand_in_data_is_not_judged(report):
    assert outcomes(report, 'generated') == ['PASSED'] * 2


@pytest.mark.slow
def test_only_what_passed_is_kept_for_the_build(book, report):
    kept = [nbformat.read(path, 4)
            for path in (book / '_build/cache').glob('*.ipynb')]
    texts = sorted(output_text(code_cells(notebook)[-1].outputs)
                   for notebook in kept)
    assert texts == ['5 loss 2.5', 'loss 9\nstand-in data', 'time 3 s']


@pytest.mark.slow
def test_one_chapter_in_two_workers(book):
    done = run(book, '-n', '2', '--dist', 'loadfile', BOOK_CHAPTER='right')
    assert done.returncode == 0, done.stdout
    assert outcomes(done.stdout, 'right') == ['PASSED'] * 4


def test_fast_runs_start_no_kernel(book):
    done = run(book, '-m', 'not slow')
    assert 'deselected' in done.stdout and 'passed' not in done.stdout


def test_an_unknown_chapter_is_named(book):
    done = run(book, BOOK_CHAPTER='unknown')
    assert "no chapter 'unknown'" in done.stdout and done.returncode
