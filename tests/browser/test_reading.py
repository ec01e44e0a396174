"""A reader's way through the book, from the front door to a notebook."""

import copy
import pathlib
import shutil

import nbformat
import pytest
from nbclient import NotebookClient

from book.chapters.reader import code_cells
from book.chapters.toc import LANGUAGES
from book.experiments import comparison
from book.shipping import notebooks

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
SETTLED = (HERE / 'settled.js').read_text('utf-8')
CHAPTER, BEFORE = 'crash-course/autograd', 'crash-course/ndarray'
SECTION = 'through-loops-and-branches'
SECTIONS = 'article section section[id]'
SCROLL = """anchor =>
  document.getElementById(anchor).scrollIntoView({behavior: 'instant'})"""
SEEN = """anchor => {
  const heading = document.getElementById(anchor)?.firstElementChild;
  const top = heading?.getBoundingClientRect().top;
  return location.hash === `#${anchor}` && 0 <= top && top < innerHeight / 3;
}"""

pytestmark = pytest.mark.slow


@pytest.mark.parametrize('options', [{'locale': 'zh-CN'}], ids=['zh-CN'])
def test_a_reader_walks_through_the_book(page, site, tmp_path):
    enter(page, site)
    change_language(page, SECTION)
    assert page.url == f'{site}/en/{CHAPTER}.html#{SECTION}'

    page.keyboard.press('Control+k')
    look_up(page, 'gradient descent', f'{site}/en/{CHAPTER}.html')

    page.click('.language-switch')
    page.wait_for_url(f'{site}/zh/{CHAPTER}.html**')
    page.click('.search-button-field')
    look_up(page, '梯度下降', f'{site}/zh/{CHAPTER}.html')

    page.click('.theme-switch-button')
    page.wait_for_selector('html[data-theme="dark"]')
    page.click('a.left-prev')
    page.wait_for_url(f'{site}/zh/{BEFORE}.html')
    page.wait_for_selector('html[data-theme="dark"]')

    assert_runs(download(page, tmp_path))


def enter(page, site):
    """Go from the front door to a chapter of the reader's edition."""
    page.goto(f'{site}/index.html')
    page.click('section.marked .door')
    page.wait_for_url(f'{site}/zh/index.html')
    chapter = page.locator(f'a[href="{CHAPTER}.html"]')
    part = page.locator('.bd-sidebar-primary li.has-children', has=chapter)
    part.locator('.toctree-toggle').click()
    part.locator(chapter).click()
    page.wait_for_url(f'{site}/zh/{CHAPTER}.html')


def change_language(page, section):
    """Scroll to a section; go to its twin and wait until it is seen."""
    page.wait_for_load_state()
    page.wait_for_function(SETTLED)
    page.evaluate(SCROLL, section)
    way = page.locator('.language-switch')
    twin, place = way.evaluate('way => way.href'), way.bounding_box()
    page.mouse.click(place['x'] + 5, place['y'] + 5)  # does not scroll
    page.wait_for_url(f'{twin}#{section}')
    page.wait_for_function(SEEN, arg=section)


def look_up(page, query, address):
    """Type into the search field, which is open; open the first result.

    address: of the page that it leads to, without the anchor.
    """
    page.locator('#search-input:focus').fill(query)
    page.keyboard.press('Enter')
    page.locator('.bd-search-container .found a').first.click()
    page.wait_for_url(f'{address}**')
    marked = page.locator('article .highlighted').first
    assert marked.inner_text().lower() in query


def download(page, folder):
    """Take the notebook of a page home; return its path."""
    page.click('.dropdown-download-buttons button')
    with page.expect_download() as waiting:
        page.click('.dropdown-download-buttons a[href$=".ipynb"]')
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def assert_runs(path):
    """Run a notebook beside `utils.py`; its outputs are those it has."""
    for name in notebooks.UTILS:
        shutil.copy(ROOT / name, path.parent)
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    client = NotebookClient(copy.deepcopy(notebook),
                            resources={'metadata': {
                                           'path': str(path.parent)}})
    again = client.execute()
    assert any(cell.outputs for cell in code_cells(notebook))
    for cells in zip(code_cells(notebook), code_cells(again)):
        expected, found = (comparison.output_text(x.outputs) for x in cells)
        assert comparison.same(expected, found), cells[0].source


def test_the_other_language_opens_at_the_same_section(page, site):
    page.goto(f'{site}/en/{CHAPTER}.html')
    sections = page.locator(SECTIONS).evaluate_all(
        'all => all.map(x => x.id)')
    assert len(sections) > 5
    for section in sections[::2]:
        change_language(page, section)


def test_the_other_language_opens_at_the_same_cell(page, site):
    page.goto(f'{site}/en/{CHAPTER}.html#cell-7')
    page.wait_for_function(SETTLED)
    way = page.locator('.language-switch')
    twin, place = way.evaluate('way => way.href'), way.bounding_box()
    page.mouse.click(place['x'] + 5, place['y'] + 5)
    page.wait_for_url(f'{twin}#cell-7')


def test_the_other_language_opens_at_the_top_when_read_from_there(page, site):
    page.goto(f'{site}/zh/{CHAPTER}.html')
    page.click('.language-switch')
    page.wait_for_url(f'{site}/en/{CHAPTER}.html')
    assert page.evaluate('scrollY') == 0


@pytest.mark.parametrize('language, word', [
    ('en', 'Continue: '),
    ('zh', '接着读：')], ids=LANGUAGES)
def test_the_front_door_leads_back_to_where_the_reader_was(
        page, site, language, word):
    address = f'{site}/{language}/{CHAPTER}.html'
    page.goto(address)
    title = page.locator('article h1').inner_text().rstrip('#')
    page.goto(f'{site}/index.html')
    line = page.locator('.continue:visible')
    assert line.inner_text() == word + title
    line.locator('a').click()
    page.wait_for_url(address)


@pytest.mark.parametrize('language, part, word', [
    ('en', '2. Crash course', 'read'), ('zh', '2. 预备知识', '已读'),
], ids=LANGUAGES)
def test_a_reader_sees_where_a_page_stands_and_which_were_read(
        page, site, language, part, word):
    page.goto(f'{site}/{language}/{CHAPTER}.html')
    where = page.locator('.where li')
    assert where.all_inner_texts()[0] == part
    ticks = page.locator('nav.bd-links a[data-read]')
    assert ticks.count() == 0
    page.locator('.prev-next-area').scroll_into_view_if_needed()
    page.wait_for_selector(f'nav.bd-links a[data-read="{word}"]')
    page.goto(f'{site}/{language}/{BEFORE}.html')
    assert ticks.count() == 1
    assert ticks.first.get_attribute('href').endswith('autograd.html')


def test_one_click_leads_from_a_model_by_hand_to_the_same_with_gluon(
        page, site):
    model = f'{site}/en/supervised-learning/mlp'
    page.goto(f'{model}-scratch.html')
    page.click('.pair a:not([aria-current])')
    page.wait_for_url(f'{model}-gluon.html')
    assert page.locator('.pair a[aria-current]').inner_text() == 'With Gluon'
