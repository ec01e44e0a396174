"""What the stand-in for Docker answers about volumes."""

import json
import pathlib
import shutil
import subprocess

from classroom.simulated.server import Problem, fits, given, route


@route('POST', '/volumes/create')
def create(daemon, query, content):
    """Make a volume; one that is there stays as it is."""
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
def inspect(daemon, query, content, name):
    if name not in daemon.volumes:
        raise Problem(404, f'get {name}: no such volume')
    return 200, daemon.volumes[name]


@route('DELETE', '/volumes/([^/]+)')
def remove(daemon, query, content, name):
    found = inspect(daemon, query, content, name)[1]
    folder = pathlib.Path(found['Mountpoint'])
    used = [x.identity for x in list(daemon.containers.values())
            if any(y == folder for y, _ in x.mounts.values())]
    if used:
        raise Problem(409, f'remove {name}: volume is in use - {used}')
    if folder in daemon.mounted:
        subprocess.run(['umount', str(folder)], check=True)
        daemon.mounted.remove(folder)
    shutil.rmtree(folder)
    del daemon.volumes[name]
    return 204, None
