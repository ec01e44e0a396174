"""The first code cell of a reader's notebook: it fetches what is missing.

Colab and Kaggle open a notebook alone, on a computer without our engine and
without the files that chapters import; so does whoever downloads one page.
Where all of it is there, the cell does nothing and prints nothing.

Of our package it takes the files alone: what else the package asks for is
JupyterLab, which would replace parts of the server that runs the notebook.
What is there already stays, PyTorch and NumPy above all, because pip leaves
alone what is new enough.
"""

from string import Template

from nbformat.v4 import new_code_cell

from book.chapters.languages import words

# Hidden where a tool can hide a cell, and named for tools that skip it
METADATA = {'jupyter': {'source_hidden': True}, 'tags': ['setup']}
CODE = Template("""\
# $purpose
import importlib.util
import os
import subprocess
import sys
from importlib.util import find_spec

commands = []
if not find_spec('mxnet'):
    commands.append(['pip', 'install', '--quiet', 'gluon-on-torch',
                     'filelock', 'matplotlib', 'pandas', 'tqdm'])
if not (find_spec('utils') and find_spec('utils_data')):
    commands.append(['pip', 'install', '--quiet', '--no-deps',
                     'from-scratch-to-gluon'])
    commands.append(['from_scratch_to_gluon', 'here'])
for command in commands:
    print('python -m', *command)
    done = subprocess.run([sys.executable, '-m', *command],
                          stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise ImportError(f'{done.stderr}\\n$failed')
importlib.invalidate_caches()

found, data = find_spec('utils').origin, find_spec('utils_data').origin
if (os.path.dirname(found) != os.path.dirname(data)
        or b'utils_data' not in open(found, 'rb').read()):
    raise ImportError(f'$foreign')
""")


def first_cell(language):
    """Return the cell, with its comment and its errors in a language."""
    own = words(language)['notebook']['first_cell']
    code = CODE.substitute(own).rstrip()
    return new_code_cell(code, metadata=METADATA)
