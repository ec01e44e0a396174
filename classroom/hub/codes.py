"""One-time codes: the first way into an account, and after a forgotten word.

    class codes [NAME ...]

The hub that runs beside it sees the codes at once, by its database.
"""

import hashlib
import hmac
import os
import pathlib
import secrets
import sys
import time

from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from classroom.errors import ClassError
from classroom.hub import accounts, settings

WORDS = 'print a one-time code for each student without a password'
LETTERS = 'abcdefghjkmnpqrstuvwxyz'  # 4.5 bits each: without i, l and o
GROUPS, GROUP = 4, 4
DAYS = 14  # that a code is good for
WAIT = 30  # seconds for the hub to finish writing


def add_arguments(parser):
    parser.add_argument(
        'names', nargs='*', metavar='NAME',
        help='give these a new code; their passwords and sessions end')


def new():
    """Return a new code, such as abcd-efgh-jkmn-pqrs."""
    return '-'.join(
        ''.join(secrets.choice(LETTERS) for _ in range(GROUP))
        for _ in range(GROUPS)
    )


def hashed(code):
    """Return what is stored of a code.

    A code has 72 bits by chance, so that a quick hash will do. Hyphens,
    blanks and capitals do not matter.
    """
    letters = ''.join(x for x in code.casefold() if x.isalnum())
    return hashlib.sha256(letters.encode('utf-8')).digest()


def is_valid(account):
    """Tell whether an account has a code that can still be used."""
    return bool(
        account and account.code
        and time.time() < account.issued + DAYS * 86400
    )


def matches(code, account):
    """Tell whether a code is the one of an account; take as long for none."""
    valid = is_valid(account)
    stored = account.code if valid else hashed('')
    return hmac.compare_digest(hashed(code), stored) and valid


def give(db, name):
    """Give a name a new code; what it had until now ends."""
    code = new()
    accounts.keep(db, name, password=None, code=hashed(code),
                  issued=time.time(), ending=True)
    return code


def run(given):
    """Print a code for each name, a line each."""
    names = chosen(given.names, listed())
    database = state() / 'hub.sqlite'
    if not database.exists():
        raise ClassError(
            'no accounts yet: the hub has not started in this folder; see '
            '`docker compose logs hub`')
    try:
        with opened(database) as db:
            accounts.make_table(db)
            for name in names if given.names else without(db, names):
                print(f'{name}  {give(db, name)}')
    except SQLAlchemyError as error:
        why = getattr(error, 'orig', None) or error
        raise ClassError(
            f'{database}: {why}; `docker compose restart hub` looks for '
            'damage, and `class status` for a full disk') from error


def opened(path):
    """Return a session of the database, which the hub uses as well."""
    return Session(create_engine(
        f'sqlite:///{path}', connect_args={'timeout': WAIT}))


def without(db, names):
    """Yield the names with neither a password nor a code; count the rest."""
    waiting = 0
    for name in names:
        account = accounts.find(db, name)
        if is_valid(account):
            waiting += 1
        elif not (account and account.password):
            yield name
    if waiting:
        print(f'{waiting} more have a code that was not used yet; for a new '
              'one, name them', file=sys.stderr)


def chosen(wanted, students):
    """Return the names that get a code, or say which cannot."""
    wrong = [x for x in wanted if x not in students]
    if wrong:
        raise ClassError('\n'.join(
            f'{x}: is not in students.txt, and only these names get codes'
            for x in wrong))
    return list(dict.fromkeys(wanted)) or students


def listed():
    """Return the names of students.txt."""
    folder = os.environ.get('CLASSROOM_FILES', '/srv/class')
    path = pathlib.Path(folder, 'students.txt')
    try:
        names, problems = settings.listed(path.read_text('utf-8'))
    except (OSError, UnicodeDecodeError) as error:
        raise ClassError(f'students.txt: cannot be read: {error}') from None
    if problems:
        raise ClassError('\n'.join(problems))
    return names


def state():
    """Return the folder with the database of the hub."""
    return pathlib.Path(os.environ.get('CLASSROOM_STATE', '/srv/hub'))
