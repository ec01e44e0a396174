"""What the branch `notebooks` holds beside the notebooks.

Binder makes an environment of it, and Codespaces a container: MXNet and the
packages that chapters import, in the versions of the lock, and no more, so
that a reader does not wait long. Both have Intel's or AMD's processors.
"""

import pathlib
import shutil

from book.chapters.requirements import requirements
from book.execution import files
from book.execution.engine import LOCK_FILE

IMPORTED = 'mxnet', 'numpy', 'pandas', 'matplotlib', 'filelock', 'tqdm'
PYTHON = 'python-3.11\n'  # the last on which MXNet 1.9.1 runs
SYSTEM = 'libgomp1\nlibquadmath0\n'  # what MXNet wants from Debian
CONTAINER = pathlib.Path(__file__).with_name('devcontainer.json')


def write(root, folder):
    """Write the files from which services make an environment."""
    files.write(folder / 'requirements.txt', packages(root))
    files.write(folder / 'runtime.txt', PYTHON)
    files.write(folder / 'apt.txt', SYSTEM)
    target = folder / '.devcontainer' / CONTAINER.name
    target.parent.mkdir(exist_ok=True)
    shutil.copy(CONTAINER, target)


def packages(root):
    """Return what chapters import, in the versions of the lock."""
    locked = {x.name: x for x in requirements(root / LOCK_FILE)}
    chosen = [locked[name] for name in IMPORTED if name in locked]
    return ''.join(f'{x}\n' for x in chosen)
