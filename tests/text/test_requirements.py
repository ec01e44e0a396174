"""A chapter may need packages beyond the lock; without them it is shown
without outputs, and everybody is told.
"""

import nbformat
import pytest
from books import book, chapter, without_outputs, write_pair

from book.chapters import reader, requirements, toc
from book.chapters.errors import BookError, PageError
from book.execution import schedule

COMMENT = '\n\n<!-- needs: requirements-more.txt -->'
PROGRAM = '```{.python .input}\n1\n```\n'


def text(title='First', code='print("ran")'):
    """Return a chapter that needs more than the lock."""
    return chapter(title, code).replace(title, title + COMMENT, 1)


@pytest.fixture
def demanding(tiny_book):
    """Return a function: make the first chapter need some packages."""
    write_pair(tiny_book, 'part/first', text())

    def demand(*lines):
        path = tiny_book / 'requirements-more.txt'
        path.write_text('\n'.join(['# more', *lines, '']))
        return tiny_book

    return demand


@pytest.mark.parametrize('page, names', [
    ('# T' + COMMENT, ['requirements-more.txt']),
    ('# T\n\nneeds: requirements.txt', []),
    ('# T\n\n<!-- alt: needs: a hat -->', []),
], ids=['a declaration', 'prose', 'another comment'])
def test_a_page_declares_what_it_needs(page, names):
    assert reader.read(page).metadata.needs == names


@pytest.mark.parametrize('line, lacking', [
    ('nbformat', []),
    (f'nbformat=={nbformat.__version__}', []),
    ('nbformat==1.0', ['nbformat==1.0']),
    ('no-such-package==2.0', ['no-such-package==2.0']),
    ('nothing==2.0; python_version >= "3"', ['nothing==2.0']),
    ('nothing==2.0; python_version < "3"', []),
    ('', []),
    ('-c requirements.txt', []),
], ids=['any version', 'this version', 'another', 'none',
        'one for this Python', 'one for others', 'an empty line',
        'an option of pip'])
def test_what_is_missing(demanding, line, lacking):
    root = demanding(line)
    found = requirements.missing(root, ['requirements-more.txt'])
    assert found == ({'requirements-more.txt': lacking} if lacking else {})


def test_a_build_for_the_cpu_counts_as_its_version(monkeypatch):
    monkeypatch.setattr(requirements.importlib.metadata, 'version',
                        lambda name: '2.13.0+cpu')
    for version, expected in ('2.13.0', True), ('2.12.0', False):
        wanted = requirements.Requirement(f'torch=={version}')
        assert requirements.installed(wanted) == expected


def test_a_line_that_is_no_requirement_is_named(demanding):
    root = demanding('nbformat', 'what is this')
    with pytest.raises(PageError, match='requirements-more.txt:3: not a req'):
        requirements.missing(root, ['requirements-more.txt'])


def test_a_file_that_is_not_there_is_named(tiny_book):
    with pytest.raises(BookError, match='requirements-more.txt:1: No such'):
        requirements.missing(tiny_book, ['requirements-more.txt'])


def test_both_languages_need_the_same(demanding):
    root = demanding('nbformat')
    path = root / 'chapters/zh/part/first.md'
    path.write_text(path.read_text().replace(COMMENT, ''))
    with pytest.raises(BookError, match='zh/part/first.md:1: the comment'):
        schedule.prepare(toc.pages(root))


@pytest.mark.slow
def test_without_a_package_the_page_says_what_to_install(demanding):
    root = demanding('no-such-package==2.0')
    status, _, messages = book(root, 'html')
    assert status == 0, messages
    assert '1 executed, 0 cached, 0 failed, 1 skipped' in messages
    assert ('skipped: part/first needs no-such-package==2.0: '
            'pip install -r requirements-more.txt') in messages
    said = {'en': 'Not installed: ', 'zh': '没有安装：'}
    for language, words in said.items():
        page = root / f'_build/html/{language}/part/first.html'
        found = page.read_text(encoding='utf-8')
        assert [x for x in said.values() if x in found] == [words]
        assert f'{words}no-such-package==2.0' in found


@pytest.mark.slow
def test_what_has_run_before_is_shown_without_the_package(demanding):
    root = demanding('nbformat')
    chapters = schedule.prepare(toc.pages(root, 'first'))
    table = schedule.execute(root, chapters)
    assert table[chapters[0].digest]
    demanding('nbformat==1.0')
    assert schedule.execute(root, chapters) == {chapters[0].digest: None}
    demanding('nbformat')
    assert schedule.execute(root, chapters) == table, 'from the cache'


@pytest.mark.slow
def test_its_results_are_not_judged(demanding):
    root = demanding('no-such-package==2.0')
    (root / 'book').mkdir()
    (root / 'book/results.yml').write_text(
        '- {chapter: first, name: run, metric: loss, '
        "find: 'ran (.)', cpu: [0, 1], full: [0, 1]}\n")
    status, output, _ = book(root, 'results')
    assert status == 0
    assert output.splitlines()[1].endswith('skipped: not installed')


def test_its_notebook_says_what_to_install(demanding):
    from book.shipping import notebooks

    root = demanding('nbformat')
    without_outputs(root)
    [page] = [x for x in toc.pages(root) if x.slug == 'first']
    cells = notebooks.notebook(root, page, 'en').cells
    assert 'pip install -r requirements-more.txt' in cells[1].source
