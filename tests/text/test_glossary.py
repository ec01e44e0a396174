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


def pages(*texts):
    return [(f'{n}.md', markdown.items(text))
            for n, text in enumerate(texts, 1)]


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
    ('梯度与小批量。', None),
    ('Mini-batches of cross-entropy.', None),
    ('`minibatch` $坡度$', None),
    ('```\nminibatch\n```', None),
    ('xminibatches', None),
    ('小批量的批量大小', None),
], ids=['Chinese', 'English in any case', 'plural', 'between Chinese',
        'no part of a longer term', 'heading', 'bold', 'terms',
        'English terms', 'code and formulas', 'literal block',
        'part of a word', 'part of longer terms'])
def test_a_rejected_form_is_named_and_nothing_else(text, finding):
    found = terminology.check_page(TERMS, markdown.items(text), 'page.md')
    assert len(found) == bool(finding)
    assert all(x.startswith(finding) for x in found)


@pytest.mark.parametrize('texts, place', [
    (['没有。\n梯度（gradient）。'], ('1.md', 2)),
    (['梯度。', '梯度（gradient）。', '梯度（gradient）'], ('2.md', 1)),
    (['[梯度（gradient）](2.md)', '**梯度**（gradients）'], ('2.md', 1)),
    (['梯度下降（gradient descent）', '梯度'], None),
], ids=['a line', 'first gloss', 'more is said behind a link', 'nowhere'])
def test_where_a_term_is_introduced(texts, place):
    found = glossary.introductions(TERMS, pages(*texts))
    assert found.get(TERMS[0]) == place


@pytest.mark.parametrize('texts, findings', [
    (['梯度（gradient）。', '梯度。'], []),
    (['# 梯度\n\n**梯度**（Gradients）。'], []),
    (['梯度下降（gradient descent）。'], []),
    (['`梯度`和梯度（gradient，斜率）'], []),
    (['没有。\n梯度。', '梯度（gradient）。'], ['1.md:2: the first 梯度 of']),
    (['梯度（slope）。'], ['1.md:1: the first 梯度 of the book has no gloss; '
                          'write 梯度（gradient）']),
    (['梯度(gradient)。'], ['1.md:1: the first 梯度']),
    (['x', '用梯度下降。'], ['2.md:1: the first 梯度下降']),
], ids=['then without', 'heading first', 'inside a longer term', 'code',
        'too late', 'another word', 'half-width brackets', 'second page'])
def test_the_first_use_of_a_term_has_a_gloss(texts, findings):
    found = terminology.check_glosses(TERMS, pages(*texts))
    assert len(found) == len(findings)
    assert all(x.startswith(y) for x, y in zip(found, findings))
