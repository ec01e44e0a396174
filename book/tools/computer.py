"""Facts about this computer and the clone, for authors' doctor.

Each function asks one thing and judges nothing, as those for readers in
`from_scratch_to_gluon.computer`. Only the standard library is used.
"""

import re
import shutil
import subprocess
from importlib import metadata

from book.chapters.errors import read
from book.execution import engine as engines
from from_scratch_to_gluon import programs

LOCK = engines.LOCK_FILE
PIN = re.compile(r'^([\w.-]+)==([^\s\\;]+)(?: *; *([^\\\n]+))?',
                 re.MULTILINE)
VERSION = re.compile(r'^version = "(.*)"', re.MULTILINE)


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
        done = programs.run(['git', *words], cwd=root,
                            stderr=subprocess.DEVNULL)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


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


def jupytext(root):
    return engines.version('jupytext')


def browser(root):
    return shutil.which('chromium')


def latex(root):
    """Return what is missing for the printed book."""
    from book.shipping import pdf

    return pdf.missing()
