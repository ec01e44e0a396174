"""Read and judge the settings of a class; the hub does the same at start.

    docker compose run --rm check
"""

import os
import pathlib
import stat
import sys

import psutil

from classroom import sizes
from classroom.errors import ClassError
from classroom.hub import settings

WORDS = 'read and judge the settings of the class'
FILES = pathlib.Path(os.environ.get('CLASSROOM_FILES', '/srv/class'))
MIB = 2**20
SECRET = 'teacher-password'
OWN = 'certificate.pem', 'key.pem'  # the certificate with TLS=files


def text(path):
    """Return the text of a file of the class."""
    try:
        return path.read_text(encoding='utf-8')
    except (OSError, UnicodeDecodeError) as error:
        raise ClassError(f'{path.name}: cannot be read: {error}') from error


def chosen():
    """Return the settings, the teacher's password, and what to know."""
    secret = text(FILES / SECRET)
    mode = stat.S_IMODE((FILES / SECRET).stat().st_mode)
    machine = settings.Machine(
        memory=psutil.virtual_memory().total // MIB,
        hub=sizes.HUB,
        student=sizes.guarantee(sizes.load()),
    )
    found = settings.read(
        os.environ,
        text(FILES / 'students.txt'),
        settings.Secret(secret, mode),
        machine,
    )
    return found, secret.strip(), settings.remarks(found, machine)


def missing():
    """Return a sentence for each file that TLS=files wants in vain."""
    if os.environ.get('TLS') != 'files':
        return []
    return [
        f'certificate/{name}: is missing, and TLS=files takes it'
        for name in OWN
        if not (FILES / 'certificate' / name).is_file()
    ]


def add_arguments(parser):
    """Take no words."""


def run(given):
    """Print what is wrong or should be known."""
    found, _, told = chosen()
    if missing():
        raise ClassError('\n'.join(missing()))
    for sentence in told:
        print(f'note: {sentence}', file=sys.stderr)
    print(f'the settings of {found.domain} are good; '
          f'{len(found.students)} students')
