"""Archives of a container's files, as Docker gives and takes them."""

import base64
import io
import json
import os
import pathlib
import shutil
import stat
import tarfile

HEADER = 'X-Docker-Container-Path-Stat'
DIRECTORY = 1 << 31  # how Go, in which Docker is written, marks a folder
READER = 1000


def pack(path, name):
    """Return a file or folder as an archive, under a name."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode='w') as archive:
        archive.add(path, name, filter=as_reader)
    return held.getvalue()


def as_reader(member):
    """Return a member of an archive with the owner that a student has."""
    member.uid = member.gid = READER
    member.uname = member.gname = ''
    return member


def facts(path, name):
    """Return the header that tells about a path."""
    found = path.lstat()
    mode = stat.S_IMODE(found.st_mode)
    if path.is_dir():
        mode |= DIRECTORY
    link = os.readlink(path) if path.is_symlink() else ''
    text = json.dumps({'name': name, 'size': found.st_size, 'mode': mode,
                       'mtime': '2026-01-01T00:00:00Z', 'linkTarget': link})
    return {HEADER: base64.b64encode(text.encode()).decode()}


def unpack(content, path, locate):
    """Put the members of an archive below a path, all owned by us.

    locate: gives the place on this machine for a path in the container.
    """
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive.getmembers():
            place = locate(f'{path}/{member.name}')
            member.name = place.name
            member.uid, member.gid = os.getuid(), os.getgid()
            member.uname = member.gname = ''
            if member.islnk():
                member.linkname = str(locate(f'{path}/{member.linkname}'))
            if not (member.isdir() and is_folder(place)):
                remove(place)
                archive.extract(member, place.parent, filter='tar')


def is_folder(place):
    """Tell whether there is a folder, and no link to one."""
    return place.is_dir() and not place.is_symlink()


def remove(place):
    """Remove what is in the way, of whatever kind, as Docker does."""
    if is_folder(place):
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def inside(container, path, writing=False):
    """Return the place on this machine of a path in a container.

    It is in a volume, or in what is the container's alone; raises
    PermissionError for what is read-only, or where a link leads out of it.
    """
    path = pathlib.PurePosixPath(os.path.normpath(f'/{path.lstrip("/")}'))
    root, rest = container.layer, path.relative_to('/')
    fixed = container.host.get('ReadonlyRootfs')
    for mounted, (folder, options) in container.mounts.items():
        if path.is_relative_to(mounted):
            root, rest = folder, path.relative_to(mounted)
            fixed = 'ro' in options.split(',')
    place = root / rest
    if writing and fixed:
        raise PermissionError(f'{path}: is marked read-only')
    if place != root and not place.parent.resolve().is_relative_to(
            root.resolve()):
        raise PermissionError(f'{path}: a link leads out of the container')
    return place
