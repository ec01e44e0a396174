"""Submissions that cheat or break: each costs only itself.

The sandboxes are real, and so is nbgrader.
"""

import contextlib
import io
import shutil
import types

import marked
import pytest

pytest.importorskip('nbgrader')

from classroom.marking import bubblewrap, marker, sandbox  # noqa: E402

pytestmark = pytest.mark.slow
GUESS = '{"value": [' + ', '.join(['8'] * 20) + ']}'
LOOK = '''
import os, re, sys

def double(x):
    """Look for the answer, the expected values, or somebody else's work."""
    frame = sys._getframe()
    while frame:
        for name, value in {**frame.f_globals, **frame.f_locals}.items():
            if name == 'expected':
                return value
        frame = frame.f_back
    for top in ('/opt', '/job', '/srv', '/work', '/tmp', '/home', '/proc'):
        for folder, _, names in os.walk(top):
            for name in names:
                if name.endswith(('.ipynb', '.json', '.yml', 'input')):
                    with open(os.path.join(folder, name)) as file:
                        if 'return ' + '2 * x' in file.read():
                            return x + x
'''
ANSWERS = {
    # Honest work before, between and after the others
    'aaa': marked.RIGHT,
    'mmm': marked.RIGHT,
    'zzz': marked.RIGHT,
    # What makes checks pass without an answer
    'transformer': 'get_ipython().input_transformers_cleanup.append('
                   "lambda lines: ['pass\\n'])",
    'asserts': 'import builtins\nbuiltins.AssertionError = Warning\n'
               'def double(x):\n    return None',
    'equal': 'class Any(int):\n    def __eq__(self, other): return True\n'
             'def double(x):\n    return Any(3)',
    'exits': 'import os\ndef double(x):\n    os._exit(0)',
    'forges': 'import os\ndef double(x):\n'
              '    for n in range(3, 99):\n'
              '        try:\n'
              f'            os.write(n, b\'{GUESS}\\n\')\n'
              '        except OSError:\n            pass\n'
              '    os._exit(0)',
    'draws': 'import numpy as np\nnp.random.RandomState.randint = '
             'lambda *_: [4] * 20\ndef double(x):\n    return 8',
    'looks': LOOK,
    # What breaks
    'loops': 'def double(x):\n    while True: pass',
    'prints': 'def double(x):\n    while True: print("x" * 9999)',
    'floods': 'import os\ndef double(x):\n    while True:\n'
              '        for n in range(3, 99):\n'
              '            try: os.write(n, bytes(99999))\n'
              '            except OSError: pass',
    'grows': 'def double(x):\n    return [bytearray(10 ** 8) '
             'for _ in range(100)]',
    'forks': 'import os\ndef double(x):\n    while True:\n'
             '        try: os.fork()\n        except OSError: pass',
    'fills': 'def double(x):\n    with open("full", "wb") as f:\n'
             '        while True: f.write(bytes(10 ** 6))',
    'kills': 'import os\ndef double(x):\n    os.kill(-1, 9)',
    'deep': 'def double(x):\n    return ' + '(' * 500 + ')' * 500,
    'raises': 'class Odd(BaseException):\n    def __str__(self): 1 / 0\n'
              'def double(x):\n    raise Odd',
}
HONEST = 'aaa', 'mmm', 'zzz'
FILES = {
    'cutoff': '{"cells": [',
    'nested': '[' * 100_000,
    'listed': '[]',
    'numbers': '{"cells": [1, 2]}',
    'odd': '{"cells": [{"cell_type": "code", "metadata": {"nbgrader": 7}, '
           '"source": ["\\ud800"]}]}',
}


@pytest.fixture(scope='module')
def made(tmp_path_factory):
    """Return a course in which all of them were marked, and what was said."""
    if not shutil.which('bwrap') or not bubblewrap.works():
        pytest.skip('needs bubblewrap, and namespaces')
    course = marked.course(tmp_path_factory.mktemp('course'))
    for student, answer in ANSWERS.items():
        marked.submit(course, student, marked.answered(course, answer))
    for student, text in FILES.items():
        marked.submit(course, student, text)
    for student, notebook in changed(course).items():
        marked.submit(course, student, notebook)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv('IMAGE', raising=False)
        patch.setattr(marker, 'TEST', marker.TEST._replace(
            seconds=90, computing=20))
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            marked.mark(course, sandbox.choose(), patch)
    made = types.SimpleNamespace(root=course.root, told=told.getvalue())
    made.notebook = course.notebook
    return made


def changed(course):
    """Return notebooks whose cells were moved about: student -> notebook."""
    def without(*names):
        found = marked.answered(course, marked.RIGHT)
        found.cells = [x for x in found.cells if marked.named(x) not in names]
        return found

    copier, passes = without(), without()
    copier.cells += [x for x in copier.cells if marked.named(x)]
    for cell in passes.cells:  # a check of one's own, with a good output
        if marked.named(cell) == 'task-double':
            cell.source = 'def double(x):\n    pass'
        if marked.named(cell) == 'check-double':
            cell.source, cell.outputs = 'pass', []
            cell.metadata['nbgrader'].update(points=1000, locked=False)
    return {'copies': copier, 'rewrites': passes,
            'deletes': without('task-double'), 'uncheck':
            without('check-double'), 'empty': without()
            | {'cells': []}}


@pytest.mark.parametrize('student', HONEST)
def test_honest_work_gets_its_points_whatever_others_do(made, student):
    assert marked.points(made)[student]['check-double'] == 2


@pytest.mark.parametrize('student', sorted({*ANSWERS} - {*HONEST}))
def test_no_cheat_gets_points(made, student):
    assert marked.points(made)[student]['check-double'] == 0


@pytest.mark.parametrize('student', ['copies', 'rewrites', 'deletes',
                                     'empty'])
def test_cells_that_were_moved_about_give_no_points(made, student):
    found = marked.points(made)[student]
    assert found['check-double'] == 0


def test_a_check_that_was_deleted_is_put_back(made):
    assert marked.points(made)['uncheck']['check-double'] == 2


@pytest.mark.parametrize('student', FILES)
def test_a_file_that_is_no_notebook_gets_nothing(made, student):
    assert not made.notebook('judged', marked.NAME, student).exists()
    assert student not in marked.points(made)


@pytest.mark.parametrize('student', ['loops', 'exits', 'floods',
                                     'copies', 'deletes', *FILES])
def test_what_broke_is_listed_at_the_end(made, student):
    listed = made.told.split('These need a hand:\n')[1]
    assert f'  {student}: ' in listed
    assert not any(f'  {name}: ' in listed for name in HONEST)
