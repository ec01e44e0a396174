"""A figure that another run would change is put in, or claimed."""

import json

import pytest
from books import ROOT

from book.chapters import toc
from book.experiments.sentences import unguarded

CELL = '```{.python .input}\nnet.train(lr=0.05, n=30)\nprint(7 / 8)\n```\n'
CLAIM = {'chapter': 'first', 'claim': 'a > b', 'en': 'comes out ahead',
         'zh': '领先'}


@pytest.fixture
def figures(tmp_path):
    """Return a function that finds the figures in a sentence of a page."""
    def find(sentence, language='en', *entries):
        (tmp_path / 'book').mkdir(exist_ok=True)
        (tmp_path / 'book/results.yml').write_text(
            json.dumps([CLAIM, *entries]), 'utf-8')
        reference = tmp_path / 'tests/references/part/first.yml'
        reference.parent.mkdir(parents=True, exist_ok=True)
        reference.write_text('1: "0.875"\n')
        for name in ('en', 'zh'):
            page = tmp_path / f'chapters/{name}/part/first.md'
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(f'# One\n\n{CELL}\n{sentence}\n', 'utf-8')
        found = unguarded.findings(tmp_path, toc.Page('part/first', tmp_path),
                                   language)
        return [(line, x.partition(':')[0]) for line, x in found]
    return find


@pytest.mark.parametrize('sentence, found', [
    ('It reaches 0.86.', '0.86'), ('It reaches 86 % of them.', '86'),
    ('It takes 40 seconds.', '40'), ('It is 26 times as fast.', '26'),
    ('It loses 3 points.', '3'), ('It ends near $5.5$.', '5.5'),
])
def test_a_figure_of_a_result_is_found(figures, sentence, found):
    assert figures(sentence) == [(8, found)]


@pytest.mark.parametrize('sentence, found', [
    ('准确率约0.86。', '0.86'), ('准确率达到86%。', '86'),
    ('用了40秒。', '40'), ('快26倍。', '26'), ('差3个百分点。', '3'),
    ('最后在$5.5$左右。', '5.5'),
])
def test_so_it_is_in_chinese(figures, sentence, found):
    assert figures(sentence, 'zh') == [(8, found)]


@pytest.mark.parametrize('sentence', [
    'It reaches {result}`accuracy:.2f`, or {result}`100 * accuracy:.0f` %.',
    'It comes out ahead, at 0.86.', 'The rate is 0.05 for 30 % of them.',
    'A rate of 5 % is what 0.05 says.', 'Seven eighths are 0.875.',
    'Since 2017 all four of 10 classes are used, with `lr=0.3`.',
    'It takes MXNet 1.9.1, and $x_{0.3}$.',
    'It is slow.\n\n## Exercises\n\n1. Take 0.7 for 20 seconds.',
], ids=['put in', 'claimed', 'in the code', 'in per cent', 'in an output',
        'settings', 'versions', 'exercises'])
def test_what_no_run_changes_is_no_finding(figures, sentence):
    assert figures(sentence) == []


def test_what_follows_by_arithmetic_is_listed_as_fixed(figures):
    fixed = {'chapter': 'first', 'fixed': [0.125, 22]}
    assert figures('Half of it is 0.125, or 22 %.', 'en', fixed) == []
    other = {**fixed, 'chapter': 'second'}
    assert figures('Half of it is 0.125.', 'en', other) == [(8, '0.125')]


@pytest.mark.parametrize('chapter', [
    x.slug for x in toc.pages(ROOT) if x.is_lesson])
def test_every_figure_of_the_book_is_guarded(chapter):
    assert unguarded.check(ROOT, chapter) == []
