"""Outputs agree when a reader would call them the same."""

import pytest

from book.experiments import comparison


@pytest.mark.parametrize('expected, found', [
    ('loss 0.12345', 'loss 0.12349'),
    ('[ 1.  2.]', '[1. 2.]'),
    ('0.000001', '-0.0'),
    ('1e-3', '0.001'),
    ('1.0', '1.'),
    ('time 1.2 sec', 'time 13.4 sec'),
    ('took 0.3 s', 'took 12 ms'),
    ('1,234 images/s', '98.7 images/s'),
    ('<Block at 0x7f00deadbeef>', '<Block at 0x7f11cafe0000>'),
    ('<NDArray 2 @cpu(0)>', '<NDArray 2 @gpu(0)>'),
    ('<Figure size 350x250 with 1 Axes>\nshape 3', 'shape 3'),
    ('shape 3', 'STAND-IN DATA: fashion-mnist is generated\nshape 3'),
    ('shape 3\n(on stand-in data)', 'shape 3'),
], ids=['last digits', 'blanks', 'nearly zero', 'notation', 'a float',
        'seconds', 'seconds and milliseconds', 'speed', 'address', 'device',
        'figure', 'stand-in notice', 'stand-in remark'])
def test_the_same(expected, found):
    assert comparison.same(expected, found)


@pytest.mark.parametrize('expected, found', [
    ('loss 0.12345', 'loss 0.1238'),
    ('shape (1000, 2)', 'shape (1001, 2)'),
    ('1', '1.0001'),
    ('-1.0', '1.0'),
    ('1 2', '12'),
    ('1 2', '1 2 3'),
    ('nan', '1.0'),
    ('True', 'False'),
    ('epoch 3, 1.2 sec', 'epoch 4, 1.2 sec'),
], ids=['three per thousand', 'whole numbers', 'whole and decimal', 'sign',
        'joined numbers', 'one number more', 'nan', 'words',
        'beside a time'])
def test_not_the_same(expected, found):
    assert not comparison.same(expected, found)


def test_prints_come_before_results_and_warnings_do_not_count():
    outputs = [
        {'output_type': 'stream', 'name': 'stdout', 'text': 'one\n'},
        {'output_type': 'display_data', 'data': {'image/svg+xml': '<svg/>'}},
        {'output_type': 'execute_result', 'data': {'text/plain': '3'}},
        {'output_type': 'stream', 'name': 'stdout', 'text': 'two\n'},
        {'output_type': 'stream', 'name': 'stderr', 'text': 'a warning\n'}]
    assert comparison.output_text(outputs) == 'one\ntwo\n3'
    assert comparison.output_text([]) == ''


def test_stand_in_data_is_recognised():
    assert comparison.on_stand_in('STAND-IN DATA: generated look-alike')
    assert not comparison.on_stand_in('data stands in a row')
