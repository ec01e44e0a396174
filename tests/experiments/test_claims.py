"""What pages say of their results is judged by the numbers they show."""

import json
import re

import pytest
from books import ROOT, book, keep_outputs, write_page

from book.chapters import toc
from book.chapters.errors import BookError, PageError
from book.experiments import entries
from book.experiments.sentences import claims, formulas, roles, values

NUMBERS = {'gru': 4.96, 'lstm': 5.1, 'rnn': 5.61,
           'loss': (0.8, 0.6, 0.55), 'accuracy': 0.8642, 'gap': -0.0204}
TEXTS = ['epoch 1, loss 0.80\nepoch 2, loss 0.60\n',
         'plain 1,234.5 against normal 0.87']
PATTERNS = [r'^epoch \d, loss (?P<loss>[\d.]+)$',
            r'^plain (?P<plain>[\d.,]+) against normal (?P<normal>[\d.]+)']
VALUES = {'chapter': 'first', 'values': PATTERNS}
CLAIM = {'chapter': 'first', 'claim': 'falls(loss)',
         'en': 'the loss falls in each epoch', 'zh': '损失每一轮都下降'}


@pytest.fixture
def page(tmp_path):
    """Return a page in two languages that says what CLAIM quotes."""
    for language in ('en', 'zh'):
        path = tmp_path / f'chapters/{language}/part/first.md'
        path.parent.mkdir(parents=True)
        path.write_text(f'# One\n\nNow {CLAIM[language]}.\n', 'utf-8')
    return toc.Page('part/first', tmp_path)


@pytest.fixture
def table(tmp_path):
    """Return a function that writes a table of results."""
    def write(*entries):
        path = tmp_path / 'results.yml'
        path.write_text(json.dumps(entries), 'utf-8')
        return path
    return write


# Formulas

@pytest.mark.parametrize('formula, found', [
    ('gru < rnn and lstm < rnn', True), ('max(gru, lstm) < rnn', True),
    ('gru < lstm < rnn', True), ('falls(loss)', True),
    ('rises(loss)', False), ('loss[-1] < 0.5', False),
    ('mean(loss) | round(2)', 0.65), ('abs(gap) < 0.03', True),
])
def test_formulas_compute_with_the_numbers_of_a_run(formula, found):
    assert formulas.compute(formula, NUMBERS) == found


@pytest.mark.parametrize('formula, problem', [
    ('gru <', 'unexpected'), ('speed > 1', "'speed' is undefined"),
    ('loss < 1', 'not supported'), ('loss[7]', 'undefined'),
    ('speed', 'undefined'), ('1 / 0', 'zero'),
    ("''.__class__.__mro__", 'unsafe'), ('open("x")', 'undefined'),
])
def test_what_cannot_be_computed_is_told_with_the_names(formula, problem):
    with pytest.raises(BookError, match=f'(?s){problem}.*known here: acc'):
        formulas.compute(formula, NUMBERS)


# The numbers of a chapter

def test_a_chapter_names_what_it_prints_once_and_several_times(table, page):
    path = table(VALUES)
    assert values.of_texts(path, page, TEXTS) == {
        'loss': (0.8, 0.6), 'plain': 1234.5, 'normal': 0.87}


def test_the_number_of_an_experiment_may_have_a_name(table, page):
    path = table({'chapter': 'first', 'find': '(?P<best>[.0-9]+)$'})
    assert values.of_texts(path, page, ['best: 0.5']) == {'best': 0.5}


@pytest.mark.parametrize('pattern, problem', [
    ('lost (?P<x>.*)', 'matches no output'), ('loss (.*)', 'names no number'),
    ('(?P<x>epoch)', "'epoch', which is no number"),
    (r'(?P<loss>\d+)', 'two patterns of first name loss'),
    ('(', 'unterminated'),
])
def test_a_pattern_that_finds_no_number_is_told(
        table, page, pattern, problem):
    path = table({'chapter': 'first', 'values': [*PATTERNS, pattern]})
    with pytest.raises(BookError, match=problem):
        values.of_texts(path, page, TEXTS)


# Claims

def test_a_claim_that_holds_is_no_problem(table, page):
    assert claims.problems(table(VALUES, CLAIM), page, TEXTS) == []


@pytest.mark.parametrize('formula, numbers', [
    ('rises(loss)', r'loss = \(0.8, 0.6\)'),
    ('plain < normal', 'normal = 0.87, plain = 1234.5'),
    ('normal > 0.9', 'normal = 0.87'),
    ('loss[0] - loss[1] > 0.5', r'loss = \(0.8, 0.6\)'),
    ('abs(plain - normal) < 1', 'normal = 0.87, plain = 1234.5'),
], ids=['a curve', 'a comparison', 'a level', 'a gain', 'a tie'])
def test_a_false_sentence_is_told_with_its_line_and_numbers(
        table, page, formula, numbers):
    path = table(VALUES, {**CLAIM, 'claim': formula})
    [problem] = claims.problems(path, page, TEXTS)
    assert problem.startswith('chapters/en/part/first.md:3: “the loss falls '
                              'in each epoch” is not true of this run: '
                              f'{formula}, but ')
    assert re.search(numbers, problem)


def test_nothing_is_claimed_of_stand_in_data(table, page):
    path = table(VALUES, {**CLAIM, 'claim': 'rises(loss)'})
    texts = ['Using generated stand-in data for mnist.', *TEXTS]
    assert claims.problems(path, page, texts) == []


def test_nothing_is_claimed_of_a_full_run(table, page, monkeypatch):
    path = table(VALUES, {**CLAIM, 'claim': 'rises(loss)'})
    assert claims.problems(path, page, ['gpu(0)', *TEXTS]) == []
    monkeypatch.setenv('BOOK_FULL', '1')
    assert claims.problems(path, page, TEXTS) == []


def test_runs_on_record_are_judged_as_well(table, page):
    seeds = {'autumn': {'loss': [[0.8, 0.6], [0.7, 0.9]]}}
    path = table({**VALUES, 'measured': seeds}, CLAIM)
    [problem] = claims.refuted(path, [page])
    assert problem.endswith('(run autumn, seed 1)')


def test_no_run_on_record_refutes_the_book():
    path = ROOT / 'book/results.yml'
    assert claims.refuted(path, toc.pages(ROOT)) == []


def test_a_claim_that_no_page_makes_is_told(table, page):
    path = table({**CLAIM, 'zh': '损失上升'},
                 {**CLAIM, 'chapter': 'in another book'})
    assert [x.partition('; ')[0] for x in claims.unsaid(path, [page])] == [
        'book/results.yml: claim falls(loss): the page '
        'chapters/zh/part/first.md does not say “损失上升”']


def test_a_claim_needs_both_languages(table):
    path = table({x: y for x, y in CLAIM.items() if x != 'zh'})
    with pytest.raises(BookError, match=r"entry 1: missing keys \['zh'\]"):
        claims.load(path)


def test_the_claims_of_the_book_are_on_its_pages():
    path, pages = ROOT / 'book/results.yml', toc.pages(ROOT)
    assert claims.unsaid(path, pages) == []
    assert entries.chapters(path) <= {page.slug for page in pages}


# Numbers in sentences

@pytest.mark.parametrize('role, shown', [
    ('accuracy:.2f', '0.86'), ('100 * accuracy:.0f', '86'),
    ('accuracy:.0%', '86%'), ('loss[-1]', '0.55'), ('gap:.2f', '−0.02'),
    ('rnn / gru:.1f', '1.1'), ('10000 * accuracy:,.0f', '8,642'),
])
def test_a_sentence_shows_a_number_as_its_author_wants_it(role, shown):
    text = f'First.\nIt is {{result}}`{role}` now.'
    assert roles.filled(text, NUMBERS, 'a.md') == (
        f'First.\nIt is {shown} now.')


@pytest.mark.parametrize('role, problem', [
    ('speed:.2f', "'speed' is undefined"), ('loss:.2f', 'unsupported format'),
    ('gru:.2q', '.2q'), (':.2f', ''),
])
def test_a_number_that_cannot_be_shown_is_told_with_its_line(role, problem):
    with pytest.raises(PageError, match=f'^a.md:6: .*{problem}'):
        roles.filled(f'One.\n{{result}}`{role}`', NUMBERS, 'a.md', 5)


@pytest.mark.parametrize('chapter', [
    x.slug for x in toc.pages(ROOT)
    if roles.ROLE.search(x.text('en') + x.text('zh'))])
def test_the_book_can_show_its_numbers_without_outputs(chapter):
    [page] = toc.pages(ROOT, chapter)
    for language in toc.LANGUAGES:
        shown = roles.of_page(ROOT, page, language, page.text(language),
                                  executed=False)
        assert not roles.ROLE.search(shown)


# A book

PAGE = """\
# First

An opening sentence.

```{{.python .input}}
print(1 + 1)
```

{}
"""
SAID = {'en': 'The sum is {result}`total:.1f`, more than one.',
        'zh': '和是{result}`100 * total:.0f`%，比一大。'}
ENTRIES = [{'chapter': 'first', 'values': [r'(?P<total>\d)']},
           {'chapter': 'first', 'claim': 'total > 1',
            'en': 'more than one', 'zh': '比一大'}]


@pytest.fixture
def claiming(tiny_book):
    """Return a tiny book whose first page shows a number and claims."""
    for language, text in SAID.items():
        write_page(tiny_book, language, 'part/first', PAGE.format(text))
    (tiny_book / 'book').mkdir()
    (tiny_book / 'book/results.yml').write_text(json.dumps(ENTRIES), 'utf-8')
    return tiny_book


@pytest.mark.slow
def test_pages_and_notebooks_show_the_numbers_of_the_run(claiming):
    keep_outputs(claiming, first=['2\n'], second=['42\n'])
    status, _, messages = book(claiming, 'html')
    assert status == 0, messages
    site = claiming / '_build/html'
    assert 'The sum is 2.0, more' in (
        site / 'en/part/first.html').read_text('utf-8')
    assert '和是200%，比一大' in (
        site / 'zh/part/first.html').read_text('utf-8')
    for language in ('en', 'zh'):
        page = claiming / f'chapters/{language}/part/first.md'
        text = page.read_text('utf-8').replace('1 + 1', '3')
        page.write_text(text, 'utf-8')
    keep_outputs(claiming, first=['3\n'], second=['42\n'])
    assert book(claiming, 'html')[0] == book(claiming, 'notebooks')[0] == 0
    for path in (site / 'en/part/first.html',
                 claiming / '_build/notebooks/en/part/first.ipynb'):
        assert 'The sum is 3.0, more' in path.read_text('utf-8')


@pytest.mark.slow
def test_a_page_without_outputs_shows_what_is_on_record(claiming):
    text = '<!-- needs: extra.txt -->\n\nAn opening'
    (claiming / 'extra.txt').write_text('not-to-be-had==1\n')
    for language in ('en', 'zh'):
        path = claiming / f'chapters/{language}/part/first.md'
        path.write_text(path.read_text('utf-8').replace('An opening', text),
                        'utf-8')
    kept = {'measured': {'autumn': {'total': [4, 5]}}}
    (claiming / 'book/results.yml').write_text(
        json.dumps([ENTRIES[0] | kept, ENTRIES[1]]), 'utf-8')
    status, _, messages = book(claiming, 'html')
    assert status == 0, messages
    page = claiming / '_build/html/en/part/first.html'
    assert 'The sum is 4.0, more' in page.read_text('utf-8')


@pytest.mark.slow
@pytest.mark.parametrize('formula, sentence', [
    ('carried < fresh', 'reading on is ahead'),
    ('falls(loss)', 'the loss falls in each epoch'),
    ('accuracy >= 0.8', 'it recognises more than 80 %'),
    ('abs(carried - fresh) < 0.1', 'the two end close together'),
    ('slow / quick > 10', 'it is more than ten times as fast'),
], ids=['comparison', 'curve', 'level', 'closeness', 'time'])
def test_a_false_sentence_stops_the_site(tiny_book, formula, sentence):
    printed = ['loss 0.8\nloss 0.9\nloss 0.7\nfresh 5.1, carried 5.6\n'
               'accuracy 0.79\nslow 12.0 ms, quick 1.5 ms\n']
    patterns = [rf'{name} (?P<{name}>[\d.]+)' for name in (
        'loss', 'fresh', 'carried', 'accuracy', 'slow', 'quick')]
    for language in ('en', 'zh'):
        write_page(tiny_book, language, 'part/first',
                   PAGE.format(f'Now {sentence}.'))
    (tiny_book / 'book').mkdir()
    (tiny_book / 'book/results.yml').write_text(json.dumps([
        {'chapter': 'first', 'values': patterns},
        {'chapter': 'first', 'claim': formula, 'en': sentence,
         'zh': sentence}]), 'utf-8')
    keep_outputs(tiny_book, first=printed, second=['42\n'])
    status, _, messages = book(tiny_book, 'html')
    assert status == 1
    assert (f'chapters/en/part/first.md:9: “{sentence}” is not true of this '
            f'run: {formula}, but ') in messages
    assert not (tiny_book / '_build/html').exists()


@pytest.mark.slow
@pytest.mark.parametrize('command', ['epub', 'notebooks'])
def test_a_false_sentence_stops_the_other_forms(claiming, command):
    keep_outputs(claiming, first=['1\n'], second=['42\n'])
    status, _, messages = book(claiming, command)
    assert status == 1
    assert '“more than one” is not true of this run' in messages
