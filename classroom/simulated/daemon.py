"""A stand-in for Docker's daemon: the part of its interface that we use.

    with Daemon(folder) as daemon:
        docker.DockerClient(base_url=daemon.url)

Volumes are folders, containers the processes of containers.py, networks but
names. about_*.py answer the calls.
"""

import importlib
import pathlib
import secrets
import shutil
import subprocess
import tempfile
import threading

from classroom.simulated import addresses
from classroom.simulated.containers import Container, now
from classroom.simulated.server import Problem, Server

for name in 'containers', 'machine', 'networks', 'volumes':
    importlib.import_module(f'classroom.simulated.about_{name}')


class Daemon:
    """What there is, and how it is reached.

    quotas: whether its file system limits the size of a volume (takes root).
    """

    quotas = False

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.containers, self.volumes, self.networks = {}, {}, {}
        self.lock = threading.RLock()
        self.mounted = []
        # The path of a socket is short: not below that of a test
        self.socket = f'{tempfile.mkdtemp(prefix="docker-")}/docker.sock'
        self.network('bridge')

    @property
    def url(self):
        return f'unix://{self.socket}'

    def __enter__(self):
        self.server = Server(self.socket, self)
        threading.Thread(
            target=self.server.serve_forever, args=[0.1],
            daemon=True).start()
        return self

    def __exit__(self, *exception):
        self.server.shutdown()
        self.server.server_close()
        for container in list(self.containers.values()):
            container.kill()
        for folder in self.mounted:
            subprocess.run(['umount', '--lazy', str(folder)])
        shutil.rmtree(pathlib.Path(self.socket).parent, ignore_errors=True)

    def container(self, name, asked, mounts=None):
        """Make a container, if its name is free."""
        with self.lock:
            if any(x.name == name for x in self.containers.values()):
                raise Problem(409, 'Conflict. The container name '
                              f'"/{name}" is already in use')
            made = Container(name, asked, self.folder / 'containers',
                             addresses.free_address(), mounts or {})
            self.containers[made.identity] = made
        return made

    def find(self, name):
        """Return a container by its name or number."""
        for container in list(self.containers.values()):
            if name in (container.name, container.identity) or (
                    len(name) > 6 and container.identity.startswith(name)):
                return container
        raise Problem(404, f'No such container: {name}')

    def ended(self, container):
        """Forget a container that ended, if it was to be forgotten."""
        if container.host.get('AutoRemove'):
            self.containers.pop(container.identity, None)

    def volume(self, name, **more):
        """Return the folder of a volume, made if it is not there."""
        folder = self.folder / 'volumes' / name
        with self.lock:
            if name not in self.volumes:
                folder.mkdir(parents=True, exist_ok=True)
                self.limit(folder, (more.get('Options') or {}).get('size'))
                self.volumes[name] = {
                    'Name': name, 'Driver': 'local', 'Labels': {},
                    'Mountpoint': str(folder), 'CreatedAt': now(),
                    'Scope': 'local', 'Options': None, **more}
        return folder

    def limit(self, folder, size):
        """Give a folder a size, in Docker's words, if it is to have one."""
        if not size:
            return
        if not self.quotas:
            raise Problem(400, 'quota size requested but no quota support')
        subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={size}',
                        'class', str(folder)], check=True)
        self.mounted.append(folder)

    def network(self, name, **more):
        """Make a network, and return what there is to know of it."""
        self.networks[name] = {
            'Name': name, 'Id': secrets.token_hex(32), 'Driver': 'bridge',
            'Scope': 'local', 'Created': now(), 'Labels': {}, 'Options': {},
            'IPAM': {}, 'Internal': False, **more}
        return self.networks[name]
