"""A cell has an address of its own, and on the site a link to it."""

import pytest
from docutils import nodes
from docutils.utils import new_document

from book.rendering.every_page.anchors import address


@pytest.mark.parametrize('label, links', [('Link', 2), (False, 0)],
                         ids=['site', 'e-book'])
def test_cells_are_counted_and_linked_where_there_is_a_label(label, links):
    document = new_document('page')
    for kind in 'cell', 'note', 'cell':
        document += nodes.container(classes=[kind])
    address(document, label)
    assert [x['ids'] for x in document] == [['cell-1'], [], ['cell-2']]
    found = [x.astext() for x in document.findall(nodes.raw)]
    assert len(found) == links
    assert all('href="#cell-' in x and 'aria-label="Link"' in x
               for x in found)
