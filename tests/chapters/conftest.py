"""Judge every chapter of the table of contents, cell by cell.

A chapter whose outputs are in the cache is judged by them. Any other one is
executed, with nbval, and its outputs go into the cache, unless a cell does
not run to its end: what is built of the book executes nothing again.
FRESH=1 executes all chapters, BOOK_CHAPTER=slug judges one.

Only the English files count: those in Chinese are the same programs, as
test_pages.py proves. A text output is compared with the reference in
tests/references, numbers with a tolerance; the results of training are
judged by their bands and claims in book/results.yml. On a GPU references do
not count, on stand-in data bands and claims do not.

With pytest-xdist say `--dist loadfile`, so that a chapter stays in one
worker, and `--no-loadscope-reorder`, so that the longest ones come first.
"""

import contextlib
import copy
import functools
import os
import pathlib
import time
from unittest import mock

import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, RunningKernel
from nbval.plugin import IPyNbCell, IPyNbFile

from book.chapters import reader, requirements, toc
from book.chapters.errors import plain
from book.execution import (
    cache,
    cache_key,
    environment,
    files,
    kernel,
    schedule,
)
from book.experiments import comparison, expected_outputs, results
from book.experiments.sentences import claims

ROOT = pathlib.Path(__file__).parents[2]
HERE = pathlib.Path(__file__)


def pytest_collect_file(file_path, parent):
    """Let this file stand for all chapters."""
    if file_path == HERE:
        return Chapters.from_parent(parent, path=file_path)


@functools.cache
def surroundings():
    """Return the environment of all chapters, found out once."""
    return environment.gather(
        ROOT, [reader.read(page.text('en')) for page in toc.pages(ROOT)])


class Chapters(pytest.File):
    """The chapters of `_toc.yml`; those that took longest come first."""

    def collect(self):
        chosen = os.environ.get('BOOK_CHAPTER') or None
        return schedule.longest_first(ROOT, [
            Chapter.from_parent(self, path=page.path('en'), page=page)
            for page in toc.pages(ROOT, chosen) if page.is_chapter])


class Chapter(IPyNbFile):
    """A chapter: outputs, kept or of a kernel, and a test for each cell."""

    def __init__(self, *args, page, **kwargs):
        super().__init__(*args, **kwargs)
        self.page = page
        self.place = page.label('en')
        self.texts = []  # what the cells have written so far
        self.broken = None  # the number of the cell that runs, or raised

    def collect(self):
        self.nb = reader.read(self.page.text('en'), self.place)
        self.experiments = results.load(ROOT / 'book/results.yml',
                                        self.page.slug)
        self.references = expected_outputs.load(
            expected_outputs.path(ROOT, self.page))
        code = reader.code_cells(self.nb)
        for number, cell in enumerate(code, 1):
            yield Cell.from_parent(self, name=f'cell {number}',
                                   cell_num=number, cell=cell,
                                   is_last=number == len(code))

    def setup(self):
        self.key = cache_key.key(self.nb, surroundings())
        self.claim = cache.claim(ROOT, self.key)  # others wait for us
        fresh = os.environ.get('FRESH') == '1'
        self.kept = None if fresh else cache.load(ROOT, self.key)
        self.lacking = not self.kept and requirements.missing(
            ROOT, self.nb.metadata.needs)
        if not self.kept and not self.lacking:
            self.start()

    def start(self):
        """Start a kernel and note what it does."""
        self.config.option.nbval_cell_timeout = kernel.cell_timeout()
        self.scratch = contextlib.ExitStack()
        folder = self.scratch.enter_context(files.scratch())
        self.places = [i for i, cell in enumerate(self.nb.cells)
                       if cell.cell_type == 'code']
        self.executed = NotebookClient(copy.deepcopy(self.nb),
                                       record_timing=False)
        self.executed.reset_execution_trackers()
        self.executed.clear_before_next_output = False
        self.started = time.monotonic()
        variables = {**environment.of_build(ROOT),
                     'IPYTHONDIR': str(folder / 'ipython')}
        work = folder / 'work'
        work.mkdir()
        with mock.patch.dict(os.environ, variables, clear=True):
            self.kernel = RunningKernel(CURRENT_ENV_KERNEL_NAME, cwd=work)

    def teardown(self):
        super().teardown()
        if self.kernel:
            self.scratch.close()
            if len(self.texts) == len(self.places):
                self.keep()
        self.claim.lock.release()

    def get_kernel_message(self, timeout=None, stream='iopub'):
        """Note what a message says for the outputs of the running cell."""
        message = super().get_kernel_message(timeout, stream)
        place = self.places[self.broken - 1]
        with contextlib.suppress(CellExecutionComplete):
            self.executed.process_message(
                message, self.executed.nb.cells[place], place)
        return message

    def keep(self):
        """Store the outputs, as a build does."""
        seconds = time.monotonic() - self.started
        executed = self.executed.nb
        kernel.mark_stand_ins(executed)
        chapter = schedule.Chapter(self.page, self.nb, '')
        executed.metadata['book'] = schedule.record(chapter, surroundings(),
                                                    seconds)
        cache.store(ROOT, self.key, executed)
        schedule.remember_seconds(
            ROOT, [schedule.Result(self.page, 'executed', seconds)])


class Cell(IPyNbCell):
    """A code cell: it runs, repeats its reference, and keeps its bands."""

    def __init__(self, *args, is_last, **kwargs):
        super().__init__(*args, options=dict.fromkeys(
            ('skip', 'check_exception'), False) | {'check': True}, **kwargs)
        self.is_last = is_last
        self.cell.execution_count = self.cell_num  # or nothing is compared
        self.add_marker('slow')

    def setup(self):
        if self.parent.lacking:
            pytest.skip(requirements.advice(self.parent.lacking))
        if self.parent.broken:
            pytest.skip(f'cell {self.parent.broken} of {self.parent.place} '
                        'did not run to its end')

    def runtest(self):
        if self.parent.kept:
            self.judge_kept()
        else:
            self.parent.broken = self.cell_num
            super().runtest()
        self.check_bands()
        if self.is_last:
            self.check_all_found()

    def judge_kept(self):
        """Compare what the cache has of this cell."""
        kept = reader.code_cells(self.parent.kept)[self.cell_num - 1]
        if not self.compare_outputs(kept.outputs, ()):
            self.raise_cell_error('Cell outputs differ',
                                  '\n'.join(self.comparison_traceback))

    def compare_outputs(self, test, ref, skip_compare=None):
        """Compare the texts; nbval calls this when the cell has run."""
        self.parent.broken = None
        found = comparison.output_text(test)
        self.parent.texts.append(found)
        expected = self.parent.references.get(self.cell_num)
        if (expected is None or comparison.same(expected, found)
                or any(map(comparison.on_gpu, self.parent.texts))):
            return True
        self.comparison_traceback = [
            'expected:', expected, 'found:', found,
            f'If the new output is right, {self.renewal()}']
        return False

    def check_bands(self):
        """Judge the results that this cell has printed."""
        text = self.parent.texts[-1]
        if any(map(comparison.on_stand_in, self.parent.texts)):
            return
        for experiment in self.parent.experiments:
            band = results.band_for(experiment, self.parent.texts)
            for match in experiment.find.finditer(text):
                value = results.number(match[1], experiment)
                if not results.judge(value, band):
                    self.raise_cell_error(
                        f'{experiment} is {value:g}, out of its band '
                        f'{band[0]:g} to {band[1]:g} (book/results.yml)')

    def check_all_found(self):
        """Each result was printed, each claim is true, no cell is gone."""
        for experiment in self.parent.experiments:
            results.extract(self.parent.texts, experiment)
        false = claims.problems(ROOT / 'book/results.yml', self.parent.page,
                                self.parent.texts)
        if false:
            self.raise_cell_error('\n'.join(false))
        extra = [n for n in self.parent.references if n > self.cell_num]
        if extra:
            self.raise_cell_error(
                f'there are references for cells {extra}, which the chapter '
                f'does not have; {self.renewal()}')

    def renewal(self):
        """Say how references are renewed."""
        return ('run `python -m book references --chapter '
                f'{self.parent.page.slug}`')

    def repr_failure(self, excinfo):
        error = excinfo.value
        last = self.test_outputs[-1:] if self.test_outputs else []
        if last and last[0].output_type == 'error':
            said = f'{last[0].ename}: {kernel.summary(last[0].evalue)}'
        else:
            said = str(error)
        details = getattr(error, 'inner_traceback', None) or ''
        return f'{self.where()}: {said}\n{plain(details)}{self.origin()}'

    def origin(self):
        """Say whether the outputs are older than this run."""
        if not self.parent.kept:
            return ''
        date = self.parent.kept.metadata.book.date
        return f'\nThe outputs are of {date}; FRESH=1 executes the chapter.'

    def reportinfo(self):
        line = self.cell.metadata['line']
        return self.parent.path, line - 1, self.where()

    def where(self):
        """Return the place of the cell for an editor to open."""
        line = self.cell.metadata['line']
        return f'{self.parent.place}:{line}: cell {self.cell_num}'
