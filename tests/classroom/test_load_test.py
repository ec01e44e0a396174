"""The load test of the classroom: how it judges what it sees."""

import json
import os
import subprocess
import sys

import nbformat
import pytest
from books import ROOT
from nbformat.v4 import new_code_cell, new_notebook

pytest.importorskip('httpx')

from classroom.simulated import load_test, student  # noqa: E402


def saved(number, source='1 + 1'):
    """Return a notebook as it is sent with a save."""
    cell = new_code_cell(source, id='code-0')
    return nbformat.writes(new_notebook(
        cells=[cell], metadata={'saved': number}))


SAVES = {number: saved(number, f'{number} + 1') for number in (1, 2, 3)}


@pytest.mark.parametrize('text', [
    SAVES[2], SAVES[3], json.dumps(json.loads(SAVES[2]), indent=4),
], ids=['acknowledged', 'later', 'written in another way'])
def test_a_save_that_is_there_is_good(text):
    assert load_test.verdict(text, SAVES, 2) == ''


@pytest.mark.parametrize('text, word', [
    (SAVES[1], 'save 1 is there, but 2 was acknowledged'),
    (SAVES[2][:-20], 'half-written'),
    ('', 'half-written'),
    ('{}', 'half-written'),
    (saved(2, 'another'), 'another content'),
], ids=['older', 'half', 'empty', 'no notebook', 'another'])
def test_a_save_that_is_lost_is_noticed(text, word):
    assert word in load_test.verdict(text, SAVES, 2)


@pytest.mark.parametrize('values, share, wanted', [
    ([5], 0.95, 5), (range(1, 21), 0.95, 19), (range(1, 21), 1, 20),
    ([3, 1, 2], 0.5, 2),
], ids=['one value', '19 of 20', 'all', 'unsorted'])
def test_percentile(values, share, wanted):
    assert load_test.percentile(values, share) == wanted


def test_the_notebook_of_the_load_test_has_code_and_no_outputs():
    cells = load_test.notebook(load_test.CHAPTER).cells
    code = [x for x in cells if x.cell_type == 'code']
    assert code and [x for x in code if x.outputs] == []


def test_what_the_kernel_sends_fills_a_cell_and_tells_its_end():
    cell = new_code_cell('print(1)')

    def receive(kind, **content):
        return student.receive({'msg_type': kind, 'content': content,
                                'header': {'msg_type': kind}}, cell)

    assert receive('status', execution_state='busy') == set()
    receive('stream', name='stdout', text='0\n')
    receive('clear_output', wait=True)
    receive('stream', name='stdout', text='1\n')
    assert [x.text for x in cell.outputs] == ['1\n']
    assert receive('execute_reply', status='ok') == {'reply'}
    assert receive('status', execution_state='idle') == {'idle'}


@pytest.mark.slow
def test_a_student_works_on_while_server_and_hub_are_killed():
    try:
        load_test.find_proxy(ROOT / '.venv/hub')
    except RuntimeError as error:
        pytest.skip(str(error))
    command = [sys.executable, '-m', 'classroom.simulated.load_test',
               '--students', '1', '--killings', '5',
               '--chapter', 'crash-course/ndarray']
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, 'OMP_NUM_THREADS': '1'},
        capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout[done.stdout.index('\n{') :])
    assert found['finished'] == 1
    assert found['lost'] == 0
    assert found['killed'][1] == 1
    assert found['saves'] > 0
