"""Which engine and which Python the book takes, and what it says of them."""

import shutil
import sys

import pytest

from book.chapters.errors import BookError
from book.tools.setup import pythons
from book.tools.setup.pythons import Python

LINUX, ARM = ('Linux', 'x86_64'), ('Linux', 'aarch64')
INTEL_MAC, MAC = ('Darwin', 'x86_64'), ('Darwin', 'arm64')
WINDOWS = 'Windows', 'AMD64'
OLDER, MX, NEWER = (3, 9), (3, 11), (3, 12)


def python(version, system=LINUX):
    return Python(f'/usr/bin/python{version[0]}.{version[1]}', version,
                  *system)


@pytest.fixture
def computer(monkeypatch):
    """Return a function: this computer has some Pythons, the first is us."""
    def has(*found):
        names = {x.path: x for x in found}
        monkeypatch.setattr(pythons, 'found', lambda: iter(found))
        monkeypatch.setattr(pythons, 'ask', lambda path: names.get(path))

    return has


@pytest.mark.parametrize('system, versions, engine, version', [
    (LINUX, [MX], 'mxnet', MX), (LINUX, [NEWER, MX], 'mxnet', MX),
    (INTEL_MAC, [OLDER, MX], 'mxnet', MX),
    (LINUX, [NEWER], 'torch', NEWER), (LINUX, [OLDER, NEWER], 'torch', NEWER),
    (ARM, [MX], 'torch', MX), (MAC, [MX], 'torch', MX),
    (WINDOWS, [MX], 'torch', MX), (WINDOWS, [(3, 13)], 'torch', (3, 13)),
])
def test_mxnet_is_picked_where_it_runs_and_else_our_engine(
        computer, system, versions, engine, version):
    computer(*(python(x, system) for x in versions))
    choice = pythons.pick()
    assert (choice.engine, choice.python.version) == (engine, version)


@pytest.mark.parametrize('versions, engine, named, words', [
    ([MX], None, None, 'MXNet, on Python 3.11; ENGINE=torch takes the engine '
     'on PyTorch'),
    ([NEWER], None, None, 'the engine on PyTorch, on Python 3.12, for there '
     'is no Python 3.11 for MXNet, on Linux or macOS with an Intel or AMD '
     'processor'),
    ([MX], 'torch', None, 'the engine on PyTorch, on Python 3.11, as '
     'ENGINE=torch says'),
    ([MX, NEWER], None, '/usr/bin/python3.12', 'the engine on PyTorch, on '
     'Python 3.12, for'),
])
def test_one_line_says_what_was_picked_and_why(computer, versions, engine,
                                               named, words):
    computer(*map(python, versions))
    assert pythons.pick(engine, named).why.startswith(words)


def test_an_environment_that_is_there_comes_first_and_nothing_is_searched(
        computer, monkeypatch):
    monkeypatch.setattr(pythons, 'found', None)
    own = python(MX)._replace(path='.venv/bin/python')
    assert pythons.pick(existing={'mxnet': own}.get).python is own


@pytest.mark.parametrize('engine, parts', [
    ('mxnet', ['3.11', 'uv', 'conda', 'Docker', 'PYTHON=', 'ENGINE=torch']),
    ('torch', ['3.10 to 3.13', 'uv', 'PYTHON=', 'PyTorch']),
    (None, ['3.11 for MXNet', '3.10 to 3.13', 'uv', 'conda', 'Docker',
            'python.org', 'Microsoft Store']),
])
def test_where_nothing_is_right_one_line_says_what_to_install(
        computer, engine, parts):
    computer(python(OLDER))
    for named in None, '/usr/bin/python3.9':
        with pytest.raises(BookError) as problem:
            pythons.pick(engine, named)
        text = str(problem.value)
        assert [x for x in ['3.9', *parts] if x not in text] == []
        assert '\n' not in text and text.startswith(
            named or 'this computer')


def test_on_a_mac_with_an_intel_processor_there_is_no_engine_but_mxnet(
        computer):
    computer(python(NEWER, INTEL_MAC))
    with pytest.raises(BookError, match='this computer has no Python 3.11'):
        pythons.pick()


def test_a_python_is_asked_what_it_is(tmp_path):
    here = pythons.ask(sys.executable)
    assert here.version == sys.version_info[:2]
    assert here.path == sys.executable
    for path in tmp_path / 'none', shutil.which('false'):
        assert pythons.ask(path) is None


def test_a_name_that_starts_no_python_is_told():
    with pytest.raises(BookError, match='^no-python starts no Python'):
        pythons.pick(named='no-python')
