"""A chapter runs again when a part of `utils` that it reaches changes."""

import ast
import functools
import re

import pytest
from books import ROOT

from book.chapters import program, toc
from book.chapters.errors import PageError
from book.chapters.reader import code_cells, read
from book.execution import cache_key, environment, reached
from book.execution.reached import ALL, AT_IMPORT

REAL = reached.sources(ROOT)
DATA = dict.fromkeys(
    ['fashion-mnist', 'mnist', 'house-prices', 'time-machine'], 'real')


# The real chapters, and changes of the real modules

@functools.cache
def chapters():
    """Return {slug: notebook} of all pages."""
    return {page.slug: read(page.text('en')) for page in toc.pages(ROOT)}


@functools.cache
def keys(utils):
    """Return {slug: key}."""
    needs = {x: '' for nb in chapters().values() for x in nb.metadata.needs}
    around = environment.Environment(utils, data=DATA, needs=needs)
    return {slug: cache_key.key(nb, around)
            for slug, nb in chapters().items()}


def executed(changed):
    """Return the chapters that run again when the modules are these."""
    before, after = keys(REAL), keys(changed)
    return {slug for slug in before if before[slug] != after[slug]}


def with_text(change):
    """Return the modules, each with its text changed."""
    return tuple((name, change(text)) for name, text in REAL)


def with_other(name):
    """Return the modules, with a statement more in what has a name."""
    def change(text):
        tree = ast.parse(text)
        for node in tree.body:
            if getattr(node, 'name', '') == name:
                node.body += ast.parse('assert True').body
        return ast.unparse(tree)

    return with_text(change)


def with_docstrings(text, words):
    """Return the text of a module with other docstrings."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, 'body', None)
        if isinstance(body, list) and isinstance(body[0], ast.Expr):
            if isinstance(body[0].value, ast.Constant):
                body[0].value.value = words
    return ast.unparse(tree)


def importers():
    return {slug for slug, nb in chapters().items()
            if 'utils' in program.imports(nb)}


def mentioning(*names):
    """Return the chapters in whose cells `utils.NAME` is written."""
    pattern = re.compile(rf'\butils\.(?:{"|".join(names)})\b')
    return {slug for slug, nb in chapters().items()
            if any(pattern.search(x.source) for x in code_cells(nb))}


@pytest.mark.parametrize('change', [
    lambda text: ast.unparse(ast.parse(text)),
    lambda text: with_docstrings(text, 'Other words.'),
    lambda text: text + '\n\ndef new(x):\n    return SGD(x, 0.1)\n',
    lambda text: text + '\n\nimport zipfile\n',
], ids=['another layout and no comments', 'other docstrings',
        'a function that nobody uses', 'an import that nobody uses'])
def test_no_chapter_runs_again_for(change):
    assert with_text(change) != REAL
    assert executed(with_text(change)) == set()


def test_curves_that_look_different_run_the_chapters_that_draw_them():
    assert executed(with_other('Animator')) == mentioning('Animator')
    assert 10 < len(mentioning('Animator')) < len(importers()) / 2


def test_clipping_runs_the_chapters_that_train_recurrent_networks():
    training = 'train_epoch_rnn', 'train_and_predict_rnn'
    found = executed(with_other('grad_clipping'))
    assert found == mentioning('grad_clipping', *training)
    assert found < {page.slug for page in toc.pages(ROOT)
                    if page.name.startswith('recurrent-')}


def test_the_accuracy_runs_also_those_who_train_with_it():
    callers = 'accuracy', 'train', 'train_batch'
    assert executed(with_other('accuracy')) == mentioning(*callers)


def test_seeds_run_every_chapter_that_fixes_them():
    assert executed(with_other('set_seed')) == mentioning('set_seed')


@pytest.mark.parametrize('old, new', [
    ("salt': 'book'", "salt': 'other'"),
    ('plt.rcParams.update', 'plt.rcParams.setting'),
    ("setdefault('OMP_NUM_THREADS'", "setdefault('OMP_THREADS'"),
], ids=['a setting of pictures', 'how it is set', 'the number of threads'])
def test_what_the_import_does_runs_all_who_import(old, new):
    changed = with_text(lambda text: text.replace(old, new))
    assert executed(changed) == importers()


def test_what_the_import_calls_runs_all_who_import():
    assert executed(with_other('physical_cores')) == importers()


def test_every_function_that_names_a_data_set_is_declared():
    declared = reached.loaders(REAL)
    naming = {
        (node.name, text)
        for _, module in REAL
        for node in ast.parse(module).body
        if isinstance(node, ast.FunctionDef)
        for text in DATA.keys() & {
            getattr(part, 'value', None) for part in ast.walk(node)
            if isinstance(part, ast.Constant)}
    }
    assert naming <= set(declared.items())
    assert set(declared.values()) == DATA.keys()


# Small modules: what counts

def programs(names, utils, data=''):
    """Return what some names reach in two small modules."""
    return reached.programs((('utils', utils), ('utils_data', data)),
                            frozenset([AT_IMPORT, *names]))


@pytest.mark.parametrize('text, old, new', [
    ('LIMIT = 1\ndef f(): return g()\ndef g(): return LIMIT', '= 1', '= 2'),
    ('A, B = 1, 2\ndef f(): return B', '1, 2', '1, 3'),
    ('T = {}\nT["a"] = 1\ndef f(): return T', '= 1', '= 2'),
    ('LIMIT = 1\ndef f(x=LIMIT): return x', '= 1', '= 2'),
    ('def twice(g): return 2\n@twice\ndef f(): return 1', '2', '3'),
    ('class P:\n  def m(self): return 1\nclass f(P): pass', '1', '2'),
    ('class f:\n  def m(self): return g()\ndef g(): return 1', '1', '2'),
    ('class f:\n  a = g\ndef g(): return 1', '1', '2'),
    ('def f(): return [g(x) for x in (lambda: 1, 2)]\ndef g(x): 1 + 1',
     '1 + 1', '1 + 2'),
    ('from math import sin as g\ndef f(): return g(1)', 'sin', 'cos'),
    ('def f(): return eval("g()")\ndef g(): return 1', '1', '2'),
    ('def f(): return 1\nprint(1)', 'print(1)', 'print(2)'),
    ('def f(): return 1\nif A:\n  g()\ndef g(): return 2', '2', '3'),
], ids=[
    'a constant behind a function', 'one of two constants',
    'what is put into a table', 'a default value', 'a decorator',
    'a base class', 'a function behind a method', 'a function in a class',
    'a function inside of a comprehension', 'what an import takes',
    'a function in a text', 'what is done at the import',
    'a function that the import calls'])
def test_a_function_is_another_one_with_another(text, old, new):
    assert programs(['f'], text) != programs(['f'], text.replace(old, new))


@pytest.mark.parametrize('text, old, new', [
    ('def f(g):\n    return g\ndef g(): return 1', 'return 1', 'return 2'),
    ('def f():\n    g = 2\n    return g\ndef g(): return 1', '1', '3'),
    ('def f(x): return x.g\ndef g(): return 1', '1', '2'),
    ('def f(x): return x(g=1)\ndef g(): return 2', '2', '3'),
    ('def f(): "Words."', 'Words', 'Other words'),
    ('class f:\n  def m(self):\n    "Words."', 'Words', 'Other words'),
], ids=['a parameter', 'a variable', 'an attribute', 'a keyword',
        'a docstring', 'the docstring of a method'])
def test_nothing_else_is_reached_by(text, old, new):
    assert programs(['f'], text) == programs(['f'], text.replace(old, new))


@pytest.mark.parametrize('text', [
    'from utils_data import find\ndef f(): return find()',
    'from utils_data import find as g\ndef f(): return g()',
    'import utils_data\ndef f(): return utils_data.find()',
    'from utils_data import *\ndef f(): return find()',
    'def f():\n  from utils_data import find\n  return find()',
    'from utils_data import find as f',
], ids=['a name', 'a name with another name', 'the module', 'all names',
        'a name when needed', 'a name for others'])
def test_what_another_module_has_is_reached_by(text):
    data = 'def find(): return where()\ndef where(): return 1\n'
    one, other, unused = (programs(['f'], text, x) for x in (
        data, data.replace('1', '2'), data + 'def new(): return 1\n'))
    assert one != other
    assert one == unused


def test_an_error_of_syntax_is_told_with_its_line():
    with pytest.raises(PageError, match=r'utils\.py:2: SyntaxError: '):
        programs(['f'], 'a = 1\nb = = 2\n')


# Chapters: what they take

def taken_by(*cells):
    fences = (f'```{{.python .input}}\n{cell}\n```' for cell in cells)
    return cache_key.taken(read('\n\n'.join(['Prose.', *fences])))


@pytest.mark.parametrize('cells', [
    ['import utils', 'utils.train(1)'],
    ['import time, utils as u', 'use(u.train)'],
    ['from utils import train as t', 't(1)'],
    ['if True:\n    import utils', 'def f():\n    return utils.train'],
], ids=['utils', 'utils with another name', 'a name', 'an import inside'])
def test_a_chapter_takes_a_function_from(cells):
    assert taken_by(*cells) == {AT_IMPORT, 'train'}


def test_a_chapter_takes_what_it_mentions_after_importing_all_names():
    found = taken_by('from utils import *', 'train(x)')
    assert found == {AT_IMPORT, 'train', 'x'}


@pytest.mark.parametrize('code', [
    'gluon.utils.split_and_load(x)', 'from mxnet.gluon import utils',
    'utils = 1', "print('utils.train')", 'import torch.utils',
])
def test_a_chapter_takes_nothing_from_another_utils(code):
    assert taken_by(code) == set()


@pytest.mark.parametrize('code', [
    'getattr(utils, name)', 'help(utils)', 'u = utils', 'help(utils.train)',
    'print(utils.train.__doc__)', 'inspect.getsource(utils.train)',
    '%timeit utils.train(1)', "eval('utils.train')",
    "program = 'import utils'", '%%time\nimport utils\nutils.train()',
])
def test_a_chapter_takes_everything_with(code):
    assert ALL in taken_by('import utils', code)


@pytest.mark.parametrize('code', [
    'help(nd.dot)', 'inspect.getsource(fit)', 'trainer.step.__doc__',
    '%timeit nd.ones(1)', 'globals()',
])
def test_a_chapter_may_look_at_what_is_not_of_utils(code):
    cells = 'import utils', 'def fit():\n    return utils.train(1)', code
    assert taken_by(*cells) == {AT_IMPORT, 'train'}
