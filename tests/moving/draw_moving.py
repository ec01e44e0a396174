"""Draw the pictures of the figures that move.

    python tests/moving/draw_moving.py

Print, e-books, notebooks and readers without scripts see a figure as it
starts. Each picture is what the figure's own script draws, with its Chinese
words beside the English ones; needs Chromium and requirements-browser.txt.
"""

import pathlib
import re
import shutil

ROOT = pathlib.Path(__file__).parents[2]
SCRIPTS = ROOT / 'book/rendering/html/static/moving'
FRAME = 'frame.js'
NAMES = sorted(x.stem for x in SCRIPTS.glob('*.js')
               if x.name not in (FRAME, 'moving.js'))
WORDS = re.compile(r'>([^<>\n]+)(?=</(?:text|title)>)')


def picture_of(name):
    """Return where the picture of a figure is."""
    return ROOT / f'chapters/figures/moving-{name}.svg'


def load(page):
    """Load the scripts of all figures into a page of a browser."""
    for name in (FRAME, *(f'{x}.js' for x in NAMES)):
        page.add_script_tag(path=SCRIPTS / name)


def draw(page, name):
    """Return the picture that a figure's script draws, in both languages."""
    english, chinese = (
        page.evaluate('x => moving.picture(...x)', [name, language])
        for language in ('en', 'zh'))
    assert WORDS.sub('', english) == WORDS.sub('', chinese)
    words = iter(WORDS.findall(chinese))
    return WORDS.sub(lambda x: both(x[1], next(words)), english)


def both(english, chinese):
    """Return the end of a tag with the Chinese words, and the English."""
    if chinese == english:
        return f'>{english}'
    return f' data-zh="{chinese}">{english}'


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
