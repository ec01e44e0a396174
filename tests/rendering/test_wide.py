"""Plots that the column has no room for are marked, and no others."""

import pytest

from book.rendering.pictures.wide import is_wide


@pytest.mark.parametrize('text, wide', [
    ('<svg xmlns="x" width="684pt" height="200pt">', True),
    ('<svg width="360.5pt" height="684pt">', False),
    ('<svg viewBox="0 0 9 9">', False),
], ids=['wide', 'narrow', 'no width'])
def test_a_plot_is_measured(tmp_path, text, wide):
    path = tmp_path / 'plot.svg'
    path.write_text(text)
    assert is_wide(path) == wide


def test_what_is_no_drawing_or_not_there_is_not_wide(tmp_path):
    (tmp_path / 'plot.png').write_bytes(b'')
    assert not is_wide(tmp_path / 'plot.png')
    assert not is_wide(tmp_path / 'lost.svg')
