"""A small course for tests, whose students hand in what they like."""

import argparse
import contextlib
import json

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from book.shipping import assignments
from classroom.marking import grade, gradebook, probes
from classroom.marking.courses import Course

NAME = 'doubles'
TASK = '''\
def double(x):
    """Return twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION'''
RIGHT = 'def double(x):\n    return x + x'
PROBE = {'double': {
    'code': 'return [double(int(n)) for n in draw.randint(9, 10 ** 6, 20)]',
    'tolerance': 1e-3}}


def source():
    """Return the teacher's notebook: a task, a check and an exercise."""
    task = new_code_cell(TASK)
    task.metadata['nbgrader'] = assignments.about('task-double',
                                                  solution=True)
    own = {'text': 'Write here.', 'scratch': '# Try it here'}
    return new_notebook(cells=[
        new_markdown_cell('# Doubles'),
        new_code_cell('import utils'),
        task,
        assignments.check('double', 'assert double(4) == 8', 'en'),
        *assignments.exercise(1, 'Double a text. Why?', own)],
        metadata={'kernelspec': {'name': 'python3', 'language': 'python',
                                 'display_name': 'Python 3'}})


def course(root):
    """Write the course as `class release` leaves it."""
    made = Course(root, 'en')
    place = made.notebook('source', NAME)
    place.parent.mkdir(parents=True)
    place.write_text(nbformat.writes(source()), encoding='utf-8')
    assignments.add_guide('en', root)
    gradebook.enter(made, NAME)
    return made


def answered(made, answer):
    """Return the notebook that was handed out, with an answer in it."""
    notebook = nbformat.read(made.notebook('release', NAME), as_version=4)
    [task] = [x for x in notebook.cells if named(x) == 'task-double']
    task.source = answer
    return notebook


def named(cell):
    """Return the name of a cell, or ''."""
    return cell.metadata.get('nbgrader', {}).get('grade_id', '')


def submit(made, student, notebook):
    """Put a notebook, or the text of a file, where it is collected."""
    place = made.notebook('submitted', NAME, student)
    place.parent.mkdir(parents=True, exist_ok=True)
    text = notebook if isinstance(notebook, str) else json.dumps(notebook)
    place.write_text(text, encoding='utf-8')


def mark(made, place, monkeypatch, **options):
    """Mark all that was handed in; return 1 if some need a hand."""
    monkeypatch.setattr(probes, 'of', lambda name: PROBE)
    given = {'again': True, 'seconds': 60, 'memory': 2048,
             'without_run': True, **options}
    return grade.mark_all(
        made, argparse.Namespace(assignment=NAME, **given), place)


def points(made):
    """Return student -> name of a cell -> its points, of the gradebook."""
    from nbgrader.api import Gradebook

    url = f'sqlite:///{made.root}/gradebook.db'
    with contextlib.closing(Gradebook(url)) as book:
        return {found.student.id: {
            mark.name: mark.auto_score for notebook in found.notebooks
            for mark in notebook.grades}
            for found in book.assignment_submissions(NAME)}
