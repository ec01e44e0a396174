"""Addresses of pages that have moved: the old ones lead to the new ones.

A page of the table of contents that gets another name stands here, so that
links to it from elsewhere, and bookmarks, go on to work.
"""

import posixpath

import jinja2

from book.chapters.languages import EDITIONS
from book.execution import files

MOVED = {  # PART/SLUG it had -> PART/SLUG it has now
    'preface/gpu-buying-guide': 'appendix/gpu-buying-guide',
    'preface/teaching': 'appendix/teaching',
}
# The browser keeps the section of an address only where a program goes on
PAGE = jinja2.Template('''\
<!DOCTYPE html>
<html lang="{{ tag }}">
<head>
<meta charset="utf-8">
<meta name="robots" content="noindex">
<title>{{ title }}</title>
<script>location.replace({{ goal | tojson }} + location.hash);</script>
<noscript>
<meta http-equiv="refresh" content="0; url={{ goal }}">
</noscript>
<link rel="canonical" href="{{ goal }}">
</head>
<body><p><a href="{{ goal }}">{{ title }}</a></p></body>
</html>
''')


def add_old_addresses(site, language):
    """Write a page at each old address of an edition that leads on."""
    for old, new in MOVED.items():
        if (site / language / f'{new}.html').is_file():
            goal = posixpath.relpath(new, posixpath.dirname(old)) + '.html'
            edition = EDITIONS[language]
            path = site / language / f'{old}.html'
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write(path, PAGE.render(goal=goal, title=edition.title,
                                          tag=edition.tag))
