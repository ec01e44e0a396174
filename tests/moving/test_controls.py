"""Readers move the figures, in both languages, by keyboard and by touch."""

import pytest
from draw_moving import NAMES

from book.chapters.toc import LANGUAGES

# Which control, by its place among those of its kind; its value, or None to
# click it; and the numbers that are told then in each language
RANGE, NUMBER, BUTTON = 'input[type=range]', 'input[type=number]', 'button'
RADIO, CHECK = 'input[type=radio]', 'input[type=checkbox]'
CHANGES = [
    ('learning-rate', RANGE, 0, '0.102', ['48.0', '−1.04']),
    ('learning-rate', RANGE, 3, '0', ['0.00571']),
    ('broadcasting', RADIO, 1, None, ['(10, 1)', '7.4 · 10⁻⁵']),
    ('broadcasting', RANGE, 0, '0', ['28.7']),
    ('softmax', NUMBER, 6, '0', ['2.82']),
    ('softmax', RANGE, 0, '0', ['20.1', '0.581']),
    ('softmax', RANGE, 1, '0', ['1.58']),
    ('hats', RANGE, 3, '0', ['5.988']),
    ('capacity', RANGE, 0, '3', ['0.0677', '0.0930']),
    ('capacity', RANGE, 2, '0', ['7.7 · 10⁻¹³']),
    ('capacity', BUTTON, 0, None, ['0.378']),
    ('dropout', RANGE, 0, '0.2', ['3.24']),
    ('dropout', CHECK, 0, None, ['1.45']),
    ('dropout', BUTTON, 0, None, ['41']),
    ('dropout', BUTTON, 1, None, ['240']),
    ('convolution', RANGE, 2, '2', ['13 × 13']),
    ('convolution', NUMBER, 2, '0', ['−1.83']),
    ('convolution', BUTTON, 1, None, ['0.07']),
    ('gates', RANGE, 0, '0', ['0.50', '2.9 · 10⁻¹¹']),
    ('gates', RANGE, 2, '1.1', ['28.1']),
    ('gates', RANGE, 3, '100', ['0.163']),
]
STATE = """figure => [figure.querySelector('.moving-panels').innerHTML,
  figure.querySelector('.moving-told').textContent]"""
TELLS = """([name, number]) => document.querySelector(
  `#moving-${name} .moving-told`).textContent.includes(number)"""
COUNT = """told => {
  globalThis.changes = 0;
  new MutationObserver(all => { changes += all.length; })
    .observe(told, {childList: true});
}"""
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
    control = shown.figure.locator(kind).nth(place)
    control.fill(value) if value else control.click()
    for number in told:
        shown.page.wait_for_function(TELLS, arg=[name, number])
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


def test_masks_are_drawn_at_once_where_nothing_may_move(visit):
    shown = visit('en', 'dropout', reduced_motion='reduce')
    shown.told.evaluate(COUNT)
    shown.figure.get_by_text('200 more masks').click()
    shown.page.wait_for_function(TELLS, arg=['dropout', ' 240 '])
    assert shown.page.evaluate('changes') == 1


def test_eight_units_that_are_spread_follow_the_sine_closely(visit, formula):
    shown = visit('en', 'hats')
    shown.figure.locator(RANGE).first.fill('8')
    shown.figure.locator(BUTTON).click()
    units = formula('hats', 'evenly', 8)
    error = formula('hats', 'largestError', *units.values())
    assert f'{error:.3f}' in shown.told.inner_text() and error < 0.08


@pytest.mark.parametrize('name, x, y, told', [
    ('learning-rate', 0.5, 0.2, 'f = '), ('convolution', 0.5, 0.5, 'row 12')])
def test_a_touch_of_the_drawing_moves_what_is_there(visit, name, x, y, told):
    shown = visit('en', name, has_touch=True)
    before = shown.told.inner_text()
    box = shown.figure.locator('.moving-panels > svg').first.bounding_box()
    shown.page.touchscreen.tap(box['x'] + x * box['width'],
                               box['y'] + y * box['height'])
    after = shown.told.inner_text()
    assert told in after and after != before


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
    page.locator('figure[id]').scroll_into_view_if_needed()
    page.locator('.moving').wait_for()
    assert any('frame.js' in x for x in asked)
    page.close()
