"""Put accounts or work back as they were in a backup.

    class restore                    list the backups
    class restore NAME ...           the work of students
    class restore course             the teacher's course
    class restore --accounts         the accounts
    class restore --all              everything
"""

import json
import re

from classroom.errors import ClassError
from classroom.keeping import accounts, backup, backups, places, volumes
from classroom.keeping.restart import restart

ARCHIVE = re.compile(rf'{backup.VOLUMES}/(.+)\.tar\.gz')
WORDS = 'put accounts or work back as they were in a backup'


def add_arguments(parser):
    """Say what can be chosen."""
    parser.add_argument('names', nargs='*', metavar='NAME',
                        help='whose work; `course` is the course')
    parser.add_argument('--accounts', action='store_true',
                        help='the accounts; the hub starts again')
    parser.add_argument('--all', action='store_true',
                        help='the accounts and all work')
    parser.add_argument('--from', dest='number', type=int,
                        help='number of the backup; otherwise the last good')
    parser.add_argument('--check', action='store_true',
                        help='in the list, read every backup')
    parser.add_argument('--stop', action='store_true',
                        help='stop servers whose work is put back')


def run(given):
    """Put back what is asked for, or list the backups."""
    if not (given.names or given.accounts or given.all):
        return show(given.check)
    with backups.locked(places.backups()):
        source = backups.chosen(places.backups(), given.number)
        wanted = archives(source, given)
        need_accounts = given.accounts or given.all
        backups.verify(source, [*wanted.values(), *(
            account_files(source) if need_accounts else ())])
        print(f'from {source.path}')
        if wanted:
            restore_volumes(volumes.connect(), source, wanted, given.stop)
        if need_accounts:
            restore_accounts(source)
    return 0


def show(check):
    """List the backups; return 1 when one that was read is damaged."""
    bad = []
    for each in backups.found(places.backups()):
        bad += (names := backups.damaged(each) if check else [])
        print(f'{each.number:5}  {each.path.name}  '
              f'{backups.size(each) >> 20} MiB',
              *[f'DAMAGED: {x}' for x in names])
    return 1 if bad else 0


def archives(source, given):
    """Return {volume: archive in the backup} of what is asked for."""
    held = {x[1]: x[0] for x in map(
        ARCHIVE.fullmatch, backups.read_sums(source.path)) if x}
    if given.all:
        return held
    wanted = {volumes.PREFIX + name for name in given.names}
    missing = sorted(wanted - held.keys())
    if missing:
        raise ClassError(f'{source.path.name}: does not hold '
                         f'{", ".join(missing)}; choose another with --from')
    return {volume: held[volume] for volume in sorted(wanted)}


def account_files(source):
    """Return the names of the accounts' files in a backup."""
    held = [x for x in backups.read_sums(source.path)
            if x.startswith(f'{backup.ACCOUNTS}/')]
    if f'{backup.ACCOUNTS}/{accounts.DATABASE}' not in held:
        raise ClassError(f'{source.path.name}: holds no accounts; choose '
                         'another with --from')
    return held


def restore_volumes(client, source, wanted, stop):
    """Put volumes back; what they held until now is kept aside first."""
    for volume in wanted:
        volumes.release(client, volume, stop)
    options = {**options_then(source), **volumes.options(client)}
    there = [x for x in wanted if volumes.exists(client, x)]
    if there:
        aside = backup.one(client, there, 'aside')
        print(f'what they held until now: {aside}')
    for volume, name in wanted.items():
        volumes.put(client, volume, source.path / name,
                    options.get(volume, {}))
        print(f'{volume}: as it was')
    backups.prune(places.backups(), places.kept())


def options_then(source):
    """Return what the volumes were made with, as a backup says."""
    try:
        return json.loads((source.path / backup.OPTIONS).read_text('utf-8'))
    except (OSError, ValueError):  # of some volumes alone
        return {}


def restore_accounts(source):
    """Lay the accounts ready and start the hub again, which takes them."""
    accounts.lay_ready(places.state(), source.path / backup.ACCOUNTS)
    print('accounts: laid ready; those of now are kept in a folder '
          f'{places.state()}/replaced-…')
    print(f'students.txt of that day: {source.path}/students.txt')
    restart()
