"""Whoever follows the page on installation with pip gets a working MXNet."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from books import ROOT
from harm import thorough
from test_install import blocks

from book.tools import computer as clone
from from_scratch_to_gluon import computer

FOR_MXNET = {
    *('mxnet', 'numpy', 'graphviz', 'packaging', 'setuptools', 'wheel'),
    *('requests', 'certifi', 'charset-normalizer', 'idna', 'urllib3'),
}
PINNED = re.compile(r'^([\w.-]+)==.*\n(?: .*\n)*', re.MULTILINE)
IGNORED = shutil.ignore_patterns('.*', '_build', '*.egg-info', '__pycache__')


def shorten(path):
    """Leave in the lock what MXNet needs: the whole takes minutes.

    `make` installs the whole, with the same command.
    """
    kept = [match[0] for match in PINNED.finditer(path.read_text('utf-8'))
            if match[1] in FOR_MXNET]
    assert len(kept) == len(FOR_MXNET)
    path.write_text(''.join(kept))


@pytest.fixture
def followed(tmp_path):
    """Return a fresh copy of the book and the variables of a fresh shell."""
    index, error = computer.network(ROOT)
    if error:
        pytest.skip(f'needs the package registry: {index}: {error}')
    folder = tmp_path / 'book'
    shutil.copytree(ROOT, folder, ignore=IGNORED)
    shorten(folder / clone.LOCK)
    programs = tmp_path / 'bin'
    programs.mkdir()
    (programs / 'python3.11').symlink_to(sys._base_executable)
    path = f'{programs}{os.pathsep}{os.environ["PATH"]}'
    unwanted = {'PYTHONPATH', 'VIRTUAL_ENV'}
    kept = {x: y for x, y in os.environ.items() if x not in unwanted}
    return folder, {**kept, 'PATH': path}


@thorough
@pytest.mark.slow
def test_the_way_with_pip_leads_to_mxnet(followed):
    folder, variables = followed
    [block] = [x for x in blocks('en') if x[0].startswith('python3.11 -m')]
    done = subprocess.run(['bash', '-e', '-c', '\n'.join(block)], cwd=folder,
                          env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == '1.9.1'
