"""A chapter is executed once, and again only when its outputs may change."""

import contextlib
import io
import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from books import (
    book,
    chapter,
    keep_outputs,
    start_book,
    write_page,
    write_pair,
)

from book.chapters import toc
from book.chapters.errors import BookError
from book.execution import cache, environment, files, outputs, schedule
from book.execution.cache_key import key
from book.execution.progress import Progress
from book.tools import commands

BOTH = ['part/first', 'part/second']
WAITING = """\
import pathlib, time
pathlib.Path({marker!r}).write_text('here')
time.sleep(60)
"""


@pytest.fixture
def run(tiny_book, capsys):
    """Return a function: execute the book; return what was executed."""

    def run(chapter=None):
        chapters = schedule.prepare(toc.pages(tiny_book, chapter))
        schedule.execute(tiny_book, chapters)
        lines = capsys.readouterr().err
        return sorted(re.findall(r'^executed .* (\S+)$', lines, re.M))

    return run


def replace(root, path, old, new):
    path = root / path
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.slow
def test_what_makes_a_chapter_run_again(tiny_book, run):
    first = 'chapters/en/part/first.md'
    assert run() == BOTH
    assert run() == [], 'built twice, run once'
    replace(tiny_book, first, 'opening', 'other')
    replace(tiny_book, first, 'print(1', '# a comment\nprint(1')
    assert run() == [], 'prose and comments run nothing'
    replace(tiny_book, 'utils.py', '42', '43')
    assert run() == ['part/second'], 'only second reaches this'
    replace(tiny_book, 'utils.py', '= 43', '= 43  # why')
    replace(tiny_book, 'utils.py', '[1, 2, 3]', '[1, 2]')
    assert run() == [], 'no chapter reaches this'
    replace(tiny_book, 'requirements.txt', 'the lock', 'a note\n\npip==1.0')
    assert run() == BOTH, 'the lock is part of every key'
    replace(tiny_book, 'utils.py', '43', '42')
    replace(tiny_book, 'requirements.txt', 'pip==1.0', '')
    assert run() == [], 'what has run before is still in the cache'


@pytest.mark.slow
def test_a_damaged_cache_is_filled_again(tiny_book, run):
    run('first')
    for path in (tiny_book / files.CACHE).iterdir():
        path.write_text('{"cells": [')
    assert run('first') == ['part/first']


@pytest.mark.slow
def test_damaged_outputs_are_made_anew_when_another_chapter_is_built(
    tiny_book, capsys
):
    keep_outputs(tiny_book, first=['2\n'], second=['42\n'])
    with commands.executed(tiny_book):
        pass
    table = files.read_table(tiny_book / files.OUTPUTS)
    paths = [cache.path(tiny_book, x) for x in table.values()]
    [second] = [x for x in paths if '42' in x.read_text()]
    second.write_text('{"cells": [')
    with commands.executed(tiny_book, 'first'):
        assert re.findall(r'^executed .* (\S+)$', capsys.readouterr().err,
                          re.M) == ['part/second']


@pytest.mark.slow
def test_an_executed_notebook_tells_how_it_was_made(tiny_book):
    write_pair(tiny_book, 'part/first',
               chapter('First', 'import utils\nutils.load_data_numbers()'))
    chapters = schedule.prepare(toc.pages(tiny_book, 'first'))
    table = schedule.execute(tiny_book, chapters)
    notebook = cache.load(tiny_book, table[chapters[0].digest])
    made = notebook.metadata['book']
    assert (made.device, made.data) == ('cpu', {'numbers': 'real'})
    assert made.engine == 'mxnet' and made.versions.mxnet == '1.9.1'
    assert made.seconds > 0 and made.date.endswith('+00:00')


@pytest.mark.slow
def test_a_failed_chapter_does_not_stop_the_others(tiny_book, run, capsys):
    write_pair(tiny_book, 'part/first', chapter('First', '1\n\nnowhere'))
    with pytest.raises(BookError) as caught:
        run()
    assert str(caught.value) == (
        "chapters/en/part/first.md:8: cell 1: NameError: name 'nowhere' is "
        'not defined')
    assert '1 executed, 0 cached, 1 failed' in capsys.readouterr().err


@pytest.mark.slow
def test_a_kernel_that_does_not_start_is_told_in_one_line(tiny_book):
    (tiny_book / 'ipykernel_launcher.py').write_text('raise SystemExit(1)')
    status, _, messages = book(tiny_book, 'execute', '--chapter', 'first')
    assert status == 1
    assert re.fullmatch(
        'error: chapters/en/part/first.md: its kernel did not start: .*; it '
        r'is ipykernel of /\S+; `make doctor` says more',
        messages.splitlines()[-1])


@pytest.mark.slow
def test_a_failed_build_leaves_the_site_alone(tiny_book):
    site = tiny_book / files.SITE
    site.mkdir(parents=True)
    (site / 'index.html').write_text('old')
    write_pair(tiny_book, 'part/first', chapter('First', 'nowhere'))
    status, _, messages = book(tiny_book, 'html')
    assert status == 1
    assert 'error: chapters/en/part/first.md:6: cell 1: ' in messages
    assert 'Traceback' not in messages
    assert (site / 'index.html').read_text() == 'old'


@pytest.mark.parametrize('code, problem', [
    ('print(3)',
     'chapters/zh/part/first.md:6: cell 1 is not the same program '
     'as chapters/en/part/first.md:6; only comments and layout may '
     'differ'),
    ('1 +', 'chapters/zh/part/first.md:6: SyntaxError: invalid syntax'),
], ids=['that differs between the languages', 'that is not Python'])
def test_nothing_runs_while_there_is_a_cell(tiny_book, code, problem):
    write_page(tiny_book, 'zh', 'part/first', chapter('First', code))
    with pytest.raises(BookError) as caught:
        schedule.prepare(toc.pages(tiny_book))
    assert str(caught.value) == problem


@pytest.mark.parametrize('text, problem', [
    ('```{.json .output n=1}\n[]\n```', 'a stored output; '),
    ('See :numref:`fig`.', '`:numref:` is not known here; a label is '),
])
def test_a_build_tells_what_belongs_into_other_books(
    tiny_book, text, problem
):
    write_page(tiny_book, 'zh', 'part/first',
               f'{chapter("First", "print(1 + 1)")}\n{text}\n')
    with pytest.raises(BookError) as caught:
        schedule.prepare(toc.pages(tiny_book))
    assert str(caught.value).startswith(
        f'chapters/zh/part/first.md:11: {problem}')


def test_all_pages_that_cannot_be_read_are_told_at_once(tiny_book):
    for name in BOTH:
        write_page(tiny_book, 'en', name, 'One.\n\n```{.python .input}\n1\n')
    with pytest.raises(BookError) as caught:
        schedule.prepare(toc.pages(tiny_book))
    places = [x.split(': ')[0] for x in str(caught.value).splitlines()]
    assert places == [f'chapters/en/{name}.md:3' for name in BOTH]


def test_chapters_run_longest_first_and_unknown_ones_before(tmp_path):
    chapters = [SimpleNamespace(page=SimpleNamespace(name=name))
                for name in ('short', 'long', 'new')]
    files.write_table(tmp_path / files.SECONDS, {'short': 1, 'long': 9})
    ordered = schedule.longest_first(tmp_path, chapters)
    assert [x.page.name for x in ordered] == ['new', 'long', 'short']


@pytest.mark.parametrize('command', ['execute', 'clean'])
def test_during_a_build_another_is_refused_and_so_is(tiny_book, command):
    with files.only_one(tiny_book):
        files.write(tiny_book / files.CACHE / 'k.ipynb', 'kept')
        status, _, messages = book(tiny_book, command)
        assert (tiny_book / files.CACHE / 'k.ipynb').exists()
    assert (status, messages) == (
        1, 'error: _build/lock: another build of this book is running; wait '
        'for its end, or stop it, and try again\n')


@contextlib.contextmanager
def heeded(number):
    """Let programs that are started here end at a signal."""
    before = signal.signal(number, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(number, before)


def wait_for(marker):
    """Wait until a cell has written its marker; return its build's pid."""
    deadline = time.monotonic() + 30
    while not marker.exists():
        assert time.monotonic() < deadline, 'the cell never ran'
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize('number, status', [
    (signal.SIGINT, 130), (signal.SIGHUP, 130), (signal.SIGTERM, 130),
    (signal.SIGKILL, -9),
], ids=['Ctrl-C', 'a closed terminal', 'a polite kill', 'a hard kill'])
def test_a_build_ends_cleanly_on(
    tiny_book, tmp_path, number, status, run, monkeypatch
):
    monkeypatch.setenv('TMPDIR', str(tmp_path))
    marker = tmp_path / 'marker'
    write_pair(tiny_book, 'part/second',
               chapter('Second', WAITING.format(marker=str(marker))))
    # `nohup` ignores the one, a shell in whose background it runs the other
    with heeded(signal.SIGHUP), heeded(signal.SIGINT):
        process = start_book(tiny_book, 'execute')
    wait_for(marker)
    os.kill(process.pid, number)
    _, messages = process.communicate()
    assert process.returncode == status
    if status == 130:
        assert messages.endswith(
            'interrupted; finished chapters are kept in the cache\n')
        assert 'Traceback' not in messages
        assert not list(tmp_path.glob('book-*'))
    names = [x.name for x in (tiny_book / files.CACHE).glob('*')]
    assert all(re.fullmatch(r'\w{64}\.ipynb', name) for name in names)
    write_pair(tiny_book, 'part/second', chapter('Second', 'print(2)'))
    assert 'part/second' in run(), 'the next build works'


@pytest.fixture
def claimed(tiny_book):
    """Return chapter and key of what another process executes, a claim."""
    chapters = schedule.prepare(toc.pages(tiny_book, 'first'))
    notebook = chapters[0].notebook
    name = key(notebook, environment.gather(tiny_book, [notebook]))
    return SimpleNamespace(chapters=chapters, key=name,
                           claim=cache.claim(tiny_book, name))


def test_what_another_process_executes_is_awaited(tiny_book, claimed, capsys):
    notebook = claimed.chapters[0].notebook
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(schedule.execute, tiny_book, claimed.chapters)
        time.sleep(0.5)
        assert not future.done()
        cache.store(tiny_book, claimed.key, notebook)
        claimed.claim.lock.release()
        assert list(future.result().values()) == [claimed.key]
    assert '0 executed, 1 cached' in capsys.readouterr().err


def test_waiting_for_another_process_can_be_interrupted(tiny_book, claimed):
    process = start_book(tiny_book, 'execute', '--chapter', 'first')
    wait_for(tiny_book / files.LOCK)
    time.sleep(2)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, messages = process.communicate(timeout=60)
    assert process.returncode == 130
    assert 'interrupted' in messages


def test_hashes_comments_and_order_of_the_lock_run_nothing(tmp_path):
    def packages(text):
        (tmp_path / 'lock.txt').write_text(text)
        return environment.packages(tmp_path / 'lock.txt')

    before = packages('# the lock\none==1\ntwo==2\n')
    hashed = 'two==2 \\\n    --hash=sha256:12 \\\n    --hash=sha256:34\n'
    assert packages(f'# another head\n{hashed}one==1  # why\n') == before
    assert packages('one==1\ntwo==2.1\n') != before
    assert packages('one==1\n') != before


def test_nothing_is_asked_of_utils_when_no_chapter_needs_it(tmp_path):
    (tmp_path / 'utils.py').write_text('raise SystemExit("asked")')
    (tmp_path / 'requirements.txt').write_text('')
    assert environment.gather(tmp_path, []).device == 'cpu'


@pytest.mark.parametrize('line, problem', [
    ('raise LookupError("no numbers; run make data")',
     'utils.py: no numbers; run make data'),
    ('import os\nos._exit(7)',
     'utils.py: asking it for the device and the '
     'data ended with status 7; try `python -c "import utils"`'),
], ids=['raises', 'dies'])
def test_data_that_cannot_be_had_is_an_error_when_utils(
    tmp_path, line, problem
):
    (tmp_path / 'utils.py').write_text(line)
    with pytest.raises(BookError) as caught:
        environment.ask_utils(tmp_path, ['numbers'])
    assert str(caught.value) == problem


def test_make_data_lists_every_data_set(tiny_book):
    status, output, _ = book(tiny_book, 'data')
    assert (status, output.split()) == (0, ['numbers', 'real'])


def test_an_unknown_chapter_is_answered_with_the_chapters(tiny_book):
    status, _, messages = book(tiny_book, 'html', '--chapter', 'third')
    assert (status, messages) == (
        1,
        "error: _toc.yml: no chapter 'third'; the chapters are\n"
        'error:   first\nerror:   second\n')


def test_clean_removes_what_was_built_and_nothing_else(tiny_book):
    before = {x.name for x in tiny_book.iterdir()}
    files.write(tiny_book / files.CACHE / 'a', 'text')
    assert book(tiny_book, 'clean')[0] == 0
    assert {x.name for x in tiny_book.iterdir()} == before


def test_progress_is_one_line_a_chapter_where_there_is_no_terminal():
    stream = io.StringIO()
    with Progress(1, stream) as progress:
        progress.start('part/first')
        progress.cell()
        progress.finish(schedule.Result('part/first', 'executed', 12.34))
        progress.finish(schedule.Result('part/second', 'cached'))
        progress.summary()
    *lines, summary = stream.getvalue().splitlines()
    assert lines == ['executed    12.3 s  part/first',
                     'cached       0.0 s  part/second']
    assert summary.startswith('1 executed, 1 cached, 0 failed in ')


def test_the_outputs_of_chapters_left_out_are_those_known_before(tiny_book):
    first, second = (schedule.prepare(toc.pages(tiny_book, slug))[0]
                     for slug in ('first', 'second'))
    outputs.write(tiny_book, {first.digest: 'old', second.digest: 'kept'})
    table = outputs.complete(tiny_book, {first.digest: 'new'},
                             [first, second])
    assert table == {first.digest: 'new', second.digest: 'kept'}
