"""MyST becomes Markdown that every notebook program understands."""

import dataclasses

import pytest

from book.chapters.errors import PageError
from book.shipping.commonmark import Place, convert


def place(language='en'):
    return Place(page='part/page', language=language,
                 titles={'part/other': 'Other', 'else/where': 'Where'},
                 figures={'graph': '2.1'}, images={'x.svg': 'data:x'},
                 labels={'there': 'else/where', 'here': 'part/page'})


@pytest.mark.parametrize('text, expected', [
    ('See {numref}`graph`.', 'See Figure 2.1.'),
    ('{numref}`drawing %s <graph>`', 'drawing 2.1'),
    ('{ref}`the index <genindex>`', 'the index'),
    ('{ref}`a <there>`', '[a](../else/where.ipynb)'),
    ('{ref}`a <here>`', 'a'),
    ('a\n\n(here)=\n## B', 'a\n\n## B'),
    ('[a](other.md)', '[a](other.ipynb)'),
    ('[a](../else/where.md#b)', '[a](../else/where.ipynb)'),
    ('[the *part*](index.md)', 'the *part*'),
    ('[a](#below)', 'a'),
    ('[a](https://b.org/c.md)', '[a](https://b.org/c.md)'),
    ('![a "b"](x.svg)', '<img alt="a &quot;b&quot;" src="data:x">'),
    ('a\n\n<!-- b -->\n\nc', 'a\n\nc'),
    ('a<!-- b -->\nc', 'a\nc')],
    ids=['number of a figure', 'number of a figure in words of the author',
         'words for what only the site has', 'section of another page',
         'section of the page', 'label', 'link to a page',
         'link to a section', 'link to a page that is no notebook',
         'link inside the page', 'link to the web', 'image',
         'comment between paragraphs', 'comment in a line'])
def test_what_only_jupyter_book_knows_is_replaced(text, expected):
    assert convert(text, place()) == expected


@pytest.mark.parametrize('text', [
    '```python\n{eq}`rule`\n:::{note}\n<!-- a -->\n```',
    '`` {eq}`rule` `` and `[a](other.md)`', '$a [b](other.md)$',
    '$$\n[b](other.md) <!-- c -->\n$$',
    '| a | b |\n| --- | --- |\n| `c` | $d$ |', '1. a\n1. b\n   c'],
    ids=['fence', 'code', 'formula', 'displayed formula', 'table', 'list'])
def test_all_the_rest_stays_as_it_was_written(text):
    assert convert(text, place()) == text


NOTE = ':::{note}\nSee {numref}`graph`\n\na\n:::'
BOX = ':::{pytorch}\na `b`\n:::'
TIP = '- a\n\n  ```{tip}\n  b\n  ```\n\n- c'
FIGURE = ':::{figure-md} graph\n![alt](x.svg)\n\nA $b$.\n:::'
IMAGE = '<img alt="alt" src="data:x">\n\n'


@pytest.mark.parametrize('language, text, expected', [
    ('en', NOTE, '> **Note**\n>\n> See Figure 2.1\n>\n> a'),
    ('zh', NOTE, '> **注意**\n>\n> See 图2.1\n>\n> a'),
    ('en', BOX, '> **In PyTorch**\n>\n> a `b`'),
    ('zh', BOX, '> **在PyTorch里**\n>\n> a `b`'),
    ('en', TIP, '- a\n\n  > **Tip**\n  >\n  > b\n\n- c'),
    ('en', FIGURE, f'{IMAGE}**Figure 2.1**: A $b$.'),
    ('zh', FIGURE, f'{IMAGE}**图2.1**：A $b$.')],
    ids=['note', 'note in Chinese', 'box', 'box in Chinese', 'note in a list',
         'figure', 'figure in Chinese'])
def test_a_note_becomes_a_quotation_and_a_figure_an_image_with_its_number(
        language, text, expected):
    assert convert(text, place(language)) == expected


TABS = ('::::{tab-set}\n\n:::{tab-item} One\n:sync: one\n\n[a](other.md)\n'
        ':::\n\n:::{tab-item} Two\n:sync: two\n\n```bat\nb\n```\n:::\n\n::::')


@pytest.mark.parametrize('text, expected', [
    (TABS, '**One**\n\n[a](other.ipynb)\n\n**Two**\n\n```bat\nb\n```'),
    (f'a\n\n{TABS}\n\nc', 'a\n\n**One**\n\n[a](other.ipynb)\n\n**Two**\n\n'
     '```bat\nb\n```\n\nc'),
    (':::{rst-class} folded\n:::\n\n- **a**\n  b', '- **a**\n  b'),
], ids=['tabs', 'tabs between paragraphs', 'a list that is folded'])
def test_what_the_site_hides_is_all_there(text, expected):
    assert convert(text, place()) == expected


@pytest.mark.parametrize('address, end', [
    ('https://b.org/a.html',
     ' [On the page](https://b.org/a.html) this figure moves.'), ('', '')],
    ids=['a site', 'none'])
def test_a_figure_that_moves_leads_to_the_site(address, end):
    text = FIGURE.replace('x.svg', '../figures/moving-x.svg')
    where = dataclasses.replace(place(), address=address)
    assert convert(text, where).endswith(f'A $b$.{end}')


@pytest.mark.parametrize('language, text, expected', [
    ('zh', '第一句。\n第二句。', '第一句。第二句。'),
    ('zh', '- 第一句。\n  第二句。', '- 第一句。第二句。'),
    ('zh', 'two English\nwords', 'two English\nwords'),
    ('zh', '**粗。**\n第二句。', '**粗。**\n第二句。'),
    ('en', '第一句。\n第二句。', '第一句。\n第二句。')],
    ids=['paragraph', 'list', 'not between Latin words',
         'not at the end of bold type', 'not in English'])
def test_chinese_lines_are_joined(language, text, expected):
    assert convert(text, place(language)) == expected


@pytest.mark.parametrize('text, problem', [
    ('a\n{eq}`b`', ':12: notebooks have nothing for the role {eq}; use'),
    ('{ref}`b`', ':11: notebooks have nothing for the role {ref}; use'),
    ('a\n\n:::{tabs}\n:::', ':13: notebooks have nothing for the block'),
    ('a\n\n$$\nb\n$$ (c)', ':13: notebooks have nothing for the label'),
    ('a\n\n% b', ':13: notebooks have nothing for a comment that'),
    ('a\n{numref}`b`', ":12: no figure of the book has the label 'b'"),
    (':::{note}\n{numref}`b`\n:::', ':12: no figure of the book has the')],
    ids=['role', 'no words', 'directive', 'formula', 'comment',
         'figure', 'figure in a note'])
def test_what_is_not_known_is_an_error_with_its_line(text, problem):
    with pytest.raises(PageError) as error:
        convert(text, place(), line=11)
    assert f'chapters/en/part/page.md{problem}' in str(error.value)
