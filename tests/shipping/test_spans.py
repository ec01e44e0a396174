"""Each piece of a page knows the text that it stands for."""

import pytest

from book.shipping.spans import spans


@pytest.mark.parametrize('text, kind, expected', [
    ('# A [b](c.md) d\n', 'link_open', ['[b](c.md)']),
    ('a ![b](c.svg) d\n', 'image', ['![b](c.svg)']),
    ('a\nb {eq}`c` d\n', 'myst_role', ['{eq}`c`']),
    ('a <!-- b --> c\n', 'html_inline', ['<!-- b -->']),
    ('a\n  b\n', 'softbreak', ['\n  ']),
    ('- a\n  b {eq}`c`\n', 'myst_role', ['{eq}`c`']),
    ('> a\n> b {eq}`c`\n', 'myst_role', ['{eq}`c`']),
    ('> a\n> b\n', 'softbreak', ['\n> ']),
    ('`{eq}` {eq}`c`\n', 'myst_role', ['{eq}`c`']),
    ('`` {eq}`c` `` and $`$\n', 'myst_role', []),
    ('[a {eq}`b`](c.md)\n', 'myst_role', ['{eq}`b`']),
    ('|a|b|\n|-|-|\n|{eq}`c`|{eq}`c`|\n', 'myst_role', ['{eq}`c`'] * 2),
    ('a\n\n:::{note}\nb\n:::\n', 'colon_fence', [':::{note}\nb\n:::\n'])],
    ids=['link in a heading', 'image', 'role in a second line', 'comment',
         'line break', 'role in a list', 'role in a quotation',
         'line break in a quotation', 'role after code that looks like it',
         'code and formulas are no roles', 'role in a link',
         'equal cells of a table', 'directive'])
def test_a_span_covers_its_piece(text, kind, expected):
    found = [x for x in spans(text) if x.token.type == kind]
    assert [text[x.start : x.end] for x in found] == expected


def test_equal_pieces_are_at_different_places():
    found = spans('|a|b|\n|-|-|\n|{eq}`c`|{eq}`c`|\n')
    starts = [x.start for x in found if x.token.type == 'myst_role']
    assert starts == [13, 21]
