"""Environments in the folder of the book, each part made from its locks.

A part that is whole has a stamp, a file that holds the sum of what it was
made from: it is made again when that has changed.
"""

import contextlib
import errno
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
from collections import namedtuple

from book.chapters.errors import BookError
from book.execution.engine import MXNET, TORCH
from book.tools.setup import pythons, pytorch

PROXY = 'proxy'  # comes from npm, all else from pip
PYTORCH = 'requirements-pytorch.txt'
LOCKED = 'install', '--require-hashes', '-r'
OURSELVES = 'install', '--no-deps', '--no-build-isolation', '-e', '.'

# files: those that it is made from; steps: what pip is told to do
Part = namedtuple('Part', 'stamp files steps words')
PARTS = {
    MXNET: Part(
        'ready', ('requirements.txt', 'pyproject.toml'),
        [(*LOCKED, 'requirements.txt'), OURSELVES],
        'the book and MXNet, usually two to five minutes'),
    TORCH: Part(
        'ready', ('requirements-torch.txt', PYTORCH, 'engine/pyproject.toml',
                  'pyproject.toml'),
        [(*LOCKED, 'requirements-torch.txt'), ('install', '-r', PYTORCH),
         (*OURSELVES, '-e', 'engine')],
        'the book and its engine on PyTorch, usually three to ten minutes'),
    'browser': Part(
        'browser-ready', ('requirements-browser.txt',),
        [(*LOCKED, 'requirements-browser.txt')],
        'what the tests need, usually a minute'),
    'hub': Part(
        'hub-ready', ('requirements-image.txt', 'classroom/requirements.txt'),
        [(*LOCKED, 'classroom/requirements.txt')],
        'the hub of a class, usually a minute'),
    PROXY: Part(
        'proxy-ready',
        ('classroom/package.json', 'classroom/package-lock.json'), [],
        'the proxy of that hub with npm, usually some seconds'),
    'gpu': Part(
        'gpu-ready',
        ('requirements.txt', 'requirements-gpu.txt', 'pyproject.toml'),
        [('uninstall', '--yes', 'mxnet'),
         (*LOCKED, 'requirements-gpu.txt', '--force-reinstall', '--no-deps')],
        'MXNet for CUDA 11.2, usually two to five minutes'),
    'tools': Part(
        'ready', ('requirements-tools.txt',),
        [(*LOCKED, 'requirements-tools.txt')],
        'what looks after the locks, usually a minute'),
}
VENV = 'on Debian and Ubuntu install python3-venv, then try again'
LOCK = '_build/environment.lock'
NO_LOCKS = errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP
FOLDERS = {MXNET: '.venv', TORCH: '.venv-torch', 'gpu': '.venv-gpu',
           'tools': '.venv-tools'}


def say(text):
    """Tell whoever waits what is being done."""
    print(f'book: {text}', file=sys.stderr, flush=True)


def interpreter(folder):
    """Return the path of the Python of an environment."""
    inside = 'Scripts/python.exe' if os.name == 'nt' else 'bin/python'
    return pathlib.Path(folder) / inside


def digest(root, part):
    """Return the sum of what a part is made from."""
    found = hashlib.sha256()
    for name in PARTS[part].files:
        try:
            found.update((root / name).read_bytes())
        except OSError as error:
            raise BookError(f'{name}: {error.strerror}; run from the top of '
                            'the repository') from error
    return found.hexdigest()


def whole(root, folder, part):
    """Tell whether a part is there, as the locks have it now.

    What stands behind a link is somebody else's, and is used as it is.
    """
    stamp = root / folder / PARTS[part].stamp
    if not stamp.exists():
        return False
    return (root / folder).is_symlink() or (
        stamp.read_text('utf-8') == digest(root, part))


def prepare(root, folder, python, parts):
    """Make or renew an environment; return the path of its Python.

    python: the one to make it with, a `pythons.Python`.
    """
    inside = interpreter(root / folder)
    there = pythons.ask(inside)
    if there and there.version != python.version and 'tools' not in parts:
        raise BookError(
            f'{folder} has another Python than {python.path}; remove that '
            f'folder, or name another, such as VENV={folder}-2')
    parts = [x for x in parts if x != PROXY or have_npm()]
    sums = {part: digest(root, part) for part in parts}
    if not there or not all(whole(root, folder, x) for x in parts):
        with only_one(root):
            if not there:
                start(root, folder, python)
            for part in parts:
                if not whole(root, folder, part):
                    install(root, folder, part, sums[part])
    return inside


@contextlib.contextmanager
def only_one(root):
    """Let one run at a time make environments.

    The lock ends with the process that holds it, however that ends.
    """
    path = root / LOCK
    path.parent.mkdir(exist_ok=True)
    with open(path, 'a', encoding='utf-8') as file:
        try:
            lock(file)
        except (BlockingIOError, PermissionError) as error:
            raise BookError(f'{LOCK}: another run is installing; wait for '
                            'its end, or stop it, and try again') from error
        yield


def lock(file):
    """Lock a file, where its disk knows locks, until it is closed."""
    try:
        if os.name == 'nt':
            import msvcrt
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise


def start(root, folder, python):
    """Make an environment that is empty, where there is none that works."""
    place = root / folder
    if place.is_symlink():
        raise BookError(f'{folder}: a link to an environment that is gone; '
                        'remove it')
    if (place / 'pyvenv.cfg').exists():
        say(f'{folder}: the Python that it was made with is gone; making it '
            'anew')
    elif holds_files(place):
        raise BookError(f'{folder}: holds files, and is no environment; name '
                        'a new or an empty folder')
    run([python.path, '-m', 'venv', '--clear', place], root,
        f'{folder}: no environment can be made with {python.path}; {VENV}')


def holds_files(place):
    """Tell whether there is anything that `venv --clear` must not take.

    One that was stopped at its very beginning has made folders alone.
    """
    return place.exists() and any(
        x.is_file() or not x.exists() for x in [place, *place.rglob('*')])


def have_npm():
    """Tell whether there is npm; if not, say what does without it."""
    found = shutil.which('npm')
    if not found:
        say('npm is not there; tests that start the hub of a class are '
            'skipped')
    return bool(found)


def install(root, folder, part, made_from):
    """Install a part; only then it has its stamp."""
    stamp, _, steps, words = PARTS[part]
    place = root / folder
    say(f'{folder}: installing {words}')
    (place / stamp).unlink(missing_ok=True)
    if part == PROXY:
        install_proxy(root, folder)
    else:
        install_packages(root, folder, steps)
    (place / stamp).write_text(made_from, 'utf-8')


def install_proxy(root, folder):
    """Install the proxy of a hub, as its lock has it, into FOLDER/hub."""
    place = root / folder / 'hub'
    place.mkdir(exist_ok=True)
    for name in PARTS[PROXY].files:
        shutil.copy(root / name, place)
    run([shutil.which('npm'), 'ci', '--ignore-scripts', '--no-audit',
         '--no-fund', '--loglevel=error'], place,
        f'{folder}: npm stopped, see above; the same command tries again')


def install_packages(root, folder, steps):
    """Take steps with pip, which some environments do not have at first."""
    inside = interpreter(root / folder)
    pip = [inside, '-m', 'pip']
    if subprocess.run([*pip, '--version'], stdout=subprocess.DEVNULL,
                      stderr=subprocess.DEVNULL).returncode:
        run([inside, '-m', 'ensurepip'], root,
            f'{folder}: has no pip, and its Python none to give; {VENV}')
    for command, *options in steps:
        more = pytorch.options(say) if PYTORCH in options else []
        run([*pip, command, '--quiet', *more, *options], root,
            f'{folder}: pip stopped, see above; the same command tries again')


def run(command, root, problem):
    """Run a step; BookError tells the problem if it fails."""
    if subprocess.run(list(map(str, command)), cwd=str(root)).returncode:
        raise BookError(problem)
