"""The engine that computes: MXNet, or the book's own, on PyTorch.

It is whichever `import mxnet` finds; nothing else decides.
"""

import importlib.util
import pathlib
import platform
import re
from dataclasses import dataclass
from importlib import metadata

MXNET, TORCH = ENGINES = 'mxnet', 'torch'
LOCK_FILE = 'requirements.txt'  # which readers get
LOCKS = {MXNET: LOCK_FILE, TORCH: 'requirements-torch.txt'}
PACKAGES = 'mxnet', 'mxnet-cu112', 'mxnet-cu117', 'gluon-on-torch'
INTEL = 'x86_64', 'AMD64'
OURS = re.compile(r"^__version__ = '(.+\+torch.*)'", re.MULTILINE)


@dataclass(frozen=True)
class Engine:
    """What `import mxnet` finds: one of ENGINES, its version, PyTorch's.

    python: the series of Python, where the engine runs on several; folder:
    where its sources are, None for MXNet, whose version tells all; file:
    what is imported.
    """

    name: str = MXNET
    version: str = 'none'
    torch: str = ''
    python: str = ''
    folder: pathlib.Path = None
    file: str = ''

    def __str__(self):
        if self.version == 'none':
            return 'no MXNet'
        if self.name == MXNET:
            return f'MXNet {self.version}'
        return f'our engine {self.version} on PyTorch {self.torch}'

    @property
    def lock(self):
        """The file that says which packages belong beside it."""
        return LOCKS[self.name]


def built_for(engine, system, machine):
    """Tell whether there are builds of an engine for a computer.

    system, machine: as `platform` names them. PyTorch has no builds for
    Macs with an Intel processor any more.
    """
    intel, mac = machine in INTEL, system == 'Darwin'
    if engine == MXNET:
        return intel and system in ('Linux', 'Darwin')
    return not (intel and mac)


def find():
    """Return the engine that `import mxnet` finds, without importing it."""
    spec = importlib.util.find_spec('mxnet')
    if spec is None or spec.origin is None:
        return Engine()
    file, folder = spec.origin, pathlib.Path(spec.origin).parent
    for path in folder.glob('*.py'):
        ours = OURS.search(path.read_text('utf-8'))
        if ours:
            python = '.'.join(platform.python_version_tuple()[:2])
            return Engine(TORCH, ours[1], version('torch'), python, folder,
                          file)
    return Engine(MXNET, next(map(version, installed()), 'unknown'),
                  file=file)


def installed():
    """Return the installed packages that provide `mxnet`."""
    return [name for name in PACKAGES if version(name) != 'none']


def version(package):
    """Return the version of a package, 'none' where it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return 'none'
