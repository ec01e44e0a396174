"""The pictures of a page: files, and descriptions of what cells draw.

What a cell draws is described for those who see none. A description is a
comment on the line before the cell, in the language of the page:
<!-- alt: The loss falls from 0.8 to 0.5 in five epochs. -->
"""

import re
from urllib.parse import unquote

from book.chapters import markdown

MOVING = 'moving-'  # begins the names of figures that move on the site
DESCRIPTION = re.compile(r'<!--\s*alt:\s*(\S[^\n]*?)\s*-->\s*\Z')


def paths(page, language):
    """Return line, address and path of each picture that is a file."""
    folder = page.path(language).parent
    found = markdown.of('image', markdown.items(page.text(language)))
    return [(item.line, item.text, (folder / unquote(item.text)).resolve())
            for item in found if not re.match(r'\w+:', item.text)]


def describe(notebook):
    """Give its description to each picture; MyST-NB writes it as alt."""
    for cell, description in described(notebook):
        if description:
            cell.metadata['mystnb'] = {'image': {'alt': description}}


def described(notebook):
    """Return pairs: a code cell and the description before it, or ''."""
    cells = notebook.cells
    return [(cell, description_of(cells[index - 1].source) if index else '')
            for index, cell in enumerate(cells) if cell.cell_type == 'code']


def description_of(text):
    match = DESCRIPTION.search(text)
    return match[1] if match else ''
