"""How long a chapter runs is said coarsely, and its run agrees."""

import pytest
from books import keep_outputs, write_page

from book.chapters import toc
from book.chapters.languages import words
from book.execution import outputs, schedule
from book.experiments import durations

OPENING = '# One\n\n{}\n\n## Two\n\nThis takes a few seconds, 几秒钟.\n'


@pytest.mark.parametrize('seconds, step', [
    (3, 0), (15, 0), (16, 1), (45, 1), (46, 2), (90, 2), (120, 3), (151, 4),
    (3600, 4)])
def test_a_time_has_a_step(seconds, step, language):
    assert durations.step(seconds) == step
    assert durations.coarse(seconds, language) == (
        words(language)['durations'][step])


def test_there_are_words_for_each_step(language):
    assert len(words(language)['durations']) == len(durations.STEPS)


@pytest.mark.parametrize('language, text, step', [
    ('en', 'It runs in less than a minute.', 1),
    ('en', 'Not a few seconds but a minute or two.', 3),
    ('en', 'It runs for half an hour.', None),
    ('zh', '几分钟与几小时的差别。全章不到一分钟。', 1),
    ('zh', '很快。', None),
], ids=['a step', 'the last one', 'none', 'the last one in Chinese',
        'none in Chinese'])
def test_what_an_opening_says(language, text, step):
    assert durations.said(OPENING.format(text), language) == step


@pytest.mark.parametrize('others, place, seconds, found', [
    ([30] * 5, 1, 40, 0), ([30] * 5, 1, 150, 1), ([30] * 5, 2, 16, 0),
    ([30] * 5, 2, 14, 1), ([300] * 5, 1, 400, 0), ([300] * 5, 1, 30, 1),
    ([], 1, 30, 0),
], ids=['right', 'much slower', 'somewhat faster', 'much faster',
        'a slow computer', 'fast on a slow computer', 'alone'])
def test_a_run_refutes_an_opening_beside_the_others(
    others, place, seconds, found
):
    known = {f'page {i}': (1, time) for i, time in enumerate(others)}
    problems = durations.judged({**known, 'this page': (place, seconds)})
    assert len(problems) == found
    assert all('this page' in x for x in problems)


def test_openings_that_say_nothing_or_different_times_are_found(tiny_book):
    assert durations.unsaid(tiny_book) == []  # without a table of results
    (tiny_book / 'book').mkdir()
    (tiny_book / 'book/results.yml').touch()
    texts = {'en': 'It runs in a few seconds.', 'zh': '全章不到一分钟。'}
    for language, said in texts.items():
        page = toc.Page('part/first', tiny_book)
        write_page(tiny_book, language, page.name, page.text(language)
                   .replace('An opening sentence.', said))
    found = durations.unsaid(tiny_book, 'first')
    assert len(found) == 2 and all('other edition' in x for x in found)
    found = durations.unsaid(tiny_book, 'second')
    assert len(found) == 2 and all('does not say' in x for x in found)


def test_only_runs_on_a_processor_with_the_usual_data_count(tiny_book):
    keep_outputs(tiny_book, first=['2\n'])
    page = toc.Page('part/first', tiny_book)
    outputs.write(tiny_book, {x.digest: None for x in schedule.prepare(
        toc.pages(tiny_book))})
    assert durations.seconds(tiny_book, page) is None
