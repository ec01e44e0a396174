"""python -m book: arguments, messages, exit codes."""

import argparse
import pathlib
import signal
import sys

from book.chapters.errors import BookError, disk_problem
from book.tools import commands

BUNDLED = 'wheels', 'data', 'html', 'pdf', 'notebooks', 'source'
CHAPTER = {'--chapter': {'metavar': 'SLUG', 'help': 'only this chapter'}}
KEEP = {
    '--keep': {
        'metavar': 'RUN',
        'help': 'write the values into book/results.yml, for this run',
    }
}
COMMANDS = {  # in the order of the help: a command -> its options
    'html': CHAPTER,
    'pdf': {},
    'epub': {},
    'serve': {
        '--port': {
            'type': int,
            'default': 8000,
            'help': 'of this computer, where the browser finds it; 8000',
        },
    },
    'notebooks': CHAPTER,
    'notebook': {'options': {'nargs': '*', 'metavar': 'OPTION'}},
    'workspace': {
        '--folder': {'metavar': 'DIR', 'help': 'where; made if it is not'},
        '--language': {'metavar': 'LANGUAGE', 'help': 'en or zh'},
    },
    'assignments': {},
    'bundle': {
        '--image': {'type': pathlib.Path, 'help': 'the archive of the image'},
        '--without': {'metavar': 'PART', 'nargs': '+', 'default': [],
                      'choices': BUNDLED,
                      'help': 'parts to leave out: ' + ', '.join(BUNDLED)},
    },
    'wheel': {},
    'execute': CHAPTER,
    'results': {**CHAPTER, **KEEP},
    'spread': {
        **CHAPTER,
        **KEEP,
        '--seeds': {'type': int, 'default': 3, 'metavar': 'NUMBER',
                    'help': "how many, the chapters' own among them; 3"},
    },
    'references': CHAPTER,
    'check': CHAPTER,
    'data': {},
    'doctor': {},
    'clean': {},
}


def parser():
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog='python -m book',
                                  description='Build the book.')
    choice = top.add_subparsers(required=True, metavar='COMMAND')
    for name, options in COMMANDS.items():
        function = getattr(commands, name)
        words = function.__doc__
        command = choice.add_parser(name, help=words, description=words)
        command.set_defaults(function=function)
        for option, settings in options.items():
            command.add_argument(option, **settings)
    return top


def interrupt(number, frame):
    raise KeyboardInterrupt


def main(arguments=None):
    """Run a command; return the exit status."""
    chosen = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, interrupt)
    try:
        return chosen.function(pathlib.Path.cwd(), chosen) or 0
    except BookError as error:
        for line in str(error).splitlines():
            print(f'error: {line}', file=sys.stderr)
        return 1
    except OSError as error:
        problem = disk_problem(str(error))
        if not problem:
            raise
        print(f'error: {problem}', file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print('interrupted; finished chapters are kept in the cache',
              file=sys.stderr)
        return 130


if __name__ == '__main__':
    sys.exit(main())
