"""What a build costs beyond execution, as the book grows."""

import pathlib
import tempfile

from benchmarks import small_books
from benchmarks.report import Chart, Part, Table, slope

TITLE = 'Growth'
TEXT = (
    'generated chapters of six sections in both languages. Their outputs '
    'are in the cache, so that nothing is executed. Each row is the wall '
    'time of `python -m book html` in seconds: all pages, nothing changed, '
    'the prose of one page; then, of the first, the seconds by page, what '
    'each further page has cost since the row above, and the seconds of the '
    'processor by page (the two editions are built at the same time).'
)
SIZES = 10, 30, 100, 300
STEPS = 'all pages', 'nothing changed', 'one page'
FIRST = 'part-0/chapter-0'


def measure(say):
    """Build a book of each size."""
    found = {}
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            found[size] = builds(pathlib.Path(folder).resolve(), size)
        seconds = ', '.join(f'{x.seconds:.1f} s' for x in found[size])
        say(f'{size} chapters: {seconds}')
    return part(found)


def builds(root, size):
    """Return the builds of a generated book: one for each of STEPS."""
    small_books.generate(root, size)
    small_books.fill_cache(root)
    found = [small_books.html(root), small_books.html(root)]
    path = small_books.page_path(root, 'en', FIRST)
    small_books.edit(path, 'nobody', 'hardly anybody')
    return [*found, small_books.html(root)]


def part(found):
    """Return what is to be said: {size: its builds}."""
    seconds = {
        step: {size: runs[index].seconds for size, runs in found.items()}
        for index, step in enumerate(STEPS)
    }
    columns = (
        *('chapters', *STEPS, 'by page', 'each further page'),
        *('processor, by page', 'memory, MB'),
    )
    return Part(
        TITLE,
        TEXT,
        (Table('Seconds of a build', columns, rows(found)),),
        Chart('lines', 'seconds', seconds, 'chapters'),
    )


def rows(found):
    """Return the rows of the table; a chapter has two pages."""
    first = {2 * size: runs[0].seconds for size, runs in found.items()}
    more = {after: x for (_, after), x in slope(first).items()}
    return tuple(
        (
            size,
            *(run.seconds for run in runs),
            runs[0].seconds / (2 * size),
            more.get(2 * size),
            runs[0].work / (2 * size),
            max(run.memory for run in runs),
        )
        for size, runs in found.items()
    )
