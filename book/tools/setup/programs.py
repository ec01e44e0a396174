"""What the targets run that are no commands of `book/tools/commands.py`.

Each function gets the Python of the environment, as a path, and the options;
it returns Steps, one after the other.
"""

import shlex
import sys
from collections import namedtuple

from book.execution import engine as engines
from book.tools.setup import environments
from book.tools.setup import pytorch as registry

# words: a command; variables: what it finds in the environment besides;
# text: what it reads from its input
Step = namedtuple('Step', 'words variables text', defaults=[{}, ''])
# In two workers; the longest chapters come first, so the order is kept
PYTEST = 'pytest', '-n', '2', '--dist', 'loadfile', '--no-loadscope-reorder'
# With our engine: what depends on it. The rest has no engine in it. Its
# tests have names that some of ours have, too
WHOLE = 'engine/tests', 'tests/card', 'tests/chapters', 'tests/readers'
APART = ('--import-mode=importlib', '-o',
         'pythonpath=tests tests/tools tests/card engine/tests')
ONE = 'tests/chapters', 'tests/text/test_pages.py'


def module(python, *words, **variables):
    """Return a step that runs a module."""
    return Step([python, '-m', *words], variables)


def report(options):
    return [f'--junitxml={options.report}'] if options.report else []


def test(python, options):
    ours = options.engine == engines.TORCH
    every = WHOLE if ours else ()
    paths = shlex.split(options.tests) or (ONE if options.chapter else every)
    return [module(python, *PYTEST, *(APART if ours else ()),
                   *report(options), *paths,
                   BOOK_CHAPTER=options.chapter or '', FRESH=options.fresh)]


def faults(python, options):
    return [module(python, 'pytest', 'tests/faults', BOOK_FAULTS='all')]


def test_gpu(python, options):
    return [
        module(python, 'book', 'doctor'),
        module(python, 'pytest', '-m', 'gpu', *report(options),
               'tests/repository/test_gpu.py', BOOK_FULL='1')]


def lint(python, options):
    return [module(python, 'ruff', 'check', '.')]


def syntax(python, options):
    return [Step([python, 'tests/syntax/old_python.py'])]


def pytorch(python, options):
    more = registry.options(environments.say)
    return [module(python, 'pip', 'install', '--quiet', *more, '-r',
                   environments.PYTORCH)]


def image(python, options):
    """With an engine that is named, the image has a name of its own."""
    name, engine = 'from-scratch-to-gluon', options.engine
    more = ['--build-arg', f'ENGINE={engine}'] if engine else []
    return [Step(['docker', 'build', *more, '--tag',
                  f'{name}-{engine}' if engine else name, '.'])]


def image_test(python, options):
    check = shlex.join([str(python), 'tests/docker/check_image.py'])
    return [Step(['tests/docker/build.sh'], {'PYTHON': str(python)}),
            Step(['unshare', '--net', '--pid', '--fork', '--mount-proc', 'sh',
                  '-c', f'ip link set lo up && {check}'])]


def bench(python, options):
    """With both engines, each in its environment."""
    ready = f'{environments.FOLDERS[engines.TORCH]}/ready'
    return [module(sys.executable, 'book', ready, ENGINE=engines.TORCH),
            module(python, 'benchmarks', *shlex.split(options.only))]


def benchmark_site(python, options):
    return [Step([python, 'benchmarks/page_speed.py'])]


def classroom_test(python, options):
    return [module(python, 'classroom.simulated.load_test', '--students',
                   options.students)]


def engine_record(python, options):
    return [Step([python, 'engine/tests/record.py',
                  *shlex.split(options.family)])]
