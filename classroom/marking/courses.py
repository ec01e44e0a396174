"""The folder of a course, and whose it is."""

import os
import pathlib
import re
from typing import NamedTuple, Optional

from classroom.errors import ClassError
from classroom.hub import codes

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
STAMP = 'timestamp.txt'  # beside a submission, when it was collected
LANGUAGE = re.compile(r'course_id = .*-(en|zh)\b')
READER = 1000  # who runs the servers, the teacher's among them


class Course(NamedTuple):
    """A folder in which nbgrader works, its language, and who it is for.

    owner: the number of the user who gets the files, if not who runs this.
    """

    root: pathlib.Path
    language: str
    students: tuple = ()
    owner: Optional[int] = None

    def notebook(self, stage, assignment, student='.'):
        """Return the path of the notebook of an assignment."""
        return self.root / stage / student / assignment / \
            f'{assignment}.ipynb'

    @property
    def is_ours(self):
        """Tell whether who runs this has written what is in the folder."""
        return self.owner is None

    def give(self):
        """Let the teacher's server read and write what is here."""
        if self.owner is not None and not os.geteuid():
            for folder, _, names in os.walk(self.root):
                for name in ('', *names):
                    os.chown(os.path.join(folder, name), self.owner,
                             self.owner, follow_symlinks=False)


def of_the_hub():
    """Return the course of the class whose hub we are in."""
    root = pathlib.Path(os.environ.get('CLASSROOM_COURSE', '/srv/course'))
    root.mkdir(parents=True, exist_ok=True)
    return Course(root, os.environ.get('BOOK_LANGUAGE', 'en'),
                  tuple(codes.listed()), READER)


def in_folder(root):
    """Return the course in a folder that `make assignments` has written."""
    path = root / 'nbgrader_config.py'
    if not path.is_file():
        raise ClassError(f'{root} has no nbgrader_config.py; run this in '
                         'your copy of the folder of the course')
    found = LANGUAGE.search(path.read_text(encoding='utf-8'))
    return Course(root, found[1] if found else 'en')
