"""A stand-in for Docker's daemon: the part of its interface that we use.

    with Daemon(folder) as daemon:
        docker.DockerClient(base_url=daemon.url)

It listens on a socket in a folder; volumes are folders in it, containers the
processes of containers.py, networks but names.
"""

import http.server
import json
import os
import pathlib
import re
import secrets
import shutil
import socketserver
import threading
import urllib.parse

from classroom.simulated import archives
from classroom.simulated.containers import Container, now

VERSION = '1.47'
ROUTES = []  # (method, pattern, function), see `route`


class Problem(Exception):
    """What Docker answers with a status that is none of success."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class Daemon:
    """What there is, and how it is reached."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.containers, self.volumes, self.networks = {}, {}, {}
        self.lock = threading.RLock()
        self.last = 1  # the last number of the last address
        for name in ('bridge', 'classroom-students'):
            make_network(self, {'Name': name})

    @property
    def socket(self):
        return self.folder / 'docker.sock'

    @property
    def url(self):
        return f'unix://{self.socket}'

    def __enter__(self):
        self.socket.unlink(missing_ok=True)
        self.server = Server(str(self.socket), Handler)
        self.server.daemon_of = self
        threading.Thread(
            target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception):
        self.server.shutdown()
        self.server.server_close()
        for container in list(self.containers.values()):
            container.kill()

    def find(self, name):
        """Return a container by its name or number."""
        for container in list(self.containers.values()):
            if name in (container.name, container.identity) or (
                    len(name) > 6 and container.identity.startswith(name)):
                return container
        raise Problem(404, f'No such container: {name}')

    def address(self):
        """Return an address of this machine that no container has."""
        with self.lock:
            self.last += 1
            first, second = divmod(os.getpid() % 62500, 250)
            return f'127.{first + 2}.{second + 1}.{self.last}'

    def volume(self, name, **options):
        """Return the folder of a volume, made if it is not there."""
        folder = self.folder / 'volumes' / name
        with self.lock:
            folder.mkdir(parents=True, exist_ok=True)
            self.volumes.setdefault(name, {
                'Name': name, 'Driver': 'local', 'Mountpoint': str(folder),
                'CreatedAt': now(), 'Scope': 'local', 'Labels': {},
                'Options': None, **options})
        return folder

    def ended(self, container):
        """Forget a container that ended, if it was to be forgotten."""
        if container.host.get('AutoRemove'):
            self.containers.pop(container.identity, None)


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 128


class Handler(http.server.BaseHTTPRequestHandler):
    """Finds the function for a request and sends what it returns."""

    protocol_version = 'HTTP/1.1'

    def handle_request(self):
        address = urllib.parse.urlsplit(self.path)
        path = re.sub(r'^/v\d+\.\d+', '', urllib.parse.unquote(address.path))
        query = dict(urllib.parse.parse_qsl(address.query))
        try:
            content = self.body()
            answer = self.find(path)(self.server.daemon_of, query, content)
        except Problem as problem:
            answer = problem.status, {'message': str(problem)}
        self.send(*answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_request

    def find(self, path):
        for method, pattern, function in ROUTES:
            found = pattern.fullmatch(path)
            if found and method == self.command:
                return lambda *more: function(*more, *found.groups())
        raise Problem(501, f'the stand-in has no {self.command} {path}')

    def body(self):
        """Read what was sent: of a known length, or in pieces."""
        if self.headers.get('Transfer-Encoding') != 'chunked':
            return self.rfile.read(int(self.headers.get('Content-Length', 0)))
        pieces = []
        while length := int(self.rfile.readline(), 16):
            pieces.append(self.rfile.read(length))
            self.rfile.readline()
        self.rfile.readline()
        return b''.join(pieces)

    def send(self, status, content=None, headers=None):
        """Send bytes as they are, everything else as JSON."""
        if not isinstance(content, bytes):
            content = b'' if content is None else json.dumps(content).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(content)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(content)

    def log_message(self, *args):
        pass

    def address_string(self):
        return 'unix'


def route(method, pattern):
    """Let a function answer to a method and a path."""
    def decorated(function):
        ROUTES.append((method, re.compile(pattern), function))
        return function
    return decorated


def given(content):
    return json.loads(content or b'{}') or {}


# The daemon itself, and images

@route('GET', '/_ping')
@route('HEAD', '/_ping')
def ping(daemon, query, content):
    return 200, b'OK'


@route('GET', '/version')
def version(daemon, query, content):
    return 200, {'ApiVersion': VERSION, 'MinAPIVersion': '1.24',
                 'Version': '27.0.0', 'Os': 'linux'}


@route('GET', '/info')
def info(daemon, query, content):
    return 200, {'ServerVersion': '27.0.0', 'Driver': 'overlay2',
                 'DockerRootDir': str(daemon.folder), 'Name': 'stand-in'}


@route('GET', '/images/(.+)/json')
def image(daemon, query, content, name):
    return 200, {'Id': f'sha256:{0:064}', 'RepoTags': [name],
                 'Config': {'User': '1000', 'Labels': {}}}


# Containers

@route('POST', '/containers/create')
def create(daemon, query, content):
    asked, name = given(content), query.get('name') or secrets.token_hex(4)
    with daemon.lock:
        if any(x.name == name for x in daemon.containers.values()):
            raise Problem(409, f'The name "/{name}" is already in use')
        container = Container(name, asked, daemon.folder, daemon.address(),
                              mounts(daemon, asked.get('HostConfig') or {}))
        daemon.containers[container.identity] = container
    network = container.host.get('NetworkMode') or 'default'
    if network == 'default':
        network = 'bridge'
    if network != 'none':
        find_network(daemon, network)
        container.networks[network] = {}
    return 201, {'Id': container.identity, 'Warnings': []}


def mounts(daemon, host):
    """Return {path inside: (folder, options)} of the asked volumes."""
    found = {}
    for bind in host.get('Binds') or []:
        source, path, *options = bind.split(':')
        found[path] = place(daemon, source), ','.join(options)
    for mount in host.get('Mounts') or []:
        options = 'ro' if mount.get('ReadOnly') else 'rw'
        if mount.get('Type') == 'tmpfs':
            host.setdefault('Tmpfs', {})[mount['Target']] = ''
        else:
            found[mount['Target']] = place(daemon, mount['Source']), options
    return found


def place(daemon, source):
    if source.startswith('/'):
        return pathlib.Path(source)
    return daemon.volume(source)


@route('GET', '/containers/json')
def containers(daemon, query, content):
    wanted = json.loads(query.get('filters', '{}'))
    everything = query.get('all') in ('1', 'true', 'True')
    return 200, [
        short(x) for x in list(daemon.containers.values())
        if (everything or x.is_running or 'status' in wanted)
        and fits(wanted, x.name, x.asked.get('Labels') or {}, x.status)]


def short(container):
    return {'Id': container.identity, 'Names': [f'/{container.name}'],
            'Image': container.asked.get('Image'), 'State': container.status,
            'Status': container.status,
            'Labels': container.asked.get('Labels') or {}}


def fits(wanted, name, labels, status=None):
    """Tell whether something has the name, labels and status asked for."""
    pairs = [x.partition('=') for x in wanted.get('label', [])]
    return (
        all(key in labels and (not equals or labels[key] == value)
            for key, equals, value in pairs)
        and any(re.search(x, name) for x in wanted.get('name', ['']))
        and (not wanted.get('status') or status in wanted['status']))


@route('GET', '/containers/([^/]+)/json')
def inspect(daemon, query, content, name):
    found = daemon.find(name)
    return 200, {
        'Id': found.identity, 'Name': f'/{found.name}',
        'Created': found.created, 'Image': found.asked.get('Image'),
        'Config': {**found.asked, 'Env': found.asked.get('Env') or [],
                   'Labels': found.asked.get('Labels') or {}},
        'HostConfig': found.host,
        'Mounts': [{'Destination': path, 'Source': str(folder),
                    'RW': 'ro' not in options.split(',')}
                   for path, (folder, options) in found.mounts.items()],
        'State': {'Status': found.status, 'Running': found.is_running,
                  'ExitCode': found.exit_code, 'StartedAt': found.started,
                  'FinishedAt': now(), 'OOMKilled': False, 'Error': '',
                  'Paused': False, 'Pid': found.process.pid
                  if found.is_running else 0},
        'NetworkSettings': {
            'Ports': {}, 'IPAddress': found.address,
            'Networks': {x: {'IPAddress': found.address, **y}
                         for x, y in found.networks.items()}}}


@route('POST', '/containers/([^/]+)/start')
def start(daemon, query, content, name):
    found = daemon.find(name)
    if found.is_running:
        return 304, None
    found.start(daemon.ended)
    return 204, None


@route('POST', '/containers/([^/]+)/stop')
def stop(daemon, query, content, name):
    daemon.find(name).stop(int(query.get('t', 10)))
    return 204, None


@route('POST', '/containers/([^/]+)/kill')
def kill(daemon, query, content, name):
    found = daemon.find(name)
    if not found.is_running:
        raise Problem(409, f'container {name} is not running')
    found.kill()
    return 204, None


@route('POST', '/containers/([^/]+)/wait')
def wait(daemon, query, content, name):
    found = daemon.find(name)
    if found.process:
        found.process.wait()
    return 200, {'StatusCode': found.exit_code}


@route('GET', '/containers/([^/]+)/logs')
def logs(daemon, query, content, name):
    """All lines as if of the standard output, in Docker's frame."""
    found = daemon.find(name)
    text = found.log.read_bytes() if found.log.exists() else b''
    return 200, b'\1\0\0\0' + len(text).to_bytes(4, 'big') + text


@route('DELETE', '/containers/([^/]+)')
def remove(daemon, query, content, name):
    found = daemon.find(name)
    if found.is_running and query.get('force') not in ('1', 'true', 'True'):
        raise Problem(409, f'container {name} is running; stop it first')
    found.kill()
    daemon.containers.pop(found.identity, None)
    return 204, None


@route('GET', '/containers/([^/]+)/archive')
@route('HEAD', '/containers/([^/]+)/archive')
def get_archive(daemon, query, content, name):
    path = inside(daemon.find(name), query['path'])
    if not os.path.lexists(path):
        raise Problem(404, f'no {query["path"]} in {name}')
    base = pathlib.PurePosixPath(query['path']).name
    return 200, archives.pack(path, base), archives.facts(path, base)


@route('PUT', '/containers/([^/]+)/archive')
def put_archive(daemon, query, content, name):
    found, path = daemon.find(name), query['path']
    if path == '/':  # the names in the archive begin with a volume's place
        for mounted, (folder, _) in found.mounts.items():
            archives.unpack(content, folder, mounted.strip('/'))
        return 200, None
    folder = inside(found, path)
    if not folder.is_dir():
        raise Problem(404, f'no folder {path} in {name}')
    archives.unpack(content, folder)
    return 200, None


def inside(container, path):
    """Return the path on this machine of one in a container's volume."""
    path = pathlib.PurePosixPath(path)
    for mounted, (folder, _) in container.mounts.items():
        if path.is_relative_to(mounted):
            return folder / path.relative_to(mounted)
    raise Problem(501, f'the stand-in has only volumes, not {path}')


# Volumes and networks

@route('POST', '/volumes/create')
def create_volume(daemon, query, content):
    asked = given(content)
    daemon.volume(asked['Name'], Labels=asked.get('Labels') or {},
                  Options=asked.get('DriverOpts') or None)
    return 201, daemon.volumes[asked['Name']]


@route('GET', '/volumes')
def volumes(daemon, query, content):
    wanted = json.loads(query.get('filters', '{}'))
    return 200, {'Warnings': None, 'Volumes': [
        x for x in list(daemon.volumes.values())
        if fits(wanted, x['Name'], x['Labels'])]}


@route('GET', '/volumes/([^/]+)')
def inspect_volume(daemon, query, content, name):
    if name not in daemon.volumes:
        raise Problem(404, f'no such volume: {name}')
    return 200, daemon.volumes[name]


@route('DELETE', '/volumes/([^/]+)')
def remove_volume(daemon, query, content, name):
    found = inspect_volume(daemon, query, content, name)[1]
    folder = pathlib.Path(found['Mountpoint'])
    used = [x.name for x in list(daemon.containers.values())
            if any(y == folder for y, _ in x.mounts.values())]
    if used:
        raise Problem(409, f'volume {name} is in use by {used}')
    shutil.rmtree(folder)
    del daemon.volumes[name]
    return 204, None


def make_network(daemon, asked):
    number = secrets.token_hex(32)
    daemon.networks[asked['Name']] = {
        'Id': number, 'Driver': 'bridge', 'Scope': 'local', 'Created': now(),
        'Labels': {}, 'Options': {}, 'IPAM': {}, 'Internal': False, **asked}
    return number


def find_network(daemon, name):
    for found in list(daemon.networks.values()):
        if name in (found['Name'], found['Id']):
            return found
    raise Problem(404, f'network {name} not found')


@route('POST', '/networks/create')
def create_network(daemon, query, content):
    asked = given(content)
    if asked['Name'] in daemon.networks:
        raise Problem(409, f'network {asked["Name"]} already exists')
    return 201, {'Id': make_network(daemon, asked), 'Warning': ''}


@route('GET', '/networks')
def networks(daemon, query, content):
    wanted = json.loads(query.get('filters', '{}'))
    return 200, [x for x in list(daemon.networks.values())
                 if fits(wanted, x['Name'], x['Labels'] or {})]


@route('GET', '/networks/([^/]+)')
def inspect_network(daemon, query, content, name):
    found = find_network(daemon, name)
    return 200, {**found, 'Containers': {
        x.identity: {'Name': x.name} for x in list(daemon.containers.values())
        if found['Name'] in x.networks}}


@route('POST', '/networks/([^/]+)/connect')
def connect(daemon, query, content, name):
    network, asked = find_network(daemon, name), given(content)
    found = daemon.find(asked['Container'])
    if network['Name'] in found.networks:
        raise Problem(403, f'{found.name} is already in network {name}')
    found.networks[network['Name']] = asked.get('EndpointConfig') or {}
    return 200, None


@route('POST', '/networks/([^/]+)/disconnect')
def disconnect(daemon, query, content, name):
    network, asked = find_network(daemon, name), given(content)
    daemon.find(asked['Container']).networks.pop(network['Name'], None)
    return 200, None


@route('DELETE', '/networks/([^/]+)')
def remove_network(daemon, query, content, name):
    found = find_network(daemon, name)
    if any(found['Name'] in x.networks
           for x in list(daemon.containers.values())):
        raise Problem(403, f'network {name} has active endpoints')
    del daemon.networks[found['Name']]
    return 204, None
