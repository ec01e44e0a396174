"""How is the class? Disk, memory, backups, servers, and what needs a hand."""

import datetime
import html
import shutil
import time

import psutil

from classroom.errors import ClassError
from classroom.keeping import backups, places, state, volumes

WORDS = 'say how the class is; exit code 1 when something needs a hand'
ALARM = 80  # percent of the disk
OLD = 36 * 3600  # seconds after which a good backup is old
FAILED = 'backup-failed.txt'
GIB = 2**30


def add_arguments(parser):
    """Say what can be chosen."""
    parser.add_argument('--read', action='store_true',
                        help='forget what happened and was read')


def run(given):
    """Print how the class is; return 1 when something needs a hand."""
    if given.read:
        (places.state() / state.SAID).unlink(missing_ok=True)
    lines, problems = servers()
    print('\n'.join([*disks(), memory(), *last_backup(), *lines]))
    problems += worries() + short_memory()
    for line in problems:
        print(f'needs a hand: {line}')
    return 1 if problems else 0


def folders():
    """Return the folders whose disks may fill."""
    return [x for x in (places.state(), places.backups()) if x.is_dir()]


def percent(folder):
    """Return how full the disk of a folder is, in percent, as df says."""
    return psutil.disk_usage(str(folder)).percent


def disks():
    """Yield a line for the disk of each folder."""
    for folder in folders():
        free = shutil.disk_usage(folder).free / GIB
        yield (f'disk of {folder}: {percent(folder):.0f} % full, '
               f'{free:.1f} GiB free')


def memory():
    """Return a line on the machine's memory."""
    found = psutil.virtual_memory()
    return (f'memory: {found.available / GIB:.1f} of '
            f'{found.total / GIB:.1f} GiB available')


def short_memory():
    """Return a worry when hardly any memory is left."""
    if psutil.virtual_memory().percent < 95:
        return []
    return ['memory: less than 5 % are left; stop servers in /hub/admin, '
            'and set STUDENTS_AT_ONCE lower']


def last_backup():
    """Yield lines on the last good backup."""
    fit = backups.good(places.backups())
    if fit:
        days = age(fit[-1]) / 86400
        yield f'last good backup: {fit[-1].path}, {days:.1f} days old'
    if len({x.stat().st_dev for x in folders()}) == 1:
        yield ('backups and accounts are on one disk: copy '
               f'{places.backups()} to another')


def age(backup):
    """Return the seconds since a backup, by the clock of now."""
    return time.time() - backup.time


def servers():
    """Return a line on the servers that run, and what is wrong."""
    try:
        names = volumes.running(volumes.connect())
    except ClassError as error:
        return [], [str(error)]
    return [f'servers: {len(names)} {" ".join(names)}'.strip()], []


def worries():
    """Return what needs a hand, as far as files tell."""
    found = [f'the disk of {x} is {percent(x):.0f} % full; make room before '
             'it is full' for x in folders() if percent(x) >= ALARM]
    failed = places.state() / FAILED
    if failed.exists():
        found += failed.read_text('utf-8', 'replace').splitlines()
    return found + old_backup() + state.said(places.state())


def old_backup():
    """Return a worry when there is no backup of these days."""
    fit = backups.good(places.backups())
    if not fit:
        return ['there is no backup of this term yet: `class backup`']
    seconds = age(fit[-1])
    if seconds < -3600:
        day = datetime.date.today()
        return [f'the last backup is from the future: is it {day}? '
                '`timedatectl` shows the clock']
    if seconds > OLD:
        return [f'the last good backup is {seconds / 86400:.1f} days old: '
                '`class backup` says why']
    return []


def announce(user):
    """Return what the teacher sees on the hub's page, as HTML, or None."""
    if user is None or not user.admin:
        return None
    try:
        lines = worries()
    except (ClassError, OSError) as error:
        lines = [str(error)]
    return '<br>'.join(map(html.escape, lines)) or None
