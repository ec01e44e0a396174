"""What `gluon-book` does: start, here, data, and what it says when it can't.

Jupyter and uv are not started: a stub keeps the command. That the installed
package opens a chapter that runs is seen by check_wheel.py.
"""

import io
import os
import string
import subprocess
import sys

import pytest
from books import ROOT

from from_scratch_to_gluon import __main__ as command_line
from from_scratch_to_gluon import engines, renewal, shipped, words
from from_scratch_to_gluon import start as starting
from from_scratch_to_gluon.engines import Engine
from from_scratch_to_gluon.shipped import UTILS

MXNET = Engine('mxnet', '1.9.1')
OURS = Engine('torch', '1.9.1+torch1', '2.13.0')
NONE = Engine()


@pytest.fixture(autouse=True)
def reader(tmp_path, monkeypatch):
    """Return the folder in which a reader with an empty home works."""
    home, folder = tmp_path / 'home', tmp_path / 'work'
    for path in (home, folder):
        path.mkdir()
    for name in ('HOME', 'USERPROFILE'):
        monkeypatch.setenv(name, str(home))
    for name in (*words.VARIABLES, 'UV', starting.RESTARTED):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv('LANG', 'en_GB.UTF-8')
    monkeypatch.chdir(folder)
    yield folder
    words.use('en')


@pytest.fixture
def computer(monkeypatch, tmp_path):
    """Return a function that gives this computer engines and extras.

    Its notebooks are small; it returns the list of programs that are run.
    """
    for language in words.LANGUAGES:
        path = tmp_path / 'notebooks' / language / starting.FIRST
        path.parent.mkdir(parents=True)
        path.write_text(language)
        compiled = path.parent / '__pycache__/utils.cpython-311.pyc'
        compiled.parent.mkdir()
        compiled.touch()  # by pip
    monkeypatch.setattr(shipped, 'NOTEBOOKS', tmp_path / 'notebooks')

    def have(engine, packages=(), offered=('mxnet', 'torch'), status=0):
        ran = []
        monkeypatch.setattr(engines, 'find', lambda: engine)
        monkeypatch.setattr(engines, 'installed', lambda: list(packages))
        monkeypatch.setattr(engines, 'version', lambda name: '1')
        monkeypatch.setattr(starting, 'offered', lambda: list(offered))
        monkeypatch.setattr(
            starting.subprocess, 'call',
            lambda command, env: ran.append((command, env)) or status)
        return ran

    return have


def gluon_book(capsys, *given):
    """Run the command line; return its status, its lines and its error."""
    status = command_line.main(list(given))
    output, error = capsys.readouterr()
    return status, output.splitlines(), error


# start


def test_start_makes_notebooks_and_opens_the_first_chapter(
        computer, capsys, tmp_path):
    ran = computer(MXNET, ['mxnet'])
    folder = tmp_path / 'home/gluon-book/en'
    assert gluon_book(capsys, 'start') == (0, [
        f'Notebooks: {folder}, new files: 1',
        'Engine: MXNet 1.9.1',
        'JupyterLab opens with crash-course/ndarray.ipynb; Ctrl-C twice '
        'ends it.'], '')
    [(command, variables)] = ran
    assert command == [
        sys.executable, '-c', starting.LAB,
        f'--ServerApp.root_dir={folder}',
        '--LabApp.default_url=/lab/tree/crash-course/ndarray.ipynb']
    assert variables['JUPYTER_PREFER_ENV_PATH'] == '1'
    assert (folder / starting.FIRST).read_text() == 'en'


@pytest.mark.parametrize('given', [[], ['--folder', '~/mine']])
def test_without_a_home_start_asks_for_a_folder(
        computer, capsys, monkeypatch, reader, given):
    def nobody(path):
        raise RuntimeError('Could not determine home directory.')

    computer(MXNET, ['mxnet'])
    monkeypatch.setattr(type(reader), 'expanduser', nobody)
    status, _, error = gluon_book(capsys, 'start', *given)
    assert status == 1 and error.endswith(
        ': leads to no folder; name another with --folder\n')


@pytest.mark.parametrize('text, status', [
    ('{"language": "en", "files": [1]}', 0),
    ('{"language": "en", "files": {}, "folders": {"x": "../y"}}', 0),
    ('{"language": ["en"], "files": {}}', 0),
    ('{', 0),
    ('{"language": null, "files": {}}', 1),  # of `gluon-book here`
])
def test_a_damaged_list_ends_in_no_traceback(
        computer, capsys, reader, text, status):
    computer(MXNET, ['mxnet'])
    (reader / renewal.LIST).write_text(text)
    assert gluon_book(capsys, 'start', '--folder', '.')[0] == status
    assert gluon_book(capsys, 'here')[0] == 0


def test_start_says_which_engine_computes(computer, capsys):
    computer(OURS, ['gluon-on-torch'])
    lines = gluon_book(capsys, 'start')[1]
    assert "Engine: the book's own, 1.9.1+torch1 on PyTorch 2.13.0" in lines


def test_what_lies_in_the_folder_is_not_imported_by_jupyter(reader):
    (reader / 'jupyterlab.py').write_text('exit("mine")')
    (reader / 'random.py').write_text('exit("mine")')
    done = subprocess.run(
        [sys.executable, '-c', starting.LAB, '--version'], cwd=reader,
        capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout[0].isdigit(), done.stderr


@pytest.mark.skipif(os.name == 'nt', reason='nothing is told to end there')
def test_what_ends_gluon_book_ends_jupyter_too():
    code = ('import sys; from from_scratch_to_gluon.start import run; '
            'run([sys.executable, "-c", "import time; print(1, flush=True); '
            'time.sleep(60)"])')
    with subprocess.Popen([sys.executable, '-c', code], cwd=ROOT,
                          stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        process.terminate()
        assert process.stdout.read() == b''  # nobody holds it any more
    assert process.returncode != 0


def test_a_full_disk_is_named_by_the_file_that_was_not_written(
        computer, capsys, monkeypatch, reader):
    def full(source, target):
        raise OSError(28, 'No space left on device', source, None, target)

    computer(MXNET, ['mxnet'])
    monkeypatch.setattr(renewal.files, 'copy', full)
    error = gluon_book(capsys, 'start', '--folder', 'mine')[2]
    assert error == (f'error: {reader / "mine" / starting.FIRST}: No space '
                     'left on device; mend this and try again\n')


def test_start_again_keeps_what_was_changed(computer, capsys, tmp_path):
    computer(MXNET, ['mxnet'])
    gluon_book(capsys, 'start')
    (tmp_path / 'home/gluon-book/en' / starting.FIRST).write_text('mine')
    (shipped.NOTEBOOKS / 'en' / starting.FIRST).write_text('newer')
    lines = gluon_book(capsys, 'start')[1]
    assert lines[1].startswith(f'{starting.FIRST} is yours and stays; ')
    assert (tmp_path / 'home/gluon-book/en' / starting.FIRST
            ).read_text() == 'mine'


@pytest.mark.parametrize('given, options', [
    (['--no-browser'], ['--no-browser']),
    (['--', '--port=1', '--', 'x'], ['--port=1', '--', 'x']),
    (['--no-browser', '--'], ['--no-browser']),
    (['--no-browser', '--', '--port=1'], ['--no-browser', '--port=1']),
])
def test_further_options_are_for_jupyter(computer, capsys, given, options):
    ran = computer(MXNET, ['mxnet'])
    gluon_book(capsys, 'start', *given)
    gluon_book(capsys, 'start')
    assert [command[5:] for command, _ in ran] == [options, []]


@pytest.mark.parametrize('settings, language', [
    ({'LANG': 'zh_CN.UTF-8'}, 'zh'), ({'LANG': 'de_DE.UTF-8'}, 'en'),
    ({'LANG': 'zh_CN.UTF-8', 'LC_ALL': 'C'}, 'en'),
    ({'LANGUAGE': 'zh_CN:en'}, 'zh'), ({'LANG': 'C'}, 'en'),
])
def test_the_language_is_the_systems(monkeypatch, settings, language):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert words.of_system() == language


def test_notebooks_in_a_language_once_chosen_are_opened_again(
        computer, capsys, tmp_path):
    ran = computer(MXNET, ['mxnet'])
    first = gluon_book(capsys, 'start', '--language', 'zh')[1]
    assert first[1] == '引擎：MXNet 1.9.1'
    gluon_book(capsys, 'start')
    gluon_book(capsys, 'start', '--language', 'en')
    gluon_book(capsys, 'start')
    roots = [command[3].split('gluon-book/')[1] for command, _ in ran]
    assert roots == ['zh', 'zh', 'en', 'en']


def test_a_folder_may_be_named_and_keeps_its_language(computer, capsys):
    computer(MXNET, ['mxnet'])
    gluon_book(capsys, 'start', '--folder', 'mine', '--language', 'zh')
    assert gluon_book(capsys, 'start', '--folder', 'mine')[0] == 0
    status, _, error = gluon_book(capsys, 'start', '--folder', 'mine',
                                  '--language', 'en')
    assert status == 1 and "choose another folder for 'en'" in error


def test_what_jupyter_returns_is_what_start_returns(computer, capsys):
    computer(MXNET, ['mxnet'], status=3)
    assert gluon_book(capsys, 'start')[0] == 1


# Which engine


@pytest.mark.parametrize('offered, parts', [
    (['mxnet', 'torch'], ['"from-scratch-to-gluon[mxnet]"`, MXNET 1.9.1',
                          '; or `', '"from-scratch-to-gluon[torch]"`']),
    (['torch'], ['choose one: `python -m pip install '
                 '"from-scratch-to-gluon[torch]"`']),
    ([], ['no engine runs with Python', 'Python 3.11']),
], ids=['both', 'ours', 'neither'])
def test_without_an_engine_one_line_says_how_to_get_one(
        computer, capsys, reader, offered, parts):
    ran = computer(NONE, offered=offered)
    status, output, error = gluon_book(capsys, 'start')
    assert (status, output, ran) == (1, [], [])
    assert error.startswith('error: no engine ') and error.count('\n') == 1
    assert [x for x in parts if x.lower() not in error.lower()] == []
    assert not (reader.parent / 'home/gluon-book').exists()


def test_of_two_engines_one_must_go(computer, capsys):
    computer(MXNET, ['mxnet', 'gluon-on-torch'])
    status, _, error = gluon_book(capsys, 'start')
    assert (status, error) == (1, (
        'error: mxnet + gluon-on-torch are both installed, and both are '
        'called mxnet; take one away: `python -m pip uninstall mxnet`, or '
        'gluon-on-torch\n'))


def test_what_an_installation_lacks_is_told_before_anything_is_written(
        computer, capsys, monkeypatch, tmp_path):
    computer(OURS)
    monkeypatch.setattr(starting.engines, 'version', lambda name: 'none')
    status, _, error = gluon_book(
        capsys, 'start', '--folder', str(tmp_path / 'mine'))
    assert (status, error) == (
        1, 'error: not installed: jupyterlab torch; run `python -m pip '
        'install jupyterlab torch`\n')
    assert not (tmp_path / 'mine').exists()


@pytest.mark.parametrize('words', [['start', '--', '--port=1'], ['doctor']])
def test_uvx_starts_again_once_with_mxnet(
        computer, capsys, monkeypatch, words):
    ran = computer(NONE)
    monkeypatch.setenv('UV', '/bin/uv')
    status, output, _ = gluon_book(capsys, *words)
    assert (status, len(output)) == (0, 1)
    [(command, variables)] = ran
    version, python = command_line.__version__, sys.version_info
    assert command == [
        '/bin/uv', 'tool', 'run', '--python', '{}.{}'.format(*python[:2]),
        '--from', f'from-scratch-to-gluon[mxnet]=={version}',
        'from-scratch-to-gluon', *words]
    monkeypatch.setenv(starting.RESTARTED, variables[starting.RESTARTED])
    status, _, error = gluon_book(capsys, 'start')
    assert (status, len(ran)) == (1, 1) and 'no engine' in error


@pytest.mark.parametrize('engine, offered', [
    (MXNET, ['mxnet']), (NONE, ['torch']), (NONE, [])])
def test_uvx_starts_nothing_again_where_this_would_not_help(
        computer, capsys, monkeypatch, engine, offered):
    ran = computer(engine, offered=offered)
    monkeypatch.setenv('UV', '/bin/uv')
    gluon_book(capsys, 'start')
    assert not [command for command, _ in ran if '/bin/uv' in command]


# here


def test_here_writes_what_notebooks_import_and_renews_it(
        capsys, reader, monkeypatch, tmp_path):
    assert gluon_book(capsys, 'here') == (
        0, [f'written: {name}' for name in UTILS], '')
    assert all((reader / x).read_bytes() == (ROOT / x).read_bytes()
               for x in UTILS)
    assert gluon_book(capsys, 'here')[1] == ['nothing new']
    newer = tmp_path / 'newer'
    newer.mkdir()
    for name in UTILS:
        (newer / name).write_text('newer')
    monkeypatch.setattr(shipped, 'utils', lambda: newer)
    assert gluon_book(capsys, 'here')[0] == 0
    assert (reader / 'utils.py').read_text() == 'newer'


@pytest.mark.parametrize('mine', ['before', 'after'])
def test_here_overwrites_no_utils_of_others_nor_a_changed_one(
        capsys, reader, mine):
    if mine == 'after':
        gluon_book(capsys, 'here')
        for name in UTILS[1:]:
            (reader / name).unlink()
        table = renewal.files.read_table(reader / renewal.LIST)
        table['files']['utils.py'] = 'an older version'
        renewal.files.write_table(reader / renewal.LIST, table)
    (reader / 'utils.py').write_text('mine')
    (reader / 'notes.txt').write_text('mine')
    status, output, _ = gluon_book(capsys, 'here')
    assert (status, output) == (0, [
        'utils.py is yours and stays; the book has another: '
        'utils.new-version.py', *(f'written: {x}' for x in UTILS[1:])])
    assert (reader / 'utils.py').read_text() == 'mine'
    assert gluon_book(capsys, 'here')[1] == ['nothing new']


def test_here_where_nobody_may_write_is_told_in_one_line(
        capsys, monkeypatch, reader):
    def full(path, table):
        raise OSError(28, 'No space left on device', str(path))

    monkeypatch.setattr(renewal.files, 'write_table', full)
    status, _, error = gluon_book(capsys, 'here')
    assert status == 1
    assert error == (f'error: {reader / renewal.LIST}: No space left on '
                     'device; mend this and try again\n')


@pytest.mark.skipif(os.name == 'nt', reason='folders in use stay there')
def test_in_a_folder_that_is_gone_it_says_so(capsys, reader):
    reader.rmdir()
    for command in 'here', 'doctor':
        assert gluon_book(capsys, command) == (
            1, [], 'error: the current folder is gone; change into another\n')


@pytest.mark.parametrize('package', ['from_scratch_to_gluon', 'book'])
def test_who_reads_only_the_first_line_sees_no_traceback(package):
    with subprocess.Popen([sys.executable, '-m', package, 'doctor'],
                          cwd=ROOT, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b''


# data, doctor, and the rest of the command line


@pytest.fixture
def data_of_the_book(monkeypatch):
    monkeypatch.setattr(sys, 'path', list(sys.path))
    utils_data = pytest.importorskip('utils_data')
    monkeypatch.setenv('BOOK_STAND_IN', 'auto')
    return utils_data


def test_data_is_found_and_verified(
        capsys, monkeypatch, data_of_the_book, tmp_path):
    verified = []
    monkeypatch.setattr(
        data_of_the_book, 'find_data',
        lambda name: data_of_the_book.Found({'x': tmp_path / 'x'}, 'real'))
    monkeypatch.setattr(data_of_the_book, 'verified_contents',
                        lambda found, name: verified.append(name))
    status, output, _ = gluon_book(capsys, 'data')
    assert (status, os.environ['BOOK_STAND_IN']) == (0, 'never')
    assert verified == list(data_of_the_book.DATA_SETS)
    assert output[0] == f'fashion-mnist   {tmp_path}'


def test_data_that_cannot_be_had_are_told_in_one_line(
        capsys, monkeypatch, data_of_the_book):
    def fail(name):
        raise data_of_the_book.DataError('not complete\n  connect')

    monkeypatch.setattr(data_of_the_book, 'find_data', fail)
    assert gluon_book(capsys, 'data') == (
        1, [], 'error: not complete connect\n')


@pytest.mark.parametrize('broken', [True, False])
def test_doctor_examines_this_folder(capsys, monkeypatch, reader, broken):
    calls = []

    class Doctor:
        @staticmethod
        def examine(folder, language):
            calls.append((folder, language))
            return broken

    monkeypatch.setitem(sys.modules, 'from_scratch_to_gluon.doctor', Doctor)
    assert gluon_book(capsys, 'doctor')[0] == int(broken)
    assert calls == [(reader, 'en')]


def test_alone_it_shows_what_there_is(capsys):
    status, lines, _ = gluon_book(capsys)
    assert status == 0
    for name in ('start', 'here', 'doctor', 'data'):
        assert any(x.strip() == f'{name:10}{words.EN[name]}' for x in lines)


@pytest.mark.parametrize('given', [
    ['strat'], ['start', '--langauge'], ['start', '--language', 'fr'],
    ['here', 'there']])
def test_what_cannot_be_meant_is_told_in_one_line(capsys, given):
    status, output, error = gluon_book(capsys, *given)
    assert (status, output, error.count('\n')) == (1, [], 1)
    assert error.endswith('; `gluon-book --help` shows what there is\n')


def test_a_package_without_notebooks_says_so(capsys, computer, monkeypatch):
    computer(MXNET, ['mxnet'])
    monkeypatch.setattr(shipped, 'NOTEBOOKS', shipped.HERE / 'nowhere')
    status, _, error = gluon_book(capsys, 'start')
    assert status == 1 and 'make workspace' in error


def test_a_package_that_is_not_whole_says_so(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, 'from_scratch_to_gluon.doctor', None)
    status, _, error = gluon_book(capsys, 'doctor')
    assert status == 1 and error.count('\n') == 1
    assert 'is not whole' in error and 'pip install from-scratch' in error


def test_a_screen_without_chinese_is_told_in_english(monkeypatch):
    monkeypatch.setattr(sys, 'stdout', io.TextIOWrapper(
        io.BytesIO(), encoding='cp1252'))
    words.use('zh')
    assert words.chosen == 'en'


def test_both_languages_say_the_same():
    def places(text):
        return sorted(x[1] or '' for x in string.Formatter().parse(text)
                      if x[1] is not None)

    assert words.EN.keys() == words.ZH.keys()
    assert [x for x in words.EN
            if places(words.EN[x]) != places(words.ZH[x])] == []


def test_starting_needs_no_package_that_loads_slowly():
    import subprocess

    code = ('import sys, from_scratch_to_gluon.__main__, '
            'from_scratch_to_gluon.start; print(*sys.modules)')
    done = subprocess.run([sys.executable, '-c', code], cwd=ROOT, text=True,
                          capture_output=True, check=True)
    heavy = {'numpy', 'mxnet', 'torch', 'jupyterlab', 'pandas', 'requests'}
    assert heavy & set(done.stdout.split()) == set()
