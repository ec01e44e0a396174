"""The command line of `python -m book`, and the variables that `make` has."""

import argparse
import os

from book.chapters.errors import BookError
from book.execution.engine import ENGINES
from book.tools.setup.targets import TARGETS, VARIABLES

PROGRAM = 'python -m book'
LANGUAGE, EDITIONS = 'LANGUAGE', ('en', 'zh')
PLACES = {
    '--engine': f'{" or ".join(ENGINES)}; else by what this computer has',
    '--python': 'the Python to make the environment with',
    '--venv': 'the folder of the environment',
}


def where():
    """Return a parser of the options that say where a target runs."""
    found = argparse.ArgumentParser(prog=PROGRAM, add_help=False,
                                    allow_abbrev=False)
    for option, words in PLACES.items():
        found.add_argument(option, help=words, default=argparse.SUPPRESS)
    return found


def parser():
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(prog=PROGRAM,
                                  description='Build the book.')
    choice = top.add_subparsers(required=True, metavar='COMMAND',
                                dest='target')
    for name, target in TARGETS.items():
        command = choice.add_parser(
            name, help=target.words, description=target.words,
            parents=[where()])
        for option, settings in target.options.items():
            command.add_argument(option, **settings)
    return top


def split(arguments):
    """Return where a target runs, and the other words of a command line."""
    place = argparse.Namespace(**{
        option[2:]: os.environ.get(option[2:].upper()) or None
        for option in PLACES})
    place, words = where().parse_known_args(arguments, place)
    if place.engine and place.engine not in ENGINES:
        raise BookError(f'ENGINE={place.engine}: no such engine; say mxnet '
                        'or torch')
    return place, words or ['help']


def read(words, place):
    """Return a target with its options, as words and as what they say.

    Variables of the environment stand for options that are not given.
    """
    name, *given = words
    if name in TARGETS:
        words = [name, *variables(name), *given]
    elif not name.startswith('-'):
        raise BookError(f'{name}: no such target; `python -m book help` '
                        'lists them')
    return words, parser().parse_args(words, place)


def variables(name):
    """Return the options of a target that variables give, as words."""
    found, known = [], TARGETS[name].options
    if (os.environ.get('CHAPTER') and '--chapter' not in known
            and name != 'help'):
        raise BookError(f'CHAPTER: {name} is always about the whole book; '
                        'leave it out')
    for variable, option in VARIABLES.items():
        value = os.environ.get(variable)
        if value and option in known and meant(variable, value):
            several = 'nargs' in known[option]
            found += ([option, *value.split()] if several
                      else [f'{option}={value}'])
    return found


def meant(variable, value):
    """Tell a variable of ours from one that systems have: LANGUAGE=zh_CN."""
    return variable != LANGUAGE or value in EDITIONS


def bare():
    """Return the variables of the environment without ours.

    What a target starts must not take them for its own.
    """
    return {name: value for name, value in os.environ.items()
            if name not in VARIABLES or name == LANGUAGE}


def listing():
    """Return the list of all targets."""
    lines = [f'  make {name:18} {target.words}'
             for name, target in TARGETS.items()]
    return '\n'.join([*lines, '', (
        'Without make: python -m book TARGET, with --chapter SLUG for '
        'CHAPTER=SLUG,\nand so on; python -m book TARGET --help has them '
        'all.')])
