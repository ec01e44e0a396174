"""The lock: which files pip may install, and how their sums are renewed."""

import subprocess
import sys

import pytest

from book.chapters.errors import BookError
from book.tools import lock

ONE, TWO = (f' \\\n    --hash=sha256:{x * 64}' for x in '12')
TEXT = f"""\
# Why a version is what it is: see the pin below.
-c other.txt
Some_Name==1.0{ONE}
other==2.0.post1{ONE}{TWO}
"""


def test_hashes_are_written_below_each_pin_and_nothing_else_changes():
    bare = TEXT.replace(ONE, '').replace(TWO, '')
    hashes = {'some-name': ONE, 'other': ONE + TWO}
    assert lock.hashed(bare, hashes) == TEXT
    assert lock.hashed(TEXT, hashes) == TEXT


def test_old_hashes_go():
    hashes = {'some-name': TWO, 'other': TWO}
    assert lock.hashed(TEXT, hashes).count(ONE) == 0


def test_what_uv_writes_is_read():
    assert lock.found(f'some-name==1.0{ONE}\nother==2.0.post1{TWO}\n') == {
        'some-name': ONE,
        'other': TWO,
    }


@pytest.fixture
def root(tmp_path, monkeypatch):
    """Return a folder with one file of requirements, with hashes of old."""
    monkeypatch.setattr(lock, 'FILES', ('requirements.txt',))
    (tmp_path / 'requirements.txt').write_text(TEXT)
    return tmp_path


def test_only_files_that_change_are_written(root, monkeypatch):
    now = {'some-name': ONE, 'other': ONE + TWO}
    monkeypatch.setattr(lock, 'ask', lambda pins: now)
    assert lock.renew(root) == []
    now['other'] = TWO
    assert lock.renew(root) == ['requirements.txt']
    assert (root / 'requirements.txt').read_text().endswith(f'post1{TWO}\n')


def test_without_uv_it_says_what_brings_it(root, monkeypatch):
    fails = ('-c', 'raise SystemExit("No module named uv")')
    monkeypatch.setattr(lock, 'UV', fails)
    with pytest.raises(BookError, match='No module named uv\n`make lock`'):
        lock.renew(root)
    assert (root / 'requirements.txt').read_text() == TEXT


@pytest.mark.slow
def test_pip_refuses_a_file_that_the_lock_does_not_know(tmp_path):
    (tmp_path / 'one-1.0-py3-none-any.whl').write_bytes(b'not what was made')
    (tmp_path / 'lock.txt').write_text(f'one==1.0{ONE}\n')
    done = subprocess.run(
        [sys.executable, '-m', 'pip', 'install', '--isolated', '--no-index',
         '--find-links', tmp_path, '--target', tmp_path / 'new',
         '-r', tmp_path / 'lock.txt'],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert 'DO NOT MATCH THE HASHES' in done.stderr
