"""The volumes of a class, read and written through Docker.

A container that mounts the volume is made and never started: nothing of a
student's runs. What comes out is an archive as Docker makes it.
"""

import contextlib
import gzip
import re
import secrets
import shutil

import docker
import requests

from classroom.errors import ClassError
from classroom.keeping import places

PREFIX = 'class-'
OURS = re.compile(rf'{PREFIX}[a-z0-9]{{1,32}}')
SIZE = re.compile('([0-9]+)m')  # of a volume, as spawner.py gives it
COURSE = f'{PREFIX}course'
WORK = 'class-work-keeping-'
LABELS = {'from-scratch-to-gluon': 'work'}
PLACE = '/from'  # where a volume is mounted; archives begin with its name
END = 1024  # bytes of zeros at the end of every archive
SPARE = 2**30  # bytes by which an archive may be larger than its files are


@contextlib.contextmanager
def told(what):
    """Tell what Docker cannot do in one line."""
    try:
        yield
    except (docker.errors.DockerException,
            requests.RequestException) as error:
        why = getattr(error, 'explanation', None) or error
        raise ClassError(f'{what}: Docker: {why}') from error


@told('the hub does not reach its containers')
def connect():
    """Return a client of the machine's Docker."""
    client = docker.from_env()
    client.ping()
    return client


@told('what the class has')
def names(client):
    """Return the names of the volumes of the class."""
    return sorted(x.name for x in client.volumes.list()
                  if OURS.fullmatch(x.name))


@contextlib.contextmanager
def container(client, volume, mode):
    """Yield a container that has a volume and does not run."""
    box = client.containers.create(
        places.image(), ['true'], name=WORK + secrets.token_hex(4),
        labels=LABELS, network_mode='none',
        volumes={volume: {'bind': PLACE, 'mode': mode}})
    try:
        yield box
    finally:
        box.remove(force=True)


@told('what the class has')
def sweep(client):
    """Remove containers that a backup which was killed has left."""
    for box in client.containers.list(all=True):
        if box.name.startswith(WORK):
            box.remove(force=True)


def save(client, volume, path):
    """Write what a volume holds into an archive."""
    left, end = largest(client, volume), b''
    with told(volume), container(client, volume, 'ro') as box:
        pieces, _ = box.get_archive(PLACE)
        with gzip.open(path, 'wb', compresslevel=3) as target:
            for piece in pieces:
                left -= len(piece)
                if left < 0:
                    raise ClassError(
                        f'{volume}: has a file with holes, which seems '
                        'larger than the disk; remove it (`find -size +1G`)')
                target.write(piece)
                end = (end + piece[-END:])[-END:]
    if end != bytes(END):
        raise ClassError(f'{volume}: what Docker sent broke off')


@told('what the class has')
def largest(client, volume):
    """Return the bytes that the archive of a volume has at most.

    A file with holes takes no room, and its archive would take for ever.
    """
    found = client.volumes.get(volume).attrs.get('Options') or {}
    size = SIZE.fullmatch(found.get('size', ''))
    room = (int(size[1]) * 2**20 if size
            else shutil.disk_usage(places.state()).used)
    return 2 * room + SPARE


def put(client, volume, path, options):
    """Make a volume hold what is in an archive, and nothing else.

    options: what it is made with, such as its largest size.
    """
    with told(volume), path.open('rb') as archive:
        clear(client, volume)
        create(client, volume, options)
        with container(client, volume, 'rw') as box:
            box.put_archive('/', archive)


def clear(client, volume):
    """Remove a volume; that of the course, which the hub has, is emptied."""
    if volume != COURSE or not places.course().is_dir():
        with contextlib.suppress(docker.errors.NotFound):
            client.volumes.get(volume).remove()
        return
    for path in places.course().iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def create(client, volume, options):
    """Make a volume; without a largest size where disks know none."""
    try:
        client.volumes.create(volume, **options)
    except docker.errors.APIError as error:
        if 'quota' not in str(error.explanation):
            raise
        client.volumes.create(volume, **{**options, 'driver_opts': {}})


@told('what the class has')
def options(client):
    """Return for each volume of the class what it was made with."""
    return {x.name: {'driver': x.attrs.get('Driver') or 'local',
                     'driver_opts': x.attrs.get('Options') or {},
                     'labels': x.attrs.get('Labels') or {}}
            for x in client.volumes.list() if OURS.fullmatch(x.name)}


def exists(client, volume):
    """Tell whether there is such a volume."""
    return volume in names(client)


@told('what the class has')
def users(client, volume):
    """Return the servers that mount a volume."""
    servers = [x for x in client.containers.list(all=True)
               if OURS.fullmatch(x.name)]
    return [x for x in servers if any(
        bind.split(':')[0] == volume
        for bind in x.attrs['HostConfig'].get('Binds') or ())]


def release(client, volume, stop):
    """Stop the servers that use a volume, or say that they do."""
    for box in users(client, volume):
        if not stop:
            raise ClassError(f'{volume}: in use by {box.name}; stop this '
                             'server in /hub/admin, or say --stop')
        with told(box.name):
            box.stop(timeout=10)
            with contextlib.suppress(docker.errors.NotFound):
                box.remove(force=True)


@told('what the class has')
def running(client):
    """Return the names of the students whose servers run."""
    return sorted(x.name.removeprefix(PREFIX)
                  for x in client.containers.list()
                  if OURS.fullmatch(x.name))


@told('what the class has')
def traces(client):
    """Return the names that have a container, a volume or a network."""
    every = [*client.containers.list(all=True), *client.volumes.list(),
             *client.networks.list()]
    return sorted({x.name.removeprefix(PREFIX) for x in every
                   if OURS.fullmatch(x.name)})


def remove_all(client, name):
    """Remove the container, the volume and the network of a name."""
    full = PREFIX + name
    release(client, full, stop=True)
    with told(full):
        for kind in client.containers, client.networks:
            with contextlib.suppress(docker.errors.NotFound):
                found = kind.get(full)
                disconnect(found)
                found.remove()
        clear(client, full)


def disconnect(found):
    """Take all containers out of a network, the hub among them."""
    for box in found.attrs.get('Containers') or ():
        found.disconnect(box, force=True)
