"""Tasks of the book, and answers to them put through their hidden tests."""

import contextlib
import copy
import functools
import io
import json
from unittest import mock

from books import ROOT

import utils
from book.chapters import toc
from book.chapters.languages import words
from book.shipping import assignments
from classroom.marking import compare, probe, probes, program

PROBES = probes.load()
TASKS = [(page, name) for page, tasks in PROBES.items() for name in tasks]
WORDS = words('en')['verdict']


@functools.cache
def source(page):
    """Return the teacher's notebook of a chapter."""
    [found] = [x for x in toc.pages(ROOT) if x.name == page]
    tasks = assignments.load_checks()[page]
    return assignments.assignment(ROOT, found, 'en', tasks)


def handed_in(page, name, answer):
    """Return a notebook whose cell of a task holds an answer."""
    notebook = copy.deepcopy(source(page))
    cell_id, _ = program.teachers_part(name, notebook)
    for cell in notebook.cells:
        if program.grade_id(cell) == cell_id:
            cell.source = answer
    return notebook


def job(page, name, answer=None, seed=0):
    """Return the job of a hidden test, by default with the book's answer."""
    notebook = source(page)
    submitted = handed_in(page, name, answer) if answer else notebook
    return program.job(name, PROBES[page][name], notebook, submitted, seed)


def result(page, name, answer=None, seed=0):
    """Run a hidden test in this process."""
    given = job(page, name, answer, seed)
    kept = mock.patch.object(utils, name, None, create=True)
    with kept, contextlib.redirect_stdout(io.StringIO()):
        try:
            found = {'value': probe.plain(probe.probed(given))}
        except Exception as error:
            found = {'problem': probe.told(error)}
    return compare.read(json.dumps(found).encode(), WORDS)


def verdict(page, name, found, seed=0):
    """Return the verdict on a result, '' when it is right."""
    expected = expected_result(page, name, seed)
    assert not expected.problem
    tolerance = PROBES[page][name]['tolerance']
    return compare.verdict(expected, found, tolerance, WORDS)


@functools.cache
def expected_result(page, name, seed):
    return result(page, name, seed=seed)
