"""Facts about this computer, for the doctor.

Each function asks one thing and judges nothing; folder: where notebooks are.
Only the standard library is used, and engines are asked in a process of
their own: what is broken there must not break this one.
"""

import os
import pathlib
import platform
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.request
from importlib import metadata

from from_scratch_to_gluon import engines, probe, programs

NAME = 'from-scratch-to-gluon'
OWN = pathlib.Path(__file__).resolve().parent / 'notebooks/en'
INDEX = re.compile(r"^\S+\.index-url='([^']+)'", re.MULTILINE)
REGISTRY = 'https://pypi.org/simple/'
SECONDS = 10
MEMORY = pathlib.Path('/sys/fs/cgroup/memory.max')
CERTIFICATES = ('SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE',
                'PIP_CERT')
SETTINGS = ('BOOK_', 'ENGINE', 'MXNET_', 'OMP_', 'GOMP_', 'PYTORCH_',
            'PYTHONPATH', 'JUPYTER_PATH', 'SSL_CERT_DIR', *CERTIFICATES)


def book(folder):
    """Return the version of the installed package, 'none' without."""
    return engines.version(NAME)


def system(folder):
    """Return the system's name and its memory in bytes, None if unknown.

    A limit of the container counts.
    """
    try:
        memory = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES')
    except (AttributeError, OSError, ValueError):
        return platform.platform(), None
    try:
        memory = min(memory, int(MEMORY.read_text(encoding='utf-8')))
    except (OSError, ValueError):
        pass
    return platform.platform(), memory


def settings(folder):
    """Return the variables that say how the book runs, name=value."""
    return [f'{name}={value}' for name, value in sorted(os.environ.items())
            if name.startswith(SETTINGS)]


def python_version(folder):
    """Return the version, and the engines that it may suit.

    That is the one that is installed, or else all that this computer can
    have.
    """
    found, system = engines.find(), (platform.system(), platform.machine())
    suited = [found.name] if found.file else [
        x for x in engines.ENGINES if engines.built_for(x, *system)]
    return tuple(sys.version_info[:3]), suited


def engine(folder):
    """Return the engine, and the installed packages that provide one."""
    return engines.find(), engines.installed()


def numpy(folder):
    """Return the version of NumPy, and which engine it must suit."""
    return engines.version('numpy'), engines.find().name


def packages(folder):
    """Return {package: version} of what the installed book needs.

    None if the book is not installed. What only some computers need, such
    as an engine, does not count.
    """
    try:
        wanted = metadata.requires(NAME) or []
    except metadata.PackageNotFoundError:
        return None
    names = [re.match(r'[\w.-]+', x)[0] for x in wanted if ';' not in x]
    return {name: engines.version(name) for name in names}


def mxnet(folder):
    return ask(folder, 'mxnet')


def kernel(folder):
    return ask(folder, 'kernel')


def utils(folder):
    """Return pairs: a file that `import utils` finds, whether it is ours.

    The first pair is that of this folder, the second of any other.
    """
    return [(file, file is not None and is_ours(pathlib.Path(file)))
            for file in ask(folder, 'modules').table or (None, None)]


def is_ours(file):
    """Tell whether a `utils` is the book's, changed by its reader or not.

    Its companions alone do not tell: they can be put beside another's.
    """
    return (file.is_file() and b'utils_data' in file.read_bytes()
            and file.with_name('utils_data.py').is_file())


def threads(folder):
    """Return the user's setting, or None, and the number of cores."""
    setting = os.environ.get('OMP_NUM_THREADS')
    return setting, ask(folder, 'cores', env=with_own()).table


def data(folder):
    return ask(folder, 'data', env=with_own())


def ask(folder, question, **options):
    return probe.ask(folder, question, stderr=subprocess.DEVNULL, **options)


def with_own():
    """Return variables with which a folder without `utils_data` has ours."""
    path = filter(None, [str(OWN), os.environ.get('PYTHONPATH')])
    return {**os.environ, 'PYTHONPATH': os.pathsep.join(path)}


def cards(folder):
    """Return the names of the cards; what the engine says if there are any.

    They are NVIDIA's, or on a Mac the one that our engine finds.
    """
    if platform.system() == 'Darwin':
        answer = mxnet(folder)
        return (answer.table or {}).get('devices', ['cpu'])[1:], answer
    if not shutil.which('nvidia-smi'):
        return [], None
    done = programs.run(
        ['nvidia-smi', '--query-gpu=name', '--format=csv,noheader'])
    names = done.stdout.splitlines() if done.returncode == 0 else []
    return names, mxnet(folder) if names else None


def space(folder):
    """Return how many bytes are free on the disk of the folder."""
    return shutil.disk_usage(folder).free


def writing(folder):
    """Return why nothing can be written in the folder, or None."""
    try:
        with tempfile.TemporaryFile(dir=str(folder)):
            return None
    except OSError as error:
        return f'{folder}: {error.strerror}'


def network(folder):
    """Return pip's package registry, and why it cannot be reached or None."""
    index = registry()
    try:
        with urllib.request.urlopen(f'{index}/pip/', timeout=SECONDS,
                                    context=trusted()):
            return index, None
    except (OSError, ValueError) as error:
        return index, str(getattr(error, 'reason', error))


def trusted():
    """Return the certificates that downloads trust, as in utils_data."""
    context = ssl.create_default_context()
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    for name in filter(os.environ.get, CERTIFICATES):
        path = os.environ[name]
        kind = 'capath' if os.path.isdir(path) else 'cafile'
        try:
            context.load_verify_locations(**{kind: path})
        except OSError as error:
            raise OSError(f'{name}={path}: no certificates there') from error
    return context


def registry():
    """Return the address of the package registry that pip uses."""
    settings = programs.run([sys.executable, '-m', 'pip', 'config', 'list'],
                            env={**os.environ, 'PIP_QUIET': '0'},
                            stderr=subprocess.DEVNULL).stdout
    found = INDEX.search(settings)  # the environment's before the files'
    return (found[1] if found else REGISTRY).rstrip('/')
