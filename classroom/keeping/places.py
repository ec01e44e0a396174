"""Where the things of a class are, in the container of its hub."""

import os
import pathlib


def state():
    """Return the folder of the hub's database and secrets."""
    return pathlib.Path(os.environ.get('CLASSROOM_STATE', '/srv/hub'))


def files():
    """Return the folder of what the teacher writes: students.txt."""
    return pathlib.Path(os.environ.get('CLASSROOM_FILES', '/srv/class'))


def backups():
    """Return the folder of the backups, of the host's: another disk."""
    return pathlib.Path(os.environ.get('CLASSROOM_BACKUP', '/srv/backup'))


def course():
    """Return the folder of the course, whose volume the hub has mounted."""
    return pathlib.Path(os.environ.get('CLASSROOM_COURSE', '/srv/course'))


def image():
    """Return the image of the book, which containers are made from."""
    return os.environ.get('IMAGE', '')


def teacher():
    """Return the name of the teacher's account."""
    return os.environ.get('TEACHER', '')


def kept():
    """Return how many backups are kept."""
    return int(os.environ.get('BACKUPS') or 14)
