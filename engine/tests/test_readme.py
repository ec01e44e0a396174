"""The README says what the package is: its tables are held against it.

A row `| `mx.nd`: words | `there` ... | `not there` ... |` names a module;
`{a,b}` in a name stands for several.
"""

import itertools
import pathlib
import re

import mxnet as mx
import pytest
from mxnet.base import NotThere
from mxnet.ndarray.operator import OPERATORS

ENGINE = pathlib.Path(__file__).parents[1]
TEXT = (ENGINE / 'README.md').read_text('utf-8')
ROW = re.compile(r'^\| `(mx[\w.]*)`([^|]*)\|([^|]*)\|([^|]*)\|$', re.M)
FAMILIES = ['gluon.nn', 'gluon.rnn', 'gluon.loss', 'init', 'optimizer',
            'lr_scheduler', 'gluon.data', 'gluon.data.vision', 'io']
ELSEWHERE = {'NDArray', 'HybridBlock', 'HybridSequential', 'Sequential',
             'Symbol', 'MXNetError'}  # imported by a module that uses them


def names(cell):
    """Return the names of a cell, those in braces written out."""
    found = []
    for name in re.findall('`([^`]+)`', cell):
        parts = [part.split(',') for part in re.split('[{}]', name)]
        found += map(''.join, itertools.product(*parts))
    return found


def listed(column):
    """Return pairs (module, name) of a column of the table."""
    return [(module, name) for module, *cells in ROW.findall(TEXT)
            for name in names(cells[column])]


def look_up(path):
    """Return what `mx.nd.exp` is."""
    found = mx
    for name in path.split('.')[1:]:
        found = getattr(found, name)
    return found


@pytest.mark.parametrize('module, name', listed(1))
def test_what_the_readme_lists_is_there(module, name):
    assert getattr(look_up(module), name) is not None


@pytest.mark.parametrize('module, name', listed(2))
def test_a_name_that_is_not_there_is_explained_in_one_line(module, name):
    with pytest.raises(NotThere) as raised:
        getattr(look_up(module), name)
    message = str(raised.value)
    assert f'.{name}`' in message and '\n' not in message
    assert 'did you mean' in message or 'install `mxnet`' in message


def test_every_operator_is_listed():
    known = {name for module, name in listed(1) if module == 'mx.nd'}
    assert {x for x in OPERATORS if x[0] != '_'} - known == set()


@pytest.mark.parametrize('family', FAMILIES)
def test_every_class_is_listed(family):
    known = {name for module, name in listed(1) if module == f'mx.{family}'}
    classes = {name for name, found in vars(look_up(f'mx.{family}')).items()
               if isinstance(found, type) and name[0].isupper()
               and found.__module__.startswith('mxnet')}
    assert classes - known - ELSEWHERE == set()


def test_the_layout_names_every_file():
    table = TEXT.split('## How it is laid out')[1].split('\n## ')[0]
    told = {path for cell in re.findall(r'^\|([^|]*)\|', table, re.M)
            for path in names(cell)}
    package = ENGINE / 'mxnet'
    files = {path.relative_to(package).as_posix() for path
             in package.rglob('*.py') if path.name != '__init__.py'}
    covered = {x for x in files
               if any(x == y or x.startswith(y) and y[-1] == '/'
                      for y in told)}
    assert files - covered == set()
    assert [x for x in told if x.endswith(('.py', '/'))
            and not (package / x).exists()] == []


def test_chapters_and_files_that_are_named_exist():
    root = ENGINE.parent
    chapters = re.findall(r'\| ([a-z][\w-]+(?:/[\w-]+)?) \|$', TEXT, re.M)
    assert len(chapters) > 20
    assert [x for x in chapters if not any(
        (root / f'chapters/en/{x}{end}').exists()
        for end in ('.md', '/index.md'))] == []
    links = re.findall(r'\]\(([^):]+)\)', TEXT)
    assert [x for x in links if not (ENGINE / x).exists()] == []


def test_the_example_learns_the_line(capsys):
    code = TEXT.split('```python\n')[1].split('```')[0]
    exec(code, {})
    numbers = [float(x) for x in re.findall(r'-?\d+\.\d*',
                                            capsys.readouterr().out)]
    assert numbers == pytest.approx([2, -3.4, 4.2], abs=0.01)
