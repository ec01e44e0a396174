"""The pages of both editions -> one site with a front door."""

import pathlib
import posixpath
import shutil

import jinja2

from book.chapters.languages import EDITIONS
from book.execution import files
from book.rendering import HTML
from book.rendering.overviews import whole_book
from book.shipping import notebooks

FRONT_DOOR = pathlib.Path(__file__).parent / 'front_door'
# Where the front door's pages are, and what they share with the book's
LAYOUTS = FRONT_DOOR, HTML / 'templates', HTML / 'static'
FRONT = 'index.html', '404.html'
IMAGES = HTML / 'favicon.svg', FRONT_DOOR / 'images' / 'social.png'
UNUSED = shutil.ignore_patterns('*.map', 'locales', 'vendor',
                                'searchtools.js', '*webpack-macros.html')
ONE_SHEET = 'all.css'  # holds all others
# Pages that moved: links from elsewhere and bookmarks go on to work
MOVED = {  # the name that it had -> the one that it has now
    'preface/gpu-buying-guide': 'appendix/gpu-buying-guide',
    'preface/teaching': 'appendix/teaching',
}


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
        add_books(root, new)
        if address:
            add_sitemap(new, address)
        add_old_addresses(new)  # after the site map, which has the new ones


def unused(folder, names):
    """Return what no page needs; for `shutil.copytree`."""
    if '_static' in pathlib.Path(folder).parts:
        sheets = {x for x in names if x.endswith('.css')} - {ONE_SHEET}
        return UNUSED(folder, names) | sheets
    return {'.buildinfo'}.intersection(names)


def template(name):
    """Return a page of the front door, to be rendered."""
    pages = jinja2.Environment(loader=jinja2.FileSystemLoader(LAYOUTS),
                               autoescape=True, trim_blocks=True,
                               undefined=jinja2.StrictUndefined)
    return pages.get_template(name)


def add_front(site, address):
    """Write the landing page and the page for missing pages."""
    for name in FRONT:
        text = template(name).render(address=address)
        files.write(site / name, text)
    for path in IMAGES:
        shutil.copy(path, site)


def add_books(root, site):
    """Copy the printed books and e-books that are there: pages lead to them.
    """
    for language in EDITIONS:
        for form in whole_book.FORMS:
            path = whole_book.built(root, form, language)
            if path.is_file():
                goal = whole_book.path_in_site(form, language)
                files.copy(path, site / goal)


def add_old_addresses(site):
    """Write where a page of the site was one that leads to it."""
    for language, edition in EDITIONS.items():
        for old, new in MOVED.items():
            if (site / language / f'{new}.html').is_file():
                goal = posixpath.relpath(new, posixpath.dirname(old))
                path = site / language / f'{old}.html'
                path.parent.mkdir(parents=True, exist_ok=True)
                files.write(path, template('moved.html').render(
                    edition=edition, goal=f'{goal}.html'))


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
