"""Readers move the figures, in both languages, by keyboard and by touch."""

import pytest
from draw import NAMES

from book.chapters.toc import LANGUAGES

# What to do, and the numbers that are told then in each language:
# the control by its place among those of its kind, and its value
RANGE, NUMBER = 'input[type=range]', 'input[type=number]'
CHANGES = [
    ('learning-rate', RANGE, 0, '0.102', ['48.0', '−1.04']),
    ('learning-rate', RANGE, 3, '0', ['0.00571']),
]
STATE = """figure => [figure.querySelector('.moving-panels').innerHTML,
  figure.querySelector('.moving-told').textContent]"""
UNNAMED = """figure => [...figure.querySelectorAll('input, button, select')]
  .filter(x => !x.ariaLabel && !x.closest('label')?.textContent.trim() &&
    !x.textContent.trim()).map(x => x.outerHTML)"""

pytestmark = pytest.mark.slow


@pytest.mark.parametrize('language', LANGUAGES)
@pytest.mark.parametrize('name, kind, place, value, told', CHANGES)
def test_a_control_changes_the_numbers_that_it_should(
        visit, language, name, kind, place, value, told):
    shown = visit(language, name)
    before = shown.told.inner_text()
    assert not all(x in before for x in told)
    shown.figure.locator(kind).nth(place).fill(value)
    after = shown.told.inner_text()
    assert all(x in after for x in told), after
    assert not shown.problems


@pytest.mark.parametrize('language', LANGUAGES)
@pytest.mark.parametrize('name', NAMES)
def test_every_slider_moves_by_keyboard_and_changes_the_figure(
        visit, language, name):
    shown = visit(language, name)
    for slider in shown.figure.locator(RANGE).all():
        before = shown.figure.evaluate(STATE)
        value = slider.input_value()
        slider.focus()
        shown.page.keyboard.press('ArrowLeft')
        if slider.input_value() == value:
            shown.page.keyboard.press('ArrowRight')
        assert slider.input_value() != value
        assert shown.figure.evaluate(STATE) != before
    assert not shown.problems


@pytest.mark.parametrize('language', LANGUAGES)
@pytest.mark.parametrize('name', NAMES)
def test_every_control_has_a_name_and_changes_are_told(
        visit, language, name):
    shown = visit(language, name)
    assert shown.figure.evaluate(UNNAMED) == []
    assert shown.told.get_attribute('aria-live') == 'polite'
    panels = shown.figure.locator('.moving-panels')
    assert panels.get_attribute('role') == 'img'
    assert panels.get_attribute('aria-label')


@pytest.mark.parametrize('name', NAMES)
def test_a_figure_fits_the_smallest_telephone(visit, name):
    shown = visit('en', name, viewport={'width': 320, 'height': 640})
    assert shown.page.evaluate('document.body.scrollWidth') <= 320


@pytest.mark.parametrize('name', NAMES)
def test_without_scripts_and_on_paper_there_is_nothing_to_move(
        browser, site, visit, name):
    page = browser.new_page(java_script_enabled=False)
    page.goto(f'{site}/en/part/{name}.html')
    assert page.locator('figure img:visible').count() == 1
    page.close()
    shown = visit('en', name)
    assert shown.page.locator('figure img:visible').count() == 0
    shown.page.emulate_media(media='print')
    assert shown.figure.locator('svg:visible').count() > 0
    assert shown.figure.locator('input:visible, button:visible').count() == 0


def test_a_page_without_such_a_figure_loads_nothing(browser, site):
    page, asked = browser.new_page(), []
    page.on('request', lambda request: asked.append(request.url))
    page.goto(f'{site}/en/part/none.html')
    page.wait_for_load_state('networkidle')
    page.close()
    assert asked and not any('moving' in x for x in asked)


def test_a_figure_sleeps_until_it_comes_near(browser, site):
    page, asked = browser.new_page(), []
    page.on('request', lambda request: asked.append(request.url))
    page.route('**/*.html', lambda route: route.fulfill(
        body=route.fetch().text().replace(
            '<figure', '<div style="height: 9000px"></div><figure')))
    page.goto(f'{site}/en/part/{NAMES[0]}.html')
    page.wait_for_load_state('networkidle')
    assert not any('frame.js' in x for x in asked)
    page.locator('figure').scroll_into_view_if_needed()
    page.locator('.moving').wait_for()
    assert any('frame.js' in x for x in asked)
    page.close()
