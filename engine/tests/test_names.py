"""Every name has a case, and every name that the book uses is there.

Stands on the README's table, on the recorded programs, and on the syntax
trees of the chapters and of utils.py, which are beside this package in the
book's repository; without them that part is passed over.
"""

import ast
import functools
import inspect
import pathlib
import re

import answers
import mxnet
import pytest
import test_readme

HERE = pathlib.Path(__file__).parent
BOOK = HERE.parents[1]
CELL = re.compile(r'^```\{\.python[^}]*\}\n(.*?)^```', re.M | re.S)
SOURCES = [*sorted(BOOK.glob('chapters/en/**/*.md')), *sorted(
    BOOK.glob('utils*.py'))]


# Every name of the README's table has a case

@functools.lru_cache
def cases():
    """Return the text of all recorded programs and of the tests by hand."""
    programs = [program for family in answers.families()
                for program in answers.read(family)[1]]
    tests = [path.read_text('utf-8') for path in HERE.glob('test_*.py')
             if path.name not in ('test_readme.py', 'test_names.py')]
    return '\n'.join(programs + tests)


@functools.lru_cache
def words():
    return set(re.findall(r'\w+', cases()))


@pytest.mark.parametrize('module, name', test_readme.listed(1))
def test_every_name_has_a_case(module, name):
    assert name in words() or name.lower() in words()


# Every name of the book is there

def code(path):
    """Return the Python of a file: the cells of a chapter, one by one."""
    text = path.read_text('utf-8')
    return [text] if path.suffix == '.py' else CELL.findall(text)


def tree(cell):
    """Return the syntax tree of a cell; lines of a shell are left out."""
    lines = ['' if re.match(r'\s*[!%]', line) else line
             for line in cell.splitlines()]
    return ast.parse('\n'.join(lines))


def imported(node, known):
    """Note what an import binds: {'nd': 'mxnet.ndarray'}; yield paths."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name.partition('.')[0] == 'mxnet':
                known[alias.asname or 'mxnet'] = \
                    alias.name if alias.asname else 'mxnet'
                yield alias.name
    elif isinstance(node, ast.ImportFrom) and not node.level \
            and (node.module or '').partition('.')[0] == 'mxnet':
        for alias in node.names:
            known[alias.asname or alias.name] = f'{node.module}.{alias.name}'
            yield f'{node.module}.{alias.name}'


def dotted(node):
    """Return ['nd', 'random', 'normal'] for such an expression, or []."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        names = dotted(node.value)
        return names and [*names, node.attr]
    return []


def used(path):
    """Return the names of mxnet that the code of a file uses, in full."""
    known, found = {}, set()
    trees = [tree(cell) for cell in code(path)]
    for node in (x for tree in trees for x in ast.walk(tree)):
        found.update(imported(node, known))
    for node in (x for tree in trees for x in ast.walk(tree)):
        first, *rest = dotted(node) or ['']
        if first in known and rest:
            found.add('.'.join([known[first], *rest]))
    return sorted(found)


def look_up(path):
    """Return what a name in full is; what instances have is passed over."""
    found = mxnet
    for name in path.split('.')[1:]:
        if not (inspect.ismodule(found) or inspect.isclass(found)):
            break
        found = getattr(found, name)
    return found


@pytest.mark.skipif(len(SOURCES) < 2, reason='the book is not here')
def test_the_book_uses_names_that_are_there():
    names = {(path.name, name) for path in SOURCES for name in used(path)}
    assert len({name for _, name in names}) > 60
    missing = []
    for file, name in sorted(names):
        try:
            look_up(name)
        except AttributeError as error:
            missing.append(f'{file}: {error}')
    assert not missing, '\n'.join(missing)


def test_the_reader_of_names(tmp_path):
    path = tmp_path / 'a.md'
    path.write_text(
        'Text `mx.nd.no`\n\n```{.python .input}\n!pip install x\n'
        'import mxnet as mx\nfrom mxnet import nd, gluon\n'
        'y = nd.random.normal(0, 1) + nd.nonsense\n```\n\n'
        '```{.python .input}\nnet = gluon.nn.Dense(2)\n```\n', 'utf-8')
    assert used(path) == [
        'mxnet', 'mxnet.gluon', 'mxnet.gluon.nn', 'mxnet.gluon.nn.Dense',
        'mxnet.nd', 'mxnet.nd.nonsense', 'mxnet.nd.random',
        'mxnet.nd.random.normal']
    with pytest.raises(AttributeError):
        look_up('mxnet.nd.nonsense')
