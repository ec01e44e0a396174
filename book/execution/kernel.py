"""Run one notebook in a kernel of its own."""

import atexit
import copy
import os
import pathlib
import re
import sys
from contextlib import contextmanager, suppress
from subprocess import DEVNULL

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import (
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from nbformat.v4 import new_output

from book.chapters.errors import BookError, CellError, plain
from book.chapters.reader import code_cells
from book.execution import files, processes
from book.execution.environment import of_build
from utils_data import physical_cores

TIMEOUT = 'BOOK_CELL_TIMEOUT'
FRAME = re.compile(r'Cell In ?\[(\d+)\], line (\d+)')
STAND_IN = 'STAND-IN DATA'
NOTE = 'stand-in data'
MEGABYTES = 10  # that a chapter may write
TOO_MUCH = (
    f'the outputs of the chapter are longer than {MEGABYTES} MB here; '
    'print less, or draw smaller pictures'
)
LONG = 1000  # characters of an error message


class Client(NotebookClient):
    """A notebook client that can be stopped and knows where it is."""

    cell = None
    connection = ''
    stopped = False
    written = 0

    def create_kernel_manager(self):
        """Return the manager of a kernel of this Python.

        Kernels that a user has installed do not count, nor does the folder
        in which Jupyter keeps connections.
        """
        self.km = AsyncKernelManager(
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
            connection_file=self.connection)
        return self.km

    @property
    def wrote_too_much(self):
        return self.written > MEGABYTES * 10**6

    def process_message(self, msg, cell, cell_index):
        """Take an output, or stop a kernel that writes without end."""
        self.written += len(str(msg['content']))
        if not self.wrote_too_much:
            return super().process_message(msg, cell, cell_index)
        self.stop()

    def start_cell(self, cell, cell_index):
        self.check()
        self.cell = cell

    def check(self):
        """Raise DeadKernelError when the kernel was killed."""
        if self.stopped:
            raise DeadKernelError('stopped')

    def stop(self):
        """Kill the kernel, or keep it from running its next cell."""
        self.stopped = True
        provisioner = self.km and self.km.provisioner
        if provisioner and provisioner.pid:
            with suppress(ProcessLookupError):
                processes.end(provisioner.pid)


class Runner:
    """Runs notebooks, several at once if called from threads.

    root: the folder with `utils.py`; workers: how many share the machine;
    on_cell: called, without arguments, after each executed cell.
    """

    def __init__(self, root, workers=1, on_cell=None):
        self.root, self.workers = root, workers
        self.on_cell = on_cell or (lambda: None)
        self.timeout = cell_timeout()
        self.clients = set()
        self.stopped = False

    def run(self, notebook, path):
        """Return an executed copy of a notebook.

        path: the file to name in the CellError that a failing cell raises.
        """
        executed = copy.deepcopy(notebook)
        with files.scratch() as folder, self.client(executed) as client:
            client.connection = str(folder / 'kernel.json')
            (folder / 'work').mkdir()
            try:
                client.execute(
                    cwd=folder / 'work', env=self.variables(folder),
                    stdout=DEVNULL, stderr=DEVNULL)
                client.check()
            except (CellExecutionError, CellTimeoutError, NoSuchKernel,
                    RuntimeError) as error:
                raise located(error, client, path) from error
        mark_stand_ins(executed)
        return executed

    def stop(self):
        """Stop all that runs and all that would run later."""
        self.stopped = True
        for client in list(self.clients):
            client.stop()

    @contextmanager
    def client(self, notebook):
        client = Client(notebook, timeout=self.timeout,
                        shutdown_kernel='immediate')
        client.on_cell_start = client.start_cell
        client.on_cell_executed = lambda **_: self.on_cell()
        self.clients.add(client)
        client.stopped = self.stopped
        try:
            yield client
        finally:
            self.clients.discard(client)
            # nbclient forgets this when a kernel does not start
            atexit.unregister(client._cleanup_kernel)

    def variables(self, folder):
        """Return the environment variables of a kernel."""
        return {'OMP_NUM_THREADS': str(threads(self.workers)),
                **of_build(pathlib.Path(self.root)),
                'IPYTHONDIR': str(folder / 'ipython')}


def threads(workers):
    """Return how many threads each of some workers may use.

    More threads than cores make MXNet many times slower.
    """
    return max(1, physical_cores() // workers)


def cell_timeout():
    """Return how many seconds a cell may take."""
    text = os.environ.get(TIMEOUT, '900')
    if not text.isdigit() or int(text) == 0:
        raise BookError(f'{TIMEOUT}={text}: must be a number of seconds')
    return int(text)


def located(error, client, path):
    """Turn an error of the notebook client into one with its place."""
    if client.cell is None:
        return BookError(f'{path}: its kernel did not start: {error}; it is '
                         f'ipykernel of {sys.executable}; `make doctor` says '
                         'more')
    cell = client.cell
    number = code_cells(client.nb).index(cell) + 1
    line = cell.metadata.line
    if isinstance(error, CellExecutionError):
        line += failing_line(error.traceback, number) - 1
    if client.wrote_too_much:
        return CellError(path, line, number, TOO_MUCH)
    return CellError(path, line, number, problem(error, client.timeout))


def failing_line(traceback, number):
    """Return the line of cell `number` that a traceback passes last."""
    frames = FRAME.findall(plain(traceback))
    lines = [int(line) for cell, line in frames if int(cell) == number]
    return lines[-1] if lines else 1


def problem(error, timeout):
    """Say in one line what happened to a cell."""
    if isinstance(error, CellExecutionError):
        return f'{error.ename}: {summary(error.evalue)}'
    if isinstance(error, CellTimeoutError):
        return (f'ran for more than {timeout} s; make it faster, or set '
                f'{TIMEOUT} to more seconds')
    return ('killed its kernel; memory that ran out is the usual cause, try '
            'smaller batches or less data')


def summary(text):
    """Return an error message as one line.

    Messages from MXNet's engine begin with a traceback; their last line
    says what is wrong.
    """
    lines = [line.strip() for line in plain(text).strip().splitlines()]
    if lines and lines[0].startswith('Traceback'):
        lines = lines[-1:]
    line = ' '.join(lines)
    return line if len(line) <= LONG else f'{line[:LONG]} [...]'


def mark_stand_ins(notebook):
    """Add a note to each output below a notice about stand-in data."""
    seen = False
    for cell in code_cells(notebook):
        if seen and cell.outputs:
            note = new_output('stream', name='stdout', text=f'{NOTE}\n')
            cell.outputs.append(note)
        seen = seen or any(STAND_IN in output.get('text', '')
                           for output in cell.outputs)
