"""The book is built wherever it lies, whatever the system's settings are."""

import pathlib

import pytest
from books import (
    book_process,
    chapter,
    write_pair,
    write_tiny_book,
)

FOLDER = 'my 书 (第二版)'
BOM = b'\xef\xbb\xbf'
CODE_PAGE = {'PYTHONIOENCODING': 'cp1252:strict'}  # as a pipe on Windows
PLAIN_C = {'LC_ALL': 'C', 'LANG': 'C', 'PYTHONUTF8': '0',
           'PYTHONCOERCECLOCALE': '0'}
NO_HOME = dict.fromkeys(('HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME',
                         'XDG_DATA_HOME', 'XDG_RUNTIME_DIR'), '/dev/null/no')


def as_on_windows(root):
    """Let all files have the line ends of Windows, and pages a mark."""
    for path in filter(pathlib.Path.is_file, root.rglob('*')):
        content = path.read_bytes().replace(b'\n', b'\r\n')
        path.write_bytes(BOM * (path.suffix == '.md') + content)


def litter(root):
    """Leave what editors, Jupyter and macOS leave beside a page."""
    part = root / 'chapters/en/part'
    for name in ('first.ipynb', 'second.rst', '._first.md', 'first.md~',
                 '.ipynb_checkpoints/first-checkpoint.md',
                 '.ipynb_checkpoints/first-checkpoint.ipynb'):
        (part / name).parent.mkdir(exist_ok=True)
        (part / name).write_text('{"broken": true')


@pytest.mark.slow
@pytest.mark.parametrize('surroundings', [
    {**PLAIN_C, **NO_HOME},
], ids=['C'])
def test_a_book_is_built(tmp_path, monkeypatch, surroundings):
    root = tmp_path / FOLDER
    root.mkdir()
    write_tiny_book(root)
    code = 'import matplotlib.pyplot as plt\nplt.plot([1, 2]);'
    first = chapter('First 第一', code).replace(
        '```{', '<!-- alt: A line. -->\n```{', 1)
    write_pair(root, 'part/first', first)
    as_on_windows(root)
    litter(root)
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)
    import time
    t = time.time()
    status, output, messages = book_process(root, 'html')
    print(time.time() - t)
    assert (status, messages.count('error')) == (0, 0), messages
    assert output.rstrip().endswith('index.html')
