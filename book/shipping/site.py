"""The pages of both editions -> one site with a front door."""

import pathlib
import shutil

import jinja2

from book.chapters import settings
from book.chapters.errors import BookError
from book.execution import files
from book.shipping import sitemap

FRONT_DOOR = pathlib.Path(__file__).parent / 'front_door'
FRONT = 'index.html', '404.html'
IMAGES = 'favicon.svg', 'social.png'
UNUSED = shutil.ignore_patterns('*.map', 'locales', 'vendor')
ONE_SHEET = 'all.css'  # holds all others


def publish(root, folders, address=None):
    """Put the editions and the front door into the site.

    folders: language -> the folder with its pages.
    address: where the site will stand, for what must name it whole.
    The new site replaces the old one as a whole.
    """
    site = root / files.SITE
    new = site.with_name('html.new')
    shutil.rmtree(new, ignore_errors=True)
    try:
        for language, folder in folders.items():
            shutil.copytree(folder, new / language, ignore=unused)
        add_front(new, address)
        if address:
            sitemap.add(new, folders, address)
        files.replace_folder(site, new)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def address(root):
    """Return where the site will stand, or None if nobody has said."""
    path = root / settings.CONFIG
    table = settings.read(path) if path.exists() else {}
    found = (table.get('html') or {}).get('baseurl')
    if found and not str(found).startswith(('https://', 'http://')):
        raise BookError(
            f'{settings.CONFIG}: html.baseurl is {found!r}; write the whole '
            'address of the site, like https://example.org/book/'
        )
    return f'{found.rstrip("/")}/' if found else None


def unused(folder, names):
    """Return what no page needs; for `shutil.copytree`."""
    if '_static' in pathlib.Path(folder).parts:
        sheets = {x for x in names if x.endswith('.css')} - {ONE_SHEET}
        return UNUSED(folder, names) | sheets
    return {'.buildinfo'}.intersection(names)


def add_front(site, address):
    """Write the landing page and the page for missing pages."""
    pages = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FRONT_DOOR),
        autoescape=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    for name in FRONT:
        text = pages.get_template(name).render(address=address)
        files.write(site / name, text)
    for name in IMAGES:
        shutil.copy(FRONT_DOOR / 'images' / name, site)
