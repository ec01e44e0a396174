"""What of a student's notebook reaches nbgrader and a teacher's browser."""

import json
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from classroom.marking import judged, program

PIXEL = 'iVBORw0KGgo='


def about(name, **more):
    return {'nbgrader': {'grade_id': name, 'locked': False, **more}}


RELEASED = {'cells': [
    new_markdown_cell('A <b>chapter</b>'),
    new_code_cell('stub', metadata=about('task-f', solution=True)),
    new_code_cell('check', metadata=about('check-f', locked=True, points=2)),
    new_markdown_cell('', metadata=about('answer-1', points=2)),
]}


def cell(source, name='', kind='code', **more):
    return {'cell_type': kind, 'source': source, 'metadata': {
        'nbgrader': {'grade_id': name, 'points': 1000, 'locked': False}},
        **more}


def made(*cells):
    submitted = judged.cleaned({'cells': list(cells)})
    return judged.made(RELEASED, submitted)['cells']


def test_names_points_and_checks_are_those_of_the_release():
    found = made(cell('mine', 'task-f'), cell('pass', 'check-f', 'markdown'),
                 cell('x', 'check-g'), cell('text', 'answer-1'))
    assert [x['source'] for x in found] == ['mine', 'check', 'x', 'text']
    assert [x['cell_type'] for x in found] == [
        'code', 'code', 'code', 'markdown']
    assert [x['metadata'] for x in found] == [
        RELEASED['cells'][1].metadata, RELEASED['cells'][2].metadata, {},
        RELEASED['cells'][3].metadata]


def test_a_copy_has_no_name_and_what_lacks_is_put_back():
    found = made(cell('one', 'task-f'), cell('two', 'task-f'))
    names = [program.grade_id(x) for x in found]
    assert names == ['task-f', '', 'check-f', 'answer-1']
    assert found[2]['source'] == 'check'


@pytest.mark.parametrize('source', [
    '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<!-- x',
    '</div><svg/onload=alert(1)>', '<?php', r'$\href{javascript:x}{y}$',
    r'$\mmlToken{mi}[href="javascript:x"]{y}$'])
def test_text_for_a_browser_has_neither_tags_nor_links(source):
    for kind in 'markdown', 'raw':
        found = made(cell(source, kind=kind))[0]
        assert found['cell_type'] == 'markdown'
        assert not judged.TAG.search(found['source'])
        assert found['source'].replace(judged.INVISIBLE, '') == source


@pytest.mark.parametrize('source', [
    '[x](javascript:alert(1))', '[x](JaVascript&colon;alert(1))',
    '[x](&#106;avascript:alert(1))', r'[x](javascript\:alert(1))',
    '[x]( javascript:alert(1))', '[x](<javascript:alert(1)>)',
    '[x](\njavascript:alert(1))', '[x][y]\n\n[y]: javascript:alert(1)',
    '[y]\n\n> [y]:\n> javascript:alert(1)', '<javascript:alert(1)>',
    '[x](https://a"onmouseover="alert(1)"', '[x](vbscript:x)',
    '[x](data:text/html,x)', '[x](/hub/logout)',
    '![x](http://elsewhere/x.png)', '![x](attachment:missing.png)',
    '![x][y]\n\n[y]: attachment:missing.png'])
def test_links_lead_to_pages_and_pictures_are_none(source):
    """As nbconvert shows them to a teacher, who clicks on everything."""
    filters = pytest.importorskip('nbconvert.exporters.html')
    text = made(cell(source, kind='markdown'))[0]['source']
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell(text)])
    page, _ = filters.HTMLExporter(
        template_name='basic').from_notebook_node(notebook)
    page = page.replace(judged.INVISIBLE, '')
    assert '<img' not in page
    for found in re.findall('(?:href|src)="([^"]*)"', page):
        assert found.startswith(('http', '#')), page


@pytest.mark.parametrize('source', [
    '[x](https://d2l.ai)', '[x][y]\n\n[y]: http://d2l.ai', 'a[1] * (b) < c'])
def test_other_text_is_as_it_was_written(source):
    assert made(cell(source, kind='markdown'))[0]['source'] == source


def test_the_text_of_the_chapter_stays_as_it_is():
    found = made(cell('A <b>chapter</b>', kind='markdown'))[0]
    assert found['source'] == 'A <b>chapter</b>'


@pytest.mark.parametrize('output', [
    {'output_type': 'display_data', 'metadata': {}, 'data': {
        'text/html': '<script>', 'application/javascript': 'alert(1)',
        'image/svg+xml': '<svg/>', 'text/latex': '<script>',
        'text/markdown': '<script>'}},
    {'output_type': 'display_data', 'data': {
        'image/png': '"><script>alert(1)</script>'}},
    {'output_type': 'display_data', 'data': {'image/png': 7}},
    {'output_type': 'display_data', 'data': []},
    {'output_type': 'stream', 'text': {'a': 1}},
    {'output_type': 'error', 'ename': 'E', 'evalue': 'v', 'traceback': 7},
    7, None, [], {},
], ids=str)
def test_an_output_is_text_or_a_picture_or_nothing(output):
    assert '<s' not in json.dumps(judged.shown([output]))


def test_pictures_and_texts_are_shown_but_not_without_end():
    output = {'output_type': 'display_data', 'data': {
        'image/png': PIXEL, 'text/plain': 'x' * 10**6}}
    [found] = judged.shown([output])
    assert found['data']['image/png'] == PIXEL
    assert len(found['data']['text/plain']) < judged.SHOWN + 9
    assert len(judged.shown([output] * 999)) == judged.OUTPUTS


@pytest.mark.parametrize('written', [
    b'', b'[', b'{}', b'[[]]', b'7', b'[' * 10**5, b'\xff'])
def test_forged_outputs_are_no_outputs(written):
    assert judged.outputs(written, 2) == [[], []]


def test_only_a_right_answer_leaves_a_check_without_an_error():
    cells = made(cell('mine', 'task-f'), cell('', 'check-f', outputs=[]))
    notebook = {'cells': cells}
    forged = [[], [{'output_type': 'execute_result', 'data': {
        'text/plain': '2'}}], [], []]
    for verdicts, is_right in ((({'f': ''}), True), ({'f': 'no'}, False),
                               ({}, False)):
        judged.judge(notebook, verdicts, forged)
        assert (cells[1]['outputs'] == []) == is_right
        assert is_right or cells[1]['outputs'][0]['output_type'] == 'error'


@pytest.mark.parametrize('cells', [
    [cell('x')] * (judged.CELLS + 1), [cell('x' * 3_000_000)], [7], 7,
    [{'cell_type': 'code'}], [cell(7)],
])
def test_what_is_no_notebook_or_too_large_is_refused(cells):
    with pytest.raises(program.Unreadable):
        judged.cleaned({'cells': cells})


def test_halves_of_characters_and_control_characters_go():
    assert made(cell('a\ud800\x00b\r\nc'))[0]['source'] == 'ab\nc'
