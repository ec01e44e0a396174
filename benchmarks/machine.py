"""The machine that numbers come from, and processes that measure on it."""

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
from book.execution import schedule
from book.execution.environment import variables
from utils_data import physical_cores

ROOT = pathlib.Path(__file__).parent.parent
PACKAGES = 'numpy', 'torch', 'jupyter-book', 'sphinx'
MODEL = re.compile(r'^model name\s*: (.+)$', re.MULTILINE)
SETTINGS = """\
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
            'mxnet': schedule.mxnet_version(),
            **{name: version(name) for name in PACKAGES},
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


def book_settings():
    """Return the settings of threads that `import utils` makes here."""
    done = subprocess.run(
        [sys.executable, '-c', SETTINGS],
        env=variables(ROOT),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


class Worker:
    """A process that runs a module and waits, when ready, for its start.

    The module prints a line, reads one, and prints a last line in JSON.
    settings: environment variables; None removes one.
    """

    def __init__(self, module, arguments, settings=None):
        self.name = ' '.join((module, *arguments))
        wanted = {**variables(ROOT), **(settings or {})}
        self.process = subprocess.Popen(
            [sys.executable, '-m', f'benchmarks.{module}', *arguments],
            cwd=ROOT,
            env={x: y for x, y in wanted.items() if y is not None},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def result(self):
        """Return what the process prints at its end."""
        output, _ = self.process.communicate()
        if self.process.returncode:
            raise BookError(
                f'`python -m benchmarks.{self.name}` ended with status '
                f'{self.process.returncode}; its own words are above'
            )
        return json.loads(output.splitlines()[-1])


def together(workers):
    """Start what some workers measure at the same moment; return it."""
    for worker in workers:
        worker.process.stdout.readline()
    for worker in workers:
        worker.process.stdin.write('\n')
        worker.process.stdin.flush()
    return [worker.result() for worker in workers]


def wait_for_start():
    """Say, in a worker, that all is ready, and wait for the others."""
    print('ready', flush=True)
    sys.stdin.readline()


def answer(value):
    """Give, in a worker, the result."""
    print(json.dumps(value), flush=True)


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
