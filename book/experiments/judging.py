"""The checks and reports that need the whole book, not one page."""

import os
from dataclasses import dataclass
from unittest import mock

from book.chapters import toc
from book.execution import cache, reached, schedule
from book.execution.cache_key import data_sets
from book.experiments import entries, expected_outputs, results, seeds
from book.experiments.sentences import claims, values


@dataclass(frozen=True)
class Judged:
    """What a run of the book showed.

    rows: the table of results; numbers: slug -> the numbers that have names;
    false: the sentences that it refutes, with their lines; claims: all
    sentences that it was asked about, page by page.
    """

    rows: list
    numbers: dict
    false: list
    claims: list

    @property
    def good(self):
        return not self.false and all(row.good for row in self.rows)

    def __str__(self):
        told = [*self.claims, *self.false,
                f'claims that are false: {len(self.false)}']
        return '\n'.join([results.table(self.rows),
                          *(told if self.claims else [])])


def judge(root, chapter=None, shift=0):
    """Judge the results of the book; execute what is not in the cache.

    shift: by how much the seeds are moved.
    """
    path, found = root / entries.NAME, dict(training(root, chapter, shift))
    texts = {page: values.texts_of(x) for page, x in found.items()}
    return Judged(
        rows_of(root, found, chapter),
        {page.slug: values.of_texts(path, page, x)
         for page, x in texts.items() if not values.unclaimed(x)},
        [problem for page, x in texts.items()
         for problem in claims.problems(path, page, x)],
        [line for page in found for line in claims.lines(path, page)])


def rows_of(root, found, chapter=None):
    """Return the table of results of executed notebooks, page -> notebook."""
    notebooks = {page.slug: notebook for page, notebook in found.items()}
    return [results.row(notebooks.get(experiment.chapter), experiment)
            for experiment in results.load(root / entries.NAME, chapter)]


def training(root, chapter=None, shift=0):
    """Return pairs (page, executed notebook) of what results.yml names."""
    slugs = entries.chapters(root / entries.NAME)
    pages = [page for page in toc.pages(root, chapter) if page.slug in slugs]
    return executed(root, pages, shift)


def executed(root, pages, shift=0):
    """Return pairs (page, executed notebook) for pages with code."""
    chapters = [seeds.moved(x, shift) for x in schedule.prepare(pages)]
    table = schedule.execute(root, chapters)
    return [(chapter.page, cache.load(root, table[chapter.digest]))
            for chapter in chapters if table.get(chapter.digest)]


def renew_references(root, chapter=None):
    """Write the references of the chapters; return their files.

    A chapter that loads data is executed on the real data and on the
    stand-ins, any other one once.
    """
    pages = toc.pages(root, chapter)
    with mock.patch.dict(os.environ, BOOK_STAND_IN='never'):
        real = executed(root, pages)
    utils = reached.sources(root)
    loading = [page for page, notebook in real if data_sets(notebook, utils)]
    with mock.patch.dict(os.environ, BOOK_STAND_IN='always'):
        stand_in = dict(executed(root, loading)) if loading else {}
    return [renew(root, page, notebook, stand_in.get(page, notebook))
            for page, notebook in real]


def renew(root, page, real, stand_in):
    """Write the references of one chapter; return their file."""
    experiments = results.load(root / entries.NAME, page.slug)
    path = expected_outputs.path(root, page)
    found = expected_outputs.deterministic(real, stand_in, experiments)
    expected_outputs.write(path, found)
    return path
