"""A sandbox made by Docker: a container for each program, then removed."""

import contextlib
import functools
import io
import tarfile
import uuid

import docker

from classroom.keeping import volumes
from classroom.marking.limits import MIB, Ended, environment
from classroom.marking.reading import Watch, bounded

LABELS = {'from-scratch-to-gluon': 'work'}
HOME = '/home/reader'
# What the image has of the answers; an empty folder lies over it
ANSWERS = '/opt/book/book', '/opt/book/chapters'
LOG = {'Type': 'json-file',
       'Config': {'max-size': '50m', 'max-file': '1'}}
START = 'exec /opt/venv/bin/python /job/program.py < /job/input'


class Sandbox:
    """Containers of one image that nothing gets into or out of."""

    def __init__(self, image, client=None):
        self.image = image
        self.client = client or volumes.connect()

    @volumes.told('the sandbox')
    def run(self, files, limits):
        """Run /job/program.py; see sandbox.choose.

        files: what is in /job, name -> bytes.
        """
        # Until a call is answered the program may run to its limit
        self.client.api.timeout = limits.seconds + 60
        with contextlib.ExitStack() as stack:
            name = f'class-work-{uuid.uuid4().hex}'
            volume = self.client.volumes.create(name, labels=LABELS)
            stack.callback(volume.remove, force=True)
            made = self.client.containers.create(
                self.image, name=name, **settings(name, limits))
            stack.callback(made.remove, force=True, v=True)
            made.put_archive('/job', packed(files))
            return started(made, limits)


def started(made, limits):
    """Start a container and end it at its limits."""
    watch = Watch(functools.partial(end, made))
    timer = watch.after(limits.seconds)
    made.start()
    timer.start()
    try:
        chunks = made.logs(stdout=True, stderr=False, stream=True,
                           follow=True)
        output = bounded(chunks, limits.output, watch)
        made.wait()
        made.reload()
    finally:
        timer.cancel()
        end(made)
    if made.attrs.get('State', {}).get('OOMKilled'):
        watch.why = watch.why or 'memory'
    return Ended(output, watch.why)


def end(container):
    """Kill a container, if it has not ended."""
    with contextlib.suppress(docker.errors.APIError):
        container.kill()


def settings(volume, limits):
    """Return what Docker is told of a sandbox."""
    memory = limits.memory * MIB
    return {
        'entrypoint': ['/bin/sh', '-c', START],
        'labels': LABELS,
        'network_mode': 'none',
        'read_only': True,
        'volumes': {volume: {'bind': '/job', 'mode': 'rw'}},
        'tmpfs': places(limits),
        'user': '1000:1000',
        'working_dir': HOME,
        'environment': environment(limits),
        'cap_drop': ['ALL'],
        'security_opt': ['no-new-privileges'],
        'mem_limit': memory,
        'memswap_limit': memory,
        'nano_cpus': limits.cores * 10**9,
        'pids_limit': limits.threads,
        'ulimits': [docker.types.Ulimit(
            name='cpu', soft=limits.computing, hard=limits.computing)],
        'shm_size': limits.disk * MIB,
        'healthcheck': {'test': ['NONE']},
        'log_config': LOG,
    }


def places(limits):
    """Return the file systems in memory: where -> its options."""
    size = f'size={limits.disk * MIB}'
    own = {HOME: f'{size},uid=1000,gid=1000,mode=0700',
           '/tmp': f'{size},mode=1777'}
    return {**own, **{place: 'size=4096,ro' for place in ANSWERS}}


def packed(files):
    """Return an archive of files of root that all can read."""
    with io.BytesIO() as whole:
        with tarfile.open(fileobj=whole, mode='w') as archive:
            for name, content in files.items():
                member = tarfile.TarInfo(name)
                member.size, member.mode = len(content), 0o444
                archive.addfile(member, io.BytesIO(content))
        return whole.getvalue()
