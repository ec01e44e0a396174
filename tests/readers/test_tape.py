"""The engine that a chapter builds and readers can import, tape.py.

It is the chapter's code; finite differences say whether it is right.
"""

import ast

import numpy as np
import pytest
from books import ROOT
from numpy.testing import assert_allclose, assert_array_equal

from book.chapters.program import parse
from book.chapters.reader import code_cells, read
from from_scratch_to_gluon import tape
from from_scratch_to_gluon.tape import Array, dot, record, relu, tanh, total

CHAPTER = ROOT / 'chapters/en/crash-course/autograd-scratch.md'
LINES = 120
SHAPES = (2, 3), (3, 2), (1, 3), (2, 1), (3,)
OPERATIONS = ('add', 2), ('mul', 2), ('sub', 2), ('dot', 2), ('relu', 1), (
    'tanh', 1)


def statements(tree):
    """Return the statements of a program without docstrings, as text."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:]
    return [ast.unparse(node) for node in tree.body]


def of_module():
    path = ROOT / 'from_scratch_to_gluon/tape.py'
    return statements(ast.parse(path.read_text('utf-8')))


def of_chapter():
    return [x for cell in code_cells(read(CHAPTER.read_text('utf-8'),
                                          CHAPTER))
            for x in statements(parse(cell.source, CHAPTER,
                                      cell.metadata.line))]


def test_it_is_what_the_chapter_builds_in_the_same_order():
    module, chapter = of_module(), of_chapter()
    assert len(module) > 15
    assert [x for x in module if x not in chapter] == []
    places = [chapter.index(x) for x in module]
    assert places == sorted(places)


def test_the_chapter_builds_it_and_does_not_import_it():
    assert not any('from_scratch_to_gluon' in x for x in of_chapter())


def test_it_can_be_read_at_one_sitting():
    assert sum(len(x.splitlines()) for x in of_module()) <= LINES


def random_program(seed, num_steps=10):
    """Return arrays and a function of them: operations drawn at random."""
    random = np.random.default_rng(seed)
    starts = [random.normal(size=shape) for shape in SHAPES]
    steps, arrays = [], [Array(value) for value in starts]
    while len(steps) < num_steps:
        name, count = OPERATIONS[random.integers(len(OPERATIONS))]
        places = random.integers(len(arrays), size=count)
        operands = [arrays[i] for i in places]
        if name == 'dot' and any(x.value.ndim != 2 for x in operands):
            continue
        try:
            arrays.append(getattr(tape, name)(*operands))
        except ValueError:  # the shapes do not fit
            continue
        steps.append((name, places))

    def run(inputs):
        found = list(inputs)
        for name, places in steps:
            found.append(getattr(tape, name)(*[found[i] for i in places]))
        return sum(total(tanh(x)) for x in found)

    return starts, run


def gradients(starts, run):
    """Return the gradients by tape."""
    inputs = [Array(value) for value in starts]
    for array in inputs:
        array.attach_grad()
    with record():
        result = run(inputs)
    result.backward()
    return [array.grad for array in inputs]


def slope(starts, run, directions, h=1e-6):
    """Return the slope in a direction, by finite differences."""
    up, down = (run([Array(value + step * direction) for value, direction
                     in zip(starts, directions, strict=True)]).value
                for step in (h, -h))
    return (up - down) / (2 * h)


def disagrees(seed):
    """Say whether tape and differences disagree on a random program."""
    starts, run = random_program(seed)
    random = np.random.default_rng(1000 + seed)
    directions = [random.normal(size=value.shape) for value in starts]
    found = sum((grad * direction).sum() for grad, direction
                in zip(gradients(starts, run), directions, strict=True))
    expected = slope(starts, run, directions)
    return abs(found - expected) > 1e-5 * max(1, abs(expected))


@pytest.mark.parametrize('seed', range(40))
def test_gradients_are_those_of_finite_differences(seed):
    assert not disagrees(seed)


@pytest.mark.parametrize('name, wrong', [
    ('dot', lambda a, b: tape.noted(
        a.value @ b.value, (a, lambda grad: grad @ b.value.T),
        (b, lambda grad: 2 * a.value.T @ grad))),
    ('mul', lambda a, b: tape.noted(
        a.value * tape.as_array(b).value,
        (a, lambda grad: grad * tape.as_array(b).value))),
    ('relu', lambda a: tape.noted(
        a.value * (a.value > 0), (a, lambda grad: grad))),
], ids=['dot', 'mul', 'relu'])
def test_wrong_operations_are_found(name, wrong, monkeypatch):
    monkeypatch.setattr(tape, name, wrong)
    assert any(disagrees(seed) for seed in range(40))


@pytest.fixture
def x():
    array = Array([[1, 2, 3], [4, 5, 6]])
    array.attach_grad()
    return array


def test_a_gradient_has_the_shape_of_what_was_broadcast(x):
    row, column, number = Array([1, 2, 3]), Array([[1], [2]]), Array(2)
    for array in (row, column, number):
        array.attach_grad()
    with record():
        result = total(x * row + x * column + x * number)
    result.backward()
    assert_array_equal(row.grad, [5, 7, 9])
    assert_array_equal(column.grad, [[6], [15]])
    assert_array_equal(number.grad, 21)
    assert_array_equal(x.grad, [[4, 5, 6], [5, 6, 7]])


def test_a_new_gradient_replaces_the_old_one(x):
    for _ in range(2):
        with record():
            result = total(x * x)
        result.backward()
    assert_array_equal(x.grad, 2 * x.value)


def test_what_is_used_up_is_said(x):
    with record():
        y = x * x
        result = total(y)
    result.backward()
    with pytest.raises(ValueError, match='used up'):
        result.backward()
    with record():
        other = total(y * x)
    with pytest.raises(ValueError, match='used up'):
        other.backward()


def test_notes_are_taken_inside_record_and_where_a_gradient_is_asked(x):
    assert (x * x).tape is None
    with record():
        assert (Array(2) * Array(3)).tape is None
        assert (x * 2).tape is not None
    with pytest.raises(ZeroDivisionError), record():
        raise ZeroDivisionError
    assert tape.running == []


def test_blocks_inside_each_other_write_one_tape(x):
    with record():
        y = x * x
        with record():
            result = total(y * x)
    result.backward()
    assert_array_equal(x.grad, 3 * x.value ** 2)


def test_numbers_and_numpy_arrays_are_constants_on_either_side(x):
    row = np.array([1., 2, 3])
    with record():
        result = total(row * x - x * row + (2 - x) * 3 + (row - x))
    result.backward()
    assert_allclose(result.value, (2 - x.value).sum() * 3
                    + (row - x.value).sum())
    assert_array_equal(x.grad, np.full((2, 3), -4))


def test_the_slope_of_relu_at_0_is_0():
    x = Array([-1, 0, 1])
    x.attach_grad()
    with record():
        result = relu(x)
    result.backward()
    assert_array_equal(x.grad, [0, 0, 1])


def test_a_matrix_product_by_hand():
    a, b = Array([[1, 2, 3]]), Array([[1, 0], [0, 1], [2, 2]])
    a.attach_grad()
    b.attach_grad()
    with record():
        result = dot(a, b)  # (1, 2)
    result.backward()
    assert_array_equal(a.grad, [[1, 1, 4]])
    assert_array_equal(b.grad, [[1, 1], [2, 2], [3, 3]])
