"""English phrases on Chinese pages are marked, single names are not."""

import pytest
from docutils import nodes

from book.rendering.every_page import latin


@pytest.mark.parametrize('text, found', [
    ('读过“Tom’s Hardware”的评测', ['Tom’s Hardware']),
    ("也写作Tom's Hardware。", ["Tom's Hardware"]),
    ('线性回归（linear regression）是', ['linear regression']),
    ('由Jürgen Schmidhuber、Sepp Hochreiter提出',
     ['Jürgen Schmidhuber', 'Sepp Hochreiter']),
    ('比赛“House Prices: Advanced Regression Techniques”',
     ['House Prices: Advanced Regression Techniques']),
    ('数据集Fashion-MNIST和MXNet，用GPU', []),
    ('训练（training）、测试', []),
], ids=['apostrophe', 'straight', 'term', 'names', 'colon', 'names of one',
        'one word'])
def test_a_phrase_has_more_than_one_word(text, found):
    assert [text[slice(*x)] for x in latin.phrases(text)] == found


def marked(text, kind):
    """Return a paragraph whose phrases have been marked."""
    block = nodes.paragraph('', '', nodes.Text(text))
    latin.replace(block[0], latin.phrases(text), kind)
    return block


def test_the_site_is_told_the_language_and_says_the_same():
    text = '读过Tom’s Hardware吗？'
    block = marked(text, latin.shown)
    assert block.astext() == text
    (span,) = block.findall(nodes.inline)
    assert span.astext() == 'Tom’s Hardware'
    assert span['classes'] == ['language-en']


def test_print_gets_the_apostrophe_of_a_latin_font():
    block = marked('读过Tom’s Hardware吗？', latin.printed)
    assert block.astext() == "读过Tom's Hardware吗？"
    (mark,) = block.findall(nodes.raw)
    assert (mark.astext(), mark['format']) == ("'", 'latex')


@pytest.mark.parametrize('parent', [
    nodes.literal(), nodes.math(), nodes.inline(classes=['language-en'])],
    ids=['code', 'formula', 'marked'])
def test_code_and_what_is_marked_stay(parent):
    parent += nodes.Text('a few words')
    assert latin.is_silent(parent[0])
    assert not latin.is_silent(marked('读', latin.shown)[0])
