"""Students who leave: their work is archived, then all of theirs removed."""

from classroom.errors import ClassError
from classroom.hub import codes, settings
from classroom.keeping import accounts, backup, backups, places, volumes
from classroom.keeping.new_term import ask
from classroom.keeping.restart import restart

WORDS = 'archive the work of students who leave, then remove what is theirs'


def add_arguments(parser):
    """Say what can be chosen."""
    parser.add_argument('names', nargs='+', metavar='NAME')


def run(given):
    """Archive, ask, and remove."""
    client = volumes.connect()
    check(given.names)
    wanted = [volumes.PREFIX + x for x in given.names]
    there = [x for x in wanted if volumes.exists(client, x)]
    ask('remove')
    for volume in there:
        volumes.release(client, volume, stop=True)
    if there:
        with backups.locked(places.backups()):
            print(f'archive: {backup.one(client, there, "left")}')
    leave(given.names)
    for name in given.names:
        volumes.remove_all(client, name)
        print(f'{name}: removed')
    restart()


def check(names):
    """Raise ClassError for a name that stays in the class."""
    listed = codes.listed()
    for name in names:
        if name in (*listed, 'course', places.teacher()):
            raise ClassError(f'{name}: belongs to the class; take the name '
                             'out of students.txt first')
        if not settings.NAME.fullmatch(name):
            raise ClassError(f'{name!r}: cannot be a name')


def leave(names):
    """Ask the hub to delete accounts at its next start."""
    with (places.state() / accounts.LEAVING).open(
            'a', encoding='utf-8') as file:
        file.writelines(f'{name}\n' for name in names)
