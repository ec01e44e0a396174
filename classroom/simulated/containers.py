"""Containers that are processes in namespaces of their own, by bubblewrap.

They are kept apart by a wall against accidents, and no more; memory and
cores are not limited. Never let people use them.
"""

import dataclasses
import datetime
import os
import pathlib
import secrets
import signal
import subprocess

from classroom.simulated import bubblewrap, processes

STREAMS = {'stdout': 1, 'stderr': 2}  # as Docker numbers them
NEVER = '0001-01-01T00:00:00Z'


def now():
    """Return the time as Docker writes it."""
    return datetime.datetime.now(datetime.timezone.utc).strftime(
        '%Y-%m-%dT%H:%M:%S.%fZ')


@dataclasses.dataclass
class Container:
    """What the interface of Docker knows of a container.

    asked: what the call `create` said; folder: for its output, and for its
    files that are in no volume; address: where its servers listen; mounts:
    path in the container -> (folder, options).
    """

    name: str
    asked: dict
    folder: pathlib.Path
    address: str
    mounts: dict = dataclasses.field(default_factory=dict)
    networks: dict = dataclasses.field(default_factory=dict)
    process: subprocess.Popen = None
    started: str = NEVER
    finished: str = NEVER
    identity: str = dataclasses.field(
        default_factory=lambda: secrets.token_hex(32))
    created: str = dataclasses.field(default_factory=now)

    def __post_init__(self):
        self.layer.mkdir(parents=True, exist_ok=True)

    @property
    def host(self):
        return self.asked.get('HostConfig') or {}

    @property
    def hostname(self):
        return self.asked.get('Hostname') or self.identity[:12]

    @property
    def layer(self):
        return self.folder / self.identity[:12] / 'files'

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    @property
    def status(self):
        if self.process is None:
            return 'created'
        return 'running' if self.is_running else 'exited'

    @property
    def exit_code(self):
        """Return what the process ended with; a signal as Docker tells it."""
        code = self.process.poll() if self.process else 0
        return 128 - code if code and code < 0 else code or 0

    def log(self, stream):
        """Return the file of a stream: stdout or stderr."""
        return self.layer.parent / stream

    def start(self, ended):
        """Start the process; call `ended` with the container at its end."""
        def finish():
            self.finished = now()
            ended(self)

        with (self.log('stdout').open('ab') as out,
              self.log('stderr').open('ab') as err):
            self.process = processes.start(
                bubblewrap.words(self), finish, stdout=out, stderr=err)
        self.started = now()

    def stop(self, seconds):
        """Ask the process to end, and after a while make it."""
        if self.is_running:
            self.send(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()

    def send(self, number):
        """Send a signal to the program that the container runs."""
        for process in self.program():
            os.kill(process, number)

    def program(self):
        """Return the number of the program, a grandchild of bubblewrap."""
        found = [self.process.pid]
        for _ in range(2):
            found = [int(x) for y in found for x in children(y)]
        return found

    def kill(self):
        """End everything at once: the namespace goes with bubblewrap."""
        processes.end(self.process)


def children(process):
    path = pathlib.Path(f'/proc/{process}/task/{process}/children')
    try:
        return path.read_text('ascii').split()
    except OSError:
        return []
