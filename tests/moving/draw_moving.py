"""Draw the pictures of the figures that move.

    python tests/moving/draw_moving.py

Print, e-books, notebooks and readers without scripts see a figure as it
starts. Each picture is what the figure's own script draws; needs Chromium
and requirements-browser.txt.
"""

import pathlib
import shutil

ROOT = pathlib.Path(__file__).parents[2]
SCRIPTS = ROOT / 'book/rendering/html/static/moving'
FRAME = 'frame.js'
NAMES = sorted(x.stem for x in SCRIPTS.glob('*.js')
               if x.name not in (FRAME, 'moving.js'))


def picture_of(name):
    """Return where the picture of a figure is."""
    return ROOT / f'chapters/figures/moving-{name}.svg'


def load(page):
    """Load the scripts of all figures into a page of a browser."""
    for name in (FRAME, *(f'{x}.js' for x in NAMES)):
        page.add_script_tag(path=SCRIPTS / name)


def draw(page, name):
    """Return the picture that a figure's script draws."""
    return page.evaluate('name => moving.picture(name)', name)


def main():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        page = running.chromium.launch(
            executable_path=shutil.which('chromium'),
            args=['--no-sandbox']).new_page()
        load(page)
        for name in NAMES:
            picture_of(name).write_text(draw(page, name), encoding='utf-8')
            print(picture_of(name).relative_to(ROOT))


if __name__ == '__main__':
    main()
