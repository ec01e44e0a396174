"""Long tables in print: they run over pages and their columns fit the words.

Sphinx lets LaTeX choose the columns of a table, but such a table stays on
one page, however long it is.
"""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from book.chapters.markdown import is_wide
from book.rendering.made_pages.tables import column_types

LONG_TABLE, FEW_ROWS = 8, 6  # rows; shorter tables are left to LaTeX
HEADING = 5  # lines that a heading takes
LINE, GAP = 80, 3  # letters in a line of the page and between two columns
NARROW = 16  # letters that a column has at least, if it needs them
TYPEWRITER = 1.1  # how much wider a letter of code is
PAGE = 13  # letters of the number of a page, which a link gets
SIGN, MARK = re.compile(r'\\[A-Za-z]+\s*'), re.compile(r'[{}^_\\]')
WORD = re.compile(r'\S+')


class LongTables(SphinxPostTransform):
    """A table of many rows gets columns of our own and may be parted."""

    default_priority = 390  # before links get addresses and page numbers
    formats = ('latex',)

    def run(self, **kwargs):
        for table in list(self.document.findall(nodes.table)):
            rows = list(table.findall(nodes.row))
            given = 'colwidths-given' in table['classes']
            if len(rows) > LONG_TABLE and not given:
                table['classes'].append('longtable')
                spec = column_types(widths(zip(*rows)))
                columns = addnodes.tabular_col_spec(spec=spec)
                insert(table, columns)
                place = headed(table)
                insert(place, room(table, place is table.parent))


def insert(place, node):
    """Put a node before another one."""
    place.parent.insert(place.parent.index(place), node)


def headed(table):
    """Return where a page may end before a table: no heading stays alone.

    That is its section, if it begins with the table and its columns.
    """
    section = table.parent
    first = section[0] if isinstance(section, nodes.section) else None
    begins = isinstance(first, nodes.title) and section[2] is table
    return section if begins else table.parent[table.parent.index(table) - 1]


def room(table, with_heading=False):
    """Return a command: so many lines of a table belong on one page.

    The addresses of its links come at the foot of the page; a table that has
    some stays with them.
    """
    rows = len(list(table.findall(nodes.row)))
    links = [link for link in table.findall(nodes.reference)
             if '://' in link.get('refuri', '')]
    lines = 2 * rows + len(links) if links else FEW_ROWS
    lines += HEADING * with_heading
    return nodes.raw('', rf'\bookroom{{{lines}}}', format='latex')


def widths(columns):
    """Return the widths of columns of cells, in letters.

    Each has room for its longest word; what is left of the line goes to the
    columns whose cells would need several lines.
    """
    pieces = [[measured(cell) for cell in column] for column in columns]
    most = [max(sum(cell) for cell in column) for column in pieces]
    words = [max(max(cell) for cell in column) for column in pieces]
    least = [max(word, min(NARROW, high)) for word, high in zip(words, most)]
    wanted = sum(most) - sum(least)
    spare = LINE - GAP * len(least) - sum(least)
    share = min(max(spare / wanted, 0), 1) if wanted else 0
    return [round(low + share * (high - low) + GAP)
            for low, high in zip(least, most)]


def measured(cell):
    """Return the widths of the words of a cell, in letters."""
    links = [x.get('refuri', '') for x in cell.findall(nodes.reference)]
    found = [0, *(PAGE for x in links if x.startswith('%'))]
    for text in cell.findall(nodes.Text):
        if isinstance(text.parent, nodes.math):
            found.append(len(MARK.sub('', SIGN.sub('x', text))))
        elif isinstance(text.parent, nodes.literal):
            found += [(len(x) + 1) * TYPEWRITER for x in WORD.findall(text)]
        else:
            wide = sum(map(is_wide, text))
            words = ''.join(' ' if is_wide(x) else x for x in text)
            found += [2] * wide + [len(x) + 1 for x in WORD.findall(words)]
    return found
