"""Site, printed book and e-book have one drawing on their covers."""

from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from books import ROOT

from book.chapters.toc import LANGUAGES
from book.rendering.latex import cover

SVG = '{http://www.w3.org/2000/svg}'


def test_the_drawing_outside_a_page_has_its_own_colours():
    svg = cover.alone('<style>x { --a: var(--accent, #123456); }'
                      ' .b { fill: var(--a); }</style>')
    assert '.b { fill: #123456; }' in svg and 'var(' not in svg


def test_paper_gets_the_drawing_of_the_site(tmp_path):
    pytest.importorskip('cairosvg', exc_type=(ImportError, OSError))
    cover.draw(SimpleNamespace(outdir=tmp_path / 'latex'))
    made = tmp_path / 'latex' / cover.NAME
    assert made.read_bytes().startswith(b'%PDF')
    text = (ROOT / 'book/rendering/latex/bookcover.tex').read_text('utf-8')
    assert cover.NAME in text


@pytest.mark.parametrize('language', LANGUAGES)
def test_the_e_book_shows_the_drawing_of_the_site(language):
    path = ROOT / f'book/rendering/epub/cover-{language}.svg'
    image = ElementTree.parse(path).find(f'{SVG}image')
    assert (path.parent / image.get('href')).resolve() == cover.DRAWING
