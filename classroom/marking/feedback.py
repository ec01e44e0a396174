"""`class feedback`: every student gets a page with marks and remarks."""

import os

from classroom.errors import ClassError
from classroom.marking import courses, gradebook, homes
from classroom.marking.listing import listed

WORDS = 'make pages with marks and remarks; put them into the homes'
PLACE = 'book/feedback'  # in a home


def add_arguments(parser):
    """Read which assignment."""
    parser.add_argument('assignment', help='as for `class grade`')


def run(given):
    """Make and hand out the pages of all whose work is marked."""
    course, missed = courses.of_the_hub(), {}
    marked = [student for student in course.students if course.notebook(
        'autograded', given.assignment, student).exists()]
    if not marked:
        raise ClassError('nothing is marked; run `class grade '
                         f'{given.assignment}` first')
    for student in marked:
        problem = gradebook.do(
            course, 'generate_feedback', given.assignment, student
        ) or hand_out(course, student, given.assignment)
        print(f'{student}: {problem or "has it"}', flush=True)
        missed.update({student: problem} if problem else {})
    course.give()
    return listed(missed, 'These have not got it:')


def hand_out(course, student, assignment):
    """Put a page into a student's home; return what went wrong, or ''."""
    page = course.notebook('feedback', assignment, student)
    content = page.with_suffix('.html').read_bytes()
    try:
        with homes.Homes(os.environ['IMAGE']).opened(student) as home:
            home.put({f'{PLACE}/{assignment}.html': content})
    except homes.Refused as error:
        return str(error)
    return ''
