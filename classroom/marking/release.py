"""`class release`: an assignment comes into every student's home."""

import os

from book.chapters import toc
from book.shipping import assignments, notebooks
from classroom.errors import ClassError
from classroom.marking import courses, gradebook, homes
from classroom.marking.listing import listed

WORDS = 'put an assignment into the homes of all students'
WORK = 'book/work'  # in a home


def add_arguments(parser):
    """Read which assignment."""
    parser.add_argument('assignment', help='a lesson, such as '
                        'linear-regression-scratch')


def run(given):
    """Write the assignment if it is new, then hand it out."""
    course = courses.of_the_hub()
    prepare(course, given.assignment)
    folder = course.notebook('release', given.assignment).parent
    files = {path.name: path.read_bytes() for path in folder.iterdir()
             if path.is_file()}
    missed = {}
    for student in course.students:
        problem = hand_out(student, given.assignment, files)
        print(f'{student}: {problem or "has it"}', flush=True)
        missed.update({student: problem} if problem else {})
    course.give()
    return listed(missed, 'These have not got it; run this again when they '
                  'have logged in:')


def prepare(course, assignment):
    """Write the teacher's notebook once; have nbgrader enter it."""
    if not course.notebook('source', assignment).exists():
        write(course, assignment)
    gradebook.enter(course, assignment)


def write(course, assignment):
    """Make the teacher's notebook from the chapter, and the settings."""
    lessons = {page.slug: page for page in notebooks.with_code(
        toc.pages(courses.ROOT)) if page.is_lesson}
    if assignment not in lessons:
        raise ClassError(f'{assignment}: the book has no such lesson; say '
                         f'one of: {", ".join(sorted(lessons))}')
    page = lessons[assignment]
    tasks = assignments.load_checks().get(page.name, {})
    assignments.write_page(courses.ROOT, page, course.language, tasks,
                           course.root)
    if not (course.root / 'nbgrader_config.py').exists():
        assignments.add_guide(course.language, course.root)


def hand_out(student, assignment, files):
    """Put what a student has not got yet; return what went wrong, or ''."""
    try:
        with homes.Homes(os.environ['IMAGE']).opened(student) as home:
            paths = {f'{WORK}/{assignment}/{name}': content
                     for name, content in files.items()}
            home.put({path: content for path, content in paths.items()
                      if not home.has(path)})
    except homes.Refused as error:
        return str(error)
    return ''
