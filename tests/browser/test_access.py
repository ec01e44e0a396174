"""The book is read by keyboard, on paper, without scripts, and copied."""

import pathlib

import pytest

from book.chapters import reader, toc

HERE = pathlib.Path(__file__).parent
CONTRAST = (HERE / 'contrast.js').read_text('utf-8')
LEAST_CONTRAST = 4.5
CHAPTER = 'crash-course/autograd'
FOCUSED = 'document.activeElement.outerHTML'
COPIED = 'async text => await navigator.clipboard.readText() === text'
IN_VIEW = 'link => link.getBoundingClientRect().top >= 0'
NOT_ON_PAPER = (
    'button, .bd-sidebar, .bd-header-article, .headerlink, .skip-link, '
    '.language-switch, .prev-next-footer')
MARKED = """() => {
  const {activeElement: place} = document;
  return [place, ...place.children].some((element) => {
    const {boxShadow, outlineStyle} = getComputedStyle(element);
    const shadow = boxShadow !== 'none' && !boxShadow.startsWith('rgba(0, 0');
    return shadow || outlineStyle !== 'none';
  });
}"""

pytestmark = pytest.mark.slow


@pytest.fixture(params=toc.LANGUAGES)
def chapter(request, page, site):
    """Return a page that shows a chapter."""
    page.goto(f'{site}/{request.param}/{CHAPTER}.html')
    return page


def test_the_first_tab_leads_past_the_menus(chapter):
    chapter.keyboard.press('Tab')
    link = chapter.wait_for_selector('.skip-link a:focus')
    chapter.wait_for_function(IN_VIEW, arg=link)
    chapter.keyboard.press('Enter')
    chapter.wait_for_url('**#main-content')
    chapter.keyboard.press('Tab')
    chapter.locator('main :focus').wait_for()


def test_the_menus_open_and_close_by_keyboard(chapter):
    menus = chapter.locator('.dropdown').all()
    assert len(menus) == 3
    for menu in menus:
        button, entries = menu.locator('> button'), menu.locator('> ul')
        button.focus()
        chapter.keyboard.press('Enter')
        entries.wait_for()
        chapter.keyboard.press('Tab')
        entries.locator('a:focus').wait_for()
        chapter.keyboard.press('Escape')
        entries.wait_for(state='hidden')
        menu.locator('> button:focus').wait_for()


def test_the_search_field_opens_and_closes_by_keyboard(chapter):
    chapter.keyboard.press('Control+k')
    field = chapter.locator('#search-input:focus')
    field.wait_for()
    chapter.keyboard.press('Escape')
    field.wait_for(state='hidden')


def test_the_place_of_the_keyboard_is_seen(chapter):
    places = 0
    chapter.keyboard.press('Tab')
    while not chapter.locator('article :focus').count():
        assert chapter.evaluate(MARKED), chapter.evaluate(FOCUSED)
        chapter.keyboard.press('Tab')
        places += 1
    assert places > 12


@pytest.mark.parametrize('options', [
    {'permissions': ['clipboard-read', 'clipboard-write']}],
    ids=['clipboard'])
def test_a_cell_is_copied_as_its_author_wrote_it(page, site):
    page.goto(f'{site}/zh/{CHAPTER}.html')
    source = toc.Page(CHAPTER, HERE.parent.parent)
    notebook = reader.read(source.text('zh'), CHAPTER)
    for number, cell in enumerate(reader.code_cells(notebook)):
        block = page.locator('div.cell_input').nth(number)
        block.locator('button.copybtn').click()
        page.wait_for_function(COPIED, arg=cell.source)


@pytest.mark.parametrize('options', [
    {'color_scheme': 'dark'}, {}], ids=['dark', 'light'])
def test_paper_shows_the_text_alone_on_white(chapter):
    chapter.emulate_media(media='print')
    chapter.wait_for_selector('html[data-theme="light"]')
    assert chapter.locator(f'{NOT_ON_PAPER} >> visible=true').count() == 0
    assert chapter.locator('article p:visible').count() > 10
    assert chapter.locator('article img:visible').count() > 0
    assert chapter.locator('h1:visible').count() == 1


@pytest.mark.parametrize('options',
                         [{'java_script_enabled': False,
                           'color_scheme': scheme}
                          for scheme in ('light', 'dark')],
                         ids=['light', 'dark'])
def test_a_chapter_is_read_without_scripts(chapter):
    assert len(chapter.locator('article').inner_text()) > 2000
    widths = 'all => all.map((image) => image.naturalWidth)'
    assert all(chapter.locator('article img').evaluate_all(widths))
    assert not chapter.evaluate(CONTRAST, LEAST_CONTRAST)
    language = chapter.locator('html').get_attribute('lang')[:2]
    (other,) = set(toc.LANGUAGES) - {language}
    chapter.click('.language-switch')
    chapter.wait_for_url(f'**/{other}/{CHAPTER}.html')
