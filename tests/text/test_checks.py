"""The checks and reports on a whole book, here a tiny one."""

import pytest
from books import write_pair

from book.__main__ import main
from book.chapters import checks, glossary, toc
from book.experiments import expected_outputs

TERMS = '| 中文 | English | rejected |\n| - | - | - |\n| 和 | sum | 总数 |\n'
UTILS = '''\
import os
from types import SimpleNamespace

REAL = os.environ.get('BOOK_STAND_IN') != 'always'


def try_gpu():
    return 'cpu(0)'


def find_data(name):
    return SimpleNamespace(identity='real' if REAL else 'stand-in')


def load_data_numbers():
    if not REAL:
        print('STAND-IN DATA: numbers are generated')
    return [1, 2, 3] if REAL else [4, 5, 6]
'''
CHAPTER = '''\
# Second

```{.python .input}
import utils
numbers = utils.load_data_numbers()
print(len(numbers), 'numbers')
```

```{.python .input}
print('sum', sum(numbers))
```
'''
EXPERIMENT = '''\
- {chapter: second, name: only, metric: sum, find: 'sum (.+)',
   cpu: [%s], full: [0, 0]}
'''


@pytest.fixture
def root(tiny_book, monkeypatch):
    """Return the folder of a book with data, terms and an experiment."""
    write_pair(tiny_book, 'part/second', CHAPTER)
    (tiny_book / 'utils.py').write_text(UTILS)
    (tiny_book / 'TERMINOLOGY.md').write_text(TERMS)
    (tiny_book / 'book').mkdir()
    (tiny_book / 'book/results.yml').write_text(EXPERIMENT % '5, 7')
    monkeypatch.chdir(tiny_book)
    return tiny_book


def test_check_prints_every_kind_of_finding(root, capsys):
    write_pair(root, 'part/first', '# First\n\n总数 [a](b.md) {ref}`c`\n')
    assert main(['check', '--chapter', 'first']) == 1
    printed = capsys.readouterr().out
    for finding in ('chapters/en/part/first.md:3: the last two sections',
                    'chapters/zh/part/first.md:1: 2 Chinese characters',
                    'chapters/zh/part/first.md:3: b.md does not exist',
                    "chapters/zh/part/first.md:3: no label 'c'",
                    'chapters/zh/part/first.md:3: “总数” is not our word'):
        assert finding in printed
    assert 'second' not in printed


@pytest.mark.parametrize('name, count', [
    ('part/first', 1), ('preface/first', 0), ('part/index', 0)],
    ids=['lesson', 'front matter', 'overview'])
def test_only_lessons_must_gloss_the_terms(tmp_path, name, count):
    write_pair(tmp_path, name, '# 求和\n\n和是什么？\n')
    table = glossary.read(TERMS)
    found = checks.gloss_findings([toc.Page(name, tmp_path)], table)
    assert len(found) == count


def test_check_finds_nothing_in_a_right_book(root, capsys):
    (root / '_toc.yml').write_text('root: index\n')
    for path in root.glob('chapters/*/part/*.md'):
        path.unlink()
    assert main(['check']) == 0
    assert capsys.readouterr().out == 'nothing found\n'


@pytest.mark.slow
@pytest.mark.parametrize('band, data, status, verdict', [
    ('5, 7', 'auto', 0, 'ok'), ('7, 9', 'auto', 1, 'OUT OF BAND'),
    ('5, 7', 'always', 0, 'stand-in, not judged')],
    ids=['inside', 'outside', 'stand-in data'])
def test_results_are_shown_and_judged(root, capsys, monkeypatch, band, data,
                                      status, verdict):
    (root / 'book/results.yml').write_text(EXPERIMENT % band)
    monkeypatch.setenv('BOOK_STAND_IN', data)
    assert main(['results']) == status
    assert capsys.readouterr().out.strip().endswith(verdict)


@pytest.mark.slow
def test_references_hold_what_does_not_depend_on_the_data(root):
    (root / 'book/results.yml').write_text('')
    assert main(['references']) == 0
    paths = {page.slug: expected_outputs.path(root, page)
             for page in toc.pages(root)}
    found = {slug: expected_outputs.load(path)
             for slug, path in paths.items()}
    assert found['first'] == {1: '2'}
    assert found['second'] == {1: '3 numbers'}
