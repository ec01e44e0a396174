"""Which pictures turn dark with the page."""

import pytest

from book.rendering.pictures.dark_pictures import is_drawing

PIXELS = '<image width="8" xlink:href="data:image/png;base64,"/>'


@pytest.mark.parametrize('name, content, drawing', [
    ('curve.svg', '<svg><path d="M0 0L1 1"/></svg>', True),
    ('shirt.svg', f'<svg>{PIXELS}</svg>', False),
    ('photo.png', '', False),
])
def test_lines_turn_dark_and_pixels_do_not(tmp_path, name, content, drawing):
    path = tmp_path / name
    path.write_text(content, 'utf-8')
    assert is_drawing(path) == drawing


def test_a_picture_from_elsewhere_is_left_alone(tmp_path):
    assert not is_drawing(tmp_path / 'missing.svg')
