"""Books for the tests: a tiny one of two chapters, and runs of the real."""

import asyncio
import concurrent.futures
import pathlib
import shutil
import signal
import subprocess
import sys
import textwrap

import filelock

from book.execution import files
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
DATA_SETS = {'numbers': SimpleNamespace(files={})}


def try_gpu():
    return 'cpu(0)'


def find_data(name):
    if name not in DATA_SETS:
        raise LookupError(f'no data set {name!r}; there is numbers')
    return SimpleNamespace(identity='real')


def data_set_folders(data_set, root):
    return ['.']


def missing_files(data_set, folder):
    return []


def load_data_numbers():
    return [1, 2, 3]
"""

TINY_DATA = "LOADERS = {'load_data_numbers': 'numbers'}\n"

TINY_CHAPTER = """\
# {title}

{intro}

```{{.python .input}}
{code}
```

{outro}
"""


def chapter(title, code):
    """Return the text of a chapter with one code cell."""
    return TINY_CHAPTER.format(
        title=title,
        code=textwrap.dedent(code),
        intro='An opening sentence.',
        outro='A closing sentence.',
    )


def write_tiny_book(root):
    """Write a book that builds in seconds."""
    pages = {
        'index': '# Tiny book\n',
        'part/index': '# Part\n',
        'part/first': chapter('First', 'print(1 + 1)'),
        'part/second': chapter('Second', 'import utils\nprint(utils.ANSWER)'),
    }
    for name, text in pages.items():
        write_pair(root, name, text)
    (root / '_toc.yml').write_text(TINY_TOC)
    for name, text in zip(UTILS, (TINY_UTILS, TINY_DATA, '')):
        (root / name).write_text(text)
    (root / 'requirements.txt').write_text('# the lock\n')
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


def start_book(root, *arguments):
    """Start `python -m book` in a book.

    It hears Ctrl-C even if the tests run in the background of a shell.
    """
    return subprocess.Popen(
        [sys.executable, '-m', 'book', *arguments],
        cwd=root,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def book(root, *arguments):
    """Run `python -m book`; return its status, output and messages."""
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
        status, _, messages = book(ROOT, form)
        if 'another build' not in messages:
            assert status == 0, messages
            return messages


def finish(coroutine):
    """Run a coroutine to its end, and return what it returns.

    In a thread of its own: the tests in a browser leave a loop running.
    """
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()
