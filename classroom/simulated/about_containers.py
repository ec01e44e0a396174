"""What the stand-in for Docker answers about containers."""

import contextlib
import functools
import json
import os
import pathlib
import secrets
import signal
import time

from classroom.simulated import about_networks, archives
from classroom.simulated.containers import STREAMS
from classroom.simulated.server import (
    Problem,
    fits,
    given,
    is_true,
    route,
)

USUAL = {'LogConfig': {'Type': 'json-file', 'Config': {}}, 'Binds': None}
PIECE = 2**16  # bytes of a frame
LOOK = 0.05  # seconds between two looks at what was written
BRIDGE = None, '', 'default', 'bridge'


@route('POST', '/containers/create')
def create(daemon, query, content):
    asked, name = given(content), query.get('name') or secrets.token_hex(4)
    host = asked.get('HostConfig') or {}
    network = host.get('NetworkMode')
    if network != 'none':
        network = 'bridge' if network in BRIDGE else network
        network = about_networks.find(daemon, network)['Name']
    made = daemon.container(name, asked, dict(mounts(daemon, host)))
    if network != 'none':
        made.networks[network] = {}
    return 201, {'Id': made.identity, 'Warnings': []}


def mounts(daemon, host):
    """Yield (path inside, (folder, options)) of the asked volumes."""
    for bind in host.get('Binds') or []:
        source, path, *options = bind.split(':')
        yield path, (place(daemon, source), ','.join(options))
    for mount in host.get('Mounts') or []:
        options = 'ro' if mount.get('ReadOnly') else 'rw'
        if mount.get('Type') == 'tmpfs':
            more = (mount.get('TmpfsOptions') or {}).get('SizeBytes')
            host['Tmpfs'] = {**(host.get('Tmpfs') or {}), mount['Target']:
                             f'size={more}' if more else ''}
        else:
            yield mount['Target'], (place(daemon, mount['Source']), options)


def place(daemon, source):
    if source.startswith('/'):
        return pathlib.Path(source)
    return daemon.volume(source)


@route('GET', '/containers/json')
def containers(daemon, query, content):
    wanted = json.loads(query.get('filters', '{}'))
    return 200, [
        short(x) for x in list(daemon.containers.values())
        if (is_true(query, 'all') or x.is_running or 'status' in wanted)
        and fits(wanted, x.name, x.asked.get('Labels') or {}, x.status)]


def short(container):
    return {'Id': container.identity, 'Names': [f'/{container.name}'],
            'Image': container.asked.get('Image'), 'State': container.status,
            'Status': container.status,
            'Labels': container.asked.get('Labels') or {}}


@route('GET', '/containers/([^/]+)/json')
def inspect(daemon, query, content, name):
    found = daemon.find(name)
    return 200, {
        'Id': found.identity, 'Name': f'/{found.name}',
        'Created': found.created, 'Image': found.asked.get('Image'),
        'Config': {**found.asked, 'Env': found.asked.get('Env') or [],
                   'Labels': found.asked.get('Labels') or {}},
        'HostConfig': {**USUAL, **found.host},
        'Mounts': [{'Destination': path, 'Source': str(folder),
                    'RW': 'ro' not in options.split(',')}
                   for path, (folder, options) in found.mounts.items()],
        'State': state(found),
        'NetworkSettings': {
            'Ports': {}, 'IPAddress': found.address,
            'Networks': {x: {'IPAddress': found.address, **y}
                         for x, y in found.networks.items()}}}


def state(container):
    """Return what Docker tells about a container's process."""
    return {
        'Status': container.status, 'Running': container.is_running,
        'Paused': False, 'Restarting': False, 'OOMKilled': False,
        'Dead': False, 'Error': '', 'ExitCode': container.exit_code,
        'Pid': container.process.pid if container.is_running else 0,
        'StartedAt': container.started, 'FinishedAt': container.finished}


@route('POST', '/containers/([^/]+)/start')
def start(daemon, query, content, name):
    found = daemon.find(name)
    if found.is_running:
        return 304, None
    found.start(daemon.ended)
    return 204, None


@route('POST', '/containers/([^/]+)/stop')
def stop(daemon, query, content, name):
    found = daemon.find(name)
    if not found.is_running:
        return 304, None
    found.stop(int(query.get('t', 10)))
    return 204, None


@route('POST', '/containers/([^/]+)/kill')
def kill(daemon, query, content, name):
    found, number = daemon.find(name), query.get('signal', 'SIGKILL')
    if not found.is_running:
        raise Problem(409, f'container {name} is not running')
    if number in ('9', 'KILL', 'SIGKILL'):
        found.kill()
    elif number.isdecimal():
        found.send(int(number))
    else:
        found.send(signal.Signals[f'SIG{number.removeprefix("SIG")}'])
    return 204, None


@route('POST', '/containers/([^/]+)/wait')
def wait(daemon, query, content, name):
    found = daemon.find(name)
    if found.process:
        found.process.wait()
    return 200, {'StatusCode': found.exit_code}


@route('GET', '/containers/([^/]+)/logs')
def logs(daemon, query, content, name):
    """Return what was written, in Docker's frames; all, to who follows.

    What the two streams have is not in the order in which it was written.
    """
    found = daemon.find(name)
    wanted = {number: found.log(stream) for stream, number in STREAMS.items()
              if is_true(query, stream)}
    if is_true(query, 'follow') and found.process:
        return 200, followed(found, wanted)
    tail = query.get('tail', 'all')
    return 200, b''.join(frame(number, last(path, tail))
                         for number, path in wanted.items())


def followed(container, wanted):
    """Yield what a container writes until its end."""
    with contextlib.ExitStack() as stack:
        files = {number: stack.enter_context(path.open('rb'))
                 for number, path in wanted.items()}
        running = True
        while running:
            running = container.is_running
            for number, file in files.items():
                while text := file.read(PIECE):
                    yield frame(number, text)
            time.sleep(LOOK)


def last(path, tail):
    """Return the last lines of a file."""
    text = path.read_bytes() if path.exists() else b''
    if tail == 'all':
        return text
    return b''.join(text.splitlines(keepends=True)[-int(tail):])


def frame(number, text):
    """Return what a stream has, in the frame in which Docker sends it."""
    if not text:
        return b''
    return bytes([number, 0, 0, 0]) + len(text).to_bytes(4, 'big') + text


@route('DELETE', '/containers/([^/]+)')
def remove(daemon, query, content, name):
    found = daemon.find(name)
    if found.is_running and not is_true(query, 'force'):
        raise Problem(409, f'cannot remove container "/{found.name}": '
                      'container is running: stop it first')
    found.kill()
    daemon.containers.pop(found.identity, None)
    return 204, None


@route('GET', '/containers/([^/]+)/archive')
@route('HEAD', '/containers/([^/]+)/archive')
def get_archive(daemon, query, content, name):
    path = archives.inside(daemon.find(name), query['path'])
    if not os.path.lexists(path):
        raise Problem(404, f'Could not find the file {query["path"]} in '
                      f'container {name}')
    base = pathlib.PurePosixPath(query['path']).name
    return 200, archives.pack(path, base), archives.facts(path, base)


@route('PUT', '/containers/([^/]+)/archive')
def put_archive(daemon, query, content, name):
    found, path = daemon.find(name), query['path']
    folder = archives.inside(found, path)
    if folder.is_relative_to(found.layer):  # the image has it
        folder.mkdir(parents=True, exist_ok=True)
    if not folder.is_dir():
        raise Problem(404, f'Could not find the file {path} in container '
                      f'{name}')
    archives.unpack(content, path, functools.partial(
        archives.inside, found, writing=True))
    return 200, None
