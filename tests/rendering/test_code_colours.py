"""Code on paper and in the e-book: colours of the site, all legible."""

import re

import pytest
from books import ROOT

from book.rendering.code_colours import Dark, Light, rules, sheet

COLOUR = re.compile(r'#[0-9a-f]{6}\b')
INK = re.compile(r'\bcolor: (#\w{6})')
DEFINED = re.compile(r'\\definecolor\{book(\w+)\}\{HTML\}\{(\w+)\}')
BY_DAY = re.compile(r'--(\w+): (#\w{6});')


def brightness(colour):
    """Return how light a colour is, as WCAG counts it."""
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (x / 12.92 if x <= 0.04045
                        else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted(map(brightness, (one, other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize('style', [Light, Dark])
def test_every_kind_of_word_can_be_read_on_its_ground(style):
    inks = set(INK.findall(rules(style).lower()))
    assert len(inks) == 5
    assert [x for x in inks
            if contrast(x, style.background_color) < 4.5] == []


def test_the_inks_of_the_day_can_be_read_on_white_paper():
    assert [x for x in INK.findall(rules(Light).lower())
            if contrast(x, '#ffffff') < 4.5] == []


@pytest.mark.parametrize('style', [Light, Dark])
def test_without_colours_keywords_are_bold_and_comments_slanted(style):
    assert re.search(r'\.k \{.*font-weight: bold', rules(style))
    assert re.search(r'\.c1 \{.*font-style: italic', rules(style))


def test_the_e_book_has_the_inks_of_the_dark_for_the_dark_alone():
    day, night = sheet().lower().split('@media (prefers-color-scheme: dark)')
    assert Light.background_color in day and Dark.background_color in night
    assert not {*COLOUR.findall(day)} & {*COLOUR.findall(night)}


def test_paper_has_the_colours_of_the_site():
    css = (ROOT / 'book/rendering/html/static/palette.css').read_text('utf-8')
    style = (ROOT / 'book/rendering/latex/bookstyle.sty').read_text('utf-8')
    site = dict(BY_DAY.findall(css.split('@media')[0]))
    paper = {name: f'#{value.lower()}' for name, value
             in DEFINED.findall(style)}
    ours = {'ground': 'shade', 'pale': 'rule'}  # names that differ
    assert {ours.get(x, x): y for x, y in paper.items()}.items() \
        <= site.items()
    assert Light.background_color == site['shade']
