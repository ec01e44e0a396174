"""The front door: `make` explains itself and what it needs."""

import re
import shutil
import subprocess

import pytest
from books import ROOT

MAKEFILE = (ROOT / 'Makefile').read_text(encoding='utf-8')
TARGETS = re.search(r'^\.PHONY: (.*)$', MAKEFILE, re.MULTILINE)[1].split()


def make(folder, *arguments):
    return subprocess.run(['make', '-C', folder, *arguments], text=True,
                          capture_output=True)


@pytest.fixture
def fresh(tmp_path):
    """Return a folder with what `make` needs before it has set up."""
    for name in ('Makefile', 'requirements.txt', 'pyproject.toml'):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_help_lists_every_target_and_is_what_make_alone_shows():
    text = make(ROOT, 'help').stdout
    listed = re.findall(r'^ +make ([a-z-]+) +\S', text, re.MULTILINE)
    assert sorted(listed) == sorted(TARGETS)
    assert make(ROOT).stdout == text


def test_another_python_is_told_in_one_line_what_to_install(fresh):
    other = fresh / 'python3.13'
    other.write_text('#!/bin/sh\nexit 1\n')
    other.chmod(0o755)
    done = make(fresh, 'html', f'PYTHON={other}')
    [line] = [x for x in done.stderr.splitlines() if 'error:' in x]
    assert done.returncode != 0
    for part in (str(other), '3.11', 'uv', 'conda', 'Docker', 'PYTHON='):
        assert part in line
    assert not (fresh / '.venv').exists()


@pytest.mark.parametrize('readme', ['README.md', 'README.zh-CN.md'])
def test_the_commands_of_the_readme_exist(readme):
    text = (ROOT / readme).read_text(encoding='utf-8')
    named = set(re.findall(r'`make (\w+)', text))
    named |= set(re.findall(r'^make (\w+)', text, re.MULTILINE))
    assert named and named <= set(TARGETS)
