"""A figure that moves has a picture for print, and words in both languages.
"""

import gzip

import pytest
from draw_moving import FRAME, NAMES, SCRIPTS, draw, picture_of
from moving_site import block

from book.chapters.toc import LANGUAGES

SCRIPT_LIMIT, FRAME_LIMIT, PICTURE_LIMIT = 4000, 5000, 10000  # compressed
WORDS = """name => Object.values(moving.defined[name].words).map(table =>
  Object.entries(table).map(([key, value]) => [key, typeof value]))"""
CONTROLS = """name => moving.defined[name].controls.map(({name, options}) =>
  options ? [name, ...options.map(value => `${name}${value}`)] : [name])"""


def weight(path):
    """Return how many bytes of a file travel."""
    return len(gzip.compress(path.read_bytes()))


@pytest.mark.parametrize('name', NAMES)
def test_the_picture_is_what_the_script_draws(scripts, name):
    """If it is not: python tests/moving/draw_moving.py"""
    assert picture_of(name).read_text('utf-8') == draw(scripts, name)


@pytest.mark.parametrize('name', NAMES)
def test_both_languages_have_the_same_words(scripts, name):
    english, chinese = scripts.evaluate(WORDS, name)
    assert sorted(english) == sorted(chinese)


@pytest.mark.parametrize('name', NAMES)
def test_what_is_named_has_a_word(scripts, name):
    english, _ = scripts.evaluate(WORDS, name)
    needed = {x for all in scripts.evaluate(CONTROLS, name) for x in all}
    assert {'title', *needed} <= {key for key, _ in english}


@pytest.mark.parametrize('name', NAMES)
@pytest.mark.parametrize('language', LANGUAGES)
def test_a_figure_shows_its_picture_under_its_label(language, name):
    assert block(language, name).count(f'/moving-{name}.svg)') == 1


@pytest.mark.parametrize('path, limit', [
    (SCRIPTS / FRAME, FRAME_LIMIT),
    *((SCRIPTS / f'{x}.js', SCRIPT_LIMIT) for x in NAMES),
    *((picture_of(x), PICTURE_LIMIT) for x in NAMES)],
    ids=lambda x: getattr(x, 'name', ''))
def test_a_figure_is_light(path, limit):
    assert weight(path) < limit
