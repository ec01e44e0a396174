"""Pages -> executed notebooks, from the cache where nothing changed."""

import platform
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timezone

from nbformat import NotebookNode

from book.chapters import requirements
from book.chapters.errors import BookError, PageError
from book.chapters.program import first_difference, program_digest
from book.chapters.reader import code_cells, foreign, read
from book.chapters.toc import LANGUAGES, Page
from book.execution import cache, environment, files
from book.execution.cache_key import data_sets, key
from book.execution.kernel import Runner
from book.execution.progress import Progress

WORKERS = 2


@dataclass(frozen=True)
class Chapter:
    """A page and its notebook, the same program in every language."""

    page: Page
    notebook: NotebookNode
    digest: str


@dataclass(frozen=True)
class Result:
    """What became of a chapter: executed, cached, failed or skipped.

    reason: why it was skipped.
    """

    page: Page
    outcome: str
    seconds: float = 0.0
    error: BookError | None = None
    reason: str = ''


def execute(root, chapters, workers=WORKERS):
    """Execute the chapters whose outputs are not in the cache.

    Returns a table: digest of the program -> key of the outputs, None for a
    chapter that was skipped, because what it needs is not installed.
    Raises BookError with one line per failed chapter, after all have run.
    """
    chapters = [x for x in chapters if cells(x)]
    surroundings = environment.gather(root, [x.notebook for x in chapters])
    results = execute_all(root, chapters, surroundings, workers)
    failures = [str(x.error) for x in results if x.error]
    if failures:
        raise BookError('\n'.join(failures))
    skipped = {x.page for x in results if x.outcome == 'skipped'}
    return {
        x.digest: None if x.page in skipped else key(x.notebook, surroundings)
        for x in chapters
    }


def prepare(pages):
    """Read pages; BookError lists all that cannot be read or differ."""
    chapters, problems = [], []
    for page in pages:
        try:
            chapters.append(read_pair(page))
        except BookError as error:
            problems.append(str(error))
    if problems:
        raise BookError('\n'.join(problems))
    return chapters


def read_pair(page):
    """Read a page in both languages and check that the programs agree."""
    en, zh = (read_own(page.text(x), page.label(x)) for x in LANGUAGES)
    if en.metadata.needs != zh.metadata.needs:
        raise PageError(
            page.label('zh'),
            1,
            'the comment `needs` is not the same as in ' + page.label('en'),
        )
    digest = program_digest(en, page.label('en'))
    if digest != program_digest(zh, page.label('zh')):
        index = first_difference(en, zh)
        line = {'en': cell_line(en, index), 'zh': cell_line(zh, index)}
        raise PageError(
            page.label('zh'),
            line['zh'],
            f'cell {index + 1} is not the same program as '
            f'{page.label("en")}:{line["en"]}; only comments '
            'and layout may differ',
        )
    return Chapter(page, en, digest)


def read_own(text, path):
    """Read a page; PageError for what belongs into other books."""
    for line, problem in foreign(text, path):
        raise PageError(path, line, problem)
    return read(text, path)


def cell_line(notebook, index):
    """Return the line of a code cell; of the last one if there is none."""
    cells = code_cells(notebook)
    return cells[min(index, len(cells) - 1)].metadata.line if cells else 1


def execute_all(root, chapters, surroundings, workers=WORKERS):
    """Execute chapters that are not in the cache; return their results.

    A chapter that fails does not stop the others.
    """
    keys = {x.page: key(x.notebook, surroundings) for x in chapters}
    cached = [
        Result(x.page, 'cached')
        for x in chapters
        if cache.load(root, keys[x.page])
    ]
    skipped = lacking(root, chapters, {result.page for result in cached})
    done = cached + skipped
    known = {result.page for result in done}
    waiting = [x for x in chapters if x.page not in known]
    workers = max(1, min(workers, len(waiting)))
    with Progress(sum(cells(x) for x in waiting)) as progress:
        for result in done:
            progress.finish(result)
        job = Job(root, keys, surroundings, progress, workers)
        executed = job.run(longest_first(root, waiting))
        progress.summary()
    remember_seconds(root, executed)
    return done + executed


def lacking(root, chapters, cached):
    """Return the results of chapters that need what is not installed.

    cached: the pages whose outputs are known all the same.
    """
    found = [
        (x.page, requirements.missing(root, x.notebook.metadata.needs))
        for x in chapters
        if x.page not in cached
    ]
    return [
        Result(page, 'skipped', reason=requirements.advice(missing))
        for page, missing in found
        if missing
    ]


def cells(chapter):
    """Return how many code cells a chapter has."""
    return len(code_cells(chapter.notebook))


class Job:
    """Executes some chapters at the same time and stores their outputs."""

    def __init__(self, root, keys, surroundings, progress, workers):
        self.root, self.keys, self.workers = root, keys, workers
        self.surroundings, self.progress = surroundings, progress
        self.runner = Runner(root, workers, progress.cell)

    def run(self, chapters):
        results = []
        with ThreadPoolExecutor(self.workers) as pool:
            try:
                futures = [pool.submit(self.one, x) for x in chapters]
                for future in as_completed(futures):
                    results.append(future.result())
                    self.progress.finish(results[-1])
            except BaseException:
                self.runner.stop()
                pool.shutdown(cancel_futures=True)
                raise
        return results

    def one(self, chapter):
        """Execute one chapter, unless another process is just doing so."""
        key = self.keys[chapter.page]
        with cache.claim(self.root, key, lambda: self.runner.stopped):
            if cache.load(self.root, key):
                return Result(chapter.page, 'cached')
            return self.execute(chapter)

    def execute(self, chapter):
        """Execute a chapter and store what comes out."""
        page, started = chapter.page, time.monotonic()
        self.progress.start(page.name)
        try:
            executed = self.runner.run(chapter.notebook, page.label('en'))
        except BookError as error:
            seconds = time.monotonic() - started
            return Result(page, 'failed', seconds, error)
        seconds = time.monotonic() - started
        executed.metadata['book'] = record(
            chapter, self.surroundings, seconds
        )
        cache.store(self.root, self.keys[page], executed)
        return Result(page, 'executed', seconds)


def record(chapter, surroundings, seconds):
    """Return what is noted in an executed notebook about its run."""
    data = {
        name: surroundings.data[name]
        for name in data_sets(chapter.notebook, surroundings.utils)
    }
    now = datetime.now(timezone.utc).isoformat(timespec='seconds')
    engine = surroundings.engine
    return {
        'seconds': round(seconds, 1),
        'device': surroundings.device,
        'full': surroundings.full,
        'data': data,
        'date': now,
        'engine': engine.name,
        'versions': {
            'python': platform.python_version(),
            'mxnet': engine.version,
            'torch': engine.torch,
        },
    }


def longest_first(root, chapters):
    """Order chapters by their last known time, unknown ones first."""
    seconds = files.read_table(root / files.SECONDS)
    return sorted(
        chapters,
        reverse=True,
        key=lambda x: seconds.get(x.page.name, float('inf')),
    )


def remember_seconds(root, results):
    """Keep how long chapters took, for the order of the next run."""
    seconds = files.read_table(root / files.SECONDS)
    seconds.update(
        {
            x.page.name: round(x.seconds, 1)
            for x in results
            if x.outcome == 'executed'
        }
    )
    files.write_table(root / files.SECONDS, seconds)
