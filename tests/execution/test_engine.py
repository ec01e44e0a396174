"""Which engine computes is asked of the environment, and of nothing else."""

import re
from importlib import util

import pytest
from books import ROOT, chapter, write_pair

from book.chapters import toc
from book.chapters.errors import BookError
from book.execution import engine, environment, schedule
from book.execution.cache_key import key
from from_scratch_to_gluon import engines

NAMED = "__version__ = '1.9.1+torch1'\n"
OURS = {'__init__.py': 'from ._start import __version__\n',
        '_start.py': f'"""What is first."""\n\n{NAMED}'}
REAL = {'__init__.py': 'from .libinfo import __version__\n',
        'libinfo.py': "__version__ = '1.9.1'\n"}
VERSIONS = {'mxnet': '1.9.1', 'gluon-on-torch': '1.9.1.1',
            'torch': '2.13.0+cpu'}


@pytest.fixture
def computer(tmp_path, monkeypatch):
    """Return a function that puts a package `mxnet` onto this computer.

    packages: those that are installed with their names; the ENGINE of the
    shell that runs the tests is forgotten.
    """
    monkeypatch.delenv('ENGINE', raising=False)

    def install(sources, *packages):
        folder = tmp_path / 'mxnet'
        folder.mkdir(exist_ok=True)
        for name, text in sources.items():
            (folder / name).write_text(text)
        spec = util.spec_from_file_location('mxnet', folder / '__init__.py')
        monkeypatch.setattr(util, 'find_spec',
                            lambda name: spec if sources else None)
        monkeypatch.setattr(
            engines, 'version', lambda name: VERSIONS[name]
            if name in packages else 'none')
        return folder

    return install


@pytest.mark.parametrize('sources, packages, name, words', [
    (REAL, ['mxnet'], 'mxnet', 'MXNet 1.9.1'),
    (OURS, ['gluon-on-torch', 'torch'], 'torch',
     'our engine 1.9.1+torch1 on PyTorch 2.13.0+cpu'),
    (OURS, ['torch'], 'torch',
     'our engine 1.9.1+torch1 on PyTorch 2.13.0+cpu'),
    ({}, [], 'mxnet', 'no MXNet'),
], ids=['MXNet', 'ours', 'ours, on the path alone', 'nothing'])
def test_the_engine_is_what_import_finds(
        computer, sources, packages, name, words):
    computer(sources, *packages)
    found = engine.current()
    assert (found.name, str(found)) == (name, words)


def test_each_engine_has_a_lock():
    assert set(engine.LOCKS) == set(engine.ENGINES)
    assert all((ROOT / x).is_file() for x in engine.LOCKS.values())


@pytest.mark.parametrize('variable, words', [
    ('torch', 'ENGINE=torch, but this Python has MXNet 1.9.1; start with '
     '`make ENGINE=torch`, or do not set ENGINE'),
    ('tensorflow', 'ENGINE=tensorflow: no such engine; say mxnet or torch'),
], ids=['the other one', 'an unknown one'])
def test_the_variable_may_only_agree(computer, monkeypatch, variable, words):
    computer(REAL, 'mxnet')
    for agreeing in ('', 'mxnet'):
        monkeypatch.setenv('ENGINE', agreeing)
        assert engine.current().name == 'mxnet'
    monkeypatch.setenv('ENGINE', variable)
    with pytest.raises(BookError) as caught:
        engine.current()
    assert str(caught.value) == words


def test_of_two_engines_one_must_go(computer):
    computer(OURS, 'mxnet', 'gluon-on-torch', 'torch')
    with pytest.raises(BookError) as caught:
        engine.current()
    assert str(caught.value) == (
        'mxnet and gluon-on-torch are both installed, and both are called '
        'mxnet; take one away: `python -m pip uninstall mxnet`, or '
        'gluon-on-torch')


# What it means for outputs

@pytest.fixture
def book(tiny_book):
    """Return a book whose one chapter with MXNet is `first`."""
    write_pair(tiny_book, 'part/first',
               chapter('First', 'from mxnet import nd\nnd.ones(2)'))
    for name in engine.LOCKS.values():
        (tiny_book / name).write_text(f'# the lock {name}\n')
    return tiny_book


def keys(root):
    """Return the keys of the two chapters of a book."""
    chapters = schedule.prepare(toc.pages(root))
    found = {'device': 'cpu', 'data': {}}
    surroundings = environment.gather(
        root, [x.notebook for x in chapters], ask=lambda names: found)
    return {x.page.slug: key(x.notebook, surroundings) for x in chapters}


def test_outputs_of_both_engines_lie_side_by_side(book, computer):
    computer(REAL, 'mxnet')
    before = keys(book)
    folder = computer(OURS, 'gluon-on-torch', 'torch')
    assert not set(keys(book).values()) & {before['first']}
    (folder / '_start.py').unlink()
    computer(REAL, 'mxnet')
    assert keys(book) == before


@pytest.mark.parametrize('old, new, changes', [
    ('What is first', 'What comes first', False),
    (NAMED, f'{NAMED}  # said once\n', False),
    (NAMED, f'{NAMED}OLDEST = 2, 4\n', True),
], ids=['a docstring', 'a comment', 'code'])
def test_code_of_ours_executes_anew_what_uses_it_and_prose_nothing(
        book, computer, old, new, changes):
    computer(OURS, 'gluon-on-torch', 'torch')
    before = keys(book)
    start = OURS['_start.py'].replace(old, new)
    computer({**OURS, '_start.py': start}, 'gluon-on-torch', 'torch')
    assert (keys(book)['first'] != before['first']) == changes
    assert keys(book)['second'] != before['second'] or not changes


def test_the_code_of_ours_is_nothing_to_mxnet(book, computer):
    folder = computer(REAL, 'mxnet')
    before = keys(book)
    (folder / 'extra.py').write_text('x = 1\n')
    assert keys(book) == before
    assert environment.sources(None) == {}


def test_a_mistake_in_ours_is_told_with_its_line(computer):
    folder = computer({**OURS, 'wrong.py': 'x = 1\ny = = 2\n'})
    with pytest.raises(BookError, match=re.escape(
            'wrong.py:2: SyntaxError: invalid syntax')):
        environment.sources(folder)


@pytest.mark.parametrize('changed, same', [
    ('numpy==2 ; python_full_version >= "3"\nb==1\n', True),
    ('numpy==3 ; python_full_version >= "3"\nb==1\n', False),
    ('numpy==2\nb==1\nc==1 ; sys_platform == "plan9"\n', True),
], ids=['as it is', 'another version', 'for another system'])
def test_of_a_lock_for_many_systems_counts_what_is_for_this_one(
        tmp_path, changed, same):
    path = tmp_path / 'lock.txt'
    path.write_text('numpy==2\nb==1\n')
    before = environment.packages(path)
    path.write_text(changed)
    assert (environment.packages(path) == before) == same


