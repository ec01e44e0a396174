"""Builds and tests at the same time share the work and spoil nothing."""

import subprocess
import sys

import pytest
from books import chapter, start_book, write_pair
from harm import thorough, until

from book.execution import cache, files

TEST_RUN = """\
import pathlib

from book.chapters import toc
from book.execution import schedule

root = pathlib.Path.cwd()
schedule.execute(root, schedule.prepare(toc.pages(root)))
"""
CODE = """\
import pathlib, time
with pathlib.Path({log!r}).open('a') as log:
    log.write('{slug}\\n')
time.sleep(1)
print('{slug}')
"""


@pytest.fixture
def logged(tiny_book, tmp_path):
    """Return a log of executions: each chapter notes that it runs."""
    log = tmp_path / 'log'
    for slug in ('first', 'second'):
        code = CODE.format(log=str(log), slug=slug)
        write_pair(tiny_book, f'part/{slug}', chapter(slug, code))
    return log


@pytest.mark.slow
def test_two_builds_and_a_test_run_execute_each_chapter_once(
    tiny_book, logged
):
    test_run = subprocess.Popen([sys.executable, '-c', TEST_RUN],
                                cwd=tiny_book, stderr=subprocess.PIPE,
                                text=True)
    builds = [start_book(tiny_book, 'notebooks') for _ in range(2)]
    messages = [build.communicate()[1] for build in builds]
    assert test_run.wait() == 0, test_run.stderr.read()
    status = [build.returncode for build in builds]
    for code, message in zip(status, messages):
        assert code == 0 or 'another build of this book' in message
    assert 0 in status, messages
    assert sorted(logged.read_text().split()) == ['first', 'second']
    for path in (tiny_book / files.CACHE).glob('*.ipynb'):
        assert cache.load(tiny_book, path.stem)


@thorough
@pytest.mark.slow
def test_a_test_run_goes_on_when_the_build_it_waits_for_is_killed(
    tiny_book, logged
):
    process = start_book(tiny_book, 'execute')
    assert until(logged.exists)
    process.kill()
    process.communicate()
    test_run = subprocess.run([sys.executable, '-c', TEST_RUN], cwd=tiny_book,
                              capture_output=True, text=True)
    assert test_run.returncode == 0, test_run.stderr
    assert len([*(tiny_book / files.CACHE).glob('*.ipynb')]) == 2
