"""How much memory chapters and builds need."""

import pathlib
import resource
import sys
import tempfile

from benchmarks import small_books
from benchmarks.handshake import answer, wait_for_start
from benchmarks.machine import ROOT, Worker, together
from benchmarks.report import Chart, Part, Table
from book.chapters import reader, toc
from book.execution.kernel import Runner

TITLE = 'Memory'
TEXT = (
    'the most that the kernel of a chapter ever had in memory while it was '
    'executed, and the most that all processes of a build had together '
    '({} generated chapters, nothing executed); what processes share counts '
    'more than once there. Other chapters: `python -m benchmarks memory '
    '--chapters SLUG ...`.'
)
PAGES = 50  # about as many as the book has
BUILD = f'build of {PAGES} chapters'


def work(slug):
    """Execute a chapter, in a process of its own; answer with the MB."""
    [page] = toc.pages(ROOT, slug)
    notebook = reader.read(page.text('en'), page.label('en'))
    wait_for_start()
    Runner(ROOT).run(notebook, page.label('en'))
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 1 if sys.platform == 'darwin' else 1024
    answer(children.ru_maxrss * unit / 1e6)


def measure(say, chapters):
    """Execute some chapters, one after the other; then build a book."""
    for slug in chapters:
        toc.pages(ROOT, slug)
    found = {}
    for slug in chapters:
        [found[slug]] = together([Worker('memory', (slug,))])
        say(f'{slug}: {found[slug]:,.0f} MB')
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder).resolve()
        small_books.generate(root, PAGES)
        small_books.fill_cache(root)
        found[BUILD] = small_books.html(root).memory
    say(f'{BUILD}: {found[BUILD]:,.0f} MB')
    return part(found)


def part(found):
    """Return what is to be said: {chapter, or build: its MB}."""
    rows = tuple((name, float(size)) for name, size in found.items())
    return Part(
        TITLE,
        TEXT.format(PAGES),
        (Table('The most memory', ('what', 'MB'), rows),),
        Chart('bars', 'MB', {'': found}),
    )


if __name__ == '__main__':
    work(*sys.argv[1:])
