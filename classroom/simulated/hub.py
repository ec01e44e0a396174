"""The real hub without Docker: started, killed as a container dies.

It runs in namespaces of its own, as in a container: its first process is
killed and all others of it are gone, the proxy among them; students'
containers, of the stand-in for Docker, live on.
"""

import contextlib
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request

from classroom.simulated import processes
from classroom.simulated.addresses import (
    free_address,
    free_ports,
    names_here,
)
from classroom.simulated.bubblewrap import ROOT, can_run
from classroom.simulated.daemon import Daemon
from classroom.simulated.front import CADDY, Front

REAL = ROOT / 'classroom/one-machine/jupyterhub_config.py'
CONFIG = pathlib.Path(__file__).with_name('jupyterhub_config.py')
PROXY = ROOT / '.venv/hub/node_modules/.bin'
DOMAIN = 'class.test'
TEACHER, PASSWORD = 'teacher', 'twelve purple kites'
PATIENCE = 120  # seconds that a hub may take to answer
NAMESPACE = ('unshare', '--pid', '--uts', '--ipc', '--fork', '--kill-child',
             '--mount-proc')
# As in a container, the name of the machine is the container's number
INSIDE = 'echo "$0" > /proc/sys/kernel/hostname && "$@"; exit $?'


class Hub:
    """A hub in a folder of its own, with Docker's stand-in and Caddy.

    students: names for the list; settings: variables of .env that differ.
    """

    def __init__(self, folder, students, **settings):
        self.folder, self.students = pathlib.Path(folder), list(students)
        self.address = free_address()  # of the hub's container
        self.ports = dict(zip(('https', 'http'), free_ports(2)))
        self.daemon = Daemon(self.folder / 'docker')
        self.container = self.daemon.container('classroom-hub-1', {})
        self.settings = {
            'DOMAIN': DOMAIN, 'TLS': 'internal', 'TEACHER': TEACHER,
            'IMAGE': 'from-scratch-to-gluon:0.1.0', 'BOOK_LANGUAGE': 'en',
            'MEMORY_PER_STUDENT': '2G', **settings}
        self.url = f'https://{self.settings["DOMAIN"]}:{self.ports["https"]}'
        self.front = Front(self.folder / 'caddy', self.variables, self.ports)

    @property
    def process(self):
        return self.container.process

    @property
    def folders(self):
        """Return the folders that the container of the hub has mounted."""
        return {f'CLASSROOM_{x.upper()}': str(self.folder / x)
                for x in ('files', 'state', 'backup', 'course')}

    @property
    def variables(self):
        """Return the environment of the hub."""
        path = os.pathsep.join([
            *(str(PROXY), str(pathlib.Path(sys.executable).parent)),
            os.environ['PATH']])
        return {
            **os.environ, **self.folders, **self.settings, 'PATH': path,
            'PYTHONPATH': str(ROOT), 'DOCKER_HOST': self.daemon.url,
            'CLASSROOM_ADDRESS': self.address, 'CLASSROOM_URL': self.url}

    @property
    def log(self):
        return self.folder / 'hub.log'

    def __enter__(self):
        for folder in self.folders.values():
            pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
        self.write_list(self.students)
        secret = self.folder / 'files/teacher-password'
        secret.write_text(f'{PASSWORD}\n', 'utf-8')
        secret.chmod(0o600)
        with contextlib.ExitStack() as stack:
            stack.enter_context(names_here(self.settings['DOMAIN']))
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
        inside = ['sh', '-c', INSIDE, self.container.hostname, *hub]
        with self.log.open('a', encoding='utf-8') as log:
            self.container.process = processes.start(
                [*processes.FIRST, *NAMESPACE, *inside],
                cwd=self.folder / 'state', env=self.variables, stdout=log,
                stderr=log)

    def run(self, *words, **more):
        """Run `class WORDS` as beside the hub; return what it printed."""
        return subprocess.run(
            [sys.executable, '-m', 'classroom', *words], cwd=ROOT,
            env=self.variables, capture_output=True, text=True, **more)

    def wait(self, seconds=PATIENCE):
        """Wait until the hub answers browsers."""
        end = time.monotonic() + seconds
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                text = self.log.read_text('utf-8', 'replace')
                raise RuntimeError(f'the hub did not start:\n{text[-3000:]}')
            time.sleep(0.1)

    def answers(self):
        """Tell whether the hub answers through the front door."""
        address = f'{self.url}/hub/health'
        try:
            with urllib.request.urlopen(
                    address, timeout=5, context=self.trust()) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def kill(self):
        """Kill the hub as its container dies; the servers live on."""
        processes.end(self.process)

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
        running = {x: self.server(x) for x in self.students}
        found = {name: processes.memory(x.process)
                 for name, x in running.items() if x}
        return {None: processes.memory(self.process), **found}

    def trust(self):
        """Return how a client of ours trusts the front door."""
        return ssl.create_default_context(cafile=str(self.front.root))


def lacking():
    """Return what this machine lacks to run a hub, or an empty text."""
    if not CADDY.exists():
        return 'needs Caddy, which `make .venv/browser-ready` installs'
    for program in 'bwrap', 'unshare', 'setpriv':
        if not shutil.which(program):
            return f'needs {program}'
    if not can_run():
        return 'needs namespaces, which this machine does not allow'
    if subprocess.run([*NAMESPACE, 'true'], capture_output=True).returncode:
        return 'needs a PID namespace, which takes root'
    if not shutil.which('configurable-http-proxy', path=str(PROXY)):
        return 'needs the proxy of the hub, which `make .venv/proxy-ready` ' \
            'installs with npm'
    return ''
