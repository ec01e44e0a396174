"""The program that marks a class one by one, with nbgrader replaced."""

import importlib.util
import json
import os
import subprocess

import pytest
from books import ROOT

PATH = ROOT / 'book/shipping/guides/grade.py'
CELLS = 'task-double', 'check-double', None
KERNEL_DIED = '[AutogradeApp | ERROR] Kernel died'


@pytest.fixture(scope='module')
def grade():
    spec = importlib.util.spec_from_file_location('grade', PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def asked(grade, monkeypatch, tmp_path):
    """Work in a course; return whom nbgrader was asked to mark.

    It marks all but the students whose names are outputs of its own.
    """
    names = []

    def run(command, **_):
        student = command[command.index('--student') + 1]
        names.append(student)
        write(f'autograded/{student}', CELLS)
        told = (KERNEL_DIED if 'died' in student else
                '| ERROR] Timeout waiting' if 'slow' in student else '')
        return subprocess.CompletedProcess(
            command, int('died' in student), told.encode())

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(grade.subprocess, 'run', run)
    monkeypatch.setattr(grade.importlib.util, 'find_spec', lambda name: name)
    write('release', CELLS)
    return names


def write(folder, names, file='lesson.ipynb'):
    """Write a notebook of some cells of nbgrader, and one without a name."""
    cells = [{'metadata': {'nbgrader': {'grade_id': name}} if name else {}}
             for name in names]
    os.makedirs(f'{folder}/lesson', exist_ok=True)
    with open(f'{folder}/lesson/{file}', 'w', encoding='utf-8') as notebook:
        json.dump({'cells': cells}, notebook)


@pytest.mark.parametrize('cells, problem', [
    ((*CELLS, 'check-double'), 'has a copy of check-double; delete'),
    (CELLS[:1], 'lacks check-double; open it and release/lesson/lesson'),
    ((), 'lacks task-double, check-double; '),
], ids=['copied', 'deleted', 'all deleted'])
def test_the_others_are_marked_when_a_cell_is(grade, asked, capsys, cells,
                                              problem):
    for student in 'abc':
        write(f'submitted/{student}', cells if student == 'b' else CELLS)
    assert grade.main(['lesson']) == 1
    assert asked == ['a', 'c']
    end = capsys.readouterr().out.split('2 of 3 are marked\n')[1]
    assert end.startswith('These need a hand:\n  submitted/b/lesson: lesson')
    assert problem in end and end.count('\n') == 2


def test_only_what_is_new_or_mended_is_marked(grade, asked, capsys):
    write('submitted/a', CELLS)
    write('submitted/b', CELLS[:1])
    grade.main(['lesson'])
    write('submitted/b', CELLS)
    assert grade.main(['lesson']) == 0
    assert asked == ['a', 'b']
    assert capsys.readouterr().out.endswith('2 of 2 are marked\n')


@pytest.mark.parametrize('student, problem', [
    ('died', 'nbgrader: Kernel died'), ('slow', 'a cell ran too long')])
def test_what_nbgrader_meets_is_told(grade, asked, capsys, student, problem):
    write(f'submitted/{student}', CELLS)
    write('submitted/zoe', CELLS)
    assert grade.main(['lesson']) == 1
    assert asked == [student, 'zoe']
    assert problem in capsys.readouterr().out


@pytest.mark.parametrize('name, text, problem', [
    ('lesson (1).ipynb', '{"cells": []}', 'rename lesson (1).ipynb'),
    ('notes.txt', '', 'ask for it'),
    ('lesson.ipynb', '{"cells": [', 'no notebook; ask for it again'),
    ('lesson.ipynb', '[]', 'no notebook; ask for it again'),
], ids=['renamed', 'another file', 'cut off', 'something else'])
def test_a_file_is_told_that_is(grade, asked, capsys, name, text, problem):
    write('submitted/a', CELLS, file='x')
    os.rename('submitted/a/lesson/x', f'submitted/a/lesson/{name}')
    with open(f'submitted/a/lesson/{name}', 'w', encoding='utf-8') as file:
        file.write(text)
    assert grade.main(['lesson']) == 1
    assert asked == [] and problem in capsys.readouterr().out


@pytest.mark.parametrize('assignment, problem', [
    ('lessen', 'no notebook in release/lessen'),
    ('lesson', 'nothing is in submitted/STUDENT/lesson')])
def test_a_start_in_vain_is_told(grade, asked, assignment, problem):
    with pytest.raises(SystemExit, match=problem):
        grade.main([assignment])
