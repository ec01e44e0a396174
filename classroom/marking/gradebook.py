"""nbgrader at work in the folder of a course.

It gets its settings from here. What the folder says of them is a program,
which the hub does not execute: it holds Docker's socket, and the folder is
open to the teacher's server.
"""

import logging
import os
import pathlib
import re
import sys
import warnings

from nbgrader.apps import NbGraderAPI
from sqlalchemy.exc import SAWarning
from traitlets.config import Config, PyFileConfigLoader

from book.chapters.languages import words
from classroom.errors import ClassError

TOLD = re.compile(r'\[ERROR\] (.+)')
NOTHING_RUNS = [
    f'nbgrader.preprocessors.{name}'
    for name in ('DeduplicateIds', 'OverwriteKernelspec', 'OverwriteCells',
                 'CheckCellMetadata')
]
FILE = 'nbgrader_config.py'
# nbgrader starts alembic by its name: the one beside this Python is meant
BESIDE = str(pathlib.Path(sys.executable).parent)
os.environ['PATH'] = os.pathsep.join([BESIDE, os.environ.get('PATH', '')])
# What nbgrader says is told by `do`, and of its exchange there is none
logging.getLogger('traitlets').addHandler(logging.NullHandler())
# How it uses its database is nothing that a teacher could mend
warnings.filterwarnings('ignore', category=SAWarning, module='nbgrader')


def settings(course):
    """Return the settings of nbgrader for a course."""
    own = words(course.language)['assignment']
    config = Config()
    if course.is_ours:
        config = PyFileConfigLoader(FILE, str(course.root)).load_config()
    config.CourseDirectory.update(
        root=str(course.root), submitted_directory='judged')
    config.ClearSolutions.update(
        code_stub={'python': own['stub']}, text_stub=own['text'])
    config.Autograde.sanitize_preprocessors = NOTHING_RUNS
    config.Execute.enabled = False
    return config


def do(course, word, assignment, *student):
    """Have nbgrader do a thing; return '' or what it says is wrong.

    word: generate_assignment, autograde or generate_feedback.
    """
    done = getattr(NbGraderAPI(config=settings(course)), word)(
        assignment, *student, force=True)
    if done['success']:
        return ''
    told = TOLD.findall(done.get('log', ''))
    return f'nbgrader: {told[0] if told else done["error"][-300:]}'


def enter(course, assignment):
    """Enter the teacher's notebook; write what students get."""
    problem = do(course, 'generate_assignment', assignment)
    if problem:
        raise ClassError(problem)
