"""The end of a term: all is archived, then accounts and work are removed."""

from classroom.errors import ClassError
from classroom.keeping import accounts, backup, places, volumes
from classroom.keeping.restart import restart

WORDS = 'archive the term, then remove the accounts and work of all students'


def add_arguments(parser):
    """Say what can be chosen."""
    parser.add_argument('--keep-course', action='store_true',
                        help='keep the course with what was handed in')


def run(given):
    """Archive the term, ask, and remove what belongs to it."""
    client = volumes.connect()
    names = students(client, given.keep_course)
    done = backup.make(client, 'term')
    print(f'archive of the term: {done}')
    print('copy it to another disk now; next are removed:')
    print('the accounts, and the work of: ' + ' '.join(names))
    ask('remove')
    # A server may have saved something since then, and none is started now
    (places.state() / accounts.FORGET).touch()
    for name in names:
        volumes.remove_all(client, name)
        print(f'{name}: removed')
    print('write the new names into students.txt')
    restart()


def students(client, keep_course):
    """Return the names whose work is removed: all but the teacher's."""
    kept = {places.teacher()} | ({'course'} if keep_course else set())
    return [x for x in volumes.traces(client) if x not in kept]


def ask(word):
    """Raise ClassError unless a person types a word."""
    try:
        answer = input(f'Type the word {word} to go on: ')
    except EOFError:
        answer = ''
    if answer.strip() != word:
        raise ClassError('nothing was removed')
