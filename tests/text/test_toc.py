"""_toc.yml lists all pages; a mistake in it is told with the way out."""

import pytest
from books import write_page, write_pair

from book.chapters import toc
from book.chapters.errors import BookError


def problem(root, chapter=None):
    with pytest.raises(BookError) as caught:
        toc.pages(root, chapter)
    return str(caught.value)


def test_pages_come_in_reading_order_or_some_by_their_slugs(tiny_book):
    assert [str(page) for page in toc.pages(tiny_book)] == [
        'index', 'part/index', 'part/first', 'part/second']
    assert [str(x) for x in toc.pages(tiny_book, 'second')] == ['part/second']
    assert [x.slug for x in toc.pages(tiny_book, 'second first')] == [
        'second', 'first']


@pytest.mark.parametrize('name, is_chapter, is_lesson', [
    ('preface/index', False, False),
    ('preface/install', True, False),
    ('part/first', True, True),
    ('appendix/mnist-softmax', True, True),
    ('appendix/terminology', True, False),
    ('appendix/results', True, False),
    ('appendix/teaching', True, False),
])
def test_lessons_are_the_chapters_that_teach(
    tmp_path, name, is_chapter, is_lesson
):
    page = toc.Page(name, tmp_path)
    assert (page.is_chapter, page.is_lesson) == (is_chapter, is_lesson)


@pytest.mark.parametrize('slug', ['third', 'index', 'part/first'])
def test_an_unknown_slug_is_answered_with_all_slugs(tiny_book, slug):
    assert problem(tiny_book, slug) == (
        f"_toc.yml: no chapter '{slug}'; the chapters are\n  first\n  second")


def test_a_chapter_without_its_twin_is_named(tiny_book):
    (tiny_book / 'chapters/zh/part/first.md').unlink()
    assert problem(tiny_book) == (
        'chapters/zh/part/first.md: _toc.yml lists this page but there is '
        'no such file; the page exists in the other language only; write '
        'its twin')


def test_a_listed_page_without_files_is_named_in_both_languages(tiny_book):
    with (tiny_book / '_toc.yml').open('a') as table:
        table.write('      - file: part/third\n')
    lines = problem(tiny_book).splitlines()
    assert [line.split(':')[0] for line in lines] == [
        'chapters/en/part/third.md', 'chapters/zh/part/third.md']
    assert all('take the page out of _toc.yml' in line for line in lines)


def test_a_file_that_is_not_listed_is_named(tiny_book):
    write_pair(tiny_book, 'part/draft', '# Draft\n')
    assert problem(tiny_book).splitlines()[0] == (
        'chapters/en/part/draft.md: not listed in _toc.yml; add the line '
        '"- file: part/draft", or remove the file')


def test_the_mark_with_which_notepad_begins_a_file_is_no_text(tiny_book):
    for path in (tiny_book / '_toc.yml', *tiny_book.glob('chapters/en/*.md')):
        path.write_bytes(b'\xef\xbb\xbf' + path.read_bytes())
    assert toc.pages(tiny_book)[0].text('en') == '# Tiny book\n'


@pytest.mark.parametrize('name', [
    '.ipynb_checkpoints/first-checkpoint.md', 'part/.#first.md',
    'part/._first.md', 'part/~first.md', 'part/first.md~', '.history/a.md'])
def test_what_programs_leave_behind_is_no_page(tiny_book, name):
    before = toc.pages(tiny_book)
    path = tiny_book / 'chapters/en' / name
    path.parent.mkdir(exist_ok=True)
    path.symlink_to('nowhere')  # as the lock of Emacs
    assert toc.pages(tiny_book) == before


@pytest.mark.parametrize('name', ['ja', 'zh-hant', 'drafts'])
def test_a_folder_that_is_no_edition_is_named_with_those_there_are(
    tiny_book, name
):
    write_page(tiny_book, name, 'part/first', '# First\n')
    write_page(tiny_book, name, 'part/second', '# Second\n')
    assert problem(tiny_book) == (
        f'chapters/{name}: no edition; the editions are en and zh, declared '
        'in book/chapters/languages.py; move this folder elsewhere')


def test_pictures_and_hidden_folders_are_no_editions(tiny_book):
    write_page(tiny_book, '.ja', 'part/first', '# First\n')
    (tiny_book / 'chapters/figures').mkdir()
    assert len(toc.pages(tiny_book)) == 4


@pytest.mark.parametrize('table, expected', [
    ('', "'root' key not found @ '/'"),
    ('- index\n', 'must be a table'),
    ('root: index\nchapters: [part/first]\n', "mapping .*/chapters/0'"),
    ('root: index\nchapters:\n  - url: https://example.org\n', 'no file'),
    ('root: index\nchapters:\n  - file: 3\n', "@ '//chapters/0/'"),
    ('root: index\nparts: []\n', '`parts:` is not used'),
    ('root: index\nchapters: [\n', r'_toc\.yml:3: not YAML'),
    ('root: index\nchapters:\n  - file: index\n',
     "used multiple times: 'index'; .* each page once"),
    ('root: index\nchapters: &all\n- file: a\n  sections: *all\n',
     "_toc.yml: document file used multiple times: 'a'"),
    ('root: "\x00"\n', '_toc.yml: not text in UTF-8'),
    ('root: 中\n', '_toc.yml: not text in UTF-8'),
], ids=['empty', 'a list', 'an entry that is a word', 'a link',
        'a number for a file', 'parts', 'a syntax error', 'a page twice',
        'a list inside of itself', 'a null', 'GBK'])
def test_a_mistake_in_the_table_is_explained(tiny_book, table, expected):
    (tiny_book / '_toc.yml').write_text(table, encoding='gbk')
    with pytest.raises(BookError, match=expected):
        toc.pages(tiny_book)


def test_a_missing_table_says_where_to_run(tmp_path):
    assert 'run from the top of the repository' in problem(tmp_path)
