"""Outputs agree when a reader would call them the same."""

import re

import pytest
from books import ROOT

from book.chapters import toc
from book.experiments import comparison, expected_outputs


@pytest.mark.parametrize('expected, found', [
    ('loss 0.12345', 'loss 0.12349'),
    ('[ 1.  2.]', '[1. 2.]'),
    ('0.000001', '-0.0'),
    ('1e-3', '0.001'),
    ('1.0', '1.'),
    ('time 1.2 sec', 'time 13.4 sec'),
    ('took 0.3 s', 'took 12 ms'),
    ('takes 3 min 4 s', 'takes 9 min 5 s'),
    ('1,234 images/s', '98.7 images/s'),
    ('<Block at 0x7f00deadbeef>', '<Block at 0x7f11cafe0000>'),
    ('<NDArray 2 @cpu(0)>', '<NDArray 2 @gpu(0)>'),
    ('<Figure size 350x250 with 1 Axes>\nshape 3', 'shape 3'),
    ('shape 3', 'STAND-IN DATA: fashion-mnist is generated\nshape 3'),
    ('shape 3\n(on stand-in data)', 'shape 3'),
    ('MXNet 1.9.1', 'MXNet 1.9.1+torch2.13'),
    ('ValueError: no shape', 'ValueError: 3 and 4 do not fit'),
    ('MyError: a\n  b\n3', 'MyError: a b c\n3'),
], ids=['last digits', 'blanks', 'nearly zero', 'notation', 'a float',
        'seconds', 'seconds and milliseconds', 'minutes', 'speed', 'address',
        'device', 'figure', 'stand-in notice', 'stand-in remark',
        'version', 'words of an error', 'lines of an error'])
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
    ('minimum 3 min 4', 'minimum 9 min 4'),
    ('minimum 3 min 4', 'minimum 3 min 5'),
    ('ValueError: no shape', 'TypeError: no shape'),
    ('ValueError: no\n3', 'ValueError: no\n4'),
    ('training Error: 3', 'training Error: 4'),
], ids=['three per thousand', 'whole numbers', 'whole and decimal', 'sign',
        'joined numbers', 'one number more', 'nan', 'words', 'beside a time',
        'a minimum is no minute', 'what follows a minimum',
        'another type of error', 'beside an error', 'an error that is none'])
def test_not_the_same(expected, found):
    assert not comparison.same(expected, found)


@pytest.mark.parametrize('text', [
    '3 min 4 s', 'takes 3 min 4 s', 'takes 3 min', 'Wall time: 3min 4s',
    '0.3 s', 'took 3 s.', '(3 s)', 'time:1.2s', '1.25s', '3 s for an epoch',
    '3 seconds', '1 second', '12 sec', '12sec', '2 minutes, 3 epochs',
    '.5 ms', '12ms', '1,234.5 ms', '1e-05 s', '3 µs', '3 us', '3 s 4 ms',
    '3 ms/step', '~3 s', '3 ms ± 4 µs',
])
def test_a_time_varies(text):
    lasting = comparison.lasting(text).replace('3 epochs', '')
    assert not re.search(r'\d', lasting)


@pytest.mark.parametrize('text', [
    '3 images/s', '12.5 GFLOP/s', '936 GB/s', '1,234 calls/s', '1200/s',
    '3 samples/sec', '1.5e+03 steps/second',
])
def test_a_speed_varies(text):
    assert comparison.lasting(text) == 'SPEED'
    assert comparison.lasting(f'4 of 5, {text}') == '4 of 5, SPEED'


@pytest.mark.parametrize('text', [
    'minimum 3 min 4', 'max 9 min 4', 'max 9, min 4', 'max 9 min: 4',
    'max 9 min=4', 'max 9 min -4', 'max 9 min .4', 'max 9 min, 4 max',
    'mean 3 s 4', 'x = 3 s = 4', 'ms 3 ms 4',
    '3 minus 4', '3 minimum', '3 mini-batches', '3 min-max', '3 s-shaped',
    '3 msec_total', '3 second derivatives', '3 min(x)', '3 s[0]',
    '3 s.mean()', '3 s**2', '3 s*x', '3 s^2',
    'x3 s', 'conv3 ms', 'layer_3 s', 'version 1.2.3 s', 'the 1990s',
    '0s and 1s', 'a, b/s', '9.81 m/s', '120 km/s', '3 images/step',
    '3 images/s-1', '3 units', '3 users', '3 secret',
])
def test_a_result_beside_something_like_a_unit_stays(text):
    assert comparison.lasting(text) == text


@pytest.mark.parametrize('page', toc.pages(ROOT), ids=str)
def test_references_hold_nothing_that_varies(page):
    path = expected_outputs.path(ROOT, page)
    for text in expected_outputs.load(path).values():
        assert comparison.lasting(text) == text.strip('\n')


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
