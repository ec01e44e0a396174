"""What a teacher tells a class: one word for each task.

    docker compose exec hub class WORD ...

The image of the hub has `class` for `python -m classroom`.
"""

import argparse
import importlib
import sys

from classroom.errors import ClassError

# word: the module that does it. Each has WORDS, add_arguments and run
COMMANDS = {
    'codes': 'classroom.hub.codes',
    'check': 'classroom.hub.check',
    'release': 'classroom.marking.release',
    'collect': 'classroom.marking.collect',
    'grade': 'classroom.marking.grade',
    'feedback': 'classroom.marking.feedback',
    'backup': 'classroom.keeping.backup',
    'restore': 'classroom.keeping.restore',
    'status': 'classroom.keeping.status',
    'remove': 'classroom.keeping.remove',
    'new-term': 'classroom.keeping.new_term',
}


def arguments(words=None):
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog='class', description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest='command', required=True)
    for name, place in COMMANDS.items():
        module = importlib.import_module(place)
        command = commands.add_parser(
            name, help=module.WORDS, description=module.WORDS)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser.parse_args(words)


def main(words=None):
    """Do what the words say; return 1 when it cannot be done."""
    given = arguments(words)
    try:
        return given.run(given) or 0
    except ClassError as error:
        print(''.join(f'error: {x}\n' for x in str(error).splitlines()),
              end='', file=sys.stderr)
        return 1
    except OSError as error:
        print(f'error: {error.filename or "the disk"}: {error.strerror}',
              file=sys.stderr)
        return 1


if __name__ == '__main__':
    sys.exit(main())
