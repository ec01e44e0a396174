"""What search engines read: each page with its twin, in one list."""

from xml.etree import ElementTree

from book.chapters.languages import EDITIONS
from book.execution import files

NAME = 'sitemap.xml'
MAPS = 'http://www.sitemaps.org/schemas/sitemap/0.9'
XHTML = 'http://www.w3.org/1999/xhtml'
SEARCH = 'search.html'


def add(site, languages, address):
    """Write the sitemap of a site, and the robots.txt that names it."""
    pages = {language: reading(site / language) for language in languages}
    files.write(site / NAME, text(groups(pages), address))
    files.write(
        site / 'robots.txt',
        f'User-agent: *\nAllow: /\n\nSitemap: {address}{NAME}\n',
    )


def reading(folder):
    """Return the pages of an edition that are there to be read."""
    paths = [path.relative_to(folder) for path in folder.glob('**/*.html')]
    return {
        path.as_posix()
        for path in paths
        if path.parts[0] != '_static' and path.name != SEARCH
    }


def groups(pages):
    """Return the pages that say the same: tables, tag -> path.

    pages: language -> the names of its pages.
    The landing page stands beside the editions' first pages.
    """
    found = {}
    for language, names in pages.items():
        for name in names:
            group = found.setdefault(name, {})
            group[EDITIONS[language].tag] = f'{language}/{name}'
    found.setdefault('index.html', {})['x-default'] = ''
    return [group for _, group in sorted(found.items())]


def text(groups, address):
    """Return the sitemap: each page names its whole group."""
    ElementTree.register_namespace('', MAPS)
    ElementTree.register_namespace('xhtml', XHTML)
    top = ElementTree.Element(f'{{{MAPS}}}urlset')
    for group in groups:
        for path in group.values():
            page = ElementTree.SubElement(top, f'{{{MAPS}}}url')
            place = ElementTree.SubElement(page, f'{{{MAPS}}}loc')
            place.text = address + path
            for tag, other in group.items():
                ElementTree.SubElement(
                    page,
                    f'{{{XHTML}}}link',
                    rel='alternate',
                    hreflang=tag,
                    href=address + other,
                )
    ElementTree.indent(top)
    return (
        ElementTree.tostring(top, encoding='unicode', xml_declaration=True)
        + '\n'
    )
