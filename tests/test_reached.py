"""A chapter runs again when a part of `utils` that it reaches changes."""

import ast
import functools
import re

import pytest
from books import ROOT

from book.chapters import toc
from book.chapters.errors import PageError
from book.chapters.reader import code_cells, read
from book.execution import cache_key, environment, reached, taken

REAL = environment.shared_modules(ROOT)
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
            if 'utils' in cache_key.imports(nb)}


def mentioning(*names):
    """Return the chapters in whose cells `utils.NAME` is written."""
    pattern = re.compile(rf'\butils\.(?:{"|".join(names)})\b')
    return {slug for slug, nb in chapters().items()
            if any(pattern.search(x.source) for x in code_cells(nb))}


@pytest.mark.parametrize('change', [
    lambda text: ast.unparse(ast.parse(text)),
    lambda text: with_docstrings(text, 'Other words.'),
    lambda text: text + '\n\ndef new(x):\n    return SGD(x, 0.1)\n',
    lambda text: text + '\n\nclass New(Exception):\n    pass\n',
    lambda text: text.replace('\n\n# ', '\n\nimport zipfile\n\n# ', 1),
], ids=['another layout and no comments', 'other docstrings',
        'a function that nobody uses', 'a class that nobody uses',
        'an import from the standard library that nobody uses'])
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
    ("'book'}", "'other'}"), ('plt.rcParams.update', 'plt.rcParams.setting'),
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

def programs(names, utils, **others):
    sources = (('utils', utils), *others.items())
    references = {('utils', x) for x in ['', *names]}
    return reached.programs(sources, frozenset(references))


@pytest.mark.parametrize('text, old, new', [
    ('LIMIT = 1\ndef f(): return g()\ndef g(): return LIMIT', '= 1', '= 2'),
    ('A, B = 1, 2\ndef f(): return B', '1, 2', '1, 3'),
    ('T = {}\nT["a"] = 1\ndef f(): return T', '= 1', '= 2'),
    ('T = [1]\nT += [2]\ndef f(): return T', '[2]', '[3]'),
    ('def f(x=1): return x', 'x=1', 'x=2'),
    ('LIMIT = 1\ndef f(x=LIMIT): return x', '= 1', '= 2'),
    ('def twice(g): return 2\n@twice\ndef f(): return 1', '2', '3'),
    ('class P:\n  def m(self): return 1\nclass f(P): pass', '1', '2'),
    ('class f:\n  def m(self): return g()\ndef g(): return 1', '1', '2'),
    ('class f:\n  a = g\ndef g(): return 1', '1', '2'),
    ('def f(): return [g(x) for x in (lambda: 1, 2)]\ndef g(x): 1 + 1',
     '1 + 1', '1 + 2'),
    ('def f() -> "int": return 1', '"int"', '"str"'),
    ('from math import sin as g\ndef f(): return g(1)', 'sin', 'cos'),
    ('def f(): return sum([1])', 'sum([1])\n',
     'sum([1])\ndef sum(x): return 2\n'),
    ('def f(): return 1\nf = lambda: 3', '3', '4'),
], ids=[
    'a constant behind a function', 'one of two constants',
    'what is put into a table', 'what is added to a list',
    'a default value', 'a constant that is a default value', 'a decorator',
    'a base class', 'a function behind a method', 'a function in a class',
    'a function inside of a comprehension', 'an annotation',
    'what an import takes', 'a function that hides a builtin one',
    'a name that is defined twice'])
def test_a_function_is_another_one_with_another(text, old, new):
    text += '\n'
    assert old in text
    assert programs(['f'], text) != programs(['f'], text.replace(old, new))


@pytest.mark.parametrize('text, old, new', [
    ('def f(g):\n    return g\ndef g(): return 1', 'return 1', 'return 2'),
    ('def f():\n    g = 2\n    return g\ndef g(): return 1', '1', '3'),
    ('def f(x): return x.g\ndef g(): return 1', '1', '2'),
    ('def f(x): return x(g=1)\ndef g(): return 2', '2', '3'),
    ('def f(): return "g"\ndef g(): return 1', '1', '2'),
    ('def f(): "Words."', 'Words', 'Other words'),
    ('class f:\n  def m(self):\n    "Words."', '"Words."', 'pass'),
], ids=['a parameter', 'a variable', 'an attribute', 'a keyword', 'a text',
        'a docstring', 'the docstring of a method'])
def test_nothing_else_is_reached_by(text, old, new):
    assert programs(['f'], text) == programs(['f'], text.replace(old, new))


@pytest.mark.parametrize('text', [
    'import mxnet as mx', 'print(1)', 'if True:\n  A = 1', 'T["a"] = 1',
    'before = np.seterr("ignore")', 'X = g()',
    '@register\ndef h(): return 1', 'class C:\n  @register\n  def h(): 1 + 1',
    'class C:\n  g()',
], ids=['an import', 'a call', 'a condition', 'an entry of a table',
        'a value from a call that may change more',
        'a value from a function of utils', 'a function that is registered',
        'a method that is registered', 'a call in a class'])
def test_it_counts_for_all_who_import(text):
    rest = 'def g(): return 1\ndef register(x): return x\ndef f(): return 2\n'
    assert programs(['f'], rest) != programs(['f'], f'{rest}{text}\n')


@pytest.mark.parametrize('text', [
    'A = re.compile("a")', 'A = Path("a")', 'A = Record(1)',
    'A = dict(zip("a", "b"))', 'import re', '"Words."', 'A: int = 1',
    'def h(x=mx.cpu()): return x', '@cache\ndef h(): return 1',
], ids=['a pattern', 'a path', 'a record', 'a table', 'a library', 'words',
        'a typed value', 'a device as default value', 'a cached function'])
def test_it_counts_only_for_those_who_use_it(text):
    rest = ('import re\nfrom pathlib import Path\nfrom functools import '
            'cache\nclass Record: pass\ndef f(): return 2\n')
    assert programs(['f'], rest) == programs(['f'], f'{rest}{text}\n')


FILES = 'def find(): return where()\ndef where(): return 1\n'


@pytest.mark.parametrize('text', [
    'from utils_data import find\ndef f(): return find()',
    'from utils_data import find as g\ndef f(): return g()',
    'import utils_data\ndef f(): return utils_data.find()',
    'import utils_data as data\ndef f(): return data.find()',
    'from utils_data import *\ndef f(): return find()',
    'def f():\n  from utils_data import find\n  return find()',
    'def f():\n  import utils_data as d\n  return d.find()',
    'try:\n  from utils_data import find\nfinally:\n  pass',
    'import utils_data\ndef f(): return getattr(utils_data, "find")()',
    'from utils_data import find as f',
], ids=['a name', 'a name with another name', 'the module',
        'the module with another name', 'all names', 'a name when needed',
        'the module when needed', 'a name at once', 'the module as a value',
        'a name for others'])
def test_what_another_module_has_is_reached_by(text):
    one, other, unused = (programs(['f'], text, utils_data=x) for x in (
        FILES, FILES.replace('1', '2'), FILES + 'def new(): return 1\n'))
    assert one != other
    assert (one == unused) == ('getattr' not in text)


def test_what_the_import_of_another_module_does_counts():
    text = 'import utils_data\ndef f(): return 1\n'
    found = {str(programs(['f'], text, utils_data=FILES + x))
             for x in ('', 'print(1)\n', 'print(2)\n')}
    assert len(found) == 3


@pytest.mark.parametrize('text, counts', [
    ('def f():\n  import utils_stand_ins\n  utils_stand_ins.draw()', False),
    ('def f():\n  from utils_stand_ins import draw\n  draw()', False),
    ('import utils_stand_ins\ndef f(): return utils_stand_ins.draw()', True),
    ('class f:\n  from utils_stand_ins import draw', True),
], ids=['in a function', 'by name in a function', 'at once', 'in a class'])
def test_drawings_count_unless_they_are_made_on_demand(text, counts):
    draw = 'def draw(): return 1'
    one, other = (programs(['f'], text, utils_stand_ins=x)
                  for x in (draw, draw.replace('1', '2')))
    assert (one != other) == counts


@pytest.mark.parametrize('code', [
    'globals()["g"]()', 'eval("g()")', 'sys.modules[__name__].g()', 'help(f)',
    'f.__doc__', 'importlib.import_module("utils").g()',
])
def test_everything_is_reached_by_a_function_that_looks_for_itself(code):
    text = f'def f(): return {code}\ndef g(): return 1\n'
    assert programs(['f'], text) == {'utils': text}
    assert programs(['g'], text) != {'utils': text}


def test_an_error_of_syntax_is_told_with_its_line():
    with pytest.raises(PageError, match=r'utils\.py:2: SyntaxError: '):
        programs(['f'], 'a = 1\nb = = 2\n')


# Chapters: what they take

def taken_by(*cells):
    fences = (f'```{{.python .input}}\n{cell}\n```' for cell in cells)
    notebook = read('\n\n'.join(['Prose.', *fences]))
    return taken.taken(cache_key.nodes(notebook))


@pytest.mark.parametrize('cells', [
    ['import utils', 'utils.train(1)'],
    ['import utils as u', 'u.train(1)'],
    ['import time, utils as u', 'use(u.train)'],
    ['from utils import train', 'train(1)'],
    ['from utils import train as t', 't(1)'],
    ['if True:\n    import utils', 'def f():\n    return utils.train'],
], ids=['utils', 'utils with another name', 'two modules', 'a name',
        'a name with another name', 'an import inside'])
def test_a_chapter_takes_a_function_from(cells):
    assert taken_by(*cells) == {('utils', ''), ('utils', 'train')}


def test_a_chapter_takes_what_it_mentions_after_importing_all_names():
    found = taken_by('from utils import *', 'train(x)')
    assert found >= {('utils', ''), ('utils', 'train'), ('utils', 'x')}
    assert ('utils', '*') not in found


@pytest.mark.parametrize('code', [
    'gluon.utils.split_and_load(x)', 'from mxnet.gluon import utils',
    'utils = 1', "print('utils.train')", 'import torch.utils',
])
def test_a_chapter_takes_nothing_from_another_utils(code):
    assert taken_by(code) == set()


@pytest.mark.parametrize('code', [
    'getattr(utils, name)', 'help(utils)', 'dir(utils)', 'vars(utils)',
    'u = utils', 'use(utils)', 'utils.__dict__[name]', 'help(utils.train)',
    'print(utils.train.__doc__)', 'inspect.getsource(utils.train)',
    'net = utils.resnet18(10)\nhelp(net)', 'utils.train?',
    '%timeit utils.train(1)', "eval('utils.train')",
    "importlib.import_module('utils')", "sys.modules['utils']",
    "program = 'import utils'", '%%time\nimport utils\nutils.train()',
])
def test_a_chapter_takes_everything_with(code):
    assert ('utils', '*') in taken_by('import utils', code)


@pytest.mark.parametrize('code', [
    'help(nd.dot)', 'inspect.getsource(fit)', 'trainer.step.__doc__',
    '%timeit nd.ones(1)', 'globals()',
])
def test_a_chapter_may_look_at_what_is_not_of_utils(code):
    cells = 'import utils', 'def fit():\n    return utils.train(1)', code
    assert taken_by(*cells) == {('utils', ''), ('utils', 'train')}
