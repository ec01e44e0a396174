"""The page of results says how many sentences hold in its build."""

import json

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from book.chapters import toc
from book.rendering.made_pages.claims_line import Count, count, line

TABLE = [
    {'chapter': 'first', 'values': [r'^loss (?P<loss>[\d.]+)$']},
    {'chapter': 'first', 'claim': 'loss < 1', 'en': 'small', 'zh': '小'},
    {'chapter': 'first', 'claim': 'loss > 0.1', 'en': 'small', 'zh': '小'},
]


@pytest.fixture
def counted(tmp_path):
    """Return a function that counts the claims of a chapter on a notebook."""
    for language, text in ('en', 'small'), ('zh', '小'):
        path = tmp_path / f'chapters/{language}/part/first.md'
        path.parent.mkdir(parents=True)
        path.write_text(f'# One\n\n{text}\n', 'utf-8')
    (tmp_path / 'results.yml').write_text(json.dumps(TABLE), 'utf-8')
    page = toc.Page('part/first', tmp_path)
    return lambda notebook: count(tmp_path / 'results.yml',
                                  [(page, notebook)])


def executed(output, data='real'):
    """Return a notebook whose only cell printed something."""
    stream = new_output('stream', name='stdout', text=output)
    return new_notebook(cells=[new_code_cell(outputs=[stream])],
                        metadata={'book': {'data': {'numbers': data}}})


@pytest.mark.parametrize('notebook, found', [
    (executed('loss 0.5'), Count(2, 2, 2)),
    (executed('loss 0.05'), Count(2, 2, 1)),
    (executed('loss 0.5', 'stand-in-1'), Count(2, 0, 0)),
    (executed('numbers: stand-in data\nloss 0.5'), Count(2, 0, 0)),
    (executed('on gpu(0)\nloss 0.5'), Count(2, 0, 0)),
    (None, Count(2, 0, 0)),
], ids=['both hold', 'one is false', 'noted stand-in', 'printed stand-in',
        'a full run', 'no outputs'])
def test_only_outputs_of_the_data_that_pages_speak_of_count(
        counted, notebook, found):
    assert counted(notebook) == found


ENGLISH = ('Every build checks what chapters say of their results by the '
           'numbers that they printed.')
UNCHECKED = (' Not checked in this one: {}, as their chapters were not '
             'executed or used other data.')
CHINESE = '各章对训练结果的说法，每次构建都要用该章打印出来的数核对。'


@pytest.mark.parametrize('numbers, english, chinese', [
    (Count(9, 9, 9), ' In this one 9 such sentences were checked, and all of '
     'them hold.', '这一次核对了9句，句句成立。'),
    (Count(9, 9, 8), ' In this one 9 such sentences were checked; 8 of them '
     'hold.', '这一次核对了9句，其中8句成立。'),
    (Count(9, 7, 7), ' In this one 7 such sentences were checked, and all of '
     'them hold.' + UNCHECKED.format(2),
     '这一次核对了7句，句句成立。还有2句没有核对，因为所在的那些章没有执行，或者用的是别的数据。'),
    (Count(9, 0, 0), UNCHECKED.format(9),
     '还有9句没有核对，因为所在的那些章没有执行，或者用的是别的数据。'),
], ids=['all hold', 'one is false', 'some not checked', 'none checked'])
def test_the_line_tells_it_in_both_languages(numbers, english, chinese):
    assert line(numbers, 'en') == ENGLISH + english
    assert line(numbers, 'zh') == CHINESE + chinese


def test_a_book_without_claims_has_no_line():
    assert line(Count(0, 0, 0), 'en') == ''
