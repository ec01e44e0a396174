"""Nothing is read or written outside of the folders that it belongs to."""

import pathlib
import zipfile

import pytest
from books import book, chapter, without_outputs, write_page, write_pair

from book.chapters import settings, toc
from book.chapters.errors import BookError, PageError
from book.chapters.reader import read
from book.experiments import drawings
from book.shipping import notebooks

SECRET = 'nobody reads this'


@pytest.fixture
def inner_book(tmp_path, tiny_book):
    """Return a tiny book in a folder with a file of somebody else."""
    root = tmp_path / 'inner'
    root.mkdir()
    for path in [x for x in tmp_path.iterdir() if x != root]:
        path.rename(root / path.name)
    (tmp_path / 'secret.md').write_text(SECRET)
    (tmp_path / 'secret.svg').write_text(SECRET)
    return root


@pytest.mark.parametrize('name', [
    '../../../secret', 'part/../../../../secret', '{absolute}/secret',
    './part/first', 'part//first', 'part/../part/first', '..',
])
def test_a_table_of_contents_cannot_name_a_page(inner_book, tmp_path, name):
    name = name.format(absolute=tmp_path)
    with (inner_book / toc.NAME).open('a') as table:
        table.write(f'      - file: {name}\n')
    with pytest.raises(BookError) as caught:
        toc.pages(inner_book)
    assert str(caught.value) == (
        f'_toc.yml: {name!r} is no page of chapters/; write its path below '
        'the folder of a language, like part/slug')


@pytest.mark.parametrize('content, problem', [
    ('html: [\n', '_config.yml:2: not YAML'),
    ('- html\n', '_config.yml: must be a table'),
], ids=['breaks off', 'is a list'])
def test_an_error_is_told_when_the_file_of_settings(
    tiny_book, content, problem
):
    (tiny_book / settings.CONFIG).write_text(content)
    status, _, messages = book(tiny_book, 'html')
    assert status == 1
    assert messages.startswith(f'error: {problem}'), messages
    assert len(messages.splitlines()) == 1


def test_a_page_in_another_encoding_is_named_with_its_line(tiny_book):
    path = tiny_book / 'chapters/zh/part/first.md'
    path.write_bytes('# First\n\n第一句。\n'.encode('gbk'))
    status, _, messages = book(tiny_book, 'execute')
    assert (status, messages) == (
        1,
        'error: chapters/zh/part/first.md:3: not UTF-8; save the page in '
        'this encoding\n')


@pytest.mark.parametrize('character', [
    '\x00', '\x0c', '\x85', '\u2028', '\ufeff'])
def test_an_invisible_character_is_refused_with_its_line(character):
    with pytest.raises(PageError) as caught:
        read(f'# First\n\nA{character}B\n', 'page.md')
    assert str(caught.value) == (
        f'page.md:3: holds the invisible character U+{ord(character):04X}; '
        'remove it')


@pytest.mark.parametrize('address', [
    '../../../../secret.svg', '{absolute}/secret.svg', 'nowhere.svg',
], ids=['above', 'absolute', 'missing'])
def test_a_page_cannot_show_a_picture(inner_book, tmp_path, address):
    without_outputs(inner_book)
    address = address.format(absolute=tmp_path)
    write_page(inner_book, 'en', 'part/first', f'# T\n\n![a]({address})\n')
    with pytest.raises(BookError) as caught:
        drawings.check(inner_book, toc.pages(inner_book))
    assert str(caught.value) == (
        f'chapters/en/part/first.md:3: there is no picture {address} inside '
        'of chapters/')


def test_a_page_cannot_need_a_file_of_another_folder():
    with pytest.raises(PageError) as caught:
        read('# T\n\n<!-- needs: ../secret.txt -->\n', 'page.md')
    assert str(caught.value) == (
        'page.md:3: needs ../secret.txt: must be a file at the top of the '
        'repository, named without a folder')


def test_archives_are_unpacked_into_one_folder(tiny_book):
    write_pair(tiny_book, 'part/first', chapter('First', '1'))
    without_outputs(tiny_book)
    for path in notebooks.write(tiny_book, toc.pages(tiny_book)):
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
        names = [pathlib.PurePosixPath(x.filename) for x in entries]
        assert {name.parts[0] for name in names} == {path.stem}
        assert not any('..' in name.parts for name in names)
        assert not any('\\' in x.filename for x in entries)
        assert {x.external_attr >> 16 for x in entries} == {0o644}
