"""`make` hands its targets and variables on to `python -m book`."""

import os
import re
import subprocess
import sys

import pytest
from books import ROOT

from book.tools.setup.targets import TARGETS, VARIABLES

MAKEFILE = (ROOT / 'Makefile').read_text(encoding='utf-8')
ECHO = """\
#!{python}
import os, sys
print(*sys.argv[1:])
print(*sorted(f'{{x}}={{os.environ[x]}}' for x in {names} if x in os.environ))
"""


def make(*arguments):
    ours = {x: y for x, y in os.environ.items() if x not in VARIABLES}
    return subprocess.run(['make', '-C', ROOT, '--no-print-directory',
                           *arguments], text=True, env=ours,
                          capture_output=True)


@pytest.fixture
def echo(tmp_path):
    """Return a Python that says what it was called with."""
    path = tmp_path / 'python'
    path.write_text(ECHO.format(python=sys.executable, names=[*VARIABLES]))
    path.chmod(0o755)
    return f'PYTHON={path}'


def test_make_has_the_targets_of_the_front_door_and_no_others():
    named = re.search(r'^TARGETS := ((?:.*\\\n)*.*)$', MAKEFILE, re.MULTILINE)
    assert named[1].replace('\\\n', ' ').split() == list(TARGETS)


def test_help_lists_every_target_and_is_what_make_alone_shows():
    text = make('help').stdout
    listed = re.findall(r'^ +make ([a-z-]+) +\S', text, re.MULTILINE)
    assert listed == list(TARGETS)
    assert make('-n').stdout == make('-n', 'help').stdout


@pytest.mark.parametrize('target', [
    'html', '.venv/ready', '.venv/browser-ready', '.venv/hub-ready',
    '.venv/proxy-ready',
    '.venv-torch/ready', '.venv-tools/ready', '.venv-gpu/gpu-ready'])
def test_a_target_or_a_stamp_is_handed_on(echo, target):
    assert make(target, echo).stdout.startswith(f'-m book {target}\n')


def test_variables_are_handed_on_whatever_they_hold(echo):
    values = {'CHAPTER': 'ndarray', 'ONLY': 'training --threads 1 2',
              'DIR': "~/it's 深度 $x"}
    given = [f'{name}={value}'.replace('$', '$$')
             for name, value in values.items()]
    said = make('html', echo, *given).stdout
    assert said == '-m book html\n' + ' '.join(sorted(
        [f'{x}={y}' for x, y in values.items()] + [echo])) + '\n'


@pytest.mark.parametrize('readme', ['README.md', 'README.zh-CN.md'])
def test_the_commands_of_the_readme_exist(readme):
    text = (ROOT / readme).read_text(encoding='utf-8')
    named = set(re.findall(r'`make (\w+)', text))
    named |= set(re.findall(r'^make (\w+)', text, re.MULTILINE))
    assert named and named <= set(TARGETS)
