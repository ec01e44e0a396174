"""The machine that numbers come from, and processes that measure on it."""

import contextlib
import json
import pathlib
import platform
import re
import subprocess
import sys
from datetime import datetime, timezone
from importlib import metadata

import psutil

from book.chapters.errors import BookError
from book.execution import engine
from book.execution.environment import variables
from utils_data import physical_cores

ROOT = pathlib.Path(__file__).parent.parent
ENGINE = ROOT / '.venv-torch' / 'bin' / 'python'
PACKAGES = 'numpy', 'jupyter-book', 'sphinx'
MODEL = re.compile(r'^model name\s*: (.+)$', re.MULTILINE)
VERSIONS = """\
import json
import platform

import mxnet
import numpy
import torch

print(json.dumps({
    'engine': mxnet.__version__, 'torch': torch.__version__,
    "engine's numpy": numpy.__version__,
    "engine's python": platform.python_version()}))
"""
SETTINGS = """\
import contextlib
import json
import os

before = dict(os.environ)
import utils

print(json.dumps({x: y for x, y in os.environ.items()
                  if before.get(x) != y}))
"""


def facts(seconds):
    """Return what a reader must know of the numbers of a run.

    seconds: how long it took.
    """
    now = datetime.now(timezone.utc).isoformat(timespec='minutes')
    memory = psutil.virtual_memory().total / 2**30
    return {
        'date': now,
        'seconds': seconds,
        'processor': f'{processor()}, {physical_cores()} cores',
        'memory': f'{memory:.0f} GiB',
        'system': platform.platform(terse=True),
        'versions': {
            'python': platform.python_version(),
            'mxnet': engine.current().version,
            **{name: version(name) for name in PACKAGES},
            **(engine_versions() if ENGINE.exists() else {}),
        },
    }


def processor():
    """Return the name of the processor."""
    try:
        text = pathlib.Path('/proc/cpuinfo').read_text(encoding='utf-8')
    except OSError:
        text = ''
    found = MODEL.search(text)
    return found[1] if found else platform.processor() or platform.machine()


def version(package):
    """Return the version of a package, 'none' where it is missing."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return 'none'


def engine_versions():
    """Return the versions of the engine, and of what it stands on."""
    return ask(ENGINE, VERSIONS)


def book_settings():
    """Return the settings of threads that `import utils` makes here."""
    return ask(sys.executable, SETTINGS)


def ask(python, program):
    """Return what a program prints as JSON."""
    done = subprocess.run(
        [str(python), '-c', program],
        env=variables(ROOT),
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise BookError(f'{python} cannot be asked; its own words are above')
    return json.loads(done.stdout)


class Worker:
    """A process that runs a module and waits, when ready, for its start.

    The module prints a line, reads one, and prints a last line in JSON; one
    that measures several times reads and prints again.
    settings: environment variables; None removes one; python: that of
    another environment.
    """

    def __init__(
        self, module, arguments, settings=None, python=sys.executable
    ):
        self.name = ' '.join((module, *arguments))
        wanted = {**variables(ROOT), **(settings or {})}
        self.process = subprocess.Popen(
            [str(python), '-m', f'benchmarks.{module}', *arguments],
            cwd=ROOT,
            env={x: y for x, y in wanted.items() if y is not None},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.stdout.close()
        if error[0]:
            self.process.kill()
        self.process.wait()

    def line(self):
        """Return the next line of the process, which must not have ended."""
        found = self.process.stdout.readline()
        if not found:
            raise BookError(
                f'`python -m benchmarks.{self.name}` ended with status '
                f'{self.process.wait()}; its own words are above'
            )
        return found

    def wait(self):
        """Wait until the process is ready for its start."""
        while self.line() != 'ready\n':
            pass

    def start(self):
        """Have the process begin to measure."""
        self.process.stdin.write('\n')
        self.process.stdin.flush()

    def result(self):
        """Return what the process found since its start."""
        return json.loads(self.line())


def together(workers):
    """Start what some workers measure at the same moment; return it."""
    with contextlib.ExitStack() as stack:
        for worker in workers:
            stack.enter_context(worker).wait()
        for worker in workers:
            worker.start()
        return [worker.result() for worker in workers]


def in_turn(workers, rounds):
    """Have workers measure one after the other; return a list for each."""
    with contextlib.ExitStack() as stack:
        for worker in workers:
            stack.enter_context(worker).wait()
        found = [[] for _ in workers]
        for _ in range(rounds):
            for worker, results in zip(workers, found, strict=True):
                worker.start()
                results.append(worker.result())
        return found


def peak(process):
    """Wait for a process; return the MB of all that it started together.

    The memory that processes share counts more than once.
    """
    most, watched = 0, psutil.Process(process.pid)
    while process.poll() is None:
        most = max(most, resident(watched))
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
    return most / 1e6


def resident(watched):
    """Return how many bytes a process and those below it have."""
    total = 0
    try:
        for process in (watched, *watched.children(recursive=True)):
            total += process.memory_info().rss
    except psutil.Error:  # one has just ended
        pass
    return total
