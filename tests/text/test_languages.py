"""The words of both editions: the same ones, with the same gaps."""

from string import Formatter

import pytest

from book.chapters.languages import words
from from_scratch_to_gluon.doctor import PROBLEMS


def leaves(table, path=()):
    """Yield the way to each text of a table, and the text."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, key))
        else:
            for number, text in enumerate([value] * isinstance(value, str)
                                          or value):
                yield (*path, key, number), text


def gaps(text):
    """Return the names of what a program puts into a text, sorted."""
    names = [name for _, name, _, _ in Formatter().parse(text)
             if name is not None]
    return sorted(name or str(place) for place, name in enumerate(names))


ENGLISH, CHINESE = (dict(leaves(words(x))) for x in ('en', 'zh'))


def test_both_files_of_words_have_the_same_keys_in_the_same_order():
    assert list(ENGLISH) == list(CHINESE)


@pytest.mark.parametrize(
    'path', [x for x in ENGLISH if x != ('site', 'day', 0)],
    ids=lambda path: '/'.join(map(str, path)))
def test_a_program_can_fill_the_words_of_both_languages(path):
    assert CHINESE[path].strip() or path[-2] == 'and'
    assert gaps(ENGLISH[path]) == gaps(CHINESE[path])


@pytest.mark.parametrize('problem', PROBLEMS)
def test_a_problem_is_told_in_both_languages(problem):
    parts = 'symptom', 'cause', 'cure'
    told = PROBLEMS[problem]
    assert tuple(told['en']) == tuple(told['zh']) == parts
    assert isinstance(told['needed'], bool)
