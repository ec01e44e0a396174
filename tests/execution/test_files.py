"""Files and folders are written whole, or stay as they were."""

import os
import tempfile

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


def test_the_folder_of_a_killed_process_is_swept(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, 'tempdir', str(tmp_path))
    left, not_ours = tmp_path / 'book-left', tmp_path / 'book-not-ours'
    for folder in left, not_ours:
        folder.mkdir()
    (left / 'lock').touch()
    with files.scratch() as used:
        files.sweep()
        assert left.exists(), 'it may be just being made'
        for folder in left, used:
            os.utime(folder / 'lock', (0, 0))
        files.sweep()
        assert {*tmp_path.iterdir()} == {used, not_ours}
    assert {*tmp_path.iterdir()} == {not_ours}


def test_a_link_that_somebody_lays_is_not_followed(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, 'tempdir', str(tmp_path))
    (tmp_path / 'mine').mkdir()
    (tmp_path / 'mine/lock').write_text('precious')
    os.utime(tmp_path / 'mine/lock', (0, 0))
    (tmp_path / 'book-x').symlink_to(tmp_path / 'mine')
    files.sweep()
    assert (tmp_path / 'mine/lock').read_text() == 'precious'
