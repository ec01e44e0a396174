"""The book is built wherever it lies, whatever the system's settings are."""

import pathlib
import re
import shutil
import subprocess

import pytest
from books import ROOT, book_process, chapter, write_pair, write_tiny_book

from book.execution import files

FOLDER = 'my 书 (第二版)'
MARK = b'\xef\xbb\xbf'  # with which Notepad begins a file
PLAIN = {
    'LC_ALL': 'C', 'PYTHONCOERCECLOCALE': '0', 'PYTHONUTF8': '0',
    'PYTHONIOENCODING': 'ascii',
    'MPLBACKEND': 'svg', 'PYTHONPATH': '',
}
NO_HOME = dict.fromkeys(
    ['HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME'],
    '/dev/null/nobody')
DRAWING = 'import matplotlib.pyplot as plt\nplt.plot([1, 2])\nprint("drawn")'
LEFT = ('first.ipynb', 'second.rst', '._first.md', 'first.md~',
        '.ipynb_checkpoints/first-checkpoint.md')


def as_on_windows(root):
    """Let all text have the line ends of Windows, and pages a mark."""
    for path in filter(pathlib.Path.is_file, root.rglob('*')):
        if path.suffix != '.png':
            content = path.read_bytes().replace(b'\n', b'\r\n')
            path.write_bytes(MARK * (path.suffix == '.md') + content)


def litter(folder):
    """Leave beside pages what editors, Jupyter and macOS leave there."""
    for name in LEFT:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text('{"broken": true')


@pytest.fixture
def windows_book(tmp_path):
    """Return a tiny book, with its pipeline, as a checkout on Windows."""
    root = tmp_path / FOLDER
    root.mkdir()
    write_tiny_book(root)
    text = chapter('第一 First', DRAWING)
    write_pair(root, 'part/first', text.replace(
        '```{', '<!-- alt: A line. -->\n```{', 1))
    for name in ('book', 'from_scratch_to_gluon'):
        shutil.copytree(ROOT / name, root / name,
                        ignore=shutil.ignore_patterns('__pycache__'))
    shutil.copy(ROOT / 'TERMINOLOGY.md', root)
    as_on_windows(root)
    litter(root / 'chapters/en/part')
    return root


@pytest.mark.slow
def test_a_checkout_of_windows_in_a_chinese_folder_is_built_without_a_home(
    windows_book, monkeypatch
):
    for name, value in {**PLAIN, **NO_HOME}.items():
        monkeypatch.setenv(name, value)
    status, output, messages = book_process(windows_book, 'html')
    assert (status, output) == (0, '_build/html/index.html\n'), messages
    page = windows_book / files.SITE / 'zh/part/first.html'
    text = page.read_text('utf-8')
    assert 'alt="A line."' in text and 'drawn' in text
    assert '\r' not in text and '\ufeff' not in text
    assert 'Matplotlib' not in re.sub('<[^>]+>', '', text)
    status, output, _ = book_process(windows_book, 'check')
    assert (status, 'must be `## \\u5c0f\\u7ed3`' in output) == (1, True)


def test_git_gives_everyone_the_line_ends_that_the_shell_needs():
    done = subprocess.run(['git', 'ls-files', '--eol'], cwd=ROOT, check=True,
                          capture_output=True, encoding='utf-8')
    lines = [x.split() for x in done.stdout.splitlines()]
    assert [x[-1] for x in lines if x[0] == 'i/crlf' or x[0] == 'i/mixed'
            and 'attr/-text' not in x] == []
    assert [x[-1] for x in lines if 'eol=lf' not in x
            and 'attr/-text' not in x] == []
