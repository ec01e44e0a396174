"""Each rule of style.py finds what it should, and says where."""

import pytest

from book.chapters import markdown
from book.chapters.checks import links, style

ENGLISH = '''\
# Title

Opening. {filler}

## Section

This cell adds.

```{{.python .input}}
1 + 1
```

## Summary

- Done.

## Exercises

1. One.
2. Two.
3. Three.
4. Four.
'''.format(filler='word ' * 1199 + 'word.')

CHINESE = '''\
# 标题

开头。{filler}

## 一节

这一单元做加法，用`nd`和$x$。

```{{.python .input}}
1 + 1
```

## 小结

- 完。

## 练习

1. 一。
2. 二。
3. 三。
4. 四。
'''.format(filler='字' * 2200)


def english(old, new):
    """Return the findings for the English page with one change."""
    assert ENGLISH.count(old) == 1
    return style.check(style.Draft(ENGLISH.replace(old, new)), 'page.md')


def chinese(old, new):
    """Return the findings for the Chinese page with one change."""
    assert CHINESE.count(old) == 1
    draft = style.Draft(CHINESE.replace(old, new), 'zh')
    return style.check(draft, 'page.md')


def test_a_right_page_has_no_findings():
    assert english('Opening', 'Opening') == []
    assert chinese('开头', '开头') == []


@pytest.mark.parametrize('old, new, finding', [
    ('# Title\n', 'Title\n', '1: no title'),
    ('## Section', '# Section', '5: a second title'),
    ('## Section', '## Section\n\n#### Deep', '7: a heading deeper than ###'),
    ('## Section', '### Section', '5: this heading jumps from level 1 to 3'),
    ('1 + 1', '1 +\t1', '10: a tab'),
    ('This cell adds.', 'This cell adds. ', '7: blanks at the end'),
    ('4. Four.\n', '4. Four.', '22: no final newline'),
    ('adds.', 'adds. TODO', '7: TODO'),
    ('## Summary', '```{.json .output n=1}\n[]\n```\n\n## Summary',
     '13: a stored output'),
    ('## Section', '## Section\n:label:`sec`', '6: `:label:` is not known'),
    ('adds.', 'adds, see :numref:`fig`.', '7: `:numref:` is not known'),
    ('adds.', 'adds.\n$$x$$', '8: `$$` that starts no formula'),
    ('adds.', 'adds. ![](x.svg)', '7: the picture x.svg has no alternative'),
    ('1 + 1\n```', '1 + 1', '9: this fence is never closed'),
    ('1 + 1\n', '', '9: this code cell is empty'),
    ('adds.', 'adds.\n\n:::{trap} Beware\nFall.\n:::',
     '9: a box has no title and no options, but here is Beware'),
    ('adds.', 'adds.\n\n:::{trap}\n:class: deep\nFall.\n:::',
     '9: a box has no title and no options, but here is :class:'),
    ('adds.', 'adds.\n\n:::{aside}\n:::', '9: an empty box'),
    ('adds.', 'adds.\n\n:::{predict}\nHow much?',
     '9: this box holds more than text; close it'),
    ('adds.', 'adds.\n\n' + ':::{aside}\nBy the way.\n:::\n\n' * 6,
     '29: the page has 6 boxes; 5 are the limit'),
    ('Opening. ' + 'word ' * 1199 + 'word.', '', '1: no opening'),
    ('## Summary', '## Recap', '22: the last two sections must be'),
    ('4. Four.', '- Four.', '17: 3 numbered exercises'),
    ('This cell adds.\n', '', '8: this code cell is not introduced'),
    ('## Summary', '```{.python .input}\n2\n```\n\n## Summary',
     '13: this code cell is not introduced'),
    ('1 + 1', '1 + 1  # ' + 'x' * 70, '10: 79 columns of code'),
    ('1 + 1', '1 + 1\n' * 30 + '1', '9: a code cell of 31 lines'),
    ('1 + 1', 'import sys\nsys.path', '11: `sys.path` in a code cell'),
    ('1 + 1', 'open("utils.py")', '10: `utils.py` in a code cell'),
    ('1 + 1', 'from book import toc', '10: chapters do not import book'),
    ('Opening. ' + 'word ' * 1199, '', '1: 9 words of prose, outside'),
    ('Opening. ', 'word ' * 1400, '1: 2608 words of prose, outside'),
], ids=['no title', 'two titles', 'too deep', 'level skipped', 'tab',
        'trailing blank', 'no final newline', 'todo', 'stored output',
        'label of another book', 'reference of another book',
        'formula inside a paragraph', 'picture without description',
        'fence left open', 'empty cell', 'box with a title',
        'box with an option', 'empty box', 'box left open', 'many boxes',
        'no opening', 'no summary',
        'few exercises', 'heading, then code', 'code, then code', 'wide code',
        'long cell', 'sys.path', 'utils.py', 'import book', 'too short',
        'too long'])
def test_each_fault_of_a_page_is_named(old, new, finding):
    assert any(x.startswith(f'page.md:{finding}') for x in english(old, new))


def test_what_a_box_says_is_prose_with_its_line():
    found = markdown.items('# T\n\n:::{predict}\nOne.\nTwo `x`.\n:::\n')
    assert [(x.line, x.text) for x in markdown.of('box', found)] == [
        (3, 'predict')]
    assert [x.line for x in markdown.of('prose', found)] == [4, 5]


def test_a_caption_does_not_make_a_page_longer():
    caption = 'word ' * 2000
    figure = f':::{{figure-md}} a\n![a](a.svg)\n\n{caption}\n:::\n\n'
    assert not [x for x in english('## Summary', f'{figure}## Summary')
                if 'words of prose' in x]


@pytest.mark.parametrize('old, new, finding', [
    ('做加法', '用 MXNet', '7: a blank in'),
    ('用`nd`', '用 `nd`', '7: a blank in “单元做加法，用 `…`和`…`。”'),
    ('$x$', '$x$ 的', '7: a blank in'),
    ('做加法，', '做加法,', '7: half-width punctuation'),
    ('做加法，', '做"加法"，', '7: a straight quote'),
    ('## 一节', '## 一节 A', '5: a blank in'),
    ('## 小结', '## Summary', '22: the last two sections must be `## 小结`'),
    ('字' * 2200, '', '1: 16 Chinese characters'),
], ids=['before Latin', 'before code', 'after a formula', 'half-width comma',
        'straight quotes', 'in a heading', 'English summary', 'too short'])
def test_each_fault_of_a_chinese_page_is_named(old, new, finding):
    assert any(x.startswith(f'page.md:{finding}') for x in chinese(old, new))


@pytest.mark.parametrize('text', [
    '形状是(2, 3)，见{ref}`a`和[链接](a.md)。',
    '用`x, y`与$a_{中 a}$，**粗体**MXNet。',
    '```bash\n中文 Latin, "中"\n```',
], ids=['shapes and links', 'inside code and formulas', 'literal blocks'])
def test_what_chinese_pages_may_contain(text):
    assert chinese('- 完。', text) == []


@pytest.mark.parametrize('is_chapter', [True, False],
                         ids=['front matter', 'index'])
def test_pages_that_are_no_lessons_need_no_exercises(is_chapter):
    page = style.Draft('# Part\n\nA part.\n', 'en', is_chapter,
                       is_lesson=False)
    assert style.check(page, 'page.md') == []


def test_code_in_front_matter_is_introduced_as_everywhere():
    text = '# Part\n\nA part.\n\n## Test\n\n```{.python .input}\n1\n```\n'
    found = style.check(style.Draft(text, is_lesson=False), 'page.md')
    assert found == ['page.md:7: this code cell is not introduced; say '
                     'before it what it does, or join it with the cell above']


def test_findings_come_in_the_order_of_lines():
    page = style.Draft('a \n\n\tb\nc \n', is_chapter=False,
                       is_lesson=False)
    lines = [x.split(':')[1] for x in style.check(page, 'p.md')]
    assert lines == ['1', '1', '3', '4']


@pytest.mark.parametrize('text, problem', [
    ('[a](other.md) [b](other.md#place) [c](other.md#other-x-page)', None),
    ('![picture](a.svg)', None),
    ('```{figure} a.svg\n:alt: picture\n```', None),
    ('[web](https://example.org)', None),
    ('[here](#title)', None),
    ('{ref}`known`', None),
    ('{numref}`Figure %s <known>`', None),
    ('{eq}`known`', None),
    ('{doc}`other`', None),
    ('{ref}`index <genindex>`', None),
    ('[a](missing.md)', 'missing.md does not exist'),
    ('![a](b.svg)', 'b.svg does not exist'),
    (':::{figure} b.svg\n:::', 'b.svg does not exist'),
    ('[a](other.md#nowhere)', 'no heading or label #nowhere in other.md'),
    ('[a](#nowhere)', 'no heading or label #nowhere in page.md'),
    ('{ref}`unknown`', "no label 'unknown'"),
    ('{numref}`Figure %s <unknown>`', "no label 'unknown'"),
    ('{eq}`unknown`', "no label 'unknown'"),
])
def test_links_lead_somewhere_or_are_named(text, problem, tmp_path):
    (tmp_path / 'other.md').write_text('(place)=\n# Other `x` page\n')
    (tmp_path / 'a.svg').write_text('<svg/>')
    path = tmp_path / 'page.md'
    draft = style.Draft(f'# Title\n\n{text}\n')
    path.write_text(draft.text)
    found = links.check(draft, path, 'page.md', {'known'})
    assert len(found) == bool(problem)
    assert all(x.startswith(f'page.md:3: {problem}') for x in found)


def test_labels_of_targets_figures_and_formulas():
    text = ('(a)=\n# T\n\n```{figure} x.svg\n:name: b\n```\n\n$$\nx\n$$ (c)\n'
            '\n```{math}\n:label: d\nx\n```\n\n:::{figure-md} e\n![x](x.svg)'
            '\n\nText.\n:::\n')
    assert markdown.labels(style.Draft(text).items) == set('abcde')
