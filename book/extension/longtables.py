"""Long tables in print: they run over pages and their columns fit the words.

Sphinx lets LaTeX choose the columns of a table, but such a table stays on
one page, however long it is.
"""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from book.extension.lines import is_wide
from book.extension.tables import column_types

LONG_TABLE = 8  # rows; shorter ones are left to LaTeX
LINE, GAP = 80, 3  # letters in a line of the page and between two columns
TYPEWRITER = 1.3  # how much wider a letter of code is
TEX = re.compile(r'\\[A-Za-z]+\s*|[{}^_\\]')
WORD = re.compile(r'\S+')


class LongTables(SphinxPostTransform):
    """A table of many rows gets columns of our own and may be parted."""

    default_priority = 490  # before the numbers of pages join the links
    formats = ('latex',)

    def run(self, **kwargs):
        for table in list(self.document.findall(nodes.table)):
            rows = list(table.findall(nodes.row))
            given = 'colwidths-given' in table['classes']
            if len(rows) > LONG_TABLE and not given:
                table['classes'].append('longtable')
                spec = column_types(widths(zip(*rows)))
                columns = addnodes.tabular_col_spec(spec=spec)
                table.parent.insert(table.parent.index(table), columns)


def widths(columns):
    """Return the widths of columns of cells, in letters.

    Each has room for its longest word; what is left of the line goes to the
    columns whose cells would need several lines.
    """
    pieces = [[measured(cell) for cell in column] for column in columns]
    least = [max(max(cell) for cell in column) for column in pieces]
    most = [max(sum(cell) for cell in column) for column in pieces]
    wanted = sum(most) - sum(least)
    spare = LINE - GAP * len(least) - sum(least)
    share = min(max(spare / wanted, 0), 1) if wanted else 0
    return [
        round(low + share * (high - low) + GAP)
        for low, high in zip(least, most)
    ]


def measured(cell):
    """Return the widths of the words of a cell, in letters."""
    found = [0]
    for text in cell.findall(nodes.Text):
        if isinstance(text.parent, nodes.math):
            found.append(len(TEX.sub('x', text)) / 2)
        elif isinstance(text.parent, nodes.literal):
            found.append(len(text) * TYPEWRITER)
        else:
            wide = sum(map(is_wide, text))
            words = ''.join(' ' if is_wide(x) else x for x in text)
            found += [2] * wide + [len(x) + 1 for x in WORD.findall(words)]
    return found
