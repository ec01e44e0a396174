"""Containers that are processes in namespaces of their own, by bubblewrap.

They share this machine's files, read only, and its network: a wall against
accidents, and no more. Memory and cores are not limited. Never let people
use them.
"""

import dataclasses
import datetime
import os
import pathlib
import secrets
import shutil
import signal
import subprocess
import sys
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HOME = '/home/reader'
IMAGE = {
    'PATH': f'{pathlib.Path(sys.executable).parent}:/usr/bin:/bin',
    'LANG': 'C.UTF-8',
    'HOME': HOME,
    'BOOK_DATA': '/opt/data',
    'BOOK_STAND_IN': os.environ.get('BOOK_STAND_IN', 'auto'),
    'OMP_NUM_THREADS': '1',
    'PYTHONPATH': '/opt/book',
    'PYTHONDONTWRITEBYTECODE': '1',
}
EVERYWHERE = 'http://0.0.0.0:'


@dataclasses.dataclass
class Container:
    """What the interface of Docker knows of a container.

    asked: what the call `create` said; folder: for its output; address: where
    its servers listen; mounts: path in the container -> (folder, options).
    """

    name: str
    asked: dict
    folder: pathlib.Path
    address: str
    mounts: dict
    networks: dict = dataclasses.field(default_factory=dict)
    process: subprocess.Popen = None
    started: str = '0001-01-01T00:00:00Z'
    identity: str = dataclasses.field(
        default_factory=lambda: secrets.token_hex(32))
    created: str = dataclasses.field(default_factory=lambda: now())

    @property
    def host(self):
        return self.asked.get('HostConfig') or {}

    @property
    def log(self):
        return self.folder / f'{self.identity[:12]}.log'

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

    def start(self, ended):
        """Start the process; call `ended` with the container at its end."""
        with self.log.open('ab') as log:
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True)
        self.started = now()
        threading.Thread(target=self.watch, args=[ended], daemon=True).start()

    def watch(self, ended):
        self.process.wait()
        ended(self)

    def stop(self, seconds):
        """Ask the process to end, and after a while make it."""
        if self.is_running:
            self.send(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()

    def send(self, number):
        """Send a signal to the process that the command started."""
        for process in self.children():
            os.kill(process, number)

    def children(self):
        """Return the first process inside, a grandchild of bubblewrap."""
        found = [self.process.pid]
        for _ in range(2):
            found = [int(x) for y in found for x in children(y)]
        return found

    def kill(self):
        """End everything at once: the namespace goes with bubblewrap."""
        if self.is_running:
            self.process.kill()
            self.process.wait()

    def command(self):
        """Return the command line of bubblewrap with ours behind."""
        words = ['bwrap', '--die-with-parent', '--unshare-user', '--uid',
                 '1000', '--gid', '1000', '--unshare-pid', '--unshare-ipc',
                 '--unshare-uts', '--hostname', self.name[:60], '--clearenv']
        if self.host.get('NetworkMode') == 'none':
            words.append('--unshare-net')
        words += self.files()
        for name, value in self.environment().items():
            words += ['--setenv', name, value]
        folder = self.asked.get('WorkingDir') or HOME
        program = [*(self.asked.get('Entrypoint') or []),
                   *(self.asked.get('Cmd') or ['true'])]
        return [*words, '--chdir', folder, '--', *program]

    def files(self):
        """Return the words for the files that the container sees."""
        words = ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc']
        for path in '/tmp', '/run', '/home', '/opt':
            words += ['--tmpfs', path]
        for source, path in visible():
            words += ['--ro-bind', source, path]
        words += ['--dir', HOME]
        for path, options in (self.host.get('Tmpfs') or {}).items():
            words += [*size(options), '--tmpfs', path]
        for path, (folder, options) in self.mounts.items():
            kind = '--ro-bind' if 'ro' in options.split(',') else '--bind'
            words += [kind, str(folder), path]
        return words

    def environment(self):
        """Return the variables: the image's, and those of the call."""
        given = dict(x.partition('=')[::2] for x in self.asked.get('Env')
                     or [])
        found = {**IMAGE, **given, 'PATH': IMAGE['PATH']}
        found['JUPYTERHUB_SERVICE_URL'] = found.get(
            'JUPYTERHUB_SERVICE_URL', '').replace(
                EVERYWHERE, f'http://{self.address}:')
        return found


def visible():
    """Yield (path on this machine, path inside) beside the system's."""
    yield str(ROOT), '/opt/book'
    for path in ROOT, ROOT / '.venv', pathlib.Path(sys.prefix):
        if path.exists():
            yield str(path.resolve()), str(path.resolve())
    data = os.environ.get('BOOK_DATA')
    if data:
        yield str(pathlib.Path(data).resolve()), '/opt/data'


def size(options):
    """Return bubblewrap's words for the size among options of a tmpfs."""
    for option in options.split(','):
        name, _, value = option.partition('=')
        if name == 'size':
            return ['--size', str(number(value))]
    return []


def number(text):
    """Return how many bytes a text such as 64m means."""
    units = {'k': 2**10, 'm': 2**20, 'g': 2**30}
    unit = units.get(text[-1:].lower())
    return int(text[:-1]) * unit if unit else int(text)


def children(process):
    path = pathlib.Path(f'/proc/{process}/task/{process}/children')
    try:
        return path.read_text('ascii').split()
    except OSError:
        return []


def now():
    """Return the time as Docker writes it."""
    return datetime.datetime.now(datetime.timezone.utc).strftime(
        '%Y-%m-%dT%H:%M:%S.%fZ')


def can_run():
    """Tell whether this machine lets bubblewrap make namespaces."""
    if not shutil.which('bwrap'):
        return False
    done = subprocess.run(
        ['bwrap', '--unshare-user', '--unshare-pid', '--ro-bind', '/', '/',
         'true'], capture_output=True)
    return done.returncode == 0
