"""The front door: `make` explains itself and what it needs."""

import re
import shutil
import subprocess
import sys

import pytest
from books import ROOT, book

from book.__main__ import COMMANDS

MAKEFILE = (ROOT / 'Makefile').read_text(encoding='utf-8')
TARGETS = re.search(r'^\.PHONY: (.*)$', MAKEFILE, re.MULTILINE)[1].split()


def make(folder, *arguments):
    return subprocess.run(['make', '-C', folder, *arguments], text=True,
                          capture_output=True)


@pytest.fixture
def fresh(tmp_path):
    """Return a folder with what `make` needs before it has set up."""
    for name in ('Makefile', 'pyproject.toml', 'requirements.txt',
                 'requirements-torch.txt', 'requirements-pytorch.txt'):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / 'engine').mkdir()
    shutil.copy(ROOT / 'engine/pyproject.toml', tmp_path / 'engine')
    return tmp_path


def other_python(folder, status=1):
    """Write a Python that is not the right one; return its name."""
    path = folder / 'python3.9'
    path.write_text(f'#!/bin/sh\nexit {status}\n')
    path.chmod(0o755)
    return path


def error(done):
    """Return the line in which `make` says what is wrong."""
    assert done.returncode != 0
    [line] = [x for x in done.stderr.splitlines() if 'error:' in x]
    return line


def test_help_lists_every_target_and_is_what_make_alone_shows():
    text = make(ROOT, 'help').stdout
    listed = re.findall(r'^ +make ([a-z-]+) +\S', text, re.MULTILINE)
    assert sorted(listed) == sorted(TARGETS)
    assert make(ROOT).stdout == text


@pytest.mark.parametrize('command', [
    x for x, options in COMMANDS.items() if '--chapter' not in options])
def test_a_chapter_is_refused_by_what_is_about_the_whole_book(
    tiny_book, monkeypatch, command
):
    monkeypatch.setenv('CHAPTER', 'first')  # as `make` exports it
    assert book(tiny_book, command)[::2] == (
        1, f'error: CHAPTER=first: `{command}` is about the whole book; '
        'leave CHAPTER out\n')


@pytest.mark.parametrize('engine, folder, parts', [
    ('mxnet', '.venv', ['3.11', 'uv', 'conda', 'Docker', 'PYTHON=',
                        'make ENGINE=torch']),
    ('torch', '.venv-torch', ['3.10 to 3.13', 'uv', 'PYTHON=', 'PyTorch']),
])
def test_another_python_is_told_in_one_line_what_to_install(
        fresh, engine, folder, parts):
    other = other_python(fresh)
    line = error(make(fresh, 'html', f'PYTHON={other}', f'ENGINE={engine}'))
    assert [x for x in [str(other), *parts] if x not in line] == []
    assert not (fresh / folder).exists()


def test_each_engine_has_an_environment_and_a_lock(fresh):
    ours = make(fresh, '-n', 'html', 'ENGINE=torch').stdout
    for part in ('-m venv .venv-torch', '-r requirements-torch.txt',
                 '-r requirements-pytorch.txt', '-e . -e engine',
                 '.venv-torch/bin/python -m book html'):
        assert part in ours
    assert 'requirements.txt' not in ours
    theirs = make(fresh, '-n', 'html').stdout
    assert '-r requirements.txt' in theirs and 'torch' not in theirs.replace(
        'ENGINE=torch', '')
    assert make(fresh, '-n', 'html', 'ENGINE=mxnet').stdout == theirs


def test_an_engine_may_come_from_the_environment(fresh, monkeypatch):
    monkeypatch.setenv('ENGINE', 'torch')
    assert '.venv-torch' in make(fresh, '-n', 'html').stdout


def test_an_unknown_engine_is_told_in_one_line(fresh):
    done = make(fresh, 'html', 'ENGINE=tensorflow')
    [line] = done.stderr.splitlines()
    assert done.returncode != 0
    assert ('ENGINE=tensorflow: no such engine; say mxnet (the default) or '
            'torch') in line


def test_a_python_that_is_named_is_not_another_than_the_environment_has(
        fresh):
    subprocess.run([sys.executable, '-m', 'venv', '--without-pip',
                    fresh / '.venv-torch'], check=True)
    (fresh / '.venv-torch/ready').touch()
    options = 'ENGINE=torch', '.venv-torch/ready'
    assert make(fresh, *options, f'PYTHON={sys.executable}').returncode == 0
    line = error(make(fresh, *options, f'PYTHON={other_python(fresh, 0)}'))
    assert '.venv-torch has another Python' in line and 'VENV=' in line


def test_with_our_engine_only_what_has_an_engine_in_it_is_tested(fresh):
    text = make(fresh, '-n', 'test', 'ENGINE=torch').stdout
    assert 'engine/tests tests/chapters tests/readers\n' in text
    assert 'requirements-browser' not in text
    one = make(fresh, '-n', 'test', 'ENGINE=torch', 'CHAPTER=ndarray').stdout
    assert 'BOOK_CHAPTER=ndarray' in one and 'tests/readers' not in one


@pytest.mark.parametrize('readme', ['README.md', 'README.zh-CN.md'])
def test_the_commands_of_the_readme_exist(readme):
    text = (ROOT / readme).read_text(encoding='utf-8')
    named = set(re.findall(r'`make (\w+)', text))
    named |= set(re.findall(r'^make (\w+)', text, re.MULTILINE))
    assert named and named <= set(TARGETS)
