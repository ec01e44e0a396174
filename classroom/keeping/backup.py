"""Make a backup of the accounts and of every volume of the class."""

import contextlib
import json
import shutil

from classroom.errors import ClassError
from classroom.keeping import accounts, backups, places, volumes

WORDS = 'back up the accounts and the work of all, while the class goes on'
ACCOUNTS = 'accounts'
VOLUMES = 'volumes'
OPTIONS = f'{VOLUMES}/options.json'


def add_arguments(parser):
    """There is nothing to choose."""


def run(given):
    """Make a backup and say where it is."""
    print(make(volumes.connect()))


def make(client, kind=''):
    """Make a backup; return its folder.

    A volume that cannot be read does not keep the others from being saved,
    but then the backup is `incomplete` and ClassError is raised.
    """
    folder = places.backups()
    with backups.locked(folder):
        volumes.sweep(client)
        backups.check_room(folder)
        with backups.new(folder) as new:
            accounts.save(places.state(), new / ACCOUNTS)
            save_list(new)
            problems = save_volumes(client, new / VOLUMES)
            done = backups.finish(new, 'incomplete' if problems else kind)
        backups.verify(backups.Backup(0, '', done))
        backups.prune(folder, places.kept())
    if problems:
        raise ClassError('\n'.join([*problems, f'{done}: is not complete']))
    return done


def save_list(folder):
    """Keep the list of names beside the accounts, for people to look at."""
    with contextlib.suppress(FileNotFoundError):
        shutil.copyfile(places.files() / 'students.txt',
                        folder / 'students.txt')


def save_volumes(client, folder):
    """Save every volume of the class; return what could not be read."""
    folder.mkdir()
    options, problems = volumes.options(client), []
    (folder.parent / OPTIONS).write_text(json.dumps(options), 'utf-8')
    for volume in sorted(options):
        path = archive(folder, volume)
        try:
            volumes.save(client, volume, path)
        except ClassError as error:
            path.unlink(missing_ok=True)
            problems.append(str(error))
    return problems


def archive(folder, volume):
    """Return the path of the archive of a volume."""
    return folder / f'{volume}.tar.gz'


def one(client, wanted, kind):
    """Back up some volumes alone; return the folder."""
    with backups.new(places.backups()) as new:
        (new / VOLUMES).mkdir()
        for volume in wanted:
            volumes.save(client, volume, archive(new / VOLUMES, volume))
        done = backups.finish(new, kind)
    backups.verify(backups.Backup(0, '', done))
    return done
