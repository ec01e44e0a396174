"""Tables, links and numbers of pages that are made from other files."""

from docutils import nodes
from sphinx import addnodes

from book.experiments import results


def table(head, rows, widths):
    """Return a table that scrolls on a telephone and is small in print.

    head: cells; rows: lists of cells, each a text or a list of nodes;
    widths: how the columns share the page. The last cell of a row that is
    too short reaches to the end of the table.
    """
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=width) for width in widths]
    group += nodes.thead('', row(head, len(head)))
    group += nodes.tbody('', *(row(cells, len(head)) for cells in rows))
    classes = ['colwidths-given', 'longtable']
    whole = nodes.table('', group, classes=classes)
    columns = addnodes.tabular_col_spec(spec=column_types(widths))
    return nodes.container('', columns, whole, classes=['made-table'])


def column_types(widths):
    """Return the columns for LaTeX: narrow ones must not be justified."""
    return ''.join(
        rf'>{{\raggedright\arraybackslash}}\X{{{width}}}{{{sum(widths)}}}'
        for width in widths
    )


def row(cells, columns):
    """Return a row of a table with so many columns."""
    entries = [nodes.entry('', *paragraph(cell)) for cell in cells]
    if len(cells) < columns:
        entries[-1]['morecols'] = columns - len(cells)
    return nodes.row('', *entries)


def paragraph(cell):
    """Return the content of a cell: a paragraph if there is any."""
    if isinstance(cell, str):
        cell = [nodes.Text(cell)] if cell else []
    return [nodes.paragraph('', '', *cell)] if cell else []


def page_link(text, page):
    """Return a link to a page of the book."""
    return link(text, 'doc', f'/{page}')


def anchor_link(text, anchor):
    """Return a link to an anchor of the book."""
    return link(text, 'ref', anchor)


def link(text, kind, target):
    return addnodes.pending_xref('', nodes.inline(text, text),
                                 refdomain='std', reftype=kind,
                                 reftarget=target, refexplicit=True,
                                 refwarn=True)


def number(value):
    """Return a number as a page shows it."""
    return '' if value is None else results.shown(value).replace('-', '−')
