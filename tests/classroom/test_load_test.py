"""The load test of the classroom: how it judges what it sees."""

import asyncio
import json
import os
import subprocess
import sys

import nbformat
import pytest
from books import ROOT, finish
from nbformat.v4 import new_code_cell, new_notebook

httpx = pytest.importorskip('httpx')

from classroom.simulated import (  # noqa: E402
    figures,
    kernel,
    lesson,
    load_test,
    student,
)
from classroom.simulated import hub as hubs  # noqa: E402


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
    assert figures.verdict(text, SAVES, 2) == ''


@pytest.mark.parametrize('text, word', [
    (SAVES[1], 'save 1 is there, but 2 was acknowledged'),
    (SAVES[2][:-20], 'half-written'),
    ('', 'half-written'),
    ('{}', 'half-written'),
    (saved(2, 'another'), 'another content'),
], ids=['older', 'half', 'empty', 'no notebook', 'another'])
def test_a_save_that_is_lost_is_noticed(text, word):
    assert word in figures.verdict(text, SAVES, 2)


@pytest.mark.parametrize('values, share, wanted', [
    ([5], 0.95, 5), (range(1, 21), 0.95, 19), (range(1, 21), 1, 20),
    ([3, 1, 2], 0.5, 2),
], ids=['one value', '19 of 20', 'all', 'unsorted'])
def test_percentile(values, share, wanted):
    assert figures.percentile(values, share) == wanted


def test_the_notebook_of_the_load_test_has_code_and_no_outputs():
    cells = lesson.notebook(load_test.CHAPTER).cells
    code = [x for x in cells if x.cell_type == 'code']
    assert code and [x for x in code if x.outputs] == []


def test_what_the_kernel_sends_fills_a_cell_and_tells_its_end():
    cell = new_code_cell('print(1)')

    def receive(kind, **content):
        return kernel.receive({'msg_type': kind, 'content': content,
                                'header': {'msg_type': kind}}, cell)

    assert receive('status', execution_state='busy') == set()
    receive('stream', name='stdout', text='0\n')
    receive('clear_output', wait=True)
    receive('stream', name='stdout', text='1\n')
    assert [x.text for x in cell.outputs] == ['1\n']
    assert receive('execute_reply', status='ok') == {'reply'}
    assert receive('status', execution_state='idle') == {'idle'}


@pytest.mark.parametrize('status, headers, seconds', [
    (429, {'Retry-After': '14'}, 14), (429, {}, 60), (200, {}, 1),
    (503, {}, 1)], ids=['many start', 'full', 'starting', 'gone'])
def test_a_student_waits_as_the_page_says(status, headers, seconds):
    page = httpx.Response(status, headers=headers)
    assert student.pause(page) == seconds


@pytest.mark.slow
def test_in_a_full_class_a_student_waits_until_another_leaves(
        running_hub, monkeypatch):
    async def visit(group):
        first, second = group.students
        await group.sign_up()
        await first.log_in()
        await first.start()
        waiting = asyncio.create_task(come(second))
        while not second.waits:
            await asyncio.sleep(0.1)
        hub.server(first.name).kill()
        await asyncio.wait_for(waiting, 120)
        await second.save()

    async def come(second):
        await second.log_in()
        await second.start()

    monkeypatch.setattr(student, 'FULL', 1)
    hub = running_hub('li', 'wang', STUDENTS_AT_ONCE='1')
    group = lesson.Lesson(hub, 'crash-course/ndarray')
    finish(visit(group))
    second = group.students[1]
    assert second.server.startswith('https://wang.class.test:')
    assert second.acknowledged == 1 and group.check(second)


@pytest.mark.slow
def test_a_student_works_on_while_server_and_hub_are_killed():
    reason = hubs.lacking()
    if reason:
        pytest.skip(reason)
    command = [sys.executable, '-m', 'classroom.simulated.load_test',
               '--students', '1', '--servers', '1', '--hubs', '1',
               '--chapter', 'crash-course/ndarray']
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, 'OMP_NUM_THREADS': '1'},
        capture_output=True, text=True)
    found = json.loads(done.stdout[done.stdout.index('\n{'):])
    slow = [x for x in found['problems'] if x.startswith('no hub for')]
    assert found['problems'] == slow, done.stdout + done.stderr
    assert (found['finished'], found['lost']) == (1, 0)
    assert found['killed'] == [1, 1]
    assert found['saves'] > 0
