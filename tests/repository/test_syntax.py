"""What readers run, `utils*.py` and the chapters, is Python 3.8 throughout.

The book is built with Python 3.11, but MXNet 1.9.1 runs on 3.8, too, and so
do older notebooks of readers. `make syntax PYTHON=python3.8` asks that Python
itself.
"""

import ast
import re
import subprocess
import sys

import pytest
from books import ROOT
from syntax import old_python
from test_layout import imported, normal, pins

from book.chapters.reader import code_cells, read
from book.chapters.requirements import declared

SOURCES = {str(path.relative_to(ROOT)): source
           for path, source in old_python.sources()}
PAGE = """\
# Title

```bash
not python
```

```{.python .input  n=3}
x = 1
```

```{.python .input}
print(x)
```
"""
NEWER = {'a function': 'import itertools; itertools.pairwise([1])',
         'an argument': 'zip([1], [2], strict=True)',
         'a method': '"name.md".removesuffix(".md")',
         'a union of tables': 'dict(x=1) | dict(y=2)'}


def vermin(*paths):
    """Ask vermin whether code needs a newer Python; it names the lines."""
    pytest.importorskip('vermin', reason='needs requirements-browser.txt')
    options = '--target=3.8-', '--violations', '--no-tips', '-vvv'
    return subprocess.run(
        [sys.executable, '-c', 'import vermin; vermin.main()', *options,
         *paths], capture_output=True, text=True)


@pytest.mark.parametrize('source', SOURCES.values(), ids=SOURCES.keys())
def test_the_syntax_is_that_of_python_3_8(source):
    ast.parse(source, feature_version=(3, 8))


def test_newer_syntax_is_noticed():
    with pytest.raises(SyntaxError):
        ast.parse('match 1:\n    case 1: pass', feature_version=(3, 8))


@pytest.mark.slow
def test_the_library_functions_are_those_of_python_3_8(tmp_path):
    for name, source in SOURCES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix('.py').write_text(source)
    done = vermin(tmp_path)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize('source', NEWER.values(), ids=NEWER.keys())
def test_a_newer_library_is_noticed_by(source, tmp_path):
    path = tmp_path / 'newer.py'
    path.write_text(f'# a line before\n{source}')
    done = vermin(path)
    assert done.returncode == 1
    assert f'{path}\n  L2: ' in done.stdout


def test_code_stands_on_the_lines_of_its_page():
    lines = old_python.code(PAGE).splitlines()
    found = {n: x for n, x in enumerate(lines, 1) if x}
    assert found == {8: 'x = 1', 12: 'print(x)'}


@pytest.mark.parametrize('name', [x for x in SOURCES if x.endswith('.md')])
def test_no_cell_is_overlooked(name):
    cells = code_cells(read((ROOT / name).read_text('utf-8')))
    lines = [line for cell in cells for line in cell.source.split('\n')]
    found = SOURCES[name].split('\n')
    assert [x for x in found if x.strip()] == [x for x in lines if x.strip()]


def test_a_chapter_runs_as_a_program_or_its_problem_has_a_file_and_a_line(
        tmp_path, monkeypatch, capsys):
    page = tmp_path / 'chapters/en/part/page.md'
    page.parent.mkdir(parents=True)
    monkeypatch.setattr(old_python, 'ROOT', tmp_path)
    page.write_text(PAGE.replace('print(x)', 'print(x'))
    [problem] = old_python.problems()
    assert re.match(r'chapters/en/part/page\.md:12: \S', problem)
    page.write_text(PAGE)
    monkeypatch.setattr(sys, 'path', list(sys.path))
    assert old_python.main(['page']) == 0
    assert capsys.readouterr().out.startswith('1\n')


def test_make_syntax_asks_a_python():
    python = f'PYTHON={sys.executable}'
    done = subprocess.run(['make', '--no-print-directory', 'syntax', python],
                          cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith('Python 3.11: no problem\n')


def test_the_packages_for_python_3_8_are_those_that_readers_import():
    own = {'utils', 'utils_data', 'utils_help', 'utils_stand_ins'}
    own.update(sys.stdlib_module_names)
    wanted = {normal(package) for name, source in SOURCES.items()
              if not name.startswith('from_scratch_to_gluon')
              and not declared((ROOT / name).read_text('utf-8'))
              for package in imported(ast.parse(source)) - own}
    old, lock = map(pins, ['tests/syntax/requirements-3.8.txt',
                           'requirements.txt'])
    assert wanted == set(old)
    for name in ('mxnet', 'numpy'):
        assert old[name] == lock[name]
