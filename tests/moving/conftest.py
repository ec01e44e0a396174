"""Shared by the tests of the figures that move."""

import contextlib
from types import SimpleNamespace

import pytest
from draw_moving import load
from moving_site import build, served


@pytest.fixture(scope='session')
def site(tmp_path_factory):
    """Return the address of a small site with all figures."""
    with served(build(tmp_path_factory.mktemp('moving'))) as address:
        yield address


@pytest.fixture(scope='session')
def scripts(browser):
    """Return a page of a browser with all figures' scripts, and no figure."""
    with contextlib.closing(browser.new_page()) as page:
        load(page)
        yield page


@pytest.fixture(scope='session')
def formula(scripts):
    """Return a function that calls a formula of a figure."""

    def call(figure, name, *arguments):
        return scripts.evaluate(
            '([figure, name, all]) => '
            'moving.defined[figure].formulas[name](...all)',
            [figure, name, arguments])

    return call


@pytest.fixture
def visit(browser, site):
    """Return a function that opens the page of a figure, and wakes it."""
    with contextlib.ExitStack() as opened:

        def go(language, name, **options):
            page = opened.enter_context(
                contextlib.closing(browser.new_page(**options)))
            problems = []
            page.on('pageerror', lambda error: problems.append(str(error)))
            page.goto(f'{site}/{language}/part/{name}.html')
            figure = page.locator(f'#moving-{name}')
            figure.wait_for()
            told = figure.locator('.moving-told')
            return SimpleNamespace(page=page, figure=figure, told=told,
                                   problems=problems)

        yield go
