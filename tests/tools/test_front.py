"""`python -m book TARGET` runs a target, in the environment that it needs."""

import os
import pathlib
import shlex
import subprocess
import sys
from types import SimpleNamespace

import pytest
from books import ROOT

from book.__main__ import main
from book.execution.engine import Engine
from book.tools import commands
from book.tools.setup import (
    command_line,
    environments,
    front,
    programs,
    pythons,
)
from book.tools.setup.front import PROGRAMS
from book.tools.setup.targets import TARGETS, VARIABLES

HOME = pathlib.Path.home() / '.pyenv/versions'
BIN = 'Scripts/python.exe' if os.name == 'nt' else 'bin/python'
MXNET, TORCH = f'.venv/{BIN}', f'.venv-torch/{BIN}'
HERE_311 = pythons.Python('python3.11', (3, 11), 'Linux', 'x86_64')


@pytest.fixture
def outside(tmp_path, monkeypatch):
    """Return a function that runs a target with a Python without packages.

    It returns what was started: lines of words, with the variables that
    were set for it; environments that were made come first.
    """
    started = []

    def prepare(root, folder, python, parts):
        started.append(f'{folder}: {" ".join(parts)}')
        return pathlib.Path(folder) / BIN

    def start(words, env, **options):
        ours = {x: y for x, y in env.items() if x not in before and y}
        ours.pop(front.SEEN)
        started.append(' '.join([f'{x}={y}' for x, y in ours.items()]
                                + list(map(str, words))))
        return SimpleNamespace(returncode=0)

    def run(*arguments):
        started.clear()
        status = main(arguments)
        return started if status == 0 else status

    for name in [*VARIABLES, front.SEEN, 'BOOK_CHAPTER']:
        monkeypatch.delenv(name, raising=False)
    before = dict(os.environ)
    monkeypatch.chdir(tmp_path)
    (tmp_path / front.TOP).touch()
    monkeypatch.setattr(front, 'heed', lambda: None)
    monkeypatch.setattr(front.engines, 'find', Engine)
    monkeypatch.setattr(pythons, 'ask', lambda path: None)
    monkeypatch.setattr(pythons, 'found', lambda: iter([HERE_311]))
    monkeypatch.setattr(environments, 'prepare', prepare)
    monkeypatch.setattr(subprocess, 'run', start)
    monkeypatch.setattr(front, 'hand_over',
                        lambda words, env: start(words, env).returncode)
    monkeypatch.setattr(programs.registry, 'options', lambda say: ['CPU'])
    return run


def test_every_target_has_a_function_and_words():
    for name, target in TARGETS.items():
        assert target.words
        assert name == 'help' or name in PROGRAMS or hasattr(commands, name)


def test_every_option_but_one_has_a_variable_of_make():
    options = {x for target in TARGETS.values() for x in target.options}
    assert options - {'more'} <= set(VARIABLES.values())


@pytest.mark.parametrize('words, started', [
    ('html', ['.venv: mxnet', f'{MXNET} -m book html']),
    ('html --chapter ndarray',
     ['.venv: mxnet', f'{MXNET} -m book html --chapter ndarray']),
    ('html --engine torch',
     ['.venv-torch: torch', f'ENGINE=torch {TORCH} -m book html']),
    ('notebook -- --no-browser',
     ['.venv: mxnet', f'{MXNET} -m book notebook -- --no-browser']),
    ('lint --venv mine', ['mine: mxnet', f'mine/{BIN} -m ruff check .']),
    ('test', [
        '.venv: mxnet browser hub proxy',
        f'{MXNET} -m pytest -n 2 --dist loadfile --no-loadscope-reorder']),
    ('test --tests tests/text --report x.xml --fresh 1', [
        '.venv: mxnet browser hub proxy',
        f'FRESH=1 {MXNET} -m pytest -n 2 --dist loadfile '
        '--no-loadscope-reorder --junitxml=x.xml tests/text']),
    ('test --engine torch', [
        '.venv-torch: torch',
        f'ENGINE=torch {TORCH} -m pytest -n 2 --dist loadfile '
        '--no-loadscope-reorder --import-mode=importlib -o pythonpath=tests '
        'tests/tools tests/card engine/tests engine/tests tests/card '
        'tests/chapters tests/readers']),
    ('classroom-test --students 30', [
        '.venv: mxnet browser hub proxy',
        f'{MXNET} -m classroom.simulated.load_test --students 30']),
    ('faults', ['.venv: mxnet browser',
                f'BOOK_FAULTS=all {MXNET} -m pytest tests/faults']),
    ('pytorch', ['.venv: mxnet', f'{MXNET} -m pip install --quiet CPU -r '
                 'requirements-pytorch.txt']),
    ('test-gpu', [
        '.venv-torch: torch', f'{TORCH} -m book doctor',
        f'BOOK_FULL=1 {TORCH} -m pytest -m gpu '
        'tests/repository/test_gpu.py']),
    ('test-gpu --engine mxnet', [
        '.venv-gpu: mxnet gpu', f'ENGINE=mxnet .venv-gpu/{BIN} -m book '
        'doctor', f'ENGINE=mxnet BOOK_FULL=1 .venv-gpu/{BIN} -m pytest -m '
        'gpu tests/repository/test_gpu.py']),
    ('bench --only "training --threads 1"', [
        '.venv: mxnet',
        f'ENGINE=torch {sys.executable} -m book .venv-torch/ready',
        f'{MXNET} -m benchmarks training --threads 1']),
    ('audit', [
        '.venv-tools: tools', f'.venv-tools/{BIN} -m pip_audit --strict '
        '--disable-pip --require-hashes -r requirements.txt -r '
        'requirements-image.txt', f'.venv-tools/{BIN} -m pip_audit --strict '
        '--disable-pip --require-hashes -r requirements-torch.txt']),
    ('image', ['docker build --tag from-scratch-to-gluon .']),
    ('syntax', [f'{sys.executable} tests/syntax/old_python.py']),
    ('.venv/ready', ['.venv: mxnet']),
    ('.venv/browser-ready', ['.venv: mxnet browser']),
    ('.venv-torch/ready', ['.venv-torch: torch']),
    ('.venv-gpu/gpu-ready', ['.venv-gpu: mxnet gpu']),
    ('.venv-tools/ready', ['.venv-tools: tools']),
])
def test_what_a_target_makes_and_runs(outside, words, started):
    assert outside(*shlex.split(words)) == started


@pytest.mark.parametrize('name', [*list(TARGETS)[1:], '.venv/ready'])
def test_in_another_folder_nothing_but_help_is_done(
        outside, tmp_path, monkeypatch, capsys, name):
    (tmp_path / 'chapters/_build').mkdir(parents=True)
    monkeypatch.chdir(tmp_path / 'chapters')
    assert outside(name) == 1
    assert capsys.readouterr().err == (
        'error: _toc.yml: No such file or directory; run from the top of the '
        'repository\n')
    monkeypatch.setenv('CHAPTER', 'ndarray')
    assert outside('help') == []
    assert (tmp_path / 'chapters/_build').exists()


@pytest.mark.parametrize('words, problem', [
    ('lock --options', "it's: No closing quotation"),
    ('test --tests', "it's: No closing quotation"),
    ('serve --port', "it's: no port; say one from 1024 to 65535"),
])
def test_a_value_that_cannot_be_meant_is_named(
        outside, capsys, words, problem):
    with pytest.raises(SystemExit):
        outside(*words.split(), "it's")
    assert capsys.readouterr().err.splitlines()[-1].endswith(problem)


def test_with_our_engine_a_chapter_is_tested_with_its_pages(outside):
    [_, line] = outside('test', '--engine', 'torch', '--chapter', 'ndarray')
    assert 'BOOK_CHAPTER=ndarray' in line
    assert line.endswith(' tests/chapters tests/text/test_pages.py')


def test_all_locks_are_made_by_one_command(outside, tmp_path):
    (tmp_path / 'requirements.txt').write_text('numpy==1.23.5 \\\n')
    lines = outside('lock', '--options=--upgrade-package tqdm')[1:]
    assert [x.split(' -o ')[1] for x in lines] == [
        'requirements.txt', 'requirements-torch.txt',
        'requirements-tools.txt', 'requirements-image.txt',
        'requirements-gpu.txt', 'requirements-browser.txt',
        'classroom/requirements.txt',
        'classroom/kubernetes/exchange/requirements.txt',
        'classroom/kubernetes/requirements.txt']
    for option in '--generate-hashes', '--upgrade-package tqdm':
        assert all(option in x for x in lines)
    assert all('--universal' in x and '--group book' in x for x in lines[:2])
    assert all('--no-emit-package numpy' in x for x in lines[3:7])


def test_a_variable_stands_for_an_option_and_reaches_nothing_else(
        outside, monkeypatch):
    monkeypatch.setenv('CHAPTER', 'ndarray')
    monkeypatch.setenv('ENGINE', 'torch')
    monkeypatch.setenv('PORT', '9000')
    assert outside('html') == [
        '.venv-torch: torch',
        f'ENGINE=torch {TORCH} -m book html --chapter=ndarray']
    monkeypatch.delenv('CHAPTER')
    assert outside('serve')[1].endswith('book serve --port=9000')
    assert 'PORT' not in command_line.bare()


def test_a_language_of_the_system_is_no_option(outside, monkeypatch):
    monkeypatch.setenv('DIR', '~/my gluon')
    monkeypatch.setenv('LANGUAGE', 'zh_CN:zh')
    assert outside('workspace')[1].endswith('workspace --folder=~/my gluon')
    monkeypatch.setenv('LANGUAGE', 'zh')
    assert outside('workspace')[1].endswith('--language=zh')


@pytest.mark.parametrize('variables, words, problem', [
    ({'ENGINE': 'tensorflow'}, 'html',
     'ENGINE=tensorflow: no such engine; say mxnet or torch'),
    ({'CHAPTER': 'ndarray'}, 'pdf',
     'CHAPTER: pdf is always about the whole book; leave it out'),
    ({}, 'htm', 'htm: no such target; `python -m book help` lists them'),
    ({}, '.venv/done', '.venv/done: no target and no stamp; `make help` '
     'lists the targets'),
    ({'PYTHON': 'no-python'}, 'html', 'no-python starts no Python; name '
     'another, such as PYTHON=python3.11'),
])
def test_what_cannot_be_meant_is_told_in_one_line(
        outside, monkeypatch, capsys, variables, words, problem):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert outside(words) == 1
    assert capsys.readouterr().err == f'error: {problem}\n'


def test_a_program_that_is_not_there_is_told_in_one_line(
        outside, monkeypatch, capsys):
    def missing(words, env):
        raise FileNotFoundError(words[0])

    monkeypatch.setattr(front, 'hand_over', missing)
    assert outside('image') == 1
    assert capsys.readouterr().err == (
        'error: docker: no such program; install it\n')


def test_a_step_that_fails_is_the_last(outside, monkeypatch):
    monkeypatch.setattr(subprocess, 'run',
                        lambda *_, **__: SimpleNamespace(returncode=3))
    assert outside('test-gpu') == 3


# Where the packages are there


@pytest.fixture
def packages(outside, monkeypatch):
    """Run targets with a Python that has the packages of the book."""
    monkeypatch.setattr(front.engines, 'find', lambda: Engine('mxnet', '1'))
    monkeypatch.setattr(commands, 'html', lambda *_: print('at once'))
    return outside


def test_where_the_packages_are_a_command_runs_at_once(packages, capsys):
    assert packages('html') == []
    assert capsys.readouterr() == ('at once\n', '')


def test_an_environment_of_ours_that_is_older_than_its_lock_is_renewed(
        packages, monkeypatch, tmp_path):
    (tmp_path / '.venv').mkdir()
    (tmp_path / '.venv/ready').write_text('old')
    for name in environments.PARTS['mxnet'].files:
        (tmp_path / name).touch()
    monkeypatch.setattr(sys, 'prefix', str(tmp_path / '.venv'))
    assert packages('html')[0] == '.venv: mxnet'
    monkeypatch.setenv(front.SEEN, 'yes')
    assert packages('html') == []


@pytest.mark.parametrize('option', ['--engine=torch', '--venv=mine'])
def test_another_engine_or_environment_is_elsewhere(packages, option):
    assert packages('html', option)[-1].endswith('-m book html')


# The doctor comes when nothing can be installed


@pytest.fixture
def examined(outside, monkeypatch):
    monkeypatch.setattr(commands, 'doctor', lambda *_: print('examined'))
    return outside


def test_the_doctor_needs_no_environment(examined, capsys):
    assert examined('doctor') == []
    assert capsys.readouterr().out == 'examined\n'


def test_the_doctor_examines_the_environment_that_is_there(
        examined, monkeypatch, tmp_path):
    monkeypatch.setattr(
        pythons, 'ask', lambda path: '.venv-torch' in str(path) or None)
    assert examined('doctor') == [f'{tmp_path / TORCH} -m book doctor']


def test_of_an_environment_whose_python_is_gone_the_doctor_tells(
        examined, tmp_path, capsys):
    (tmp_path / '.venv').mkdir()
    (tmp_path / '.venv/pyvenv.cfg').touch()
    assert examined('doctor') == []
    out, err = capsys.readouterr()
    assert out == 'examined\n'
    assert err == ('book: .venv: the Python that it was made with is gone; '
                   '`make html` makes it anew\n')


# Old Pythons


@pytest.mark.parametrize('package', ['book', 'from_scratch_to_gluon'])
@pytest.mark.parametrize('version', ['2.7.18', '3.6.15'])
def test_an_old_python_is_told_in_one_line(version, package):
    python = HOME / version / 'bin/python'
    if not python.exists():
        pytest.skip(f'needs Python {version}')
    done = subprocess.run([python, '-m', package, 'doctor'], cwd=ROOT,
                          capture_output=True, text=True)
    assert done.returncode == 1 and done.stdout == ''
    [line] = done.stderr.splitlines()
    assert f'this is Python {version[:3]}; ' in line and '3.8' in line


def test_what_an_old_python_reads_is_plain():
    for name in ('book/__init__', 'book/__main__',
                 'from_scratch_to_gluon/__init__'):
        text = (ROOT / f'{name}.py').read_bytes().decode('ascii')
        assert "f'" not in text and 'print(' not in text
