"""A notebook runs in a kernel of its own; a failure tells its place."""

import os
import pathlib
import platform
import sys

import pytest
from nbformat.v4 import new_output

from book.chapters.errors import BookError, CellError
from book.chapters.reader import code_cells, read
from book.execution import kernel
from book.execution.environment import of_build, variables
from book.execution.kernel import (
    Runner,
    cell_timeout,
    mark_stand_ins,
    summary,
)


def notebook(*cells):
    fences = [f'```{{.python .input}}\n{cell}\n```' for cell in cells]
    return read('\n\n'.join(['Prose.', *fences]))


def texts(executed):
    return [''.join(output.get('text', '') for output in cell.outputs)
            for cell in code_cells(executed)]


def failure(root, *cells):
    """Return the message of the error that running some cells raises."""
    with pytest.raises(CellError) as caught:
        Runner(root).run(notebook(*cells), 'page.md')
    return str(caught.value)


@pytest.mark.slow
def test_outputs_are_in_a_copy_of_the_notebook(tmp_path):
    given = notebook('a = 20', 'print(a + 1)')
    executed = Runner(tmp_path).run(given, 'page.md')
    assert texts(executed) == ['', '21\n']
    assert texts(given) == ['', '']


@pytest.mark.slow
def test_a_kernel_finds_utils_and_works_in_a_folder_that_goes_away(tmp_path):
    (tmp_path / 'utils.py').write_text('ANSWER = 42')
    executed = Runner(tmp_path).run(
        notebook('import os, utils\nprint(utils.ANSWER, end="")',
                 'open("file", "w").close()\nprint(os.getcwd(), end="")'),
        'page.md')
    answer, folder = texts(executed)
    assert answer == '42'
    assert not os.path.exists(folder)
    assert [path.name for path in tmp_path.glob('*.py')] == ['utils.py']


@pytest.mark.slow
@pytest.mark.parametrize('setting, seen', [
    (None, str(kernel.threads(2))), ('7', '7'),
], ids=['are shared out', 'are what the user set'])
def test_the_threads_of_a_kernel(tmp_path, monkeypatch, setting, seen):
    monkeypatch.delenv('OMP_NUM_THREADS', raising=False)
    if setting:
        monkeypatch.setenv('OMP_NUM_THREADS', setting)
    executed = Runner(tmp_path, workers=2).run(
        notebook('import os\nprint(os.environ["OMP_NUM_THREADS"], end="")'),
        'p.md')
    assert texts(executed) == [seen]


@pytest.mark.slow
@pytest.mark.parametrize('cells, message', [
    (['1', 'a = 1\nnowhere'],
     "page.md:9: cell 2: NameError: name 'nowhere' is not defined"),
    (['def f():\n    return 1 / 0', 'a = 1\n\nf()'],
     'page.md:11: cell 2: ZeroDivisionError: division by zero'),
    (['raise ValueError("\\x1b[31mone\\x1b[0m\\ntwo")'],
     'page.md:4: cell 1: ValueError: one two'),
    (['import os\nos.kill(os.getpid(), 9)'],
     'page.md:4: cell 1: killed its kernel; memory that ran out is '
     'the usual cause, try smaller batches or less data'),
], ids=['raises', 'calls a function of an earlier cell that raises',
        'has a long and coloured message', 'kills its kernel'])
def test_an_error_names_line_and_cell_when_a_cell(tmp_path, cells, message):
    assert failure(tmp_path, *cells) == message


@pytest.mark.slow
def test_an_error_names_the_limit_when_a_cell_hangs(tmp_path, monkeypatch):
    monkeypatch.setenv('BOOK_CELL_TIMEOUT', '1')
    assert failure(tmp_path, 'while True:\n    pass') == (
        'page.md:4: cell 1: ran for more than 1 s; make it faster, or set '
        'BOOK_CELL_TIMEOUT to more seconds')


@pytest.mark.slow
def test_a_stopped_runner_runs_nothing_more(tmp_path):
    runner = Runner(tmp_path)
    runner.stop()
    with pytest.raises(BookError):
        runner.run(notebook('open("ran", "w").close()'), 'page.md')
    assert not runner.clients


@pytest.mark.parametrize('value', ['soon', '-1', '0', ''])
def test_a_time_limit_must_be_a_number(monkeypatch, value):
    monkeypatch.setenv('BOOK_CELL_TIMEOUT', value)
    with pytest.raises(BookError, match='must be a number of seconds'):
        cell_timeout()


def test_the_summary_of_an_engine_error_is_its_last_line():
    text = ('Traceback (most recent call last):\n  File "a.cc", line 3\n'
            'MXNetError: Check failed: a == b')
    assert summary(text) == 'MXNetError: Check failed: a == b'


def test_a_relative_data_folder_means_the_same_in_every_kernel(monkeypatch):
    monkeypatch.setenv('BOOK_DATA', 'data')
    found = variables(pathlib.Path('book'))['BOOK_DATA']
    assert found == str(pathlib.Path.cwd() / 'data')


OWN = ('JUPYTER_CONFIG_DIR', 'JUPYTER_DATA_DIR', 'IPYTHONDIR', 'MATPLOTLIBRC',
       'MPLBACKEND', 'PYTHONBREAKPOINT', 'TQDM_DISABLE', 'COLUMNS')
LOUD = 'print("mine")\n'
SEEN = """\
import os, sys, warnings
warnings.warn('later', PendingDeprecationWarning)
print([name for name, value in os.environ.items() if 'mine' in value])
print(sys.flags.hash_randomization, sys.flags.utf8_mode)
"""


@pytest.fixture
def used_home(tmp_path, monkeypatch):
    """Let a user have settings of their own, in files and variables."""
    home = tmp_path / 'mine'
    startup = home / '.ipython/profile_default/startup/own.py'
    kernel_json = home / 'share/kernels/python3/kernel.json'
    for path in startup, kernel_json, home / 'path/sitecustomize.py':
        path.parent.mkdir(parents=True)
        path.write_text(LOUD)
    for name in OWN:
        monkeypatch.setenv(name, 'mine')
    for name, value in {
        'IPYTHONDIR': home / '.ipython', 'PYTHONSTARTUP': startup,
        'JUPYTER_PATH': home / 'share', 'PYTHONPATH': home / 'path',
        'PYTHONWARNINGS': 'always', 'PYTHONHASHSEED': 'random',
    }.items():
        monkeypatch.setenv(name, str(value))


@pytest.mark.slow
def test_what_a_user_has_set_does_not_reach_a_kernel(tmp_path, used_home):
    executed = Runner(tmp_path / 'book').run(notebook(SEEN), 'page.md')
    assert texts(executed) == ['[]\n0 1\n']


def test_without_ipykernel_the_doctor_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, 'ipykernel.kernelspec', None)
    with pytest.raises(BookError, match='page.md: its kernel did not start: '
                       '.*python3; it is ipykernel of .*; `make doctor`'):
        Runner(tmp_path).run(notebook('1'), 'page.md')


def test_a_build_draws_with_the_settings_of_nobody(tmp_path, used_home):
    found = of_build(tmp_path)
    assert found['MPLCONFIGDIR'] == str(tmp_path / '_build/matplotlib')
    assert not {'MATPLOTLIBRC', 'MPLBACKEND'} & found.keys()


ALLOCATE = """\
import resource

size = 2**25
usage = [resource.getrusage(resource.RUSAGE_SELF).ru_minflt]
for _ in range(20):
    block = b'x' * size
    del block
    usage.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
print(usage[-1] - usage[5] < 2**10)
"""


@pytest.mark.slow
@pytest.mark.skipif(platform.libc_ver()[0] != 'glibc',
                    reason='settings of glibc')
@pytest.mark.parametrize('kept', [True, False])
def test_kernels_keep_the_memory_of_freed_arrays(tmp_path, monkeypatch, kept):
    if not kept:  # a setting of the user's own wins
        monkeypatch.setenv('MALLOC_TRIM_THRESHOLD_', '0')
        monkeypatch.setenv('MALLOC_MMAP_THRESHOLD_', '4096')
    executed = Runner(tmp_path).run(notebook(ALLOCATE), 'page.md')
    assert texts(executed) == [f'{kept}\n']


@pytest.mark.parametrize('notice, below', [
    ('STAND-IN DATA: numbers\n', 'stand-in data\n'),
    ('2\n', ''),
], ids=['below a notice about stand-ins', 'of real data never'])
def test_outputs_are_marked(notice, below):
    marked = notebook('a', 'b', 'c', 'd')
    first, second, _, last = code_cells(marked)
    first.outputs = [new_output('stream', text='1\n')]
    second.outputs = [new_output('stream', text=notice)]
    last.outputs = [new_output('execute_result', {'text/plain': '2'})]
    mark_stand_ins(marked)
    assert texts(marked) == ['1\n', notice, '', below]


@pytest.mark.parametrize('workers', [1, 2, 64])
def test_workers_share_the_cores_and_each_has_a_thread(workers):
    threads = kernel.threads(workers)
    assert threads == max(1, kernel.physical_cores() // workers)
