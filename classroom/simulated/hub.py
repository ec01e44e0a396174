"""The real hub without Docker: started, killed as a container dies.

It runs in a PID namespace of its own, as in a container: its first process
is killed and all others of it are gone, the proxy among them; students'
containers, of the stand-in for Docker, live on.
"""

import contextlib
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psutil

from classroom.simulated.containers import ROOT
from classroom.simulated.daemon import Daemon
from classroom.simulated.front import Front

REAL = ROOT / 'classroom/one-machine/jupyterhub_config.py'
CONFIG = pathlib.Path(__file__).with_name('jupyterhub_config.py')
DOMAIN = 'class.test'
TEACHER, PASSWORD = 'teacher', 'twelve purple kites'
MIB = 2**20
PATIENCE = 120  # seconds that a hub may take to answer
NAMESPACE = 'unshare', '--pid', '--fork', '--kill-child', '--mount-proc'


class Hub:
    """A hub in a folder of its own, with Docker's stand-in and Caddy.

    students: names for the list; settings: variables of .env that differ.
    """

    def __init__(self, folder, students, **settings):
        self.folder = pathlib.Path(folder)
        ports = dict(zip(('proxy', 'hub', 'api', 'https', 'http'),
                         free_ports(5)))
        self.ports, self.students = ports, list(students)
        self.daemon = Daemon(self.folder / 'docker')
        self.url = f'https://{DOMAIN}:{ports["https"]}'
        self.process = None
        self.variables = {
            **os.environ, **self.folders(),
            'PATH': os.pathsep.join([*find_proxy(ROOT / '.venv/hub'),
                                     os.environ['PATH']]),
            'PYTHONPATH': str(ROOT), 'DOCKER_HOST': self.daemon.url,
            'DOMAIN': DOMAIN, 'TLS': 'internal', 'TEACHER': TEACHER,
            'IMAGE': 'from-scratch-to-gluon:0.1.0',
            'MEMORY_PER_STUDENT': '2G', 'BOOK_LANGUAGE': 'en', **settings,
            'CLASSROOM_PORTS': ' '.join(f'{x}={y}'
                                        for x, y in ports.items())}
        self.front = Front(self.folder / 'caddy', self.variables, ports)

    def folders(self):
        """Return the folders that the container of the hub has mounted."""
        return {f'CLASSROOM_{x.upper()}': str(self.folder / x)
                for x in ('files', 'state', 'backup', 'course')}

    @property
    def log(self):
        return self.folder / 'hub.log'

    def __enter__(self):
        for folder in self.folders().values():
            pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
        self.write_list(self.students)
        secret = self.folder / 'files/teacher-password'
        secret.write_text(f'{PASSWORD}\n', 'utf-8')
        secret.chmod(0o600)
        with contextlib.ExitStack() as stack:
            stack.enter_context(self.daemon)
            stack.enter_context(self.front)
            stack.callback(self.kill)
            self.start()
            self.wait()
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *exception):
        self.stack.close()

    def write_list(self, names):
        """Write the teacher's list; a restart of the hub reads it."""
        text = ''.join(f'{name}\n' for name in names)
        (self.folder / 'files/students.txt').write_text(text, 'utf-8')

    def start(self):
        """Start the hub; it goes on with the students' running servers."""
        hub = [sys.executable, '-m', 'jupyterhub', '-f', str(CONFIG)]
        with self.log.open('a') as log:
            self.process = subprocess.Popen(
                [*NAMESPACE, 'sh', '-c', '"$@"; exit $?', 'hub', *hub],
                cwd=self.folder / 'state', env=self.variables, stdout=log,
                stderr=log)

    def run(self, *words, **more):
        """Run `class WORDS` as beside the hub; return what it printed."""
        return subprocess.run(
            [sys.executable, '-m', 'classroom', *words], cwd=ROOT,
            env=self.variables, capture_output=True, text=True, **more)

    def wait(self, seconds=PATIENCE):
        """Wait until the hub answers through the front."""
        end = time.monotonic() + seconds
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                text = self.log.read_text('utf-8', 'replace')
                raise RuntimeError(f'the hub did not start:\n{text[-3000:]}')
            time.sleep(0.1)

    def answers(self):
        try:
            address = f'http://127.0.0.1:{self.ports["proxy"]}/hub/health'
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def kill(self):
        """Kill the hub as its container dies; the servers live on."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def restart(self):
        self.kill()
        self.start()
        self.wait()

    def server(self, name):
        """Return the running container of a student, or None."""
        for container in list(self.daemon.containers.values()):
            if container.name == f'class-{name}' and container.is_running:
                return container
        return None

    def home(self, name):
        """Return the folder of a student's volume."""
        return self.daemon.volume(f'class-{name}')

    def memory(self):
        """Return the memory in MiB (PSS) by student; the hub's under None."""
        found = {None: self.process}
        found.update((x, self.server(x).process) for x in self.students
                     if self.server(x))
        return {name: sum(map(share, family(x))) / MIB
                for name, x in found.items()}

    def trust(self):
        """Return how a client of ours trusts the front."""
        return ssl.create_default_context(cafile=str(self.front.root))


def free_ports(number):
    """Return ports of this machine that nobody uses."""
    with contextlib.ExitStack() as stack:
        sockets = [
            stack.enter_context(socket.socket()) for _ in range(number)
        ]
        for one in sockets:
            one.bind(('127.0.0.1', 0))
        return [one.getsockname()[1] for one in sockets]


def family(process):
    """Return a process and all that come from it."""
    try:
        first = psutil.Process(process.pid)
        return [first, *first.children(recursive=True)]
    except psutil.Error:
        return []


def share(process):
    """Return the memory of a process, shared pages divided by their users."""
    try:
        return process.memory_full_info().pss
    except (psutil.Error, OSError):
        return 0


def find_proxy(folder):
    """Return the folders with the program of the proxy."""
    program = 'configurable-http-proxy'
    own = pathlib.Path(folder) / 'node_modules/.bin'
    if shutil.which(program, path=str(own)):
        return [str(own)]
    if shutil.which(program):
        return []
    raise RuntimeError(f'{program} is missing; run `make classroom-test`')


@contextlib.contextmanager
def names_here(domain=DOMAIN):
    """Let a domain and all names in it lead to this machine, in this process.
    """
    real = socket.getaddrinfo

    def found(host, *more, **options):
        name = host.decode() if isinstance(host, bytes) else host
        if name and f'.{name}'.endswith(f'.{domain}'):
            host = '127.0.0.1'
        return real(host, *more, **options)

    socket.getaddrinfo = found
    try:
        yield
    finally:
        socket.getaddrinfo = real
