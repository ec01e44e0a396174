"""A notebook runs on a computer that knows nothing of the book."""

import ast
import json
import os
import re
import subprocess
import sys
import zipfile

import pytest
from books import ROOT

from book.chapters import toc
from book.chapters.languages import words
from book.chapters.reader import code_cells, read
from book.chapters.requirements import declared
from book.shipping import notebooks
from book.shipping.hosted import branch
from book.shipping.hosted.first_cell import first_cell

PACKAGE = """\
import sys
assert sys.argv[1:] == ['here']
for name in 'utils', 'utils_data':
    open(f'{name}.py', 'w').write('whose = "ours"  # utils_data\\n')
"""
BESIDES = 'filelock', 'matplotlib', 'pandas', 'tqdm'
ENGINE = ['python -m pip install --quiet gluon-on-torch ' + ' '.join(BESIDES)]
FILES = ['python -m pip install --quiet --no-deps from-scratch-to-gluon',
         'python -m from_scratch_to_gluon here']
OF_THE_KERNEL = {'IPython', 'matplotlib_inline', 'psutil'}


def write_wheel(folder, name, files, *requires):
    """Write a wheel that pip can install."""
    info = f'{name}-1.0.dist-info'
    about = ['Metadata-Version: 2.1', f'Name: {name}', 'Version: 1.0',
             *(f'Requires-Dist: {x}' for x in requires)]
    tag = 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n'
    files = {**files, f'{info}/METADATA': '\n'.join(about),
             f'{info}/WHEEL': tag, f'{info}/RECORD': ''}
    path = folder / f'{name}-1.0-py3-none-any.whl'
    with zipfile.ZipFile(path, 'w') as wheel:
        for file, text in files.items():
            wheel.writestr(file, text)


@pytest.fixture
def computer(tmp_path):
    """Return a computer with a folder for a notebook, one for what is
    installed, and one with our packages, from which alone pip takes any.

    The cell runs there like a cell, without this environment's packages.
    """
    for name in 'here', 'site', 'wheels':
        (tmp_path / name).mkdir()
    write_wheel(tmp_path / 'wheels', 'from_scratch_to_gluon',
                {'from_scratch_to_gluon.py': PACKAGE}, 'jupyterlab')
    write_wheel(tmp_path / 'wheels', 'gluon_on_torch', {'mxnet.py': ''})
    for name in BESIDES:
        write_wheel(tmp_path / 'wheels', name, {})
    return tmp_path


def run(computer, language='en', before='', after=''):
    """Run the first cell, with code around it."""
    code = '\n'.join([before, first_cell(language).source, after])
    environment = {
        **os.environ, 'PYTHONPATH': str(computer / 'site'),
        'PIP_TARGET': str(computer / 'site'), 'PIP_NO_INDEX': '1',
        'PIP_FIND_LINKS': str(computer / 'wheels'), 'PIP_NO_COMPILE': '1',
        'PYTHONUTF8': '1'}
    return subprocess.run([sys.executable, '-S', '-c', code], text=True,
                          encoding='utf-8', env=environment,
                          cwd=computer / 'here', capture_output=True)


def put_files_of_the_book(folder):
    for name in 'utils.py', 'utils_data.py':
        (folder / name).write_text('whose = "ours"  # utils_data\n')


def test_what_is_missing_is_installed_and_written_beside_it(computer):
    (computer / 'site/utils.py').write_text('whose = "theirs"\n')
    done = run(computer, after='import utils, mxnet\nprint(utils.whose)')
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [*ENGINE, *FILES, 'ours']


def test_an_engine_that_is_there_is_kept(computer):
    (computer / 'site/mxnet.py').touch()
    (computer / 'site/pip.py').touch()
    (computer / 'site/from_scratch_to_gluon.py').write_text(PACKAGE)
    done = run(computer)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == FILES


def test_files_that_lie_beside_a_notebook_are_kept(computer):
    put_files_of_the_book(computer / 'here')
    (computer / 'site/pip.py').touch()
    done = run(computer)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ENGINE


def test_where_all_is_there_nothing_happens(computer):
    put_files_of_the_book(computer / 'here')
    (computer / 'site/mxnet.py').touch()
    (computer / 'site/pip.py').write_text('1 / 0')
    done = run(computer)
    assert (done.returncode, done.stdout, done.stderr) == (0, '', '')


def last_line(done):
    assert done.returncode == 1
    return done.stderr.splitlines()[-1].removeprefix('ImportError: ')


def test_a_failing_installation_ends_in_one_clear_line(computer, language):
    (computer / 'site/pip.py').write_text('exit("no network")')
    done = run(computer, language)
    own = words(language)['notebook']['first_cell']
    assert last_line(done) == own['failed']
    assert 'no network\n' in done.stderr


def test_another_utils_that_comes_first_is_named(computer, language):
    put_files_of_the_book(computer / 'here')
    (computer / 'site/mxnet.py').touch()
    theirs = computer / 'site/utils.py'
    theirs.touch()
    first = f'import sys\nsys.path.insert(0, {str(theirs.parent)!r})'
    own = words(language)['notebook']['first_cell']
    assert last_line(run(computer, language, before=first)) == (
        own['foreign'].format(found=theirs))


def test_another_utils_beside_the_files_of_the_book_is_named(
        computer, language):
    put_files_of_the_book(computer / 'here')
    (computer / 'site/mxnet.py').touch()
    theirs = computer / 'here/utils.py'
    theirs.write_text('whose = "theirs"\n')
    own = words(language)['notebook']['first_cell']
    assert last_line(run(computer, language)) == (
        own['foreign'].format(found=theirs))


def test_the_cell_is_short_and_runs_on_every_python_of_readers(language):
    source = first_cell(language).source
    ast.parse(source, feature_version=(3, 8))
    assert len(source.splitlines()) <= 30


# Binder and Codespaces


@pytest.fixture(scope='module')
def files(tmp_path_factory):
    """Return what the branch holds beside the notebooks."""
    folder = tmp_path_factory.mktemp('branch')
    branch.write(ROOT, folder)
    return {x.relative_to(folder).as_posix(): x.read_text('utf-8')
            for x in folder.rglob('*') if x.is_file()}


def packages(code):
    """Return the names of the packages that code imports."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {x.name.split('.')[0] for x in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module.split('.')[0])
    return found - set(sys.stdlib_module_names)


def test_all_that_chapters_import_is_installed_and_little_else(files):
    pages = [x.text('en') for x in toc.pages(ROOT)]
    code = [cell.source for text in pages if not declared(text)
            for cell in code_cells(read(text))]
    code += [(ROOT / x).read_text('utf-8') for x in notebooks.UTILS]
    ours = {x.removesuffix('.py') for x in notebooks.UTILS}
    wanted = set().union(*map(packages, code)) - ours - OF_THE_KERNEL
    assert wanted == {'mxnet', 'numpy', *BESIDES}
    lines = files['requirements.txt'].splitlines()
    assert {x.partition('==')[0] for x in lines} == wanted
    lock = (ROOT / 'requirements.txt').read_text('utf-8')
    assert all(f'\n{x} ' in lock for x in lines)


def test_binder_takes_the_python_that_mxnet_wants(files):
    environment = (ROOT / 'environment.yml').read_text('utf-8')
    series = re.search(r'python=(3\.\d+)', environment)[1]
    assert files['runtime.txt'] == f'python-{series}\n'
    container = json.loads(files['.devcontainer/devcontainer.json'])
    assert f'/python:{series}-' in container['image']


def test_a_codespace_finds_the_files_that_it_names(files):
    container = json.loads(files['.devcontainer/devcontainer.json'])
    command = container['postCreateCommand']
    assert re.findall(r'-r (\S+)', command) == ['requirements.txt']
    opened = container['customizations']['codespaces']['openFiles']
    assert opened == [f'{x}/README.md' for x in toc.LANGUAGES]
