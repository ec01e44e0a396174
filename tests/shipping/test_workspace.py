"""A reader's own notebooks: renewed with the book, never overwritten."""

import json
from unittest import mock

import nbformat
import pytest
from books import ROOT, book, write_page, write_tiny_book

from book.chapters.errors import BookError
from book.chapters.toc import LANGUAGES
from book.shipping import notebooks, workspace
from from_scratch_to_gluon import renewal

FIRST = 'part/first.ipynb'
NEWER = 'part/first.new-version.ipynb'
NEWEST = 'part/first.new-version-2.ipynb'


@pytest.fixture
def root(tmp_path):
    """Return a small book."""
    root = tmp_path / 'book'
    root.mkdir()
    return write_tiny_book(root)


@pytest.fixture
def folder(root, tmp_path):
    """Return the folder of a reader who has just got it."""
    folder = tmp_path / 'reader' / 'gluon'
    workspace.write(root, str(folder), 'en')
    return folder


def publish(root, answer):
    """Bring out a new version of a chapter."""
    text = f'# First\n\n```{{.python .input}}\n{answer}\n```\n'
    for language in LANGUAGES:
        write_page(root, language, 'part/first', text)


def renew(root, folder):
    """Renew a folder; return the files that were written."""
    lines = workspace.write(root, str(folder), 'en')
    return [line.split()[0][len(str(folder)) + 1 :] for line in lines]


def notebook_files(folder):
    return sorted(x.relative_to(folder).as_posix()
                  for x in folder.rglob('*.ipynb'))


@pytest.mark.parametrize('language', LANGUAGES)
def test_a_reader_gets_every_notebook_without_outputs(tmp_path, language):
    workspace.write(ROOT, str(tmp_path / 'x'), language)
    found = sorted((tmp_path / 'x').rglob('*.ipynb'))
    pages = notebooks.with_code(notebooks.toc.pages(ROOT))
    assert len(found) == len(pages)
    for path in found:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert not any(x.get('outputs') for x in notebook.cells)
        assert all((path.parent / x).is_file() for x in notebooks.UTILS)


def test_the_folder_explains_itself_in_its_language(root, tmp_path):
    titles = set()
    for language in LANGUAGES:
        workspace.write(root, str(tmp_path / language), language)
        text = (tmp_path / language / 'README.md').read_text('utf-8')
        titles.add(text.split('\n')[0])
        assert 'new-version' in text
    assert len(titles) == len(LANGUAGES)


def test_the_book_needs_no_place_to_write(root, tmp_path):
    before = sorted(root.rglob('*'))
    workspace.write(root, str(tmp_path / 'x'), 'zh')
    assert sorted(root.rglob('*')) == before


def test_nothing_new_writes_nothing(root, folder):
    assert renew(root, folder) == []
    (folder / FIRST).write_text('mine')
    assert renew(root, folder) == []


def test_what_was_left_alone_or_deleted_is_renewed_and_no_more(root, folder):
    (folder / 'part/notes.txt').write_text('mine')
    publish(root, 2)
    assert renew(root, folder) == [FIRST]
    assert '"2"' in (folder / FIRST).read_text()
    assert (folder / 'part/notes.txt').read_text() == 'mine'
    (folder / FIRST).unlink()
    assert renew(root, folder) == [FIRST]


def test_a_changed_notebook_stays_and_the_new_one_is_put_beside(root, folder):
    (folder / FIRST).write_text('mine')
    publish(root, 2)
    assert renew(root, folder) == [NEWER]
    assert '"2"' in (folder / NEWER).read_text()
    assert renew(root, folder) == []
    publish(root, 3)
    assert renew(root, folder) == [NEWER]
    (folder / NEWER).write_text('also mine')
    publish(root, 4)
    assert renew(root, folder) == [NEWEST]
    assert (folder / NEWER).read_text() == 'also mine'
    assert (folder / FIRST).read_text() == 'mine'


def test_taking_the_new_version_over_makes_it_the_books_again(root, folder):
    (folder / FIRST).write_text('mine')
    publish(root, 2)
    renew(root, folder)
    (folder / NEWER).rename(folder / FIRST)
    publish(root, 3)
    assert renew(root, folder) == [FIRST]
    assert notebook_files(folder) == [FIRST, 'part/second.ipynb']


def test_a_chapter_that_left_the_book_stays_with_the_reader(root, folder):
    toc = (root / '_toc.yml').read_text().replace(
        '      - file: part/second\n', '')
    (root / '_toc.yml').write_text(toc)
    for language in LANGUAGES:
        (root / f'chapters/{language}/part/second.md').unlink()
    renew(root, folder)
    assert (folder / 'part/second.ipynb').exists()


def renew_until_the_disk_is_full(root, folder, *placed):
    """Renew a folder on a disk that takes as many files as are `placed`."""
    full = OSError(28, 'No space left on device', str(folder))
    with mock.patch.object(renewal, 'place', wraps=renewal.place,
                           side_effect=[*placed, full]):
        with pytest.raises(BookError, match='No space left'):
            renew(root, folder)


def test_an_interrupted_update_is_taken_up_again(root, folder):
    publish(root, 2)
    utils = root / 'utils.py'
    utils.write_text(utils.read_text() + '\nMORE = 1\n')
    renew_until_the_disk_is_full(root, folder, mock.DEFAULT)
    assert len(renew(root, folder)) == 2
    assert notebook_files(folder) == [FIRST, 'part/second.ipynb']
    assert renew(root, folder) == []


def test_a_first_time_that_was_interrupted_can_be_repeated(root, tmp_path):
    renew_until_the_disk_is_full(root, tmp_path / 'new')
    assert FIRST in renew(root, tmp_path / 'new')


def test_with_a_damaged_list_all_that_differs_is_the_readers(root, folder):
    """A class would never be renewed again; nothing is overwritten."""
    (folder / renewal.LIST).write_text('{')
    assert renew(root, folder) == []
    (folder / renewal.LIST).write_text('')
    publish(root, 2)
    old = (folder / FIRST).read_text()
    assert renew(root, folder) == [NEWER]
    assert (folder / FIRST).read_text() == old


@pytest.mark.parametrize('given, problem', [
    ('', 'say in which folder'),
    ('{root}/chapters/mine', 'inside the book'),
    ('{root}/..', 'holds the book'),
    ('{root}/../file', 'not a folder'),
    ('{root}/../file/x', 'Not a directory'),
    ('{root}/../full', 'not of this book')],
    ids=['none', 'a chapter', 'above', 'a file', 'in a file', 'of others'])
def test_a_folder_that_cannot_be_meant_is_refused(
        root, tmp_path, given, problem):
    (tmp_path / 'file').write_text('')
    (tmp_path / 'full').mkdir()
    (tmp_path / 'full/other').write_text('')
    with pytest.raises(BookError, match=problem):
        workspace.write(root, given.format(root=root), 'en')
    assert [x.name for x in (tmp_path / 'full').iterdir()] == ['other']


@pytest.mark.parametrize('given', [None, '', 'fr', 'chinese'])
def test_a_language_that_the_book_does_not_have_is_refused(
        root, tmp_path, given):
    with pytest.raises(BookError, match='say en or zh'):
        workspace.write(root, str(tmp_path / 'x'), given)
    assert not (tmp_path / 'x').exists()


@pytest.mark.parametrize('given', ['zh', 'zh_CN:zh', 'zh-Hans'])
def test_the_systems_way_to_name_a_language_is_understood(given):
    assert workspace.known(given) == 'zh'


def test_a_folder_keeps_its_language(root, folder):
    with pytest.raises(BookError, match='another folder for .zh.'):
        workspace.write(root, str(folder), 'zh')


def test_the_command_says_what_it_wrote_or_how_it_is_called(root, tmp_path):
    folder = tmp_path / 'mine'
    arguments = ('workspace', '--folder', str(folder), '--language', 'en')
    status, output, messages = book(root, *arguments)
    assert (status, messages) == (0, '')
    assert str(folder / FIRST) in output.splitlines()
    assert json.loads((folder / renewal.LIST).read_text())['files']
    assert book(root, *arguments)[1] == 'nothing new\n'
    status, _, messages = book(root, 'workspace')
    assert status == 1
    assert messages.startswith('error: say in which folder, as in: make')
