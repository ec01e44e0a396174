"""The table of terms is read, and pages are held to it."""

import pytest

from book.chapters import glossary, markdown
from book.chapters.checks import terminology
from book.chapters.errors import PageError

TABLE = '''\
# Terms

| 中文 | English | rejected |
| --- | --- | --- |
| 梯度 | gradient | 坡度、斜度 |
| 梯度下降 | gradient descent | |
| 小批量 | mini-batch | 迷你批, minibatch |
| 批量大小 | batch size | 批量 |
| 交叉熵 | cross-entropy | cross entropy |
'''
TERMS = glossary.read(TABLE)


def page_findings(text):
    return terminology.check_page(TERMS, markdown.items(text), 'page.md')


def gloss_findings(*texts):
    pages = [(f'{n}.md', markdown.items(text))
             for n, text in enumerate(texts, 1)]
    return terminology.check_glosses(TERMS, pages)


def test_the_table_is_read():
    assert TERMS[0] == glossary.Term('梯度', 'gradient', ('坡度', '斜度'), 5)
    assert TERMS[1].rejected == ()


@pytest.mark.parametrize('table, line', [
    ('', 1), ('| a | b |\n| - | - |\n', 1),
    (TABLE + '| 熵 | entropy |\n', 10), (TABLE + '| 熵 | | 商 |\n', 10),
], ids=['no table', 'two columns', 'short row', 'no English'])
def test_a_broken_table_is_named_by_its_line(table, line):
    with pytest.raises(PageError, match=f'TERMINOLOGY.md:{line}: '):
        glossary.read(table)


def test_terms_are_listed_once():
    twice = glossary.read(TABLE + '| 梯度 | slope | |\n| 坡 | Gradient | |\n')
    assert [x.split(';')[0] for x in terminology.check_table(twice)] == [
        'TERMINOLOGY.md:10: 梯度 is in line 5 already',
        'TERMINOLOGY.md:11: gradient is in line 5 already']


@pytest.mark.parametrize('text, finding', [
    ('看坡度。', 'page.md:1: “坡度” is not our word; write “梯度”'),
    ('A\nMinibatch.', 'page.md:2: “Minibatch” is not our word; write '
     '“mini-batch”'),
    ('Two minibatches.', 'page.md:1: “minibatches”'),
    ('用minibatch训练。', 'page.md:1: “minibatch”'),
    ('一个批量。', 'page.md:1: “批量”'),
    ('# 坡度', 'page.md:1: “坡度”'),
    ('Use **cross entropy**.', 'page.md:1: “cross entropy”'),
], ids=['Chinese', 'English in any case', 'plural', 'between Chinese',
        'no part of a longer term', 'heading', 'bold'])
def test_rejected_forms(text, finding):
    found = page_findings(text)
    assert len(found) == 1 and found[0].startswith(finding)


@pytest.mark.parametrize('text', [
    '梯度与小批量。', 'Mini-batches of cross-entropy.', '`minibatch` $坡度$',
    '```\nminibatch\n```', 'xminibatches', '小批量的批量大小',
], ids=['terms', 'English terms', 'code and formulas', 'literal block',
        'part of a word', 'part of longer terms'])
def test_what_pages_may_say(text):
    assert page_findings(text) == []


@pytest.mark.parametrize('texts', [
    ['梯度（gradient）。', '梯度。'],
    ['# 梯度\n\n**梯度**（Gradients）。'],
    ['梯度下降（gradient descent）。'],
    ['`梯度`和梯度（gradient，斜率）'],
], ids=['then without', 'heading first', 'inside a longer term', 'code'])
def test_first_uses_with_a_gloss(texts):
    assert gloss_findings(*texts) == []


@pytest.mark.parametrize('texts, place', [
    (['没有。\n梯度（gradient）。'], ('1.md', 2)),
    (['梯度。', '梯度（gradient）。', '梯度（gradient）'], ('2.md', 1)),
    (['[梯度（gradient）](2.md)', '**梯度**（gradients）'], ('2.md', 1)),
    (['梯度下降（gradient descent）', '梯度'], None),
], ids=['a line', 'first gloss', 'more is said behind a link', 'nowhere'])
def test_where_a_term_is_introduced(texts, place):
    pages = [(f'{n}.md', markdown.items(text))
             for n, text in enumerate(texts, 1)]
    assert glossary.introductions(TERMS, pages).get(TERMS[0]) == place


@pytest.mark.parametrize('text, place', [
    ('A gradient.', 2), ('Gradients', 0), ('ingradient', None),
    ('gradient descent and its gradient', 25), ('', None),
], ids=['word', 'plural', 'part of a word', 'after a longer term', 'empty'])
def test_where_an_english_term_stands(text, place):
    longer = ['gradient descent']
    assert glossary.place_of_word(text, 'gradient', longer) == place


@pytest.mark.parametrize('text, place', [
    ('求梯度（gradient）', 1), ('梯度（Gradients，斜率）', 0), ('梯度', None),
], ids=['gloss', 'plural and more', 'no gloss'])
def test_where_a_chinese_term_is_glossed(text, place):
    assert glossary.place_of_gloss(text, '梯度', 'gradient') == place


@pytest.mark.parametrize('texts, finding', [
    (['没有。\n梯度。', '梯度（gradient）。'], '1.md:2: the first 梯度 of'),
    (['梯度（slope）。'], '1.md:1: the first 梯度 of the book has no gloss; '
     'write 梯度（gradient）'),
    (['梯度(gradient)。'], '1.md:1: the first 梯度'),
    (['x', '用梯度下降。'], '2.md:1: the first 梯度下降'),
], ids=['too late', 'another word', 'half-width brackets', 'second page'])
def test_first_uses_without_a_gloss(texts, finding):
    found = gloss_findings(*texts)
    assert len(found) == 1 and found[0].startswith(finding)
