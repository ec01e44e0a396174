"""A picture of an experiment shows each number by a mark on an axis."""

import re
from xml.etree import ElementTree

import pytest

from book.rendering.made_pages.dot_plots import (
    LARGE,
    Plot,
    axis,
    draw,
    end,
    signs,
)

NAMES = {'svg': 'http://www.w3.org/2000/svg'}
PLOT = Plot((0.8, 0.84), {'mxnet': [0.81, 0.82, 0.83], 'torch': [0.815]},
            ('mxnet', 0.81), 0.838, 0.85)


def found(plot, path):
    """Return elements of a picture."""
    return ElementTree.fromstring(draw(plot, '')).findall(path, NAMES)


def places(plot, path):
    """Return the places of marks along the axis."""
    return [float(x.get('cx')) for x in found(plot, path)]


def test_every_number_has_its_mark():
    assert len(found(PLOT, 'svg:g/svg:circle')) == 4, 'three seeds, the run'
    assert len(found(PLOT, 'svg:g/svg:rect')) == 1, 'a seed'
    assert len(found(PLOT, 'svg:g/svg:path')) == 2, '2017, the full run'
    assert len(found(PLOT, 'svg:rect')) == 1, 'the band'


def test_engines_differ_in_shape_and_the_run_in_size():
    ours = Plot((0, 1), {}, ('torch', 0.5))
    assert found(ours, 'svg:g/svg:circle') == []
    (square,) = found(ours, 'svg:g/svg:rect')
    assert float(square.get('width')) > LARGE
    sizes = [float(x.get('r')) for x in found(PLOT, 'svg:g/svg:circle')]
    assert sizes[0] > max(sizes[1:]), 'below the seeds, but larger'


def test_a_greater_number_is_farther_right():
    run, *seeds = places(PLOT, 'svg:g/svg:circle')
    assert run == seeds[0]
    assert seeds == sorted(seeds)


@pytest.mark.parametrize('value', [None, float('nan'), float('inf')])
def test_what_is_not_known_or_no_number_has_no_mark(value):
    plot = Plot((0, 1), {'mxnet': [value]}, ('mxnet', value), value, value)
    assert draw(plot, '') == draw(Plot((0, 1)), '')


@pytest.mark.parametrize('numbers, ends', [
    ([0.808, 0.84, 0.8183], ['0.805', '0.845']),
    ([42, 46], ['41', '47']),
    ([-3, -1, 9], ['−4', '10']),
    ([0.00008, 0.0002], ['0.00006', '0.00022']),
    ([0, 1e-9], ['0', '1.2e−09']),
    ([0, 0], ['0', '0.2']),
    ([0.5, 0.5], ['0.4', '0.6']),
], ids=['accuracy', 'perplexity', 'negative', 'small', 'tiny', 'nothing',
        'one number'])
def test_an_axis_has_round_ends_around_its_numbers(numbers, ends):
    first, last, step = axis(numbers)
    assert first * step <= min(numbers) and max(numbers) < last * step
    assert [end(first, step), end(last, step)] == ends
    plot = Plot((min(numbers), max(numbers)), {'mxnet': numbers})
    assert [x.text for x in found(plot, 'svg:g/svg:text')] == ends


def test_a_picture_is_legible_in_the_dark_and_the_same_in_every_build():
    svg = draw(PLOT, 'a < b')
    assert svg == draw(PLOT, 'a < b')
    assert '<title>a &lt; b</title>' in svg and 'role="img"' in svg
    inks = set(re.findall(r'(?:fill|stroke)="(?!none|\.)([^"]+)"', svg))
    assert 'currentColor' in inks and 'black' not in inks
    assert ' id=' not in svg


def test_a_legend_has_a_sign_for_every_mark():
    assert list(signs()) == ['mxnet', 'torch', 'run', 'printed_2017',
                             'full_run', 'band']
    shapes = [svg for pictures in signs().values() for svg in pictures]
    assert len(set(shapes)) == len(shapes) == 7, 'the run has two shapes'
