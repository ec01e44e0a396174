"""gluon-book: arguments, messages, exit codes."""

import argparse
import sys

from from_scratch_to_gluon import __version__, commands, programs, words
from from_scratch_to_gluon.errors import BookError
from from_scratch_to_gluon.start import USUAL, start
from from_scratch_to_gluon.words import say

PROGRAM = 'gluon-book'
COMMANDS = {'start': start, 'here': commands.here,
            'doctor': commands.doctor, 'data': commands.data}


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line."""

    def error(self, message):
        raise BookError(say('usage', problem=message))


def parser():
    """Return the parser of the command line."""
    top = Parser(prog=PROGRAM, description=say('description'))
    top.add_argument('--version', action='version', version=__version__)
    choice = top.add_subparsers(metavar='COMMAND')
    found = {}
    for name, function in COMMANDS.items():
        found[name] = choice.add_parser(name, help=say(name),
                                        description=say(name))
        found[name].set_defaults(function=function)
    add_options(found['start'])
    return top


def add_options(start):
    """Add the options of `start`."""
    start.usage = (f'{PROGRAM} start [--folder DIR] [--language en|zh] '
                   '[--no-browser] [-- OPTION ...]')
    start.epilog = say('options')
    start.add_argument('--folder', metavar='DIR',
                       help=say('folder', default=f'{USUAL}/en|zh'))
    start.add_argument('--language', choices=words.LANGUAGES,
                       help=say('language'))
    start.add_argument('--no-browser', action='append_const', dest='jupyter',
                       const='--no-browser', default=[],
                       help=say('no browser'))


def parse(given):
    """Return the arguments; what stands behind -- is Jupyter's."""
    end = given.index('--') if '--' in given else len(given)
    top = parser()
    arguments = top.parse_args(given[:end])
    if 'function' not in arguments:
        top.print_help()
        return None
    arguments.given = given
    if 'jupyter' in arguments:
        arguments.jupyter = [*arguments.jupyter, *given[end + 1:]]
    return arguments


def main(given=None):
    """Run a command; return the exit status."""
    if hasattr(sys.stdout, 'reconfigure'):  # an old code page is no reason
        sys.stdout.reconfigure(errors='backslashreplace')
    words.use(words.of_system())
    try:
        arguments = parse(sys.argv[1:] if given is None else given)
        return int(bool(arguments and arguments.function(arguments)))
    except BookError as error:
        print(f'error: {error}', file=sys.stderr)
        return 1
    except ImportError as error:
        print('error:', say('not whole', problem=error), file=sys.stderr)
        return 1
    except BrokenPipeError:
        return programs.unread()
    except KeyboardInterrupt:
        print(say('stopped'), file=sys.stderr)
        return 130


if __name__ == '__main__':
    sys.exit(main())
