"""What the outputs of a chapter depend on besides its own code."""

import ast
import functools
import os
import pathlib
from dataclasses import dataclass, field

from packaging.utils import canonicalize_name

from book.chapters import requirements, toc
from book.chapters.errors import BookError
from book.chapters.program import digest
from book.execution import files, reached
from book.execution.cache_key import data_sets, uses_device
from book.execution.engine import Engine, current
from from_scratch_to_gluon import probe

# Each step of training frees its arrays and asks for as many. glibc may give
# them back to the system in between, which then has to clear them. Let it
# keep up to 1 GiB. What that is worth depends on the machine: a sixth of the
# time of a convolutional network on one, nothing on another
# (`make bench ONLY=threads`).
KEEP_MEMORY = dict.fromkeys(
    ('MALLOC_TRIM_THRESHOLD_', 'MALLOC_MMAP_THRESHOLD_'), str(2**30)
)

# What people set for other work, by the beginning of its name: it changes
# what cells draw and print, or is printed below them. Settings of threads
# stay, for they change the speed, and the results by rounding.
OTHER_WORK = (
    *('MPL', 'MATPLOTLIB', 'PYTHON', 'PYDEVD', 'IPYTHON', 'JUPYTER'),
    *('TQDM_', 'NPY_', 'COLUMNS', 'LINES', 'FORCE_COLOR', 'NO_COLOR'),
    *('OMP_DISPLAY', 'KMP_SETTINGS', 'KMP_AFFINITY', 'MKL_VERBOSE'),
)
WHERE_PYTHON_IS = {  # and where it finds and leaves its own files
    *('PYTHONHOME', 'PYTHONEXECUTABLE', 'PYTHONUSERBASE'),
    *('PYTHONNOUSERSITE', 'PYTHONDONTWRITEBYTECODE', 'PYTHONPYCACHEPREFIX'),
}
REPOSITORY = pathlib.Path(__file__).parents[2]


@dataclass(frozen=True)
class Environment:
    """The modules that chapters share, the engine, the device, the data.

    utils: pairs (module, text); lock: a digest of the engine's lock;
    sources: one of the engine's own code; needs: digests of the files of
    requirements that chapters name;
    full: whether the heavy networks train on all the data (BOOK_FULL=1).
    """

    utils: tuple = ()
    engine: Engine = Engine()
    sources: str = ''
    lock: str = ''
    device: str = 'cpu'
    full: bool = False
    data: dict = field(default_factory=dict)
    needs: dict = field(default_factory=dict)


def gather(root, notebooks, ask=None):
    """Find out the environment of some chapters.

    Makes the data sets they load available. Nothing is probed when no
    chapter needs MXNet.
    ask: answers instead of `utils`, given a tuple of data sets.
    """
    found = {'device': 'cpu', 'data': {}}
    utils, here = reached.sources(root), current()
    if any(map(uses_device, notebooks)):
        names = {name for x in notebooks for name in data_sets(x, utils)}
        ask = ask or functools.partial(ask_utils, root)
        found = ask(tuple(sorted(names)))
    device = 'gpu' if found['device'].startswith('gpu') else 'cpu'
    return Environment(
        utils,
        here,
        digest(sources(here.folder)),
        packages(root / here.lock),
        device,
        os.environ.get('BOOK_FULL') == '1',
        found['data'],
        {name: packages(root / name) for notebook in notebooks
         for name in notebook.metadata.needs},
    )


def sources(folder):
    """Return {file: syntax tree} of the engine; {} where it is MXNet.

    Comments, layout and docstrings do not count.
    """
    paths = toc.written(folder, '**/*.py') if folder else ()
    return {path.relative_to(folder).as_posix(): ast.dump(
                reached.Executed().visit(reached.parse(
                    path.with_suffix(''), path.read_text('utf-8'))))
            for path in paths}


def packages(path):
    """Return a digest of what a file of requirements asks for.

    Comments, hashes, the order of lines, how names are spelt, and what is
    for other systems do not count.
    """
    return digest(sorted(f'{canonicalize_name(x.name)}{x.specifier}'
                         for x in requirements.requirements(path)))


def ask_utils(root, names):
    """Ask `utils` for the device and the data.

    names: the data sets to make available; None for all there are.
    """
    table, problem = probe.ask(root, 'environment', names,
                               env=of_build(root))
    if problem.startswith('ended with'):
        raise BookError('utils.py: asking it for the device and the data '
                        f'{problem}; try `python -c "import utils"`')
    if problem:
        raise BookError(f'utils.py: {problem}')
    return table


def of_build(root):
    """Return the environment of all that a build starts.

    It is the same in every shell and for every user: neither PYTHONPATH nor
    the files for Matplotlib, IPython and Jupyter in the home folder count,
    and nothing is written there.
    """
    path = dict.fromkeys([str(root.resolve()), str(REPOSITORY)])
    return {
        **{name: x for name, x in variables(root).items()
           if name in WHERE_PYTHON_IS or not name.startswith(OTHER_WORK)},
        'PYTHONPATH': os.pathsep.join(path),
        'PYTHONHASHSEED': '0',  # sets have an order
        'PYTHONUTF8': '1',
        'MPLCONFIGDIR': str((root / files.MATPLOTLIB).resolve()),
    }


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
