"""The Chinese edition has Chinese in its pictures, which are drawn once."""

import re

import pytest
from books import ROOT

from book.chapters import glossary
from book.chapters.words import lettering, pictures

DRAWINGS = sorted((ROOT / 'chapters/figures').glob('*.svg'))
TABLE = pictures.table()
GROUPS = {place: words for place, words in TABLE.items()
          if place != pictures.SAME}
ENTRIES = [(place, label) for place, words in GROUPS.items()
           for label in words]
TERMS = glossary.load(ROOT)
GAP = re.compile(rf'[{lettering.HAN}] +\w|\w +[{lettering.HAN}]')


def chinese(element, place=pictures.PLOTS):
    """Return what becomes of an element: its attributes and its text."""
    return re.fullmatch(r'<\w+(.*?)>(.*)</\w+>',
                        pictures.translated(element, 'zh', place)).groups()


def labels(path):
    """Return what a drawing says."""
    return {pictures.said(inside) for _, _, inside
            in pictures.TEXT.findall(path.read_text('utf-8'))}


@pytest.mark.parametrize('path', DRAWINGS, ids=lambda path: path.stem)
def test_all_that_a_drawing_says_has_chinese(path):
    assert pictures.unknown(path.read_text('utf-8'), path.stem) == []


def test_the_table_has_no_words_of_drawings_that_are_no_more():
    drawn = {path.stem: labels(path) for path in DRAWINGS}
    shared = pictures.PLOTS, pictures.EVERYWHERE
    assert GROUPS.keys() - {*drawn, *shared} == set()
    assert [(place, label) for place, label in ENTRIES
            if place not in shared and pictures.GAP not in label
            and label not in drawn[place]] == []


def test_a_drawing_names_only_what_is_called_otherwise_elsewhere():
    shared = TABLE[pictures.EVERYWHERE]
    assert [(place, label) for place, label in ENTRIES
            if place != pictures.EVERYWHERE
            and shared.get(label) == TABLE[place][label]] == []


def terms_in(label):
    """Return the Chinese of the longest terms in a label."""
    every = glossary.pattern(*(term.en for term in TERMS))
    whole = re.sub(r'\bnorm\b', 'normalisation', label)
    return [term.zh for found in every.finditer(whole) for term in TERMS
            if re.fullmatch(glossary.plural(term.en), found[0], re.I)]


def test_words_are_those_of_the_table_of_terms():
    rejected = [x for term in TERMS for x in term.rejected]
    for place, label in ENTRIES:
        word = TABLE[place][label]
        assert [x for x in terms_in(label) if x not in word] == [], label
        assert [x for x in rejected if x in word] == []


def test_words_have_the_gaps_of_pages():
    for place, label in ENTRIES:
        word = TABLE[place][label]
        assert not GAP.search(word)
        assert label.count(pictures.GAP) == word.count(pictures.GAP)


@pytest.mark.parametrize('label, word', [
    ('label', '标签'), ('worker 3', '工作进程 3'),
    ('conv 5 × 5, stride 2', '5 × 5 卷积，步幅 2'),
    *((x, x) for x in ('0.5', 'w1', 'ReLU', 'num_steps', 'y: (10,)',
                       'softmax', '标签')),
], ids=str)
def test_words_change_and_numbers_formulas_and_names_stay(label, word):
    element = f'<text x="1">{label}</text>'
    assert re.sub('<.*?>', '', pictures.translated(element, 'zh', '')) == word
    assert pictures.unknown(f'<text>{label}</text>') == []


def test_a_drawing_may_call_things_otherwise():
    assert chinese('<text>images</text>', 'alexnet')[1] == '图片'
    assert chinese('<text>images</text>', 'twelve-weeks')[1] == '图像'


def test_what_the_table_does_not_have_is_told_and_shown_as_it_is():
    element = '<text x="1">flux &lt; capacity</text>'
    assert pictures.unknown(element * 2) == ['flux < capacity']
    assert pictures.translated(element, 'zh') == element


def test_a_drawing_may_bring_its_own_words():
    element = '<text x="1" data-zh="自己的&lt;">own words</text>'
    attributes, text = chinese(element)
    assert text == '自己的&lt;' and 'data-zh' not in attributes
    assert pictures.unknown(element) == []
    assert chinese('<title data-zh="题">T</title>') == ('', '题')


def test_the_english_edition_shows_pictures_as_they_are_drawn():
    element = '<text data-zh="自己的">label</text>'
    assert pictures.translated(element, 'en') == element


def test_a_chinese_font_comes_first_and_does_not_lean():
    attributes, _ = chinese('<text style="font-style: italic; font-family: '
                            'Arial">label</text>')
    style = re.search('style="([^"]*)"', attributes)[1]
    *_, lean, family = style.split('; ')
    assert lean == 'font-style: normal'
    assert family.startswith("font-family: 'Noto Sans CJK SC', ")


def test_what_matplotlib_places_by_its_start_alone_keeps_its_middle():
    turned = ('<text style="font-size: 10px" '
              'transform="translate(20 90) rotate(-90)">label</text>')
    attributes, _ = chinese(turned)
    assert 'text-anchor: middle' in attributes
    assert 10 < float(re.search(' x="(.*?)"', attributes)[1]) < 13
    at_tick = f'<g id="xtick_1"><g>{turned}</g></g>{turned}'
    ends = re.findall(r'text-anchor: (\w+)',
                      pictures.translated(at_tick, 'zh'))
    assert ends == ['end', 'middle']


def test_the_pieces_of_a_formula_are_read_as_one():
    pieces = ''.join(f'<tspan x="{x}" y="-1" style="font-size: 10px">{text}'
                     '</tspan>\n' for x, text in enumerate('label'))
    attributes, text = chinese(f'<text>\n{pieces}</text>')
    assert text == '标签' and ' x="0" y="-1"' in attributes
