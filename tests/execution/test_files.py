"""Files and folders are written whole, or stay as they were."""

import pytest

from book.execution import files


def write_half(folder):
    """Write a part of a new folder and fail."""
    with files.new_folder(folder) as new:
        (new / 'half').touch()
        raise OSError('no space')


@pytest.mark.parametrize('fail', [
    lambda folder: files.write(folder / 'a', 'new \ud800'),
    lambda folder: files.copy(folder / 'nowhere', folder / 'a'),
    write_half,
], ids=['writing', 'copying', 'a folder'])
def test_a_failure_leaves_what_was_there(tmp_path, fail):
    folder = tmp_path / 'folder'
    files.write(folder / 'a', 'old')
    with pytest.raises((OSError, UnicodeEncodeError)):
        fail(folder)
    assert [x.name for x in tmp_path.iterdir()] == ['folder']
    assert [x.read_text() for x in folder.iterdir()] == ['old']


def test_a_new_folder_takes_the_place_of_the_old_one(tmp_path):
    files.write(tmp_path / 'folder/old', '')
    with files.new_folder(tmp_path / 'folder') as new:
        files.copy(tmp_path / 'folder/old', new / 'new')
    assert [x.name for x in tmp_path.rglob('*')] == ['folder', 'new']
