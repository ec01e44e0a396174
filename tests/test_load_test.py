"""The load test of the classroom: how it judges what it sees."""

import json
import os
import subprocess
import sys

import nbformat
import pytest
from books import ROOT
from nbformat.v4 import new_code_cell, new_notebook

sys.path.insert(0, str(ROOT / 'classroom'))

pytest.importorskip('httpx')

import load_test  # noqa: E402
import student  # noqa: E402


def saved(number, source='1 + 1'):
    """Return a notebook as it is sent with a save."""
    cell = new_code_cell(source, id='code-0')
    return nbformat.writes(new_notebook(
        cells=[cell], metadata={'saved': number}))


SAVES = {number: saved(number, f'{number} + 1') for number in (1, 2, 3)}


@pytest.mark.parametrize('number', [2, 3], ids=['acknowledged', 'later'])
def test_a_save_that_is_there_is_good(number):
    assert load_test.verdict(SAVES[number], SAVES, 2) == ''


@pytest.mark.parametrize('text, word', [
    (SAVES[1], 'save 1 is there, but 2 was acknowledged'),
    (SAVES[2][:-20], 'half-written'),
    ('', 'half-written'),
    ('{}', 'half-written'),
    (saved(2, 'another'), 'another content'),
], ids=['older', 'half', 'empty', 'no notebook', 'another'])
def test_a_save_that_is_lost_is_noticed(text, word):
    assert word in load_test.verdict(text, SAVES, 2)


def test_the_way_in_which_json_is_written_does_not_matter():
    text = json.dumps(json.loads(SAVES[2]), indent=4)
    assert load_test.verdict(text, SAVES, 2) == ''


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


def message(kind, **content):
    return {
        'msg_type': kind, 'header': {'msg_type': kind}, 'content': content}


def test_what_the_kernel_sends_becomes_the_outputs_of_a_cell():
    cell = new_code_cell('print(1)')
    student.receive(message('status', execution_state='busy'), cell)
    student.receive(message('stream', name='stdout', text='0\n'), cell)
    student.receive(message('clear_output', wait=True), cell)
    student.receive(message('stream', name='stdout', text='1\n'), cell)
    assert [x.text for x in cell.outputs] == ['1\n']


def test_a_cell_ends_with_its_reply_and_the_kernel_at_rest():
    cell = new_code_cell('1')
    reply = message('execute_reply', status='ok')
    rest = message('status', execution_state='idle')
    assert student.receive(reply, cell) == {'reply'}
    assert student.receive(rest, cell) == {'idle'}
    busy = message('status', execution_state='busy')
    assert student.receive(busy, cell) == set()


@pytest.mark.slow
def test_a_student_works_on_while_server_and_hub_are_killed():
    try:
        load_test.find_proxy(ROOT / '.venv/hub')
    except RuntimeError as error:
        pytest.skip(str(error))
    command = [sys.executable, 'classroom/load_test.py', '--students', '1',
               '--killings', '5', '--chapter', 'crash-course/ndarray']
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, 'OMP_NUM_THREADS': '1'},
        capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout[done.stdout.index('\n{') :])
    assert found['finished'] == 1
    assert found['lost'] == 0
    assert found['killed'][1] == 1
    assert found['saves'] > 0
