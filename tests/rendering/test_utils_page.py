"""The page about utils.py names what readers may call, and all of it."""

import inspect
import os
import re
from types import SimpleNamespace

import pytest
from books import ROOT

import utils
from book.rendering.made_pages import utils_page

SOURCE = """\
def machinery():
    pass


def twice(x):
    \"\"\"Return 2 x.\"\"\"


class Sum:
    \"\"\"Add up.\"\"\"

    def add(self):
        \"\"\"Add.\"\"\"

    def quiet(self):
        pass
"""
THERE = SimpleNamespace(twice=1, Sum=SimpleNamespace(add=2), found=3)


def page(*names):
    return 'T\n\n' + ''.join(f'.. autofunction:: utils.{x}\n' for x in names)


def text(language):
    path = ROOT / 'chapters' / language / 'appendix/utils-api.md'
    return path.read_text('utf-8')


def test_the_page_has_all_of_utils_and_nothing_else(language):
    source = (ROOT / 'utils.py').read_text('utf-8')
    assert list(utils_page.problems(text(language), source, utils)) == []


def test_a_signature_that_the_page_gives_is_that_of_the_code(language):
    for name, given in re.findall(r':: utils\.(\w+)(\(.*\))', text(language)):
        assert str(inspect.signature(getattr(utils, name))) == given


def test_the_chinese_page_says_in_chinese_what_each_name_does():
    entries = re.split(r'\.\. auto\w+:: ', text('zh'))[1:]
    assert [x for x in entries
            if not re.match(r'\S.*\n\n +.*[\u4e00-\u9fff]', x)] == []


@pytest.mark.parametrize('names, expected', [
    (['twice', 'Sum', 'Sum.add', 'found'], []),
    (['twice', 'Sum'], [(4, 'Sum.add of utils.py is missing; add it, like')]),
    (['thrice', 'twice', 'Sum', 'Sum.add'], [(3, 'utils.py has no thrice;')]),
], ids=['all are there', 'one is missing', 'one is unknown'])
def test_a_wrong_name_is_told_with_its_line(names, expected):
    found = list(utils_page.problems(page(*names), SOURCE, THERE))
    assert [line for line, _ in found] == [line for line, _ in expected]
    assert all(x[1].startswith(y[1]) for x, y in zip(found, expected))


def test_utils_is_imported_anew_and_leaves_nothing_behind(tmp_path):
    environment = dict(os.environ)
    for answer in 'one', 'another':
        (tmp_path / 'utils.py').write_text(
            'import os\nimport no_such_package\n'
            f'os.environ["LEFT"] = ANSWER = {answer!r}\n')
        with utils_page.fresh(tmp_path, ['no_such_package']) as found:
            assert found.ANSWER == answer
    import utils as now

    assert now is utils and os.environ == environment
