"""What the outputs of a chapter depend on besides its own code."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field

from book.chapters import requirements
from book.chapters.errors import BookError
from book.execution.cache_key import data_sets, digest, uses_device
from book.execution.reached import SHARED

LOCK_FILE = 'requirements.txt'
# Each step of training frees its arrays and asks for as many. glibc may give
# them back to the system in between, which then has to clear them. Let it
# keep up to 1 GiB. What that is worth depends on the machine: a sixth of the
# time of a convolutional network on one, nothing on another
# (`make bench ONLY=threads`).
KEEP_MEMORY = dict.fromkeys(
    ('MALLOC_TRIM_THRESHOLD_', 'MALLOC_MMAP_THRESHOLD_'), str(2**30)
)
PROBE = """\
import json
import sys

try:
    import utils

    names = json.loads(sys.argv[1])
    if names is None:
        names = list(utils.DATA_SETS)
    answer = {'device': str(utils.try_gpu()),
              'data': {x: utils.find_data(x).identity for x in names}}
except KeyboardInterrupt:
    sys.exit(130)
except Exception as error:
    answer = {'error': str(error) or type(error).__name__}
print()
print(json.dumps(answer))
"""


@dataclass(frozen=True)
class Environment:
    """The modules that chapters share, the lock, the device, the data.

    utils: pairs (module, text); lock: a digest; needs: digests of the files
    of requirements that chapters name;
    full: whether the heavy networks train on all the data (BOOK_FULL=1).
    """

    utils: tuple = ()
    lock: str = ''
    device: str = 'cpu'
    full: bool = False
    data: dict = field(default_factory=dict)
    needs: dict = field(default_factory=dict)


def gather(root, notebooks):
    """Find out the environment of some chapters.

    Makes the data sets they load available. Nothing is probed when no
    chapter needs MXNet.
    """
    found = {'device': 'cpu', 'data': {}}
    utils = shared_modules(root)
    if any(map(uses_device, notebooks)):
        names = {name for x in notebooks for name in data_sets(x, utils)}
        found = probe(root, sorted(names))
    device = 'gpu' if found['device'].startswith('gpu') else 'cpu'
    return Environment(
        utils,
        packages(root / LOCK_FILE),
        device,
        os.environ.get('BOOK_FULL') == '1',
        found['data'],
        {
            name: packages(root / name)
            for notebook in notebooks
            for name in notebook.metadata.needs
        },
    )


def shared_modules(root):
    """Return `utils` and what lies behind it as pairs (module, text)."""
    try:
        return tuple(
            (name, (root / f'{name}.py').read_text(encoding='utf-8'))
            for name in SHARED
            if name == 'utils' or (root / f'{name}.py').exists()
        )
    except OSError as error:
        raise BookError(
            f'utils.py: {error.strerror}; run from the '
            'top of the repository'
        ) from error


def packages(path):
    """Return a digest of what a file of requirements asks for.

    Its comments, the hashes and the order of its lines do not count.
    """
    return digest(sorted(map(str, requirements.requirements(path))))


def probe(root, names):
    """Ask `utils`, in a process of its own, for the device and the data.

    names: the data sets to make available; None for all there are.
    """
    done = subprocess.run(
        [sys.executable, '-c', PROBE, json.dumps(names)],
        cwd=root,
        env=variables(root),
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode == 130:
        raise KeyboardInterrupt
    try:
        answer = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError) as error:
        raise BookError(
            'utils.py: asking it for the device and the data '
            f'ended with status {done.returncode}; try '
            '`python -c "import utils"`'
        ) from error
    if 'error' in answer:
        raise BookError(f'utils.py: {answer["error"]}')
    return answer


def variables(root):
    """Return the process environment in which `import utils` works.

    A relative BOOK_DATA is made absolute: kernels run in other folders.
    """
    before = os.environ.get('PYTHONPATH')
    path = os.pathsep.join([str(root)] + ([before] if before else []))
    found = {**KEEP_MEMORY, **os.environ, 'PYTHONPATH': path}
    if found.get('BOOK_DATA'):
        data = os.path.expanduser(found['BOOK_DATA'])
        found['BOOK_DATA'] = os.path.abspath(data)
    return found
