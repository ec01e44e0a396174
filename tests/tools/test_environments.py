"""An environment is made from its locks, and made again when they change."""

import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest

from book.chapters.errors import BookError
from book.tools.setup import environments, pythons
from book.tools.setup.environments import PARTS, prepare, whole

PYTHON = pythons.Python(sys.executable, sys.version_info[:2], 'Linux',
                        'x86_64')
FILES = {name for part in PARTS.values() for name in part.files}


@pytest.fixture
def root(tmp_path):
    """Return the folder of a book, with its locks alone."""
    for name in FILES:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    return tmp_path


@pytest.fixture
def ran(monkeypatch):
    """Return the commands that would have run; those in `fail` fail.

    An environment of this test holds a file, and works while it is there.
    """
    commands = SimpleNamespace(list=[], fail=None)

    def run(words, **options):
        words = list(map(str, words))
        if words[-1] != '--version':
            commands.list.append(' '.join(words[1:]))
        if '--clear' in words:
            environments.interpreter(words[-1]).parent.mkdir(parents=True)
            environments.interpreter(words[-1]).touch()
        bad = commands.fail and commands.fail in words
        return SimpleNamespace(returncode=int(bool(bad)))

    monkeypatch.setattr(subprocess, 'run', run)
    monkeypatch.setattr(shutil, 'which', lambda name: f'/bin/{name}')
    monkeypatch.setattr(pythons, 'ask',
                        lambda path: PYTHON if path.exists() else None)
    monkeypatch.setattr(environments.pytorch, 'options', lambda say: ['CPU'])
    return commands


def test_with_mxnet(root, ran, capsys):
    path = prepare(root, '.venv', PYTHON, ['mxnet'])
    assert path == environments.interpreter(root / '.venv')
    assert ran.list == [
        f'-m venv --clear {root}/.venv',
        '-m pip install --quiet --require-hashes -r requirements.txt',
        '-m pip install --quiet --no-deps --no-build-isolation -e .']
    assert capsys.readouterr().err == (
        'book: .venv: installing the book and MXNet, usually two to five '
        'minutes\n')


def test_with_our_engine(root, ran):
    prepare(root, '.venv-torch', PYTHON, ['torch'])
    assert ran.list[1:] == [
        '-m pip install --quiet --require-hashes -r requirements-torch.txt',
        '-m pip install --quiet CPU -r requirements-pytorch.txt',
        '-m pip install --quiet --no-deps --no-build-isolation -e . -e '
        'engine']


def test_with_mxnet_for_a_card(root, ran):
    prepare(root, '.venv-gpu', PYTHON, ['mxnet', 'gpu'])
    assert ran.list[3:] == [
        '-m pip uninstall --quiet --yes mxnet',
        '-m pip install --quiet --require-hashes -r requirements-gpu.txt '
        '--force-reinstall --no-deps']


def test_with_a_hub(root, ran):
    prepare(root, '.venv', PYTHON, ['hub', 'proxy'])
    assert ran.list[1:] == [
        '-m pip install --quiet --require-hashes -r '
        'classroom/requirements.txt',
        'ci --ignore-scripts --no-audit --no-fund --loglevel=error']
    assert (root / '.venv/hub/package-lock.json').exists()


def test_without_npm_one_line_says_what_is_left_out(
        root, ran, monkeypatch, capsys):
    monkeypatch.setattr(shutil, 'which', lambda name: None)
    prepare(root, '.venv', PYTHON, ['hub', 'proxy'])
    line = capsys.readouterr().err.splitlines()[0]
    assert line == ('book: npm is not there; tests that start the hub of a '
                    'class are skipped')
    assert whole(root, '.venv', 'hub') and not whole(root, '.venv', 'proxy')


@pytest.mark.parametrize('part', PARTS)
def test_what_is_whole_is_left_alone_until_a_lock_changes(root, ran, part):
    prepare(root, 'env', PYTHON, [part])
    assert (root / 'env' / PARTS[part].stamp).exists() and ran.list
    ran.list.clear()
    prepare(root, 'env', PYTHON, [part])
    assert ran.list == []
    for name in PARTS[part].files:
        (root / name).write_text('newer')
        prepare(root, 'env', PYTHON, [part])
        assert ran.list and '--clear' not in ' '.join(ran.list)
        ran.list.clear()


def test_an_interrupted_installation_leaves_no_stamp(root, ran):
    prepare(root, '.venv', PYTHON, ['mxnet'])
    (root / 'requirements.txt').write_text('newer')
    ran.fail = '-e'
    with pytest.raises(BookError, match='.venv: pip stopped'):
        prepare(root, '.venv', PYTHON, ['mxnet'])
    (root / 'requirements.txt').write_text('requirements.txt')
    assert not whole(root, '.venv', 'mxnet')
    ran.fail = None
    prepare(root, '.venv', PYTHON, ['mxnet'])
    assert whole(root, '.venv', 'mxnet')


def test_an_environment_whose_python_is_gone_is_made_anew(root, ran, capsys):
    (root / '.venv').mkdir()
    (root / '.venv/pyvenv.cfg').touch()
    (root / '.venv/ready').write_text('old')
    prepare(root, '.venv', PYTHON, ['mxnet'])
    assert f'-m venv --clear {root}/.venv' in ran.list
    assert 'the Python that it was made with is gone' in (
        capsys.readouterr().err)


def test_what_stands_behind_a_link_is_used_and_never_changed(root, ran):
    prepare(root, 'theirs', PYTHON, ['mxnet'])
    (root / '.venv').symlink_to(root / 'theirs')
    (root / 'requirements.txt').write_text('newer')
    ran.list.clear()
    prepare(root, '.venv', PYTHON, ['mxnet'])
    assert ran.list == []
    environments.interpreter(root / 'theirs').unlink()
    with pytest.raises(BookError, match='.venv: a link to an environment'):
        prepare(root, '.venv', PYTHON, ['mxnet'])


def test_a_python_that_is_named_is_not_another_than_the_environment_has(
        root, ran):
    prepare(root, '.venv-torch', PYTHON, ['torch'])
    other = PYTHON._replace(version=(3, 99), path='python3.99')
    with pytest.raises(BookError, match='.venv-torch has another Python than '
                       'python3.99; remove that folder, .*VENV='):
        prepare(root, '.venv-torch', other, ['torch'])


def test_elsewhere_than_in_the_book_nothing_is_made(tmp_path, ran):
    with pytest.raises(BookError, match='requirements.txt: No such file .*'
                       'run from the top of the repository'):
        prepare(tmp_path, '.venv', PYTHON, ['mxnet'])
    assert ran.list == []


@pytest.mark.parametrize('name', ['mine/page.md', 'mine'])
def test_a_folder_with_files_is_never_emptied(root, ran, name):
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).touch()
    with pytest.raises(BookError, match='mine: holds files'):
        prepare(root, 'mine', PYTHON, ['mxnet'])
    assert ran.list == []


def test_folders_alone_are_an_environment_that_was_stopped_early(root, ran):
    (root / '.venv/include').mkdir(parents=True)
    prepare(root, '.venv', PYTHON, ['mxnet'])
    assert f'-m venv --clear {root}/.venv' in ran.list


def test_two_runs_do_not_install_at_once(root, ran):
    with environments.only_one(root):
        with pytest.raises(BookError, match='another run is installing'):
            prepare(root, '.venv', PYTHON, ['mxnet'])
    assert ran.list == []
    prepare(root, '.venv', PYTHON, ['mxnet'])
    with environments.only_one(root):
        prepare(root, '.venv', PYTHON, ['mxnet'])
