"""Old notebooks: a program as readers wrote it in 2017 for each chapter.

Each runs in a fresh process with the MXNet of this interpreter, its folder
beside `utils.py` as in those days, and says itself what it must reach. With
SEEDS=3 each runs from three seeds.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import utils_data

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / 'tests/readers/old_notebooks'
PROGRAMS = sorted(FOLDER.glob('*/*.py'))
SEEDS = range(int(os.environ.get('SEEDS') or 1))

# MXNet wants its own copies of the images, packed otherwise
START = """
import random, runpy, sys
import mxnet as mx, mxnet.gluon.utils, numpy as np
mx.gluon.utils.check_sha1 = lambda *_: True
for module in (mx.random, np.random, random):
    module.seed(int(sys.argv[2]))
runpy.run_path(sys.argv[1], run_name='__main__')
"""


@pytest.fixture(scope='module')
def home(tmp_path_factory):
    """Return a reader's folder: programs, utils, and data in two places."""
    home = tmp_path_factory.mktemp('2017')
    shutil.copytree(FOLDER, home, dirs_exist_ok=True)
    for path in ROOT.glob('utils*.py'):
        shutil.copy(path, home)
    for name, data_set in utils_data.DATA_SETS.items():
        folder = home / (f'datasets/{name}' if data_set.folder else 'data')
        folder.mkdir(parents=True, exist_ok=True)
        for file, path in utils_data.find_data(name).files.items():
            (folder / file).symlink_to(path)
    for path in (home / 'datasets/mnist').iterdir():  # as if downloaded
        (home / 'appendix' / path.name).symlink_to(path)
    return home


@pytest.fixture(scope='module')
def environment(home):
    """Return the variables of a process that downloads nothing."""
    found = [utils_data.find_data(name) for name in utils_data.DATA_SETS]
    drawn = any(one.is_stand_in for one in found)
    return os.environ | {
        'MXNET_HOME': str(home), 'MPLBACKEND': 'agg', 'OMP_NUM_THREADS': '1',
        'BOOK_STAND_IN': 'always' if drawn else 'never'}


@pytest.mark.parametrize('path', PROGRAMS, ids=lambda path: path.stem)
def test_an_old_notebook_has_the_name_of_a_chapter(path):
    chapter = path.relative_to(FOLDER).with_suffix('.md')
    assert (ROOT / 'chapters/en' / chapter).is_file()


@pytest.mark.slow
@pytest.mark.parametrize('seed', SEEDS)
@pytest.mark.parametrize('path', PROGRAMS, ids=lambda path: path.stem)
def test_an_old_notebook_reaches_what_it_did(home, environment, path, seed):
    done = subprocess.run(
        [sys.executable, '-W', 'ignore', '-c', START, path.name, str(seed)],
        cwd=home / path.parent.name, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600)
    if done.returncode:
        pytest.fail(f'{path.relative_to(ROOT)}\n{done.stdout[-3000:]}',
                    pytrace=False)
