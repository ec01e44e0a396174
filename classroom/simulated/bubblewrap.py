"""The command line of bubblewrap for a container.

It sees the files of this machine's system, read only, the book, and its
volumes; it has its own processes, and its own network if it is to have none.
"""

import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HOME = '/home/reader'
READER = '1000'  # the number of the user inside
SHARED = 'home', 'opt'
SYSTEM = '/usr', '/bin', '/sbin', '/lib', '/lib64', '/etc'
NEW = ('--die-with-parent', '--clearenv', '--unshare-user', '--unshare-pid',
       '--unshare-ipc', '--unshare-uts', '--uid', READER, '--gid', READER)
IMAGE = {
    'PATH': '/opt/venv/bin:/usr/bin:/bin',
    'LANG': 'C.UTF-8',
    'HOME': HOME,
    'BOOK_DATA': '/opt/data',
    'BOOK_STAND_IN': os.environ.get('BOOK_STAND_IN', 'auto'),
    'OMP_NUM_THREADS': '1',
    'PYTHONPATH': '/opt/book',
    'PYTHONDONTWRITEBYTECODE': '1',
}
UNITS = {'k': 2**10, 'm': 2**20, 'g': 2**30}


def words(container):
    """Return the command that runs what a container was created with."""
    asked, host = container.asked, container.host
    network = host.get('NetworkMode') == 'none'
    folder = asked.get('WorkingDir') or HOME
    program = [*(asked.get('Entrypoint') or []), *(asked.get('Cmd') or [])]
    return [
        'bwrap', *NEW, *(['--unshare-net'] if network else []),
        '--hostname', container.hostname, *files(container),
        *variables(container), '--chdir', folder, '--', *program]


def files(container):
    """Return the words for the files that a container sees."""
    fixed = container.host.get('ReadonlyRootfs')
    kind = '--dir' if fixed else '--tmpfs'
    found = ['--dev', '/dev', '--proc', '/proc', '--dir', '/run',
             kind, '/tmp', kind, HOME]
    for source, path in visible():
        found += ['--ro-bind', source, path]
    found += ['--symlink', sys.prefix, '/opt/venv']
    for path in own(container.layer):
        inside = f'/{path.relative_to(container.layer)}'
        found += ['--bind', str(path), inside]
    for path, options in (container.host.get('Tmpfs') or {}).items():
        found += [*size(options), '--tmpfs', path]
        if 'ro' in options.split(','):
            found += ['--remount-ro', path]
    for path, (folder, options) in container.mounts.items():
        kind = '--ro-bind' if 'ro' in options.split(',') else '--bind'
        found += [kind, str(folder), path]
    return [*found, '--remount-ro', '/']


def own(layer):
    """Yield the files that are one container's alone.

    Beside what the image has in the folders in which it has something.
    """
    for path in sorted(layer.glob('*')):
        if path.name in SHARED:
            yield from sorted(path.glob('*'))
        else:
            yield path


def visible():
    """Yield (path on this machine, path inside) for what all see."""
    for path in filter(os.path.exists, SYSTEM):
        yield path, path
    for path in dict.fromkeys([sys.base_prefix, sys.prefix]):
        yield path, path
        if os.path.realpath(path) != path:
            yield os.path.realpath(path), os.path.realpath(path)
    yield str(ROOT), '/opt/book'
    data = os.environ.get('BOOK_DATA')
    if data:
        yield os.path.realpath(data), '/opt/data'


def size(options):
    """Return the words for the size among the options of a tmpfs."""
    for option in options.split(','):
        name, _, value = option.partition('=')
        if name == 'size':
            return ['--size', str(size_in_bytes(value))]
    return []


def size_in_bytes(text):
    """Return how many bytes a text such as 64m means."""
    unit = UNITS.get(text[-1:].lower())
    return int(text[:-1]) * unit if unit else int(text)


def variables(container):
    """Return the words for the variables: the image's, then the call's."""
    pairs = (x.partition('=') for x in container.asked.get('Env') or [])
    given = {**IMAGE, **{name: value for name, _, value in pairs}}
    given['PATH'] = IMAGE['PATH']
    service = given.get('JUPYTERHUB_SERVICE_URL', '')
    given['JUPYTERHUB_SERVICE_URL'] = service.replace(
        '//0.0.0.0:', f'//{container.address}:')
    return [x for name, value in given.items()
            for x in ('--setenv', name, value)]


def can_run():
    """Tell whether this machine lets bubblewrap make namespaces."""
    if not shutil.which('bwrap'):
        return False
    done = subprocess.run(
        ['bwrap', *NEW, '--ro-bind', '/', '/', '--proc', '/proc',
         '/bin/true'], capture_output=True)
    return done.returncode == 0
