"""Chinese words have room in pictures that are drawn with English ones."""

import contextlib
import pathlib
import re
from xml.etree import ElementTree

import pytest
from books import ROOT

from book.chapters.words import pictures

DRAWINGS = sorted((ROOT / 'chapters/figures').glob('*.svg'))
CHINESE = re.compile('[\u4e00-\u9fff]')
LABEL = '{http://www.w3.org/2000/svg}text'
MEASURE = pathlib.Path(__file__).with_name('lettering.js').read_text('utf-8')


@pytest.fixture(scope='module')
def crowded(browser):
    """Return a function that tells which labels of a picture have no room."""
    with contextlib.closing(browser.new_page()) as page:
        yield lambda svg: {*page.evaluate(MEASURE, svg)}


def test_labels_without_room_are_found(crowded):
    labels = ''.join(f'<text x="{x}" y="20">wide</text>' for x in (5, 9, 80))
    svg = ('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30">'
           f'{labels}</svg>')
    assert crowded(svg) == {'0 touches 1', '2 leaves'}


@pytest.mark.parametrize('path', DRAWINGS, ids=lambda path: path.stem)
def test_in_a_drawing_chinese_has_as_much_room_as_english(crowded, path):
    svg = path.read_text('utf-8')
    chinese = pictures.translated(svg, 'zh', path.stem)
    assert crowded(chinese) - crowded(svg) == set()


@pytest.mark.slow
def test_no_chinese_label_leaves_its_plot(crowded, folder):
    for path in sorted((folder / 'zh/_images').glob('*.svg')):
        svg = path.read_text('utf-8')
        labels = [''.join(x.itertext())
                  for x in ElementTree.fromstring(svg).iter(LABEL)]
        outside = [labels[int(x.split()[0])] for x in crowded(svg)
                   if x.endswith('leaves')]
        assert not [x for x in outside if CHINESE.search(x)], path.name
