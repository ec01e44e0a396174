"""From a target to what runs it, in the environment that it needs."""

import importlib.util
import os
import signal
import subprocess
import sys

from book.chapters.errors import BookError, disk_problem
from book.execution import engine as engines
from book.tools.setup import (
    command_line,
    environments,
    locks,
    programs,
    pythons,
)
from book.tools.setup.environments import FOLDERS, PARTS
from book.tools.setup.targets import GPU, HERE, TARGETS, THERE, TOOLS
from from_scratch_to_gluon.commands import current
from from_scratch_to_gluon.programs import unread

ENDS = 'SIGTERM', 'SIGHUP'  # which `nohup` ignores, and so do we
ANYWHERE = 'help', '--help', '-h'  # all others are about this folder
TOP = '_toc.yml'
# Set for all that an environment runs: it has been seen to
SEEN = 'GLUON_BOOK_ENVIRONMENT'
PROGRAMS = {  # target -> what it runs; the others are commands of the book
    'test': programs.test, 'faults': programs.faults, 'lint': programs.lint,
    'syntax': programs.syntax, 'test-gpu': programs.test_gpu,
    'pytorch': programs.pytorch, 'image': programs.image,
    'image-test': programs.image_test, 'bench': programs.bench,
    'benchmark-site': programs.benchmark_site,
    'classroom-test': programs.classroom_test,
    'engine-record': programs.engine_record, 'lock': locks.lock,
    'audit': locks.audit, 'sbom': locks.sbom,
}


def main(arguments=None):
    """Run a target; return the exit status."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    heed()
    try:
        return run(current(), given) or 0
    except BookError as error:
        for line in str(error).splitlines():
            print(f'error: {line}', file=sys.stderr)
        return 1
    except BrokenPipeError:
        return unread()
    except OSError as error:
        problem = disk_problem(str(error))
        if not problem:
            raise
        print(f'error: {problem}', file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print('interrupted; finished chapters are kept in the cache',
              file=sys.stderr)
        return 130


def heed():
    """Take a signal that ends us for Ctrl-C, and any screen as it is."""
    for stream in sys.stdout, sys.stderr:
        if hasattr(stream, 'reconfigure'):  # not every code page has all
            stream.reconfigure(errors='backslashreplace')
    for name in ENDS:
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, interrupt)


def interrupt(number, frame):
    raise KeyboardInterrupt


def run(root, given):
    """Run a target, or make the environment of a stamp: .venv/ready."""
    place, words = command_line.split(given)
    if words[0] not in ANYWHERE and not (root / TOP).exists():
        raise BookError(f'{TOP}: No such file or directory; run from the top '
                        'of the repository')
    if '/' in words[0]:
        return make_stamp(root, words[0], place)
    words, options = command_line.read(words, place)
    name, target = words[0], TARGETS[words[0]]
    if name == 'help':
        return print(command_line.listing())
    variables = {**command_line.bare(), SEEN: 'yes'}
    if place.engine:
        variables['ENGINE'] = place.engine
    python = python_of(root, target, place, options)
    if name in PROGRAMS:
        return follow(PROGRAMS[name](python, options), variables)
    if python == sys.executable:
        return command(name)(root, options)
    return hand_over([python, '-m', 'book', *words], variables)


def python_of(root, target, place, options):
    """Return the path of the Python that runs a target; made if need be."""
    if target.parts == HERE:
        return place.python or sys.executable
    if target.parts == THERE:
        return there(root, place)
    if inside(root, target, place):
        options.engine = engines.find().name
        return sys.executable
    return environment(root, target, options)


def command(name):
    """Return the function of a command."""
    from book.tools import commands

    return getattr(commands, name)


# Where it runs


def inside(root, target, place):
    """Tell whether this Python has what a target needs: it runs at once.

    Not if our own environment, which the front door has made, is older than
    its locks.
    """
    here, wanted = engines.find(), target.engine or place.engine
    elsewhere = (place.python or place.venv) and SEEN not in os.environ
    if (elsewhere or target.parts in (GPU, TOOLS)
            or wanted not in (None, here.name) or here.version == 'none'
            or not importlib.util.find_spec('jupyter_book')):
        return False
    folder = FOLDERS[here.name]
    ours = (root / folder / PARTS[here.name].stamp).exists() and (
        os.path.samefile(root / folder, sys.prefix))
    return SEEN in os.environ or not ours or all(
        environments.whole(root, folder, x)
        for x in parts(target, here.name))


def there(root, place):
    """Return the Python of an environment that is there, or else this one.

    It makes none: the doctor has to come when nothing can be installed.
    """
    if place.python or SEEN in os.environ:
        return place.python or sys.executable
    wanted = [place.engine] if place.engine else engines.ENGINES
    known = [place.venv] if place.venv else [FOLDERS[x] for x in wanted]
    for folder in known:
        python = environments.interpreter(root / folder)
        if pythons.ask(python):
            return str(python)
        if (root / folder / 'pyvenv.cfg').exists():
            environments.say(f'{folder}: the Python that it was made with is '
                             'gone; `make html` makes it anew')
    return sys.executable


def environment(root, target, options):
    """Make or renew what a target needs; return the path of its Python."""
    wanted = target.engine or options.engine
    if target.parts == GPU:
        wanted = wanted or engines.TORCH
    choice, users = pick(root, options, wanted), options.engine == wanted
    options.engine = choice.engine
    if target.parts == TOOLS:
        folder, needed = FOLDERS[TOOLS], (TOOLS,)
    else:
        if users:  # the choice, not the target's
            environments.say(choice.why)
        cuda = target.parts == GPU and choice.engine == engines.MXNET
        folder = options.venv or FOLDERS[GPU if cuda else choice.engine]
        needed = parts(target, choice.engine)
    return environments.prepare(root, folder, choice.python, needed)


def parts(target, engine):
    """Return the parts that a target needs, the engine's first."""
    more = target.parts
    if more == GPU:
        more = (GPU,) if engine == engines.MXNET else ()
    elif isinstance(more, dict):
        more = more[engine]
    return (engine, *more)


def pick(root, place, wanted):
    """Pick engine and Python; environments that are there come first."""
    def existing(engine):
        folder = root / (place.venv or FOLDERS[engine])
        return pythons.ask(environments.interpreter(folder))

    return pythons.pick(wanted, place.python, existing)


def make_stamp(root, path, place):
    """Make what a stamp stands for, whatever is where."""
    folder, _, stamp = path.rpartition('/')
    known = {name: kind for kind, name in FOLDERS.items()}
    kind = known.get(folder, place.engine)
    more = [x for x in PARTS if PARTS[x].stamp == stamp != 'ready']
    if not more and stamp != 'ready':
        raise BookError(f'{path}: no target and no stamp; `make help` lists '
                        'the targets')
    engine = {GPU: engines.MXNET, TOOLS: None}.get(kind, kind)
    if kind != TOOLS:
        place.venv = folder
    choice = pick(root, place, engine)
    needed = (TOOLS,) if kind == TOOLS else (choice.engine, *more)
    environments.prepare(root, folder, choice.python, needed)


# Running


def follow(steps, variables):
    """Run steps one after the other; the last takes the place of this."""
    last = None
    for step in steps:
        if last:
            done = started(subprocess.run, last, variables)
            if done.returncode:
                return done.returncode
        last = step
    if last.text:
        return started(subprocess.run, last, variables).returncode
    return started(hand_over, last, variables)


def started(how, step, variables):
    """Start a step; a program that is missing is told in one line."""
    words = list(map(str, step.words))
    more = {'input': step.text.encode()} if step.text else {}
    try:
        return how(words, env={**variables, **step.variables}, **more)
    except FileNotFoundError as error:
        raise BookError(f'{words[0]}: no such program; install it') from error


def hand_over(words, env):
    """Go on as another program; on Windows start it and wait for its end.

    It hears Ctrl-C, as we do, and ends in its own way.
    """
    words = list(map(str, words))
    sys.stdout.flush()
    if os.name != 'nt':
        os.execvpe(words[0], words, env)
    process = subprocess.Popen(words, env=env)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue
