"""The key of a notebook changes when its outputs may change, only then."""

from dataclasses import replace

import pytest

from book.chapters import program
from book.chapters.errors import PageError
from book.chapters.reader import read
from book.execution import cache_key
from book.execution.engine import Engine
from book.execution.environment import Environment

UTILS = """\
ANSWER = 42


def load_data_mnist(batch_size):
    return read_images('mnist')
"""
LOADERS = """\
LOADERS = {'load_data_mnist': 'mnist', 'load_houses': 'house-prices'}
"""
SHARED = ('utils', UTILS), ('utils_data', LOADERS)
HERE = Environment(SHARED, lock='l', device='cpu', data={'mnist': 'real'})
CHANGED = UTILS.replace('42', '43').replace("'mnist'", "'mnist', 1")
ENGINE = 'device', 'engine', 'sources'
FREE = 'print(1)'
WITH_UTILS = 'import utils\nprint(utils.ANSWER)'
WITH_MXNET = 'from mxnet import nd\nnd.ones(2)'
WITH_DATA = 'import utils\nutils.load_data_mnist(batch_size=2)'


def notebook(*cells, prose='Prose.'):
    fences = [f'```{{.python .input}}\n{cell}\n```' for cell in cells]
    return read('\n\n'.join([prose, *fences]))


def key_of(*cells, environment=HERE, **kwargs):
    return cache_key.key(notebook(*cells, **kwargs), environment)


@pytest.mark.parametrize('one, other', [
    ('a = 1', 'a = 1  # eins'),
    ('a = [1, 2]', 'a = [\n    1,\n    2,\n]'),
    ("print('a')", 'print("a")'),
    ('a = 1', '# 注释\n\na = 1\n'),
    ('%time f(1)', '%time f(1)'),
    ('plt.plot(x);', 'plt.plot(x);  # quiet'),
], ids=['a comment', 'line breaks', 'the kind of quotes', 'blank lines',
        'the same magic', 'a comment after a semicolon'])
def test_cells_are_the_same_program_whatever_their(one, other):
    assert program.program(one) == program.program(other)


@pytest.mark.parametrize('one, other', [
    ('a = 1', 'a = 2'),
    ("print('a')", "print('b')"),
    ('plt.plot(x)', 'plt.plot(x);'),
    ('%time f(1)', '%time f(2)'),
    ('if a:\n    b\nc', 'if a:\n    b\n    c'),
], ids=['value', 'text', 'hidden result', 'magic', 'indentation'])
def test_cells_are_other_programs_with_another(one, other):
    assert program.program(one) != program.program(other)


@pytest.mark.parametrize('source, line, problem', [
    ('a = 1\nb = = 2', 11, 'SyntaxError: invalid syntax'),
    ('a = 1\n  b = 2', 11, 'IndentationError: unexpected indent'),
    ('f(1', 10, "SyntaxError: '(' was never closed"),
], ids=['syntax', 'indentation', 'an open bracket'])
def test_a_syntax_error_is_told_with_its_line(source, line, problem):
    with pytest.raises(PageError) as caught:
        program.program(source, 'page.md', 10)
    assert str(caught.value) == f'page.md:{line}: {problem}'


def test_the_order_and_the_borders_of_cells_change_the_key_but_no_prose():
    assert len({key_of('a', 'b'), key_of('b', 'a'), key_of('a\nb')}) == 3
    assert key_of(FREE) == key_of(FREE, prose='Other prose.')


@pytest.mark.parametrize('change', [
    {'utils': (('utils', CHANGED), SHARED[1])},
    {'lock': 'changed'},
    {'device': 'gpu'},
    {'engine': Engine('torch', '1.9.1+torch1')},
    {'engine': Engine(torch='2.14.0')},
    {'engine': Engine(python='3.13')},
    {'sources': 'changed'},
    {'full': True},
    {'data': {'mnist': 'stand-in-1'}},
], ids=['utils.py', 'the lock', 'the device', 'the engine', 'its PyTorch',
        'its Python', 'its code', 'BOOK_FULL', 'the data'])
@pytest.mark.parametrize('code, depends', [
    (FREE, {'lock'}),
    (WITH_MXNET, {'lock', *ENGINE}),
    (WITH_UTILS, {'lock', *ENGINE, 'utils', 'full'}),
    (WITH_DATA, {'lock', *ENGINE, 'utils', 'full', 'data'}),
], ids=['plain Python', 'mxnet', 'utils', 'a data set'])
def test_the_key_depends_on_what_the_chapter_uses(code, depends, change):
    changed = key_of(code) != key_of(
        code, environment=replace(HERE, **change))
    assert changed == (set(change) <= depends)


@pytest.mark.parametrize('code, names', [
    ('import utils\nutils.load_data_mnist(64)', ['mnist']),
    ('from utils import load_data_mnist', ['mnist']),
    ('import utils as u\nu.load_data_mnist(64)', ['mnist']),
    ('from utils import *\nload_data_mnist(64)', ['mnist']),
    ('import utils\ntrain, test = utils.load_houses()', ['house-prices']),
    ("import utils\nutils.find_data('house-prices').path", ['house-prices']),
    ("import utils\nutils.read_images('mnist')", ['mnist']),
    ('import utils\nmap(utils.find_data, names)', ['house-prices', 'mnist']),
    ('import utils\nhelp(utils)', ['house-prices', 'mnist']),
    ('import utils\n# utils.load_data_mnist()', []),
    ("import utils\nutils.load_checkpoint('a.params')", []),
    ('load_data_mnist()', []),
], ids=['a loader', 'an imported loader',
        'a loader of a module with another name', 'a loader among all names',
        'a loader of tables', 'a file', 'the arrays of a set of images',
        'any set where its name is not written',
        'any set where all of utils is used', 'not in a comment',
        'not after the name of a function', 'not a function of the chapter'])
def test_the_data_sets_of_a_chapter_are_declared(code, names):
    assert cache_key.data_sets(notebook(code), SHARED) == names


@pytest.mark.parametrize('cells, index', [
    (('a', 'b'), None), (('a', 'c'), 1), (('a',), 1), (('a', 'b', 'c'), 2),
], ids=['no cell', 'the second', 'a missing one', 'one too many'])
def test_the_first_cell_that_differs_is(cells, index):
    one, other = notebook('a', 'b'), notebook(*cells)
    assert program.first_difference(one, other) == index
