"""What a hub does first: put in order what the last one has left.

It may have been killed at any moment, or the power failed, or the disk is
full. Called at the top of jupyterhub_config.py; nobody else uses the files.
"""

import contextlib
import datetime
import os
import re
import shutil
import sys

from classroom.errors import ClassError
from classroom.keeping import accounts, backup, backups, places

SAID = 'said.txt'
TRIAL = 2**20  # bytes that must find room, for a database to go on
GOOD_SECRET = re.compile('[0-9a-f]{64}')


def at_start():
    """Put the state in order; end with a clear word if that cannot be."""
    state = places.state()
    try:
        said = prepare(state, places.backups())
    except ClassError as error:
        sys.exit(f'error: {error}')
    except OSError as error:
        sys.exit(f'error: {error.filename or state}: {error.strerror}; the '
                 'hub cannot keep its accounts')
    for line in said:
        print(f'warning: {line}', file=sys.stderr)


def prepare(state, folder):
    """Put the state in order; return what the teacher should know."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A container that was killed leaves this file, but no proxy: the hub
    # would stop whatever has the number now, perhaps itself
    (state / 'proxy.pid').unlink(missing_ok=True)
    sweep(state, folder)
    try_disk(state)
    forget_all(state)
    take_restored(state)
    said = mend_database(state, folder) + mend_secret(state)
    remove_leaving(state)
    say(state, said)
    return said


def sweep(state, folder):
    """Remove what was left half-written."""
    for path in state.glob('*.new'):
        remove(path)
    if folder.is_dir():
        with contextlib.suppress(ClassError, OSError), backups.locked(folder):
            backups.sweep(folder)


def remove(path):
    """Remove a file, or a folder; of a link not what it leads to."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def try_disk(state):
    """Raise ClassError where the disk takes nothing more."""
    trial = state / 'trial.new'
    try:
        trial.write_bytes(bytes(TRIAL))
        backups.settle(trial)
    except OSError as error:
        raise ClassError(
            f'{state}: {error.strerror}; make room on the disk: '
            '`docker system df` shows what takes it, and old backups may '
            'go. The hub then starts by itself') from error
    finally:
        trial.unlink(missing_ok=True)


def forget_all(state):
    """Start without accounts when a new term has asked for it."""
    request = state / accounts.FORGET
    if request.exists():
        for path in state.iterdir():
            if path != request:
                remove(path)
        request.unlink()


def take_restored(state):
    """Put accounts in place that a restore has laid ready."""
    ready = state / accounts.RESTORED
    if not ready.is_dir():
        return
    aside = accounts.free_name(state, 'replaced')
    for name in accounts.JOURNALS:  # of the database that goes
        accounts.move(state / name, aside)
    for path in sorted(ready.iterdir()):
        accounts.move(state / path.name, aside)
        os.replace(path, state / path.name)
    ready.rmdir()


def mend_database(state, folder):
    """Put the last good backup in the place of a damaged database."""
    path = state / accounts.DATABASE
    if not path.exists():
        return no_database(folder)
    problem = accounts.harm(path)
    if not problem:
        return []
    aside = accounts.free_name(state, 'damaged')
    for name in [*accounts.JOURNALS, accounts.DATABASE]:
        accounts.move(state / name, aside)
    said = f'the accounts were damaged ({problem}; kept in {aside})'
    source = backups.last_with(folder, f'{backup.ACCOUNTS}/{path.name}')
    if source is None:
        return [f'{said}; there is no backup of this term: the class begins '
                'without accounts, the work of all is there']
    new = path.with_name(f'{path.name}.new')
    accounts.copy(source.path / backup.ACCOUNTS / path.name, new)
    backups.settle(new)
    new.rename(path)
    return [f'{said}; those of the backup {source.path.name} are in their '
            'place: whoever changed a password since then has the old one']


def no_database(folder):
    """Return what to say where there are backups and no database."""
    if not backups.good(folder):
        return []
    return ['there were no accounts, but there are backups of some: '
            '`class restore --accounts` puts them back']


def mend_secret(state):
    """Forget a secret of cookies that is none; the hub makes another."""
    path = state / accounts.SECRET
    if not path.exists():
        return []
    if GOOD_SECRET.fullmatch(path.read_text('utf-8', 'replace').strip()):
        path.chmod(0o600)
        return []
    path.unlink()
    return ['the secret of the cookies was damaged and is made anew: all '
            'have to log in again']


def remove_leaving(state):
    """Delete the accounts of those who left."""
    request, path = state / accounts.LEAVING, state / accounts.DATABASE
    if request.exists():
        if path.exists():
            accounts.delete(
                path, request.read_text('utf-8', 'replace').split())
        request.unlink()


def say(state, lines):
    """Keep what the teacher should know until it was read."""
    day = datetime.date.today().isoformat()
    with (state / SAID).open('a', encoding='utf-8') as file:
        file.writelines(f'{day}: {line}\n' for line in lines)


def said(state):
    """Return the lines that the teacher has not yet said to have read."""
    try:
        return (state / SAID).read_text('utf-8').splitlines()
    except OSError:
        return []
