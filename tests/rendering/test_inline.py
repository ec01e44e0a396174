"""In a printed line code may break, and Chinese keeps its distance."""

import pytest
from docutils import nodes
from sphinx import addnodes

from book.rendering.latex.inline import BREAK_HERE, GAP, pieces, spaced


def shown(parts):
    """Return the text of nodes, `|` for a break and `_` for a gap."""
    text = ''.join(x.astext() for x in parts)
    return text.replace(BREAK_HERE, '|').replace(GAP, '_')


@pytest.mark.parametrize('code, parts', [
    ('nd.array', 'nd.array'),
    ("Dense(64, activation='relu')", "Dense|(|64, activation=|'relu')"),
    ('update_on_kvstore', 'update_|on_|kvstore'),
    ('python -m book pdf --chapter x', 'python -m book pdf --chapter x'),
], ids=['short', 'a call', 'a name', 'words'])
def test_long_code_breaks_behind_its_signs(code, parts):
    assert shown(pieces(code)) == parts


def text(words):
    return nodes.Text(words)


def link(words, kind=nodes.reference):
    return kind('', '', text(words))


def code(words):
    return nodes.literal('', words)


MARK = nodes.raw('', r'\index{x}', format='latex')
FOOTNOTE = nodes.footnote_reference('', '1')


@pytest.mark.parametrize('line, result', [
    ([text('见'), link('pytorch.org'), text('。')], '见_pytorch.org。'),
    ([text('读'), link('官方教程'), text('吧')], '读官方教程吧'),
    ([link('图%s', addnodes.number_reference), text('画出了')],
     '图%s_画出了'),
    ([text('叫作'), nodes.target(), MARK, text('softmax回归')],
     r'叫作\index{x}_softmax回归'),
    ([text('选项'), code('--quiet'), text('和'), code('x')],
     '选项_--quiet和x'),
    ([link('python.org'), FOOTNOTE, text('装')], 'python.org1装'),
    ([text('用Gluon'), nodes.emphasis('', '再来')], '用Gluon再来'),
], ids=['link', 'Chinese link', 'figure', 'term', 'code', 'footnote',
        'what LaTeX sees'])
def test_a_gap_stands_where_latex_sees_none(line, result):
    assert shown(spaced(line)) == result
