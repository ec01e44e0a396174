"""`class collect`: the work of all students comes into the course."""

import datetime
import os

from classroom.errors import ClassError
from classroom.marking import courses, homes
from classroom.marking.listing import listed
from classroom.marking.release import WORK

WORDS = "take every student's work on an assignment"
FORM = '%Y-%m-%d %H:%M:%S UTC'  # of a time, as nbgrader reads it


def add_arguments(parser):
    """Read which assignment."""
    parser.add_argument('assignment', help='as for `class release`')


def run(given):
    """Take the notebook of every student; list who has none."""
    course, missed = courses.of_the_hub(), {}
    if not course.notebook('release', given.assignment).exists():
        raise ClassError(f'{given.assignment} was not handed out; run '
                         f'`class release {given.assignment}` first')
    for student in course.students:
        problem = ''
        try:
            said = take(course, student, given.assignment)
        except homes.Refused as error:
            said = problem = str(error)
        print(f'{student}: {said}', flush=True)
        missed.update({student: problem} if problem else {})
    course.give()
    return listed(missed, 'Of these there is nothing:')


def take(course, student, assignment):
    """Take a student's notebook; return what was new about it.

    Nothing else is taken: what the notebook imports is the book's.
    """
    place = course.notebook('submitted', assignment, student)
    path = f'{WORK}/{assignment}/{place.name}'
    with homes.Homes(os.environ['IMAGE']).opened(student) as home:
        content = home.take(path)
    if content is None:
        raise homes.Refused(f'there is no {path}')
    if place.exists() and place.read_bytes() == content:
        return 'as it was collected before'
    now = datetime.datetime.now(datetime.timezone.utc).strftime(FORM)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    (place.parent / courses.STAMP).write_text(now, encoding='utf-8')
    return f'collected at {now}'
