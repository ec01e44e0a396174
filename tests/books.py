"""Books for the tests: a tiny one of two chapters, and runs of the real."""

import asyncio
import concurrent.futures
import contextlib
import copy
import io
import logging
import pathlib
import shutil
import signal
import subprocess
import sys
import textwrap
import traceback
import warnings
from unittest import mock

import filelock
from nbformat.v4 import new_output

from book.__main__ import main
from book.chapters import toc
from book.chapters.reader import code_cells
from book.execution import cache, environment, files, outputs, schedule
from book.execution.cache_key import key
from book.rendering import jupyter_book
from book.shipping.notebooks import UTILS

ROOT = pathlib.Path(__file__).parent.parent

TINY_TOC = """\
format: jb-book
root: index
chapters:
  - file: part/index
    sections:
      - file: part/first
      - file: part/second
"""

TINY_UTILS = """\
from types import SimpleNamespace

ANSWER = 42
DATA_SETS = {'numbers': None}


def try_gpu():
    return 'cpu(0)'


def find_data(name):
    if name not in DATA_SETS:
        raise LookupError(f'no data set {name!r}; there is numbers')
    return SimpleNamespace(identity='real')


def load_data_numbers():
    return [1, 2, 3]
"""

TINY_DATA = """\
from types import SimpleNamespace

LOADERS = {'load_data_numbers': 'numbers'}
DATA_SETS = {'numbers': SimpleNamespace(files={})}


def physical_cores():
    return 2


def data_set_folders(data_set, root):
    return ['.']


def missing_files(data_set, folder):
    return []
"""

TINY_CHAPTER = """\
# {title}

An opening sentence.

```{{.python .input}}
{code}
```

A closing sentence.
"""


def chapter(title, code):
    """Return the text of a chapter with one code cell."""
    return TINY_CHAPTER.format(title=title, code=textwrap.dedent(code))


def write_tiny_book(root):
    """Write a book that builds in seconds."""
    pages = {
        'index': '# Tiny book\n', 'part/index': '# Part\n',
        'part/first': chapter('First', 'print(1 + 1)'),
        'part/second': chapter('Second', 'import utils\nprint(utils.ANSWER)')}
    for name, text in pages.items():
        write_pair(root, name, text)
    (root / '_toc.yml').write_text(TINY_TOC)
    for name, text in zip(UTILS, (TINY_UTILS, TINY_DATA, '', '')):
        (root / name).write_text(text)
    (root / 'requirements.txt').write_text('# the lock\n')
    for name in ('LICENSE', 'LICENSE-CODE'):
        (root / name).write_text('free\n')
    shutil.copy(ROOT / '_config.yml', root)
    return root


def write_pair(root, name, text):
    """Write the same page in both languages."""
    for language in ('en', 'zh'):
        write_page(root, language, name, text)


def write_page(root, language, name, text):
    """Write a page in one language."""
    path = root / 'chapters' / language / f'{name}.md'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding='utf-8')


def commit(folder):
    """Put all files of a folder under version control."""
    git = ('git', '-c', 'user.name=a', '-c', 'user.email=a@example.org')
    for words in (('init', '-q'), ('add', '-A'), ('commit', '-qm', 'all')):
        subprocess.run([*git, *words], cwd=folder, check=True)


def keep_outputs(root, **texts):
    """Put outputs into the cache as if chapters had run.

    texts: slug -> what each cell of the chapter has printed.
    """
    chapters = schedule.prepare(toc.pages(root))
    surroundings = environment.gather(root, [x.notebook for x in chapters])
    for one in chapters:
        if one.page.slug in texts:
            executed = copy.deepcopy(one.notebook)
            cells = code_cells(executed)
            for cell, text in zip(cells, texts[one.page.slug], strict=True):
                cell.outputs = [new_output('stream', name='stdout',
                                           text=text)]
            executed.metadata['book'] = schedule.record(one, surroundings, 0)
            cache.store(root, key(executed, surroundings), executed)


def without_outputs(root):
    """Have the pages shown as they are now without outputs."""
    chapters = schedule.prepare(toc.pages(root))
    outputs.write(root, {x.digest: None for x in chapters})
    return root


class Inside:
    """Stands for the process of Jupyter Book, which has run in this one."""

    def __init__(self, arguments, log, root):
        from jupyter_book.cli import main as jupyter_book

        with (
            log.open('w') as file,
            contextlib.redirect_stdout(file),
            contextlib.redirect_stderr(file),
        ):
            try:
                jupyter_book.main(arguments, standalone_mode=False)
                self.returncode = 0
            except SystemExit as end:
                self.returncode = end.code
            except Exception:
                traceback.print_exc()
                self.returncode = 1
        forget_sphinx()

    def wait(self):
        return self.returncode

    def stop(self):
        """It has ended."""


def forget_sphinx():
    """Undo what a build leaves behind for others of this process."""
    import sphinx.locale

    sphinx.locale.translators.clear()
    logging.getLogger('sphinx').handlers.clear()


def book(root, *arguments):
    """Run `python -m book` here; return its status, output and messages.

    Jupyter Book runs here, too: to load it takes longer than to build most
    books of the tests.
    """
    output, messages = io.StringIO(), io.StringIO()
    before = {x: signal.getsignal(x) for x in (signal.SIGTERM, signal.SIGHUP)}
    with (
        contextlib.chdir(root),
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(messages),
        mock.patch.object(jupyter_book, 'launch', Inside),
        warnings.catch_warnings(action='ignore'),
    ):
        try:
            status = main(arguments)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
    return status, output.getvalue(), messages.getvalue()


def start_book(root, *arguments):
    """Start `python -m book` in a process of its own.

    It hears Ctrl-C even if the tests run in the background of a shell.
    """
    return subprocess.Popen(
        [sys.executable, '-m', 'book', *arguments], cwd=root, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))


def book_process(root, *arguments):
    """Run `python -m book` in a process of its own; return the same."""
    process = start_book(root, *arguments)
    output, messages = process.communicate()
    return process.returncode, output, messages


def one_build_at_a_time():
    """Return the lock that a test holds while it builds and copies."""
    (ROOT / files.BUILD).mkdir(exist_ok=True)
    return filelock.FileLock(ROOT / files.BUILD / 'tests.lock')


def build_real_book(form):
    """Build a form of the real book; return the messages."""
    while True:
        with filelock.FileLock(ROOT / files.LOCK):
            pass
        status, _, messages = book_process(ROOT, form)
        if 'another build' not in messages:
            assert status == 0, messages
            return messages


def finish(coroutine):
    """Run a coroutine to its end, and return what it returns.

    In a thread of its own: the tests in a browser leave a loop running.
    """
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()
