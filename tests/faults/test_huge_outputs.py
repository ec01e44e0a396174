"""A cell that writes too much is stopped and named; others may be large."""

import pytest

from book.chapters.errors import CellError
from book.chapters.reader import code_cells, read
from book.execution import cache
from book.execution.kernel import LONG, TOO_MUCH, Runner

PICTURE = """\
from IPython.display import Image
Image(b'\\x89PNG' + bytes(9_000_000), format='png')
"""


def run(root, code):
    """Run a notebook of two cells; return it."""
    cells = '\n\n'.join(
        f'```{{.python .input}}\n{x}\n```' for x in ('1', code))
    return Runner(root).run(read(f'Text.\n\n{cells}\n'), 'page.md')


@pytest.mark.slow
@pytest.mark.parametrize('code', [
    'while True:\n    print("a" * 10_000)',
    'print("a" * 11_000_000)',
    PICTURE,
    'for _ in range(1200):\n    display("a" * 10_000)',
    'raise ValueError("a" * 11_000_000)',
], ids=['without end', 'at once', 'as a picture', 'in many outputs',
        'as an error'])
def test_the_cell_is_named_that_writes_too_much(tmp_path, code):
    with pytest.raises(CellError) as caught:
        run(tmp_path, code)
    assert str(caught.value) == f'page.md:8: cell 2: {TOO_MUCH}'


@pytest.mark.slow
def test_a_long_error_message_is_cut(tmp_path):
    with pytest.raises(CellError) as caught:
        run(tmp_path, 'raise ValueError("a" * 100_000)')
    assert len(str(caught.value)) < LONG + 100
    assert str(caught.value).endswith('a [...]')


@pytest.mark.slow
def test_large_outputs_are_kept_whole(tmp_path):
    executed = run(tmp_path, 'print("a" * 9_000_000)')
    cache.store(tmp_path, 'k', executed)
    [output] = code_cells(cache.load(tmp_path, 'k'))[1].outputs
    assert output.text == 'a' * 9_000_000 + '\n'
