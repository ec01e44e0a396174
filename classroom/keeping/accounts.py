"""The accounts of a class: the hub's database, its secret, and the codes.

They lie together in the folder of the state. A hub that runs has them in
use: what is to take their place is laid into `restored` and put in place at
the hub's next start, see state.py.
"""

import contextlib
import os
import shutil
import sqlite3

from classroom.errors import ClassError
from classroom.keeping import backups

DATABASE = 'hub.sqlite'
JOURNALS = [f'{DATABASE}-{x}' for x in ('journal', 'wal', 'shm')]
SECRET = 'cookie-secret'
NOT_SAVED = '.pid', '.log', '.new', *JOURNALS
DAMAGED = sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB
RESTORED = 'restored'
FORGET = 'new-term'  # this file asks for a start without any account
LEAVING = 'leaving.txt'  # the names whose accounts are removed
# What the database holds of a name; the rest goes with its user
OF_A_NAME = {
    'servers': 'id IN (SELECT server_id FROM spawners JOIN users '
               'ON users.id = user_id WHERE users.name = :name)',
    'users': 'name = :name',
    'class_accounts': 'name = :name',
    'users_info': 'username = :name',
    'oauth_clients': "identifier = 'jupyterhub-user-' || :name",
}
REQUESTS = {FORGET, LEAVING}


def saved_files(state):
    """Return the files of the state that a backup holds."""
    return [x for x in sorted(state.glob('*')) if x.is_file()
            and not x.name.endswith(NOT_SAVED) and x.name not in REQUESTS
            and not x.name.startswith(f'{DATABASE}.')]  # before an upgrade


def save(state, folder):
    """Copy the accounts into a folder, while the hub may be at work."""
    folder.mkdir(mode=0o700)
    for path in saved_files(state):
        if path.name != DATABASE:
            copy(path, folder / path.name)
    copy_database(state / DATABASE, folder / DATABASE)


def copy(source, target):
    """Copy a file that nobody but its owner reads."""
    shutil.copyfile(source, target)
    target.chmod(0o600)


def copy_database(source, target):
    """Copy a database as it is between two changes."""
    if not source.exists():
        raise ClassError(f'{source}: not there; start the hub once')
    try:
        with opened(source) as old, opened(target) as new:
            old.backup(new)
    except sqlite3.Error as error:
        raise ClassError(f'{source}: {error}; `docker compose restart hub` '
                         'looks for the damage') from error
    target.chmod(0o600)
    problem = harm(target)
    if problem:
        raise ClassError(f'{source}: {problem}; `docker compose restart '
                         'hub` puts the last good backup in its place')


@contextlib.contextmanager
def opened(path):
    """Yield a connection to a database; it is closed at the end."""
    with contextlib.closing(sqlite3.connect(path, timeout=30)) as database:
        yield database


def harm(path):
    """Return what is damaged in a database of accounts, or ''."""
    try:
        with opened(path) as database:
            [[found], *_] = database.execute('PRAGMA integrity_check(1)')
            if found != 'ok':
                return ' '.join(found.split())
            tables = database.execute(
                "SELECT * FROM sqlite_master WHERE name = 'users'")
            return '' if tables.fetchone() else 'holds no accounts'
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF in DAMAGED:
            return str(error)
        raise ClassError(f'{path}: {error}; see whether the disk is full '
                         'or read-only') from error


def lay_ready(state, folder):
    """Lay accounts from a backup ready for the hub's next start."""
    new = state / f'{RESTORED}.new'
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    for path in sorted(folder.glob('*')):
        copy(path, new / path.name)
        backups.settle(new / path.name)
    shutil.rmtree(state / RESTORED, ignore_errors=True)
    new.rename(state / RESTORED)
    backups.settle(state)


def move(path, folder):
    """Move a file, if it is there, into a folder, which is made."""
    if path.exists():
        folder.mkdir(mode=0o700, exist_ok=True)
        os.replace(path, folder / path.name)


def free_name(state, word):
    """Return the path of a folder that is not there yet: word-1, word-2."""
    number = 1
    while (state / f'{word}-{number}').exists():
        number += 1
    return state / f'{word}-{number}'


def delete(path, names):
    """Delete the accounts of names from a database that nobody uses."""
    with opened(path) as database, database:
        database.execute('PRAGMA foreign_keys = ON')
        tables = {x for [x] in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table, which in OF_A_NAME.items():
            if table in tables:
                database.executemany(f'DELETE FROM {table} WHERE {which}',
                                     [{'name': name} for name in names])
