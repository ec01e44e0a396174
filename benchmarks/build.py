"""What an edit costs: this book's build beside plain Jupyter Book."""

import pathlib
import re
import shutil
import sys
import tempfile

import nbformat
import yaml

from benchmarks import small_books
from benchmarks.report import Chart, Part, Table
from book.chapters import reader, toc
from book.chapters.languages import EDITIONS
from book.execution import files
from book.shipping import notebooks

TITLE = 'Building'
TEXT = (
    'both editions of {} chapters: {}. Plain Jupyter Book has the same '
    'chapters as notebooks, executes them with its own cache '
    '(`execute_notebooks: cache`) and builds one edition after the other, '
    'as two kernels with two threads each would slow one another down. '
    'Seconds, and in brackets how many notebooks were executed. Plain '
    'Jupyter Book shows old outputs after an edit of `utils.py`.'
)
NAMES = (
    'crash-course/ndarray',
    'crash-course/autograd',
    'supervised-learning/linear-regression-scratch',
    'supervised-learning/linear-regression-gluon',
    'gluon-basics/block',
    'gluon-basics/parameters',
    'gluon-basics/serialization',
)
EDITED = NAMES[0]
OURS, PLAIN = 'this book', 'Jupyter Book'
COMMAND = 'from jupyter_book.cli.main import main; main()'
EXECUTED = re.compile('Executed notebook in')
FENCE = f'\n{reader.CODE_FENCE}\n'
SPECIAL = 'extra_extensions', 'recursive_update'


def measure(say):
    """Build the same chapters in two ways after each edit."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder).resolve()
        small_books.excerpt(root, NAMES)
        for name, change in EDITS.items():
            change(root)
            found[name] = {OURS: small_books.html(root), PLAIN: plain(root)}
            say(f'{name}: ' + ', '.join(
                f'{x} {shown(y)}' for x, y in found[name].items()
            ))  # fmt: skip
    return part(found)


def nothing(root):
    """Change nothing."""


def prose(root):
    """Change a sentence of a page in one language."""
    path = small_books.page_path(root, 'en', EDITED)
    text = path.read_text(encoding='utf-8')
    path.write_text(f'{text}\nOne more sentence.\n', encoding='utf-8')


def code(root):
    """Change a cell of a chapter, in both languages."""
    for language in toc.LANGUAGES:
        path = small_books.page_path(root, language, EDITED)
        small_books.edit(path, FENCE, f'{FENCE}edited = True\n')


def utils(root):
    """Change what all chapters import."""
    path = root / 'utils.py'
    text = path.read_text(encoding='utf-8')
    path.write_text(f'{text}\n\nEDITED = True\n', encoding='utf-8')


EDITS = {
    'cold': nothing,
    'nothing changed': nothing,
    'prose of a page': prose,
    'code of a chapter': code,
    '`utils.py`': utils,
}


def plain(root):
    """Build both editions with plain Jupyter Book; return the sum."""
    other = root / 'plain'
    figures = other / 'chapters/figures'
    if not figures.exists():
        shutil.copytree(root / 'chapters/figures', figures)
    runs = [edition(root, other, language) for language in toc.LANGUAGES]
    return small_books.Run(
        sum(x.seconds for x in runs),
        sum(x.executed for x in runs),
        max(x.memory for x in runs),
    )


def edition(root, other, language):
    """Build an edition with plain Jupyter Book."""
    for name in NAMES:
        convert(root, other, language, name)
    index = small_books.page_path(other, language, 'index')
    shutil.copy(small_books.page_path(root, language, 'index'), index)
    config = other / f'{language}.yml'
    files.write(config, settings(root, language))
    for name in (*notebooks.UTILS, toc.NAME):
        shutil.copy(root / name, other)
    command = [
        *(sys.executable, '-c', COMMAND, 'build', f'chapters/{language}'),
        *('--config', config.name, '--toc', str(other / toc.NAME)),
        *('--path-output', language),
    ]
    return small_books.run(other, command, EXECUTED)


def convert(root, other, language, name):
    """Write a page as a notebook; an unchanged one stays as it is."""
    text = small_books.page_path(root, language, name).read_text('utf-8')
    path = other / 'chapters' / language / f'{name}.ipynb'
    new = nbformat.writes(reader.read(text))
    if not path.exists() or path.read_text('utf-8') != new:
        files.write(path, new)


def settings(root, language):
    """Return our settings without what only our package understands."""
    config = yaml.safe_load((root / '_config.yml').read_text('utf-8'))
    sphinx = config['sphinx']
    for name in SPECIAL:
        del sphinx[name]
    del sphinx['config']['html_theme_options']
    sphinx['config']['language'] = EDITIONS[language].locale
    config['execute'] = {'execute_notebooks': 'cache', 'timeout': 900}
    return yaml.safe_dump(config, allow_unicode=True)


def shown(run):
    """Return a run as text."""
    return f'{run.seconds:.1f} s ({run.executed})'


def part(found):
    """Return what is to be said: {edit: {way: its build}}."""
    rows = [
        (
            name,
            *(shown(ways[x]) for x in (OURS, PLAIN)),
            ways[PLAIN].seconds / ways[OURS].seconds,
        )
        for name, ways in found.items()
    ]
    series = {
        way: {name: ways[way].seconds for name, ways in found.items()}
        for way in (OURS, PLAIN)
    }
    slugs = ', '.join(name.rsplit('/', 1)[-1] for name in NAMES)
    columns = 'after', OURS, PLAIN, 'Jupyter Book takes, times'
    return Part(
        TITLE,
        TEXT.format(len(NAMES), slugs),
        (Table('Wall time of a build', columns, tuple(rows)),),
        Chart('bars', 'seconds', series),
    )
