"""The hub of the load test: start it, kill it, see what it takes."""

import collections
import contextlib
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psutil

CONFIG = pathlib.Path(__file__).with_name('jupyterhub_config.py')
MIB = 2**20
PATIENCE = 120  # seconds that a hub may take to answer


class Hub:
    """A hub in a folder of its own, and the processes that belong to it."""

    def __init__(self, folder, students, programs):
        self.folder, ports = pathlib.Path(folder), free_ports(3)
        self.url = f'http://127.0.0.1:{ports[0]}'
        self.password = secrets.token_urlsafe(18)
        self.variables = {
            **os.environ,
            'PATH': os.pathsep.join([*programs, os.environ['PATH']]),
            'CLASSROOM_FOLDER': str(folder),
            'CLASSROOM_PORTS': ' '.join(map(str, ports)),
            'CLASSROOM_STUDENTS': ' '.join(students),
            'CLASSROOM_PASSWORD': self.password,
            'OMP_NUM_THREADS': '1',
        }
        self.process = None

    @property
    def log(self):
        return self.folder / 'hub.log'

    def start(self):
        """Start the hub; it goes on with the students' running servers."""
        command = [sys.executable, '-m', 'jupyterhub', '-f', str(CONFIG)]
        with self.log.open('a') as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=self.variables,
                stdout=log,
                stderr=log,
            )

    def wait(self):
        """Wait until the hub answers."""
        end = time.monotonic() + PATIENCE
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                text = self.log.read_text('utf-8', 'replace')
                raise RuntimeError(f'the hub did not start:\n{text[-3000:]}')
            time.sleep(0.2)

    def answers(self):
        try:
            address = f'{self.url}/hub/health'
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def kill(self):
        """Kill the hub without a warning; proxy and servers live on."""
        self.process.kill()
        self.process.wait()

    def servers(self):
        """Return the running servers by student."""
        return {
            name: process
            for name, found in self.processes().items()
            for process in found
            if is_server(process)
        }

    def processes(self):
        """Return the processes by student; those of the hub under None."""
        found = collections.defaultdict(list)
        for process in psutil.process_iter():
            known = variables(process)
            if known.get('CLASSROOM_FOLDER') == str(self.folder):
                found[known.get('JUPYTERHUB_USER')].append(process)
        return found

    def memory(self):
        """Return the memory in MiB (PSS) by student; the hub's under None."""
        found = self.processes()
        return {name: sum(map(share, x)) / MIB for name, x in found.items()}

    def stop(self):
        """End everything that belongs to this hub."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        for left in self.processes().values():
            for process in left:
                kill(process)


def free_ports(number):
    """Return ports of this machine that nobody uses."""
    with contextlib.ExitStack() as stack:
        sockets = [
            stack.enter_context(socket.socket()) for _ in range(number)
        ]
        for one in sockets:
            one.bind(('127.0.0.1', 0))
        return [one.getsockname()[1] for one in sockets]


def is_server(process):
    try:
        return 'jupyterhub.singleuser' in process.cmdline()
    except psutil.Error:
        return False


def variables(process):
    """Return the environment of a process, as far as it can be read."""
    try:
        return process.environ()
    except (psutil.Error, OSError):
        return {}


def share(process):
    """Return the memory of a process, shared pages divided by their users."""
    try:
        return process.memory_full_info().pss
    except (psutil.Error, OSError):
        return 0


def kill(process):
    try:
        process.kill()
        process.wait(10)
    except psutil.Error:
        pass


def find_proxy(folder):
    """Return the folders with the program of the proxy."""
    program = 'configurable-http-proxy'
    own = pathlib.Path(folder) / 'node_modules/.bin'
    if shutil.which(program, path=str(own)):
        return [str(own)]
    if shutil.which(program):
        return []
    raise RuntimeError(f'{program} is missing; run `make classroom-test`')
