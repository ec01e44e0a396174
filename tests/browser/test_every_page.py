"""Every page of both editions is whole, in any window and any light."""

import pathlib
import re
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

from book.chapters import toc
from book.chapters.languages import EDITIONS

HERE = pathlib.Path(__file__).parent
SETTLED = (HERE / 'settled.js').read_text('utf-8')
FACTS = (HERE / 'facts.js').read_text('utf-8')
CONTRAST = (HERE / 'contrast.js').read_text('utf-8')
LEAST_CONTRAST = 4.5
WIDTHS = 320, 390, 768, 1280
RESIZED = 'width => innerWidth === width'
WIDEST = 'document.documentElement.scrollWidth'
CHINESE = re.compile('[\u4e00-\u9fff]')
CASES = [(language, name) for language in toc.LANGUAGES
         for name in [*map(str, toc.pages(HERE.parent.parent)), 'genindex']]

pytestmark = pytest.mark.slow


@pytest.fixture(scope='module')
def reader(watch):
    """Return one page for all visits, and the list of its problems."""
    with watch() as watched:
        yield watched


@pytest.fixture(scope='module', params=CASES, ids='/'.join)
def visit(request, reader, site):
    """Return what there is to know of a page, which is loaded once."""
    language, name = request.param
    page, problems = reader
    problems.clear()
    response = page.goto(f'{site}/{language}/{name}.html')
    page.wait_for_function(SETTLED)
    return SimpleNamespace(
        language=language,
        source=BeautifulSoup(response.text(), 'html.parser'),
        pale={x: pale_texts(page, x) for x in ('light', 'dark')},
        sideways=[x for x in WIDTHS if goes_sideways(page, x)],
        problems=problems.copy(), **page.evaluate(FACTS))


def pale_texts(page, scheme):
    """Return the texts that are hard to read in light or dark mode."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_selector(f'html[data-theme="{scheme}"]')
    return page.evaluate(CONTRAST, LEAST_CONTRAST)


def goes_sideways(page, width):
    """Tell whether a page is wider than a window."""
    page.set_viewport_size({'width': width, 'height': 720})
    page.wait_for_function(RESIZED, arg=width)
    return page.evaluate(WIDEST) > width


def test_a_page_needs_no_network_and_its_scripts_work(visit):
    assert not visit.problems


def test_every_formula_is_drawn_and_none_left_as_it_was_written(visit):
    assert visit.formulas == len(visit.source.select('.math'))
    assert not visit.failed
    assert not visit.tex


def test_every_picture_is_there(visit):
    assert len(visit.images) == len(visit.source.select('img'))
    assert all(width for alt, width in visit.images)


def test_every_picture_is_described_in_the_language_of_the_page(visit):
    chinese = visit.language == 'zh'
    described = [alt for alt, _ in visit.images if alt]
    assert len(described) + len(visit.decorative) == len(visit.images)
    assert not any(visit.decorative)
    for alt in described:
        assert alt.strip() and bool(CHINESE.search(alt)) == chinese, alt


def test_a_page_names_its_language(visit):
    assert visit.lang == EDITIONS[visit.language].tag


def test_a_page_has_one_title_and_no_anchor_twice(visit):
    assert visit.titles == 1
    assert not visit.repeated


def test_a_page_is_no_wider_than_the_window(visit):
    assert not visit.sideways


@pytest.mark.parametrize('scheme', ['light', 'dark'])
def test_text_and_code_stand_out_from_their_ground(visit, scheme):
    assert not visit.pale[scheme]
