"""Puts files into students' homes, and takes them out.

A home is a volume of Docker. A container that has it and is never started
reads and writes there; the student's own server need not run.
"""

import contextlib
import io
import pathlib
import tarfile
import time
import uuid

import docker
import requests

from classroom.keeping import volumes
from classroom.marking.container import LABELS
from classroom.marking.courses import READER

HOME = '/home/reader'
FOLDER = 1 << 31  # how Docker marks one
LARGEST = 20 * 2**20  # bytes of a file that is taken out


class Refused(Exception):
    """Why a file was neither put nor taken, in words."""


class Homes:
    """The homes of a class."""

    def __init__(self, image, client=None):
        self.image = image
        self.client = client or volumes.connect()

    @contextlib.contextmanager
    def opened(self, student):
        """Give the home of a student; Refused if Docker cannot."""
        volume = f'class-{student}'
        try:
            self.client.volumes.get(volume)  # else Docker would make one
        except docker.errors.NotFound:
            raise Refused('has not logged in yet') from None
        try:
            made = self.client.containers.create(
                self.image, name=f'class-work-{uuid.uuid4().hex}',
                entrypoint=['/bin/true'], labels=LABELS,
                network_mode='none', volumes={volume: {'bind': HOME}})
            try:
                yield Home(made)
            finally:
                made.remove(force=True)
        except (docker.errors.DockerException,
                requests.RequestException) as error:
            why = getattr(error, 'explanation', None) or error
            raise Refused(f'Docker: {why}') from error


class Home:
    """The home of one student."""

    def __init__(self, container):
        self.container = container

    def has(self, path, only=0):
        """Tell whether anything is at a path below the home.

        only: FOLDER, if nothing else counts.
        """
        try:
            stream, about = self.container.get_archive(f'{HOME}/{path}')
        except docker.errors.NotFound:
            return False
        stream.close()
        return about['mode'] & only == only

    def take(self, path, limit=LARGEST):
        """Return the bytes of a file, or None if there is none.

        Refused: a link, a folder, or a file that is too large.
        """
        try:
            stream, _ = self.container.get_archive(f'{HOME}/{path}')
        except docker.errors.NotFound:
            return None
        with contextlib.closing(stream):
            return only_file(stream, pathlib.PurePath(path).name, limit)

    def put(self, files):
        """Write files, and the folders above them: path -> bytes.

        Docker would remove what it puts something of another kind over, a
        whole folder, or a link to one.
        """
        for path in files:
            if self.has(path, FOLDER):
                raise Refused(f'{path} is a folder')
        new = [x for x in above(files) if not self.has(x)]
        if not self.container.put_archive(HOME, packed(files, new)):
            raise Refused('could not be written')


def only_file(stream, name, limit):
    """Return the content of the one file in an archive that comes in parts.

    Of what goes beyond the limit nothing is read.
    """
    with Bounded(stream, limit + 2**16) as whole:
        try:
            with tarfile.open(fileobj=whole, mode='r|') as archive:
                member = archive.next()
                if member is None or not member.isreg():
                    raise Refused(f'{name} is no file')
                if member.size > limit:
                    raise Refused(f'{name} is larger than {limit} bytes')
                return archive.extractfile(member).read()
        except tarfile.TarError as error:
            raise Refused(f'{name} could not be read') from error


class Bounded(io.RawIOBase):
    """Parts of bytes as a file that ends early."""

    def __init__(self, parts, limit):
        self.parts, self.left, self.rest = iter(parts), limit, b''

    def readable(self):
        return True

    def readinto(self, buffer):
        while not self.rest and self.left > 0:
            self.rest = next(self.parts, b'')[:self.left]
            if not self.rest:
                return 0
            self.left -= len(self.rest)
        size = min(len(buffer), len(self.rest))
        buffer[:size], self.rest = self.rest[:size], self.rest[size:]
        return size


def above(files):
    """Return the folders above files, the outermost first."""
    return sorted({str(folder) for path in files
                   for folder in pathlib.PurePath(path).parents[:-1]})


def packed(files, folders):
    """Return an archive of folders and files, all a reader's."""
    with io.BytesIO() as whole:
        with tarfile.open(fileobj=whole, mode='w') as archive:
            for name in folders:
                archive.addfile(member(name, 0o755, tarfile.DIRTYPE))
            for name, content in files.items():
                about = member(name, 0o644, tarfile.REGTYPE)
                about.size = len(content)
                archive.addfile(about, io.BytesIO(content))
        return whole.getvalue()


def member(name, mode, kind):
    """Return what an archive says of a file or folder of a reader."""
    found = tarfile.TarInfo(name)
    found.mode, found.type, found.mtime = mode, kind, int(time.time())
    found.uid = found.gid = READER
    return found
