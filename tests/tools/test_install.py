"""The page on installation can be followed: its commands exist.

That they work is tested in faults/test_fresh_install.py.
"""

import importlib.util
import pathlib
import re
import shlex
import sys

import pytest
from books import ROOT

from book.chapters.toc import LANGUAGES
from book.tools import computer
from book.tools.setup.targets import TARGETS
from from_scratch_to_gluon.doctor import PROBLEMS

PAGES = {language: ROOT / f'chapters/{language}/preface/install.md'
         for language in LANGUAGES}
FENCE = re.compile(r'^```(?:bash|bat)\n(.*?)^```$', re.MULTILINE | re.DOTALL)
INLINE = re.compile(r'`((?:make|python -m|jupyter|conda|uv) [^`]+)`')
SETTING = re.compile(r'[A-Z_]+=\S*$')
FILE = re.compile(r'[\w.-]+\.(?:txt|yml|toml)$')
OURS = {'start', 'here', 'doctor', 'data'}  # of `gluon-book`
SHELL = {'.', 'export', 'mkdir', 'set', 'unset'}
ACTIVATE = 'gluonScriptsactivate'  # what a POSIX shell makes of it
ELSEWHERE = {'apt-get', 'conda', 'docker', 'py', 'ssh', 'uv', 'uvx',
             ACTIVATE}  # not our own
LABELS = {'en': ('Cause: ', 'Cure: '), 'zh': ('原因：', '办法：')}


def text(language):
    return PAGES[language].read_text('utf-8')


def blocks(language):
    """Return the shell commands of a page, a list for each block."""
    found = FENCE.findall(text(language).replace('\\\n', ''))
    return [block.splitlines() for block in found]


def commands(language):
    """Return all commands that a page gives, also those inside sentences."""
    inline = INLINE.findall(text(language))
    return [line for block in blocks(language) for line in block] + inline


def words(command):
    """Return the words of a command without settings and `sudo`."""
    found = shlex.split(command)
    while found and (SETTING.match(found[0]) or found[0] == 'sudo'):
        found = found[1:]
    return found


def exists(command):
    """Tell whether there is a program, a target, a module as named."""
    program, *arguments = words(command)
    name = pathlib.Path(program).name
    if name == 'make':
        return arguments[0] in TARGETS
    if arguments[:2] == ['-m', 'book']:
        return arguments[2] in TARGETS
    if name in ('python', 'python3.11') and arguments[0] == '-m':
        return importlib.util.find_spec(arguments[1]) is not None
    if name == 'gluon-book':
        return arguments[0] in OURS
    own = pathlib.Path(sys.executable).parent / name
    return name in SHELL | ELSEWHERE or own.exists()


@pytest.mark.parametrize('command', dict.fromkeys(commands('en')))
def test_a_command_of_the_page_exists_as_do_its_files(command):
    assert exists(command)
    named = [x for x in words(command) if FILE.match(x)]
    assert [x for x in named if not (ROOT / x).is_file()] == []


@pytest.mark.parametrize('command', [
    'make notebok', 'python -m book docter', 'python -m pib', 'jupiter lab',
])
def test_a_command_that_does_not_exist_is_noticed(command):
    assert not exists(command)


def test_both_languages_give_the_same_commands():
    def same(language):
        own = re.compile(rf'/{language}\b|LANGUAGE={language}\b')
        return [own.sub('', x) for x in commands(language)]

    assert same('en') == same('zh')


def doctors_words(language):
    """Return each problem as the page would tell it: {text: its name}."""
    cause, cure = LABELS[language]
    return {
        f'- **{x["symptom"]}**\n  {cause}{x["cause"]}\n  {cure}{x["cure"]}':
        name for name, x in ((name, problem[language])
                             for name, problem in PROBLEMS.items())}


def told(language):
    """Return the names of the problems that the page tells, in its order."""
    cause, cure = LABELS[language]
    item = re.compile(rf'^- \*\*.*\*\*\n  {cause}.*\n  {cure}.*$', re.M)
    known = doctors_words(language)
    return [known.get(x, x) for x in item.findall(text(language))]


def test_the_page_tells_some_problems_in_the_words_of_the_doctor():
    names = told('en')
    assert len(names) > 4 and set(names) <= set(PROBLEMS)
    assert told('zh') == names == [x for x in PROBLEMS if x in names]


@pytest.mark.parametrize('language', LANGUAGES)
def test_the_versions_on_the_page_are_those_of_the_lock(language):
    wanted = computer.packages(ROOT)[0]
    for package in ('mxnet', 'numpy'):
        assert wanted[package] in text(language)
