"""`class grade`: each submission is tested in sandboxes of its own.

The hidden tests run with the student's answers there; what they return is
compared outside with what the book's answers give, and nbgrader is told the
verdicts. A submission that breaks or cheats costs nobody else anything.
"""

import argparse
import pathlib
import sys

from classroom.errors import ClassError
from classroom.marking import courses, sandbox
from classroom.marking.listing import listed
from classroom.marking.marker import MEMORY, SECONDS, Marker

WORDS = 'mark the work that was collected'


def add_arguments(parser):
    """Read which assignment, and what to do about it."""
    parser.add_argument('assignment', help='as for `class release`')
    parser.add_argument('--again', action='store_true',
                        help='mark also what is marked already')
    parser.add_argument('--seconds', type=int, default=SECONDS,
                        help='for a whole notebook; %(default)s')
    parser.add_argument('--memory', type=int, default=MEMORY,
                        help='MiB for a whole notebook; %(default)s')
    parser.add_argument('--without-run', action='store_true', help='do not '
                        'run the notebooks, only the hidden tests: faster, '
                        'but you see no outputs')


def here():
    """Mark in the folder where we are, for a class without a hub."""
    parser = argparse.ArgumentParser(description=WORDS)
    add_arguments(parser)
    course = courses.in_folder(pathlib.Path.cwd())
    try:
        return mark_all(course, parser.parse_args(), sandbox.choose())
    except ClassError as error:
        sys.exit(f'error: {error}')


def run(given):
    """Mark the submissions of the class; list what needs a hand."""
    course = courses.of_the_hub()
    try:
        return mark_all(course, given, sandbox.choose())
    finally:
        course.give()


def mark_all(course, given, place):
    """Mark the submissions to an assignment; return 1 if some need a hand.

    place: where students' code runs, as sandbox.choose gives it.
    """
    submitted = sorted(course.root.glob(f'submitted/*/{given.assignment}'))
    if not submitted:
        raise ClassError(f'nothing is in submitted/*/{given.assignment}; '
                         'collect what students handed in first')
    marker = Marker(course, given, place)
    problems = {}
    for student in (folder.parent.name for folder in submitted):
        try:
            said, found = marker.mark(student)
        except Exception as error:  # whatever one did, the others go on
            said = f'could not be marked: {error!r}'[:300]
            found = [said]
        print(f'{student}: {said}', flush=True)
        problems.update({student: '; '.join(found)} if found else {})
    return listed(problems, 'These need a hand:')
