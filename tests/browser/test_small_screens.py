"""On a telephone a tap enlarges a picture, and terms have cards."""

import pytest

from book.chapters.toc import LANGUAGES

TELEPHONE = {'viewport': {'width': 390, 'height': 844}}
CHAPTER = 'convolutional-neural-networks/cnn-scratch'
BUTTONS = 'button.enlarge'
SCROLLS = 'dialog => dialog.scrollWidth > dialog.clientWidth'
TERM = 'article a.term'

pytestmark = pytest.mark.slow


@pytest.fixture(params=LANGUAGES)
def chapter(request, page, site):
    """Return a page that shows a chapter."""
    page.goto(f'{site}/{request.param}/{CHAPTER}.html')
    page.wait_for_load_state()
    return page


@pytest.mark.parametrize('options', [TELEPHONE], ids=['telephone'])
def test_a_picture_is_enlarged_and_put_away_by_keyboard(chapter):
    button = chapter.locator(BUTTONS).first
    alt = button.locator('img').get_attribute('alt')
    button.focus()
    chapter.keyboard.press('Enter')
    dialog = chapter.locator('dialog.enlarged')
    dialog.wait_for()
    assert dialog.locator('img').get_attribute('alt') == alt
    assert dialog.evaluate(SCROLLS)
    chapter.keyboard.press('Escape')
    dialog.wait_for(state='hidden')
    chapter.locator(f'{BUTTONS}:focus').wait_for()


def test_a_wide_screen_has_no_such_buttons(chapter):
    assert not chapter.locator(BUTTONS).count()


@pytest.mark.parametrize('options', [TELEPHONE], ids=['telephone'])
def test_a_window_that_grows_has_no_such_buttons_either(chapter):
    chapter.locator(BUTTONS).first.wait_for()
    chapter.set_viewport_size({'width': 1280, 'height': 844})
    chapter.locator(BUTTONS).first.wait_for(state='detached')
    assert chapter.locator('figure img').count()


def test_a_term_that_has_the_focus_shows_a_card(chapter):
    term = chapter.locator(TERM).first
    term.focus()
    chapter.keyboard.press('Shift+Tab')
    chapter.keyboard.press('Tab')
    card = chapter.locator('#term-card')
    card.wait_for()
    assert term.get_attribute('data-other') in card.inner_text()
    assert term.get_attribute('data-page') in card.inner_text()
    chapter.keyboard.press('Escape')
    card.wait_for(state='hidden')


def test_a_term_leads_to_where_it_is_introduced(chapter):
    term = chapter.locator(TERM).first
    anchor = term.get_attribute('href').partition('#')[2]
    term.click()
    chapter.wait_for_url(f'**#{anchor}')
    chapter.locator(f'#{anchor}').wait_for(state='attached')


@pytest.mark.parametrize('options', [
    {**TELEPHONE, 'has_touch': True}], ids=['telephone'])
def test_the_first_tap_shows_the_card_the_second_one_follows(chapter):
    before, term = chapter.url, chapter.locator(TERM).first
    term.tap()
    chapter.locator('#term-card').wait_for()
    assert chapter.url == before
    term.tap()
    chapter.wait_for_url('**#term-*')
