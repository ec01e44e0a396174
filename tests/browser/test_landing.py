"""The landing page offers both editions, the reader's own first."""

import json

import pytest

pytestmark = pytest.mark.slow

READ = {'language': 'zh', 'page': 'crash-course/ndarray.html', 'title': '1.1'}
LIGHT, DARK = 'rgb(236, 232, 224)', 'rgb(16, 20, 25)'


def open_front(page, site, languages=('en',), **stored):
    """Open it in a browser that prefers languages and remembers values."""
    page.add_init_script(
        'Object.defineProperty(navigator, "languages", '
        f'{{get: () => {json.dumps(languages)}}});'
        f'Object.assign(localStorage, {json.dumps(stored)});')
    page.goto(f'{site}/index.html')


def first_door(page):
    return page.get_attribute('section.marked:first-child .door', 'href')


@pytest.mark.parametrize('languages, expected', [
    (['en-GB'], 'en'),
    (['zh-CN', 'en'], 'zh'),
    (['zh'], 'zh'),
    (['fr', 'zh-Hant-TW', 'en'], 'zh'),
    (['fr', 'de'], 'en'),
    ([], 'en')], ids=' '.join)
def test_at_the_first_visit_the_browser_says_which_door_is_first(
        page, site, languages, expected):
    open_front(page, site, languages)
    assert first_door(page) == f'{expected}/index.html'
    assert page.locator('.door').count() == 2
    assert page.locator('.continue:visible').count() == 0


def test_the_page_that_was_read_last_is_offered_first(page, site):
    open_front(page, site, ['en'], book=json.dumps(READ))
    assert first_door(page) == 'zh/index.html'
    line = page.locator('.continue:visible')
    assert line.text_content() == '接着读：1.1'
    page.keyboard.press('Tab')
    focused = page.evaluate('document.activeElement.href')
    assert focused == f'{site}/zh/{READ["page"]}'


def test_the_first_page_of_an_edition_needs_no_line_of_its_own(page, site):
    open_front(page, site, book=json.dumps(READ | {'page': 'index.html'}))
    assert first_door(page) == 'zh/index.html'
    assert page.locator('.continue:visible').count() == 0


@pytest.mark.parametrize('stored', [
    'no JSON', 'null', '[]', json.dumps({'language': 'zh'}),
    json.dumps(READ | {'language': '../zh'}),
    json.dumps(READ | {'page': 'javascript:alert(1)//.html'}),
    json.dumps(READ | {'page': '../../elsewhere.html'}),
    json.dumps(READ | {'page': ['crash-course/ndarray.html']}),
    json.dumps(READ | {'title': {'toString': 1}}),
    json.dumps(READ | {'title': ' '})])
def test_a_damaged_memory_counts_as_none(page, site, stored):
    open_front(page, site, ['en'], book=stored)
    assert first_door(page) == 'en/index.html'
    assert page.locator('.continue:visible').count() == 0


def test_a_remembered_title_is_shown_as_text(page, site):
    title = '<img src="//elsewhere.test" onerror="x">'
    open_front(page, site, book=json.dumps(READ | {'title': title}))
    assert page.locator('#zh .continue a').text_content() == title


@pytest.mark.parametrize('system, stored, expected', [
    ('light', {}, LIGHT),
    ('dark', {}, DARK),
    ('light', {'mode': 'dark', 'theme': 'dark'}, DARK),
    ('dark', {'mode': 'light', 'theme': 'light'}, LIGHT),
    ('dark', {'mode': 'auto', 'theme': 'light'}, DARK)],
    ids=['light', 'dark', 'dark chosen', 'light chosen', 'as the system'])
def test_light_or_dark_is_what_was_chosen_in_the_book(
        page, site, system, stored, expected):
    page.emulate_media(color_scheme=system)
    open_front(page, site, **stored)
    colour = 'getComputedStyle(document.body).backgroundColor'
    assert page.evaluate(colour) == expected


@pytest.mark.parametrize('language', ['en', 'zh'])
def test_the_doors_open_without_scripts(browser, site, language):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f'{site}/index.html')
        page.click(f'a[href="{language}/index.html"]')
        page.wait_for_url(f'{site}/{language}/index.html')


@pytest.mark.parametrize('name', ['index.html', '404.html'])
def test_nothing_is_cut_off_on_a_small_telephone(page, site, name):
    page.set_viewport_size({'width': 320, 'height': 600})
    page.goto(f'{site}/{name}')
    assert page.evaluate('document.documentElement.scrollWidth') == 320


@pytest.mark.parametrize('path, language', [
    ('missing.html', 'en'),
    ('en/missing.html', 'en'),
    ('zh/missing.html', 'zh'),
    ('zh/part/deep/missing.html', 'zh')])
def test_a_missing_page_leads_back_from_any_depth(page, site, path, language):
    text = page.request.get(f'{site}/404.html').text()
    page.route(
        '**/missing.html',
        lambda route: route.fulfill(body=text, content_type='text/html'))
    page.goto(f'{site}/{path}')
    assert first_door(page) == f'{language}/index.html'
    links = page.locator('main a').evaluate_all('all => all.map(a => a.href)')
    assert sorted(links) == [f'{site}/{language}/{name}.html'
                             for language in ('en', 'zh')
                             for name in ('index', 'search')]
