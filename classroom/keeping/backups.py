"""The backups of a class, each a folder that is whole or not there.

A backup has a running number, for a clock may jump; its date is for people.
Behind the date may stand what kind it is:

    00012-2026-11-30-03-00             of the night, or by `class backup`
    00013-2026-12-01-03-00-incomplete  a volume could not be read
    00014-2026-12-01-09-20-aside       what a restore has replaced
    00015-2027-01-20-10-00-left        the work of one who left
    00016-2027-01-31-12-00-term        the end of a term
"""

import calendar
import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import time
from typing import NamedTuple

from classroom.errors import ClassError

SUMS = 'SHA256SUMS'
PART = '.part'  # behind the name of what is being written or removed
NAME = re.compile(r'(\d{5,})-(?P<date>\d{4}(-\d\d){4})(-(?P<kind>[a-z]+))?')
DATE = '%Y-%m-%d-%H-%M'  # in UTC
ROOM = 256 * 2**20  # bytes that stay free beside a backup


class Backup(NamedTuple):
    """A folder with a backup that was finished."""

    number: int
    kind: str
    path: object

    @property
    def time(self):
        """The seconds of the clock when it was made.

        A folder that a person has renamed may have a day that never was.
        """
        date = NAME.fullmatch(self.path.name)['date']
        try:
            return calendar.timegm(time.strptime(date, DATE))
        except ValueError:
            return self.path.stat().st_mtime


def found(folder):
    """Return the finished backups, the oldest first."""
    names = {x: NAME.fullmatch(x.name) for x in folder.glob('*')
             if (x / SUMS).is_file()}
    return sorted(Backup(int(match[1]), match['kind'] or '', path)
                  for path, match in names.items() if match)


def good(folder):
    """Return the whole backups of the present term, the oldest first."""
    every = found(folder)
    term = max((x.number for x in every if x.kind == 'term'), default=-1)
    return [x for x in every if not x.kind and x.number > term]


def chosen(folder, number=None):
    """Return the backup with a number, or the last good one."""
    if number is None:
        fit = good(folder)
    else:
        fit = [x for x in found(folder) if x.number == number]
    if fit:
        return fit[-1]
    what = 'no good one' if number is None else f'none has number {number}'
    raise ClassError(f'backups: {what} in {folder}; `class restore` alone '
                     'lists them')


@contextlib.contextmanager
def locked(folder):
    """Let only one at a time change the backups."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(folder / '.lock', 'w', encoding='utf-8') as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ClassError('another backup or restore is at work; wait '
                             'until it is done') from error
        yield


@contextlib.contextmanager
def new(folder):
    """Yield a folder to fill; it becomes a backup when `finish` is called.

    Whatever else happens, nothing of it stays: a full disk gets its room
    back.
    """
    sweep(folder)
    path = folder / f'{os.getpid()}{PART}'
    path.mkdir(mode=0o700)
    try:
        yield path
    except OSError as error:
        raise ClassError(f'{error.filename or folder}: {error.strerror}; no '
                         'backup was made') from error
    finally:
        shutil.rmtree(path, ignore_errors=True)


def finish(path, kind=''):
    """Give a filled folder its sums and, when all is on the disk, its name.
    """
    lines = [f'{digest(path / name)}  {name}\n' for name in contents(path)]
    (path / SUMS).write_text(''.join(lines), encoding='utf-8')
    for each in [*path.rglob('*'), path]:
        settle(each)
    target = path.parent / next_name(path.parent, kind)
    path.rename(target)
    settle(path.parent)
    return target


def next_name(folder, kind):
    """Return the name of the next backup."""
    numbers = [int(x[1]) for x in map(
        NAME.match, (x.name for x in folder.glob('*'))) if x]
    date = time.strftime(DATE, time.gmtime())
    name = f'{max(numbers, default=0) + 1:05}-{date}'
    return f'{name}-{kind}' if kind else name


def contents(path):
    """Return the files of a backup, relative to it."""
    return sorted(x.relative_to(path).as_posix() for x in path.rglob('*')
                  if x.is_file() and x.name != SUMS)


def digest(path):
    """Return the SHA-256 of a file."""
    with path.open('rb') as file:
        return hashlib.file_digest(file, 'sha256').hexdigest()


def settle(path):
    """Wait until a file or a folder is on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def damaged(backup, wanted=None):
    """Return the names in a backup that are damaged or missing.

    wanted: names that are looked at; without, all.
    """
    sums = read_sums(backup.path)
    wanted = list(sums) if wanted is None else wanted
    return [name for name in wanted if name not in sums
            or not same(backup.path / name, sums[name])]


def read_sums(path):
    """Return {name: digest} as a backup's list says."""
    lines = (path / SUMS).read_text('utf-8', 'replace').splitlines()
    return {line[66:]: line[:64] for line in lines}


def same(path, wanted):
    """Tell whether a file can be read and is what was written."""
    try:
        return digest(path) == wanted
    except OSError:
        return False


def verify(backup, wanted=None):
    """Raise ClassError unless a backup is as it was written."""
    bad = damaged(backup, wanted)
    if bad:
        raise ClassError(f'{backup.path.name}: damaged: {", ".join(bad)}; '
                         'choose an earlier one with --from')


def last_with(folder, name):
    """Return the last good backup whose file `name` is as it was written.

    None if there is none.
    """
    return next((x for x in reversed(good(folder))
                 if not damaged(x, [name])), None)


def size(backup):
    """Return the bytes that a backup takes."""
    return sum(x.stat().st_size for x in backup.path.rglob('*')
               if x.is_file())


def check_room(folder):
    """Raise ClassError where there is no room for another backup."""
    sizes = [size(x) for x in good(folder)[-1:]]
    need = int(sum(sizes) * 1.25) + ROOM
    free = shutil.disk_usage(folder).free
    if free < need:
        raise ClassError(
            f'{folder}: {free >> 20} MiB are free, a backup needs '
            f'{need >> 20}; make room, or keep fewer with BACKUPS in .env')


def prune(folder, keep):
    """Remove the oldest backups beyond the number that is kept.

    Archives of a term and of those who left stay until a person removes
    them.
    """
    for kind, number in {'': keep, 'aside': keep, 'incomplete': 1}.items():
        fit = [x for x in found(folder) if x.kind == kind]
        for backup in fit[:max(len(fit) - number, 0)]:
            remove(backup.path)


def remove(path):
    """Remove a backup; what is left of it when killed is never taken for one.
    """
    left = path.with_name(path.name + PART)
    path.rename(left)
    shutil.rmtree(left, ignore_errors=True)


def sweep(folder):
    """Remove what was left half-written."""
    for path in folder.glob(f'*{PART}'):
        shutil.rmtree(path, ignore_errors=True)
