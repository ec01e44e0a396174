"""The program that marks a class without a hub, in the folder of a course.

What it marks with is tested in tests/classroom.
"""

import subprocess
import sys

import pytest
from books import ROOT

from from_scratch_to_gluon.programs import run

PATH = ROOT / 'book/shipping/guides/grade.py'


def grade(folder, *words, **options):
    """Run the program in a folder."""
    done = run([sys.executable, *words, str(PATH), 'lesson'], cwd=folder,
               stderr=subprocess.STDOUT, **options)
    return done.returncode, done.stdout


@pytest.fixture
def classroom():
    pytest.importorskip('nbgrader')
    pytest.importorskip('psutil')


def test_another_python_than_the_books_is_told(tmp_path):
    code, told = grade(tmp_path, '-S', '-I')
    assert code == 1 and 'is not the environment of the book' in told
    assert 'Traceback' not in told


def test_another_folder_than_a_courses_is_told(classroom, tmp_path):
    code, told = grade(tmp_path)
    assert code == 1 and 'has no nbgrader_config.py' in told


@pytest.mark.parametrize('language', ['en', 'zh'])
def test_a_course_tells_its_language(classroom, tmp_path, language):
    from book.shipping import assignments
    from classroom.marking import courses

    assignments.add_guide(language, tmp_path)
    found = courses.in_folder(tmp_path)
    assert (found.language, found.is_ours) == (language, True)


def test_a_course_without_work_is_told(classroom, tmp_path):
    (tmp_path / 'nbgrader_config.py').write_text('c = get_config()\n')
    code, told = grade(tmp_path)
    assert code == 1 and 'error: ' in told and 'Traceback' not in told
