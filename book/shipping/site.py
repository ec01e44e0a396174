"""The pages of both editions -> one site with a front door."""

import pathlib
import shutil

import jinja2

from book.execution import files
from book.rendering import HTML
from book.shipping import moved, notebooks

FRONT_DOOR = pathlib.Path(__file__).parent / 'front_door'
FRONT = 'index.html', '404.html'
IMAGES = HTML / 'favicon.svg', FRONT_DOOR / 'images' / 'social.png'
UNUSED = shutil.ignore_patterns('*.map', 'locales', 'vendor')
ONE_SHEET = 'all.css'  # holds all others


def publish(root, folders, address=None, pages=()):
    """Put the editions and the front door into the site.

    folders: language -> the folder with its pages.
    address: where the site will stand, for what must name it whole;
    pages: those whose notebooks lie beside the site's pages.
    The new site replaces the old one as a whole.
    """
    runnable = notebooks.with_code(pages)
    with files.new_folder(root / files.SITE) as new:
        for language, folder in folders.items():
            shutil.copytree(folder, new / language, ignore=unused)
            sources = new / language / '_sources'
            notebooks.write_each(root, runnable, language, sources)
        add_front(new, address)
        if address:
            add_sitemap(new, address)
        for language in folders:  # not in the site map: nobody looks there
            moved.add_old_addresses(new, language)


def unused(folder, names):
    """Return what no page needs; for `shutil.copytree`."""
    if '_static' in pathlib.Path(folder).parts:
        sheets = {x for x in names if x.endswith('.css')} - {ONE_SHEET}
        return UNUSED(folder, names) | sheets
    return {'.buildinfo'}.intersection(names)


def add_front(site, address):
    """Write the landing page and the page for missing pages."""
    pages = jinja2.Environment(loader=jinja2.FileSystemLoader(FRONT_DOOR),
                               autoescape=True, trim_blocks=True,
                               undefined=jinja2.StrictUndefined)
    for name in FRONT:
        text = pages.get_template(name).render(address=address)
        files.write(site / name, text)
    for path in IMAGES:
        shutil.copy(path, site)


def add_sitemap(site, address):
    """Tell search engines the pages that are there to be read.

    Each page names its twin itself.
    """
    pages = ['']  # the landing page
    for path in sorted(site.glob('*/**/*.html')):
        if '_static' not in path.parts and path.name != 'search.html':
            pages.append(path.relative_to(site).as_posix())
    lines = ''.join(f'{address}{page}\n' for page in pages)
    files.write(site / 'sitemap.txt', lines)
    robots = f'User-agent: *\nAllow: /\n\nSitemap: {address}sitemap.txt\n'
    files.write(site / 'robots.txt', robots)
