"""Each difference between the two languages of a page is found."""

import pytest

from book.chapters.checks import translation

ENGLISH = '''\
(top)=
# Title

Text with $x$ and $y$ and [a link](../part/other.md#one), {ref}`else`.

$$
x = 1 \\quad \\text{if small}
$$ (eq_x)

```{.python .input}
# a comment
a = 'one'
b = 2
```

![a picture](../figures/a.svg)

## Summary

## Exercises

1. One.
2. Two.
'''

CHINESE = '''\
(top)=
# 标题

有$y$和$ x $，[链接](../part/other.md#一)，{ref}`else`。

$$
x=1 \\quad \\text{若很小}
$$ (eq_x)

```{.python .input}
# 注释
a = 'one'

b  =  2  # 二
```

![图](../figures/a.svg)

## 小结

## 练习

1. 一。
2. 二。
'''


def findings(old, new):
    """Return the findings for the pair with one change in the Chinese."""
    assert CHINESE.count(old) == 1
    changed = CHINESE.replace(old, new)
    return translation.check(ENGLISH, changed, 'en.md', 'zh.md')


def test_prose_comments_and_layout_may_differ():
    assert findings('注释', '注释') == []


@pytest.mark.parametrize('old, new, finding', [
    ('b  =  2', 'b = 3', 'zh.md:14: cell 1 is another program than en.md:13'),
    ("'one'", "'一'", 'zh.md:12: cell 1 is another program than en.md:12'),
    ("'one'", 'one one', 'zh.md:10: cell 1, here or in en.md: '),
    ('## 小结', '```{.python .input}\n1\n```\n\n## 小结',
     'zh.md:1: 2 code cells here, but 1 in en.md'),
    ('## 小结', '### 小结',
     'zh.md:19: heading level `3` here, but `2` in en.md:18'),
    ('## 练习\n\n1. 一。\n2. 二。\n', '',
     'zh.md:19: heading level nothing here, but `2` in en.md:20'),
    ('x=1', 'x=2', 'zh.md:6: displayed formula `x=2\\quad\\text{}` here, but '
     '`x=1\\quad\\text{}` in en.md:6'),
    ('$ x $', '$z$', 'zh.md:1: formula `x` of en.md:4 is missing here'),
    ('$ x $', '$x$和$z$', 'zh.md:4: formula `z` is not in en.md'),
    ('a.svg', 'b.svg', 'zh.md:17: picture `../figures/b.svg` here, but '
     '`../figures/a.svg` in en.md:16'),
    ('![图]', ':::{trap}\n空。\n:::\n\n![图]',
     'zh.md:17: box `trap` here, but nothing in en.md'),
    ('(top)=', '(sub)=', 'zh.md:1: label `sub` is not in en.md'),
    ('(eq_x)', '', 'zh.md:1: label `eq_x` of en.md:6 is missing here'),
    ('other.md', 'another.md', 'zh.md:1: link `../part/other.md` of en.md:4'),
    ('{ref}`else`', '', 'zh.md:1: link `else` of en.md:4 is missing'),
    ('2. 二。\n', '', 'zh.md:21: 1 exercises here, but 2 in en.md'),
], ids=['another number', 'another string', 'no Python', 'a cell more',
        'another level', 'a heading less', 'another displayed formula',
        'a formula less', 'a formula more', 'another picture',
        'a box more', 'another label', 'a label less', 'another link',
        'a reference less', 'an exercise less'])
def test_differences(old, new, finding):
    assert any(x.startswith(finding) for x in findings(old, new)), \
        findings(old, new)


def test_order_of_displayed_formulas_counts():
    one, other = '$$\na\n$$\n\n$$\nb\n$$\n', '$$\nb\n$$\n\n$$\na\n$$\n'
    assert len(translation.check(one, other, 'en.md', 'zh.md')) == 1
