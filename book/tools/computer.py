"""Facts about this computer, for the doctor.

Each function asks one thing and judges nothing. Only the standard library is
used, and MXNet is asked in a process of its own: what is broken there must
not break this one.
"""

import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from importlib import metadata

from book.chapters.errors import read
from book.execution import engine as engines
from book.execution import probe

LOCK = engines.LOCK_FILE
PIN = re.compile(r'^([\w.-]+)==([^\s\\;]+)(?: *; *([^\\\n]+))?',
                 re.MULTILINE)
INDEX = re.compile(r"^\S+\.index-url='([^']+)'", re.MULTILINE)
REGISTRY = 'https://pypi.org/simple/'
SECONDS = 10
MEMORY = pathlib.Path('/sys/fs/cgroup/memory.max')
VERSION = re.compile(r'^version = "(.*)"', re.MULTILINE)
SETTINGS = 'BOOK_', 'ENGINE', 'MXNET_', 'OMP_', 'GOMP_', 'PYTORCH_'


def system(root):
    """Return the system's name and its memory in bytes, None if unknown.

    A limit of the container counts.
    """
    try:
        memory = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES')
    except (AttributeError, OSError, ValueError):
        return platform.platform(), None
    try:
        memory = min(memory, int(MEMORY.read_text('ascii')))
    except (OSError, ValueError):
        pass
    return platform.platform(), memory


def book(root):
    """Return the book's version, its commit, and how many files changed.

    Commit and changes are None where there is no clone.
    """
    version = VERSION.search(read(root / 'pyproject.toml'))[1]
    commit = git(root, 'log', '-1', '--format=%h of %cs')
    changes = git(root, 'status', '--porcelain')
    if commit is None or changes is None:
        return version, None, None
    return version, commit.strip(), len(changes.splitlines())


def git(root, *words):
    """Return what git says, None if it says no or is not there."""
    try:
        done = subprocess.run(['git', *words], cwd=root, capture_output=True,
                              encoding='utf-8', errors='replace')
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def settings(root):
    """Return the variables that say how the book runs, name=value."""
    return [f'{name}={value}' for name, value in sorted(os.environ.items())
            if name.startswith(SETTINGS)]


def python_version(root):
    """Return the version, and which engine it must suit."""
    return tuple(sys.version_info[:3]), engines.find().name


def engine(root):
    """Return the engine, and the installed packages that provide one."""
    return engines.find(), engines.installed()


def packages(root):
    """Return {package: version}, wanted and installed; and the lock.

    A build of MXNet for GPUs counts as MXNet.
    """
    installed = {}
    for package in metadata.distributions():
        name = normal(package.metadata['Name'])
        name = re.sub(r'^mxnet-cu\d+$', 'mxnet', name)
        installed.setdefault(name, package.version)
    lock = engines.find().lock
    pins = PIN.findall(read(root / lock))
    wanted = {normal(x): version for x, version, marker in pins
              if applies(marker)}
    return wanted, installed, lock


def applies(marker):
    """Tell whether a line of the lock is for this system and Python."""
    try:
        from packaging.markers import Marker
    except ImportError:  # then nothing of the lock is installed
        return True
    return not marker or Marker(marker).evaluate()


def normal(package):
    """Return the name of a package as registries compare it."""
    return re.sub('[-_.]+', '-', package or '').lower()


def mxnet(root):
    return probe.ask(root, 'mxnet', stderr=subprocess.DEVNULL)


def data(root):
    return probe.ask(root, 'data', stderr=subprocess.DEVNULL)


def threads(root):
    """Return the user's setting, or None, and the number of cores."""
    from utils_data import physical_cores

    return os.environ.get('OMP_NUM_THREADS'), physical_cores()


def cards(root):
    """Return the names of the cards; what MXNet says if there are any.

    They are NVIDIA's, or on a Mac the one that our engine finds.
    """
    if platform.system() == 'Darwin':
        answer = mxnet(root)
        return (answer.table or {}).get('devices', ['cpu'])[1:], answer
    if not shutil.which('nvidia-smi'):
        return [], None
    query = 'nvidia-smi', '--query-gpu=name', '--format=csv,noheader'
    done = subprocess.run(query, capture_output=True, encoding='utf-8',
                          errors='replace')
    names = done.stdout.splitlines() if done.returncode == 0 else []
    return names, mxnet(root) if names else None


def browser(root):
    return shutil.which('chromium')


def latex(root):
    """Return what is missing for the printed book."""
    from book.shipping import pdf

    return pdf.missing()


def space(root):
    """Return how many bytes are free on the disk of the book."""
    return shutil.disk_usage(root).free


def writing(root):
    """Return why nothing can be written in the book's folder, or None."""
    try:
        with tempfile.TemporaryFile(dir=root):
            return None
    except OSError as error:
        return f'{root}: {error.strerror}'


def network(root):
    """Return pip's package registry, and why it cannot be reached or None."""
    index = registry()
    try:
        with urllib.request.urlopen(f'{index}/pip/', timeout=SECONDS):
            return index, None
    except (OSError, ValueError) as error:
        return index, str(getattr(error, 'reason', error))


def registry():
    """Return the address of the package registry that pip uses."""
    settings = subprocess.run([sys.executable, '-m', 'pip', 'config', 'list'],
                              capture_output=True, encoding='utf-8',
                              errors='replace').stdout
    found = INDEX.search(settings)  # the environment's before the files'
    return (found[1] if found else REGISTRY).rstrip('/')
