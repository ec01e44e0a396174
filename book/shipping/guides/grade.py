"""Mark what a class handed in, each submission in sandboxes of its own.

    python grade.py linear-regression-scratch

In your copy of the folder of the course, with the book's environment; a hub
has `class grade` for the same. README.md says what it needs.
"""

import sys

try:
    from classroom.marking import grade
except ImportError as error:
    sys.exit(f'{sys.executable} is not the environment of the book, or lacks '
             f'nbgrader ({error}); README.md says how to get both')

if __name__ == '__main__':
    sys.exit(grade.here())
