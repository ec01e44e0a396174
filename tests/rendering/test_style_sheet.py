"""One style sheet holds what pages need, with the icons they show."""

import base64
import io
import re

import pytest
from fontTools import ttLib

from book.rendering.html import style_sheet

SHOWN = {'fa-bars', 'fa-github'}


def fonts(sheet):
    """Return the fonts that a style sheet contains."""
    return [ttLib.TTFont(io.BytesIO(base64.b64decode(data)))
            for data in re.findall(r'base64,([\w+/=]+)', sheet)]


def test_icons_that_pages_show_have_rules_and_fonts_and_few_others():
    sheet = style_sheet.icons(SHOWN, '')
    assert '.fa-bars:before' in sheet and '.fa-github:before' in sheet
    assert 'fa-wine-bottle' not in sheet
    counts = [len(font.getBestCmap()) for font in fonts(sheet)]
    assert len(counts) == 2 and sum(counts) < 9


def test_an_icon_that_a_sheet_draws_is_in_a_font():
    sheet = style_sheet.icons(SHOWN, 'a::after{content:"\uf08e"}')
    assert any(0xF08E in font.getBestCmap() for font in fonts(sheet))


@pytest.mark.parametrize('font', style_sheet.FONTS)
def test_no_font_is_fetched(font):
    assert 'url(data:' in style_sheet.face(font, {0xF0C9})
