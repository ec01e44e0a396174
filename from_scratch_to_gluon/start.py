"""Open a reader's own notebooks in JupyterLab, with an engine."""

import os
import platform
import signal
import subprocess
import sys
from importlib import metadata

from from_scratch_to_gluon import __version__, engines, renewal, shipped
from from_scratch_to_gluon.errors import BookError
from from_scratch_to_gluon.words import LANGUAGES, of_system, say, use

NAME = 'from-scratch-to-gluon'
EXTRAS = 'mxnet', 'torch'
FIRST = 'crash-course/ndarray.ipynb'
USUAL = '~/gluon-book'  # found again from whichever folder one starts in
# What an installation without its requirements lacks
WANTED = {'mxnet': ['jupyterlab'], 'torch': ['jupyterlab', 'torch']}
# Not `-m`, for which a random.py in the folder one starts in comes first
LAB = ("import sys; sys.path[:] = filter(None, sys.path); sys.argv[0] = "
       "'jupyter-lab'; from jupyterlab.labapp import main; sys.exit(main())")
RESTARTED = 'GLUON_BOOK_RESTARTED'


def start(arguments):
    """Make or renew the notebooks and open them; return Jupyter's status."""
    language, folder = choose(arguments.language, arguments.folder)
    use(language)
    notebooks = shipped.notebooks(language)
    if must_restart():
        return restart(arguments.given)
    engine = engine_of_notebooks()
    done = renewal.renew(notebooks, folder, language)
    written = [x for x in done if not x.problem]
    print(say('notebooks', folder=folder, count=len(written)))
    for path, name, problem in done:
        if problem:
            print(say('obstacle', path=path, problem=problem))
        elif name:
            print(say('beside', name=name, path=path))
    print(engine)
    print(say('opening', first=FIRST), flush=True)
    return run(jupyter(folder, arguments.jupyter))


def choose(language, folder):
    """Return the language and the folder of a reader's notebooks.

    Where nothing is said, these are the ones that are there, or else those
    in the system's language.
    """
    if folder:
        path = renewal.resolved(folder)
        return language or found_in(path) or of_system(), path
    usual = renewal.resolved(USUAL)
    there = [x for x in LANGUAGES if found_in(usual / x)]
    language = language or (there[0] if len(there) == 1 else of_system())
    return language, usual / language


def found_in(folder):
    """Return the language of the notebooks that a folder has, if any."""
    return renewal.listed(folder)['language']


def engine_of_notebooks():
    """Say which engine notebooks will use; raise BookError unless one can."""
    both = engines.installed()
    if len(both) > 1:
        raise BookError(say('two engines', names=' + '.join(both),
                            first=both[0], second=both[1]))
    found = engines.find()
    if found.version == 'none':
        raise BookError(no_engine(offered()))
    missing = [x for x in WANTED[found.name] if engines.version(x) == 'none']
    if missing:
        raise BookError(say('missing', names=' '.join(missing)))
    return say(f'engine {found.name}', version=found.version,
               torch=found.torch)


def no_engine(extras):
    """Say how to get an engine: each extra that brings one here."""
    if not extras:
        return say('no engine runs', version=platform.python_version())
    first, *others = (say(f'choose {x}') for x in extras)
    return say('no engine', choice=first + ''.join(
        say('or', x) for x in others))


def offered(environment=None):
    """Return the extras of this package that bring an engine here."""
    from packaging.requirements import Requirement  # comes with JupyterLab

    wanted = map(Requirement, metadata.requires(NAME) or ())
    markers = [str(x.marker) for x in wanted if x.name in engines.PACKAGES]
    return [extra for extra in EXTRAS if any(
        holds(marker, extra, environment) for marker in markers)]


def holds(marker, extra, environment):
    """Tell whether an extra asks for what has this marker."""
    from packaging.markers import Marker

    values = {**(environment or {}), 'extra': extra}
    return f'"{extra}"' in marker and Marker(marker).evaluate(values)


def must_restart():
    """Tell whether uv can start this again, once, with MXNet added."""
    if 'UV' not in os.environ or RESTARTED in os.environ:
        return False
    return engines.find().version == 'none' and 'mxnet' in offered()


def restart(words):
    """Start this again through uv, with MXNet."""
    print(say('restart'), flush=True)
    python = '.'.join(platform.python_version_tuple()[:2])
    command = [os.environ['UV'], 'tool', 'run', '--python', python,
               '--from', f'{NAME}[mxnet]=={__version__}', NAME, *words]
    return run(command, **{RESTARTED: '1'})


def jupyter(folder, options):
    """Return the command that opens JupyterLab on the first chapter."""
    return [sys.executable, '-c', LAB,
            f'--ServerApp.root_dir={folder}',
            f'--LabApp.default_url=/lab/tree/{FIRST}', *options]


def run(command, **variables):
    """Run a program in this one's place: it is the one to answer Ctrl-C.

    Its kernels are of this Python, also where a user's own has its name.
    What ends this one ends it, too.
    """
    signal.signal(signal.SIGINT, lambda number, frame: None)
    signal.signal(signal.SIGTERM, end)
    variables.setdefault('JUPYTER_PREFER_ENV_PATH', '1')
    return subprocess.call(command, env={**variables, **os.environ})


def end(number, frame):
    raise KeyboardInterrupt
