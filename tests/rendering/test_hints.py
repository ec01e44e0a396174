"""What an exercise should give is folded away, and nothing else is."""

import pytest
from docutils import nodes

from book.rendering.every_page.hints import fold


def item(*parts):
    """Return an exercise; what begins with `$` is a formula."""
    inline = [nodes.math('', x[1:]) if x.startswith('$') else nodes.Text(x)
              for x in parts]
    return nodes.list_item('', nodes.paragraph('', '', *inline))


@pytest.mark.parametrize('parts, question, hint', [
    (['How many? (41,717 and 325.)'], 'How many?', '41,717 and 325.'),
    (['Why?', '\n', '(Because of ', '$x', '.)'], 'Why?', 'Because of x.'),
    (['Find ', '$f(x)', '. (', '$x', ' (twice).)'], 'Find f(x).',
     'x (twice).'),
    (['有多少？（一共8个（含偏置）。）'], '有多少？', '一共8个（含偏置）。'),
], ids=['numbers', 'lines', 'formulas and brackets', 'Chinese'])
def test_what_one_should_get_is_folded(parts, question, hint):
    exercise = item(*parts)
    fold(exercise, 'Hint')
    asked, start, told, end = exercise.children
    assert asked.astext().strip() == question
    assert start.astext().endswith('<summary>Hint</summary>')
    assert (told.astext(), end.astext()) == (hint, '</details>')


@pytest.mark.parametrize('parts', [
    ['How many of them (all)?'], ['Compute it', ' (by hand)'],
    ['(Only this.)'], ['One. (Two.) Three.'], ['A bracket. lost)'], ['$x'],
], ids=['inside', 'no sentence before', 'all of it', 'in the middle',
        'unbalanced', 'formula'])
def test_other_brackets_stay(parts):
    exercise = item(*parts)
    before = exercise.pformat()
    fold(exercise, 'Hint')
    assert exercise.pformat() == before


def test_an_exercise_without_text_stays():
    exercise = nodes.list_item()
    fold(exercise, 'Hint')
    assert not exercise.children
