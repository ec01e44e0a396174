"""The doctor finds every fault and says what to do about it.

Each fault is put into a computer that is otherwise in order. Authors' doctor
(`python -m book doctor`) has all checks of readers' (`gluon-book doctor`).
"""

import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest
from books import ROOT, commit

from book.__main__ import main
from book.chapters.toc import LANGUAGES
from book.execution import environment
from book.execution.engine import LOCKS, Engine
from book.tools import computer as clone
from book.tools.doctor import CHECKS
from from_scratch_to_gluon import computer, doctor, programs
from from_scratch_to_gluon.doctor import PROBLEMS
from from_scratch_to_gluon.probe import Answer

GOOD_LOCK = {'mxnet': '1.9.1', 'numpy': '1.23.5', 'tqdm': '4.70.1'}
LOCK = LOCKS['mxnet']
GOOD_MXNET = {'version': '1.9.1', 'product': [[3, 3], [3, 3]], 'cuda': False,
              'gpu': None}
PLACE = '/env/lib/python3.11/site-packages'
KERNEL = {'file': '/env/kernels/python3/kernel.json',
          'python': '/env/bin/python', 'own': True}
GOOD = {
    'book': ('0.1.0', 'abc1234 of 2026-11-22', 0),
    'system': ('Linux-6.1-x86_64-with-glibc2.36', 8 * doctor.GIGABYTE),
    'settings': [], 'Python': ((3, 11, 7), ['mxnet']),
    'engine': (Engine(version='1.9.1', file=f'{PLACE}/mxnet.py'), ['mxnet']),
    'NumPy': ('1.23.5', 'mxnet'), 'packages': (GOOD_LOCK, GOOD_LOCK, LOCK),
    'computing': Answer(GOOD_MXNET, ''), 'kernel': Answer(KERNEL, ''),
    'utils': (('/book/utils.py', True), (None, False)),
    'threads': (None, 2), 'GPU': ([], None),
    'data': Answer({'mnist': 'real'}, ''), 'Jupyter': 'none',
    'browser': '/usr/bin/chromium', 'LaTeX': [],
    'disk space': 9 * doctor.GIGABYTE, 'writing': None,
    'network': ('https://pypi.org/simple', None),
}
CARD = ['NVIDIA GeForce RTX 3060']
NO_BOOL = "module 'numpy' has no attribute 'bool'"
LONG = f'{NO_BOOL}\n`np.bool` was an alias:\n    https://numpy.org/x: y'
NO_LIBRARY = 'OSError: libgomp.so.1: cannot open shared object file: No such'
CUT = 'mnist/a.gz: truncated gzip file; move this file away and run again'
OLD_TQDM = GOOD_LOCK, {**GOOD_LOCK, 'tqdm': '4.0.0'}, LOCK
OLD_TORCH = Engine('torch', '1.9.1+torch1', '2.3.1+cpu', file='mxnet.py')
OURS = 'gluon-on-torch'
WRONG_PRODUCT = Answer({**GOOD_MXNET, 'product': [[0, 0], [0, 0]]}, '')
NO_TORCH = Answer(None, f'{OURS} needs PyTorch 2.4 or newer, and found 2.3')
NO_MXNET = Answer(None, "No module named 'mxnet'")
NO_TQDM = Answer(None, "No module named 'tqdm'")
NO_FOLDER = Answer(None, 'BOOK_DATA=/dta: no such folder; mend the name')
UNTRUSTED = '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed'
REMOVED = '`np.PZERO` was removed in the NumPy 2.0 release. Use `0.0`'
FOREIGN = f'{PLACE}/utils/__init__.py', False
NOWHERE = None, False
FAULTS = {
    'a Python too new for MXNet': (
        'Python', ((3, 13, 0), ['mxnet']), 'python'),
    'a Python too new for any engine': (
        'Python', ((3, 14, 0), ['mxnet', 'torch']), 'python'),
    'a Python too new for our engine': (
        'Python', ((3, 14, 0), ['torch']), 'python'),
    'a Python too old for the engine, the only one of this computer': (
        'Python', ((3, 9, 6), ['torch']), 'python'),
    'no engine': ('engine', (Engine(), []), 'engine'),
    'two engines': ('engine', (OLD_TORCH, ['mxnet', OURS]), 'both'),
    'our engine on an old PyTorch': ('engine', (OLD_TORCH, [OURS]), 'torch'),
    'our engine, which says the same': ('computing', NO_TORCH, 'torch'),
    'a NumPy too new for MXNet': ('NumPy', ('1.24.0', 'mxnet'), 'numpy'),
    'no NumPy': ('NumPy', ('none', 'torch'), 'missing'),
    'a missing package': ('packages', (GOOD_LOCK, {}, LOCK), 'missing'),
    'another version': ('packages', OLD_TQDM, 'versions'),
    'no MXNet': ('computing', NO_MXNET, 'engine'),
    'MXNet without what it needs': ('computing', NO_TQDM, 'missing'),
    'MXNet with NumPy 1.24': ('computing', Answer(None, NO_BOOL), 'numpy'),
    'MXNet with NumPy 2': ('computing', Answer(None, REMOVED), 'numpy'),
    'a missing library': ('computing', Answer(None, NO_LIBRARY), 'library'),
    'a process that dies': ('computing', Answer(None, 'status -4'), 'mxnet'),
    'a wrong product': ('computing', WRONG_PRODUCT, 'mxnet'),
    "another Python's kernel": (
        'kernel', Answer({**KERNEL, 'own': False}, ''), 'kernel'),
    'no kernel': (
        'kernel', Answer(None, 'No such kernel named python3'), 'kernel'),
    'nothing to start kernels': (
        'kernel', Answer(None, "No module named 'jupyter_client'"),
        'missing'),
    'another utils': ('utils', (FOREIGN, FOREIGN), 'utils'),
    'a random.py of a reader': ('computing', Answer(None, (
        "cannot import name 'Random' from 'random' (/mine/random.py)")),
        'hidden'),
    'an mxnet.py of a reader': ('kernel', Answer(None, (
        "No module named 'mxnet.nd'; 'mxnet' is not a package")), 'hidden'),
    'a damaged package': ('computing', Answer(None, (
        "cannot import name 'nd' from 'mxnet' (/lib/python3.11/"
        'site-packages/mxnet/__init__.py)')), 'mxnet'),
    'too many threads': ('threads', ('8', 2), 'threads'),
    'an unused card': ('GPU', (CARD, Answer(GOOD_MXNET, '')), 'gpu'),
    'a card, and no MXNet': ('GPU', (CARD, Answer(None, 'dead')), 'gpu'),
    'no data': ('data', Answer({'mnist': 'missing'}, ''), 'no-data'),
    'corrupt data': ('data', Answer({'mnist': CUT}, ''), 'damaged'),
    'a misspelt folder of data': ('data', NO_FOLDER, 'damaged'),
    'jupytext': ('Jupyter', '1.17.3', 'jupytext'),
    'no browser': ('browser', None, 'browser'),
    'no LaTeX': ('LaTeX', ['xelatex', 'latexmk'], 'latex'),
    'a full disk': ('disk space', doctor.GIGABYTE // 2, 'space'),
    'no permission': ('writing', '/book: Permission denied', 'write'),
    'no network': ('network', ('https://pypi.org', 'timed out'), 'network'),
    'a network that opens TLS': (
        'network', ('https://pypi.org', UNTRUSTED), 'certificates'),
}


def examined(capsys, **changed):
    """Return what the doctor says of a computer that has changed."""
    facts = {**GOOD, **changed}
    checks = [check._replace(facts=lambda _, x=facts[check.name]: x)
              for check in CHECKS]
    broken = doctor.examine(ROOT, checks)
    return broken, capsys.readouterr().out


def test_a_computer_in_order_has_no_problems(capsys):
    broken, printed = examined(capsys)
    *lines, _, verdict = printed.splitlines()
    assert not broken and verdict == 'Ready.'
    assert all(line.startswith('ok ') for line in lines)
    assert len(lines) == len(CHECKS)


@pytest.mark.parametrize('name, facts, problem', FAULTS.values(), ids=FAULTS)
def test_a_fault_is_found_and_explained(capsys, name, facts, problem):
    broken, printed = examined(capsys, **{name: facts})
    [found] = re.findall(rf'^(?:PROBLEM|note) +{name} .*', printed, re.M)
    assert broken == PROBLEMS[problem]['needed']
    assert found.startswith('PROBLEM' if broken else 'note')
    words = ' '.join(printed.split())
    for part, text in PROBLEMS[problem]['en'].items():
        assert f'{part}: {text}' in words


def test_every_problem_is_put_into_a_computer_here():
    assert {problem for _, _, problem in FAULTS.values()} == set(PROBLEMS)


def test_a_problem_with_two_signs_is_explained_once(capsys):
    _, printed = examined(
        capsys, NumPy=('1.26.4', 'mxnet'), computing=Answer(None, NO_BOOL))
    assert printed.count('PROBLEM') == 2
    assert printed.count('symptom:') == 1


def test_what_a_maintainer_asks_first_comes_first(capsys):
    _, printed = examined(capsys, settings=['BOOK_FULL=1', 'OMP_NUM=2'])
    facts = [line.split(maxsplit=2)[2] for line in printed.splitlines()[:3]]
    assert facts == ['0.1.0, commit abc1234 of 2026-11-22, 0 files changed',
                     'Linux-6.1-x86_64-with-glibc2.36, 8.0 GB of memory',
                     'BOOK_FULL=1 OMP_NUM=2']


def test_what_is_not_known_is_left_out(capsys):
    _, printed = examined(
        capsys, book=('0.1.0', None, None), system=('Plan9', None))
    assert '0.1.0, not a clone\n' in printed
    assert 'Plan9\n' in printed


def test_the_report_names_neither_home_nor_password(capsys, monkeypatch):
    monkeypatch.setenv('HOME', '/home/li')
    mirror = 'https://li:secret@mirror.example/simple'
    _, printed = examined(capsys, settings=['BOOK_DATA=/home/li/data'],
                          network=(mirror, f'{mirror}: timed out'))
    assert 'BOOK_DATA=~/data' in printed
    assert 'https://mirror.example/simple' in printed
    assert 'li:secret' not in printed and '/home/li' not in printed
    monkeypatch.setenv('HOME', '/')
    assert doctor.discreet('/book: no /') == '/book: no /'


def test_a_card_that_mxnet_uses_is_named(capsys):
    answer = Answer({**GOOD_MXNET, 'cuda': True, 'gpu': 'gpu(0)'}, '')
    broken, printed = examined(capsys, GPU=(CARD, answer))
    assert not broken and f'{CARD[0]}, used as gpu(0)' in printed


def test_it_says_which_engine_a_chapter_will_use_and_from_which_file(capsys):
    assert f'MXNet 1.9.1, from {PLACE}/mxnet.py\n' in examined(capsys)[1]
    both = ['mxnet', OURS]
    _, printed = examined(capsys, engine=(GOOD['engine'][0], both))
    assert (f'mxnet and {OURS}; imported is MXNet 1.9.1, from {PLACE}'
            '/mxnet.py\n') in printed


@pytest.mark.parametrize('build, devices, cards, gpu', [
    ('the CPU', [], [], 'none found; the processor will do'),
    ('CUDA 13.0', [], [], 'none found; the processor will do'),
    ('the CPU', [], CARD,
     f'{CARD[0]}, not used by PyTorch 2.13.0 for the CPU'),
    ('CUDA 13.0', CARD, CARD, f'{CARD[0]}, used as gpu(0)'),
    ('Apple silicon', ['mps'], ['mps'], 'mps, used as gpu(0)'),
])
def test_our_engine_is_named_with_its_build_and_devices(
        capsys, build, devices, cards, gpu):
    table = {**GOOD_MXNET, 'version': '1.9.1+torch1',
             'torch': f'PyTorch 2.13.0 for {build}',
             'gpu': 'gpu(0)' if devices else None,
             'devices': ['cpu', *devices]}
    ours = Engine('torch', '1.9.1+torch1', '2.13.0', file='/mxnet.py')
    broken, printed = examined(
        capsys, Python=((3, 13, 0), ['torch']), engine=(ours, [OURS]),
        NumPy=('2.5.0', 'torch'), computing=Answer(table, ''),
        GPU=(cards, Answer(table, '')), packages=({}, {}, LOCKS['torch']))
    assert ('our engine 1.9.1+torch1 on PyTorch 2.13.0, from /mxnet.py\n'
            in printed)
    assert (f'1.9.1+torch1, computes on {", ".join(table["devices"])}; '
            f'PyTorch 2.13.0 for {build}\n') in printed
    assert f'GPU         {gpu}\n' in printed and not broken
    assert ('note' in printed) == (gpu.count('not used') > 0)


def test_another_utils_is_a_note_where_the_books_goes_before_it(capsys):
    broken, printed = examined(
        capsys, utils=(('/book/utils.py', True), FOREIGN))
    assert not broken and f'/book/utils.py; in other folders {PLACE}' in (
        printed)
    assert "has no attribute 'set_seed'" in printed


def test_a_folder_without_utils_is_told_how_to_get_it(capsys):
    broken, printed = examined(capsys, utils=(NOWHERE, NOWHERE))
    assert not broken and 'none in this folder; `gluon-book here`' in printed


def test_remedies_are_told_in_chinese_too(capsys):
    check = doctor.Check('disk space', lambda folder: 0, doctor.judge_space)
    assert doctor.examine(ROOT, [check], 'zh')
    printed = capsys.readouterr().out
    for text in PROBLEMS['space']['zh'].values():
        assert f'：{text}\n' in printed
    assert printed.endswith('\n本书还不能运行。\n')


def test_data_that_cannot_be_checked_are_no_second_problem(capsys):
    _, printed = examined(capsys, data=NO_MXNET)
    assert f'not checked: {NO_MXNET.words}' in printed
    assert 'symptom:' not in printed


def test_make_data_names_a_damaged_file(monkeypatch, capsys):
    found = {'data': {'mnist': 'real', 'time-machine': 'stand-in-3'}}
    states = {'mnist': CUT, 'time-machine': 'missing'}
    monkeypatch.setattr(environment, 'ask_utils', lambda root, names: found)
    monkeypatch.setattr(computer, 'data', lambda root: Answer(states, ''))
    assert main(['data']) == 1
    assert capsys.readouterr() == ('', f'error: {CUT}\n')
    states['mnist'] = 'real'
    assert main(['data']) == 0


def test_many_packages_are_counted_not_listed():
    assert doctor.shown(list('abcdefg')) == 'a, b, c, d, e and 2 more'


def test_lines_fit_a_terminal():
    assert all(len(line) <= 80 for problem in PROBLEMS
               for line in doctor.remedy(problem).splitlines())


# The probes, on real faults


def test_without_a_single_package_it_starts_and_names_what_is_missing(
        tmp_path):
    subprocess.run(
        [sys.executable, '-m', 'venv', '--without-pip', tmp_path], check=True)
    done = subprocess.run([tmp_path / 'bin/python', '-m', 'book', 'doctor'],
                          cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, '')
    assert re.search(r'^PROBLEM +packages +missing: ', done.stdout, re.M)
    assert re.search(r'^PROBLEM +engine +none$', done.stdout, re.M)
    assert re.search(r'^PROBLEM +kernel .*No module named', done.stdout, re.M)
    assert re.search(r'^ok +Python', done.stdout, re.M)


@pytest.mark.slow
def test_on_this_computer_nothing_needed_is_broken(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv('OMP_NUM_THREADS', raising=False)
    assert main(['doctor']) == 0
    assert capsys.readouterr().out.endswith('Ready.\n')


def test_outside_the_repository_it_says_where_to_run(
        tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(['doctor']) == 1
    assert 'top of the repository' in capsys.readouterr().err


def test_packages_that_hide_others_or_are_built_for_gpus_count(tmp_path,
                                                               monkeypatch):
    for name, version in ('numpy', '1.26.4'), ('mxnet_cu117', '7.7'):
        record = tmp_path / f'{name}-{version}.dist-info'
        record.mkdir()
        text = f'Name: {name}\nVersion: {version}\n'
        (record / 'METADATA').write_text(text)
    monkeypatch.setattr(sys, 'path', [str(tmp_path), *sys.path])
    assert clone.packages(ROOT)[1]['numpy'] == '1.26.4'
    monkeypatch.setattr(sys, 'path', [str(tmp_path)])
    found = {'mxnet': '7.7', 'numpy': '1.26.4'}
    assert clone.packages(ROOT)[1] == found


def test_a_lock_for_many_systems_asks_only_for_what_is_for_this_one(
        tmp_path, monkeypatch):
    ours = Engine('torch', '1.9.1+torch1', '2.13.0')
    monkeypatch.setattr(clone.engines, 'find', lambda: ours)
    (tmp_path / ours.lock).write_text(
        "a==1 ; python_full_version < '3' \\\n    --hash=sha256:12\n"
        "a==2 ; python_full_version >= '3' \\\n    --hash=sha256:34\n"
        "b==1 ; sys_platform == 'plan9' \\\n    --hash=sha256:56\nc==1\n")
    assert clone.packages(tmp_path)[0] == {'a': '2', 'c': '1'}


def test_a_commit_and_what_changed_since_are_known_if_git_is_there(
        tmp_path, monkeypatch):
    (tmp_path / 'pyproject.toml').write_text('[x]\nversion = "1.2"\n')
    commit(tmp_path)
    version, name, changes = clone.book(tmp_path)
    assert (version, changes) == ('1.2', 0)
    assert re.fullmatch(r'[0-9a-f]{7,} of \d{4}-\d\d-\d\d', name)
    (tmp_path / 'new file').write_text('')
    assert clone.book(tmp_path)[2] == 1
    monkeypatch.setenv('PATH', str(tmp_path))
    assert clone.book(tmp_path) == ('1.2', None, None)


def test_a_limit_of_the_container_counts_as_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(computer, 'MEMORY', tmp_path / 'max')
    _, whole = computer.system(ROOT)
    (tmp_path / 'max').write_text('max\n')
    assert computer.system(ROOT)[1] == whole > 2**20
    (tmp_path / 'max').write_text(f'{2**20}\n')
    assert computer.system(ROOT)[1] == 2**20


def test_only_the_settings_of_the_book_are_shown(monkeypatch):
    monkeypatch.setattr(computer.os, 'environ', {
        'BOOK_FULL': '1', 'JUPYTER_TOKEN': 'secret', 'OMP_NUM_THREADS': '2',
    })
    assert computer.settings(ROOT) == ['BOOK_FULL=1', 'OMP_NUM_THREADS=2']


@pytest.mark.slow
def test_the_real_mxnet_refuses_a_numpy_without_bool(tmp_path, monkeypatch):
    (tmp_path / 'sitecustomize.py').write_text(
        "import numpy\nnumpy.__deprecated_attrs__.pop('bool')\n")
    monkeypatch.setenv('PYTHONPATH', str(tmp_path))
    [finding] = doctor.judge_mxnet(computer.mxnet(ROOT))
    assert finding.problem == 'numpy'


@pytest.mark.parametrize('place, own', [
    ('prefix', True), ('user', False), ('JUPYTER_PATH', False),
], ids=["this Python's", 'of the home folder', 'of JUPYTER_PATH'])
def test_the_kernel_of_notebooks_is_found_with_its_file(
        tmp_path, monkeypatch, place, own):
    for name in ('JUPYTER_PATH', 'JUPYTER_DATA_DIR'):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv('HOME', str(tmp_path))
    python = sys.executable
    if place != 'prefix':
        monkeypatch.setenv('JUPYTER_PREFER_ENV_PATH', '0')
        python = '/other/bin/python'
        data = tmp_path / ('.local/share/jupyter' if place == 'user' else '')
        if place == 'JUPYTER_PATH':
            monkeypatch.setenv(place, str(data))
        write_kernel(data, python)
    table, _ = computer.kernel(tmp_path)
    assert (table['python'], table['own']) == (python, own)
    assert pathlib.Path(table['file']).is_file()
    assert own or pathlib.Path(table['file']).is_relative_to(tmp_path)


def write_kernel(folder, python):
    """Write what makes a Python the kernel python3 in a folder of Jupyter."""
    file = folder / 'kernels/python3/kernel.json'
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({'argv': [python], 'language': 'python',
                                'display_name': 'mine'}))


@pytest.mark.parametrize('text', ['{', '{"argv": []}'])
def test_a_damaged_kernel_is_named(tmp_path, monkeypatch, text):
    monkeypatch.setenv('JUPYTER_PATH', str(tmp_path))
    monkeypatch.setenv('JUPYTER_PREFER_ENV_PATH', '0')
    write_kernel(tmp_path, 'python')
    file = tmp_path / 'kernels/python3/kernel.json'
    file.write_text(text)
    assert computer.kernel(ROOT).words.startswith(f'{file} is damaged: ')


def test_which_utils_a_notebook_imports_depends_on_its_folder(
        tmp_path, monkeypatch):
    other = tmp_path / 'site/utils/__init__.py'
    other.parent.mkdir(parents=True)
    other.write_text('')
    monkeypatch.setenv('PYTHONPATH', os.pathsep.join(
        [str(other.parents[1]), str(ROOT)]))
    empty = tmp_path / 'empty'
    empty.mkdir()
    foreign = str(other), False
    assert computer.utils(empty) == [foreign, foreign]
    assert computer.utils(ROOT) == [(str(ROOT / 'utils.py'), True), foreign]


def test_another_utils_stays_foreign_beside_the_files_of_the_book(
        tmp_path, monkeypatch):
    monkeypatch.setenv('PYTHONPATH', str(ROOT))
    for name in 'utils.py', 'utils_data.py':
        (tmp_path / name).write_text('')
    assert computer.utils(tmp_path)[0] == (str(tmp_path / 'utils.py'), False)


def test_a_folder_of_notebooks_without_data_helpers_has_those_of_the_package(
        tmp_path, monkeypatch):
    monkeypatch.setattr(computer, 'OWN', tmp_path / 'own')
    computer.OWN.mkdir()
    (computer.OWN / 'utils_data.py').write_text(
        'DATA_SETS = {}\ndef physical_cores(): return 5\n')
    monkeypatch.delenv('OMP_NUM_THREADS', raising=False)
    empty = tmp_path / 'empty'
    empty.mkdir()
    assert computer.threads(empty) == (None, 5)
    assert computer.data(empty) == Answer({}, '')


@pytest.mark.parametrize('system, written, text', [
    ('gb18030', '思源宋体'.encode('utf-8'), '思源宋体'),
    ('gb18030', '思源宋体'.encode('gb18030'), '思源宋体'),
    ('ascii', '思源宋体'.encode('gb18030'), '\ufffd' * 8),
    ('cp1252', b'two\r\nlines', 'two\nlines'),
], ids=['UTF-8', "the system's", 'neither', 'lines as on Windows'])
def test_what_programs_write_is_read_in_the_encoding_it_has(
        monkeypatch, system, written, text):
    monkeypatch.setattr(programs.locale, 'getpreferredencoding',
                        lambda _: system)
    assert programs.text(written) == text


def test_what_readers_install_is_known_by_name_if_it_is(monkeypatch):
    wanted = ['numpy', 'nowhere>=1', 'other; python_version < "3"']
    monkeypatch.setattr(computer.metadata, 'requires', lambda name: wanted)
    found = computer.packages(ROOT)
    assert found['numpy'][0].isdigit() and found['nowhere'] == 'none'
    assert 'other' not in found
    [finding] = doctor.judge_packages(found)
    assert finding == doctor.Finding('missing: nowhere', 'missing')


@pytest.mark.parametrize('program, words', [
    (f'raise AttributeError({LONG!r})', NO_BOOL),
    ('class DataError(Exception): pass\nraise DataError("no:\\n  way\\nout")',
     'no:\n  way\nout'),
    ('import os; os.kill(os.getpid(), 9)', 'ended with status -9'),
], ids=['the first line of a long error', 'all of what helps with data',
        'the status of a dead program'])
def test_of_a_fault_counts(tmp_path, program, words):
    (tmp_path / 'utils_data.py').write_text(program)
    assert computer.data(tmp_path) == Answer(None, words)


@pytest.mark.slow
def test_real_data_files_are_verified(tmp_path, monkeypatch):
    monkeypatch.setenv('BOOK_DATA', str(tmp_path))
    monkeypatch.setenv('HOME', str(tmp_path))
    (tmp_path / 'mnist').mkdir()
    for stem in ('train-images-idx3', 'train-labels-idx1',
                 't10k-images-idx3', 't10k-labels-idx1'):
        (tmp_path / f'mnist/{stem}-ubyte.gz').write_bytes(b'corrupt')
    damaged, missing = doctor.judge_data(computer.data(ROOT))
    assert damaged.problem == 'damaged' and 'mnist' in damaged.fact
    assert missing.problem == 'no-data' and 'fashion-mnist' in missing.fact


def test_writing_leaves_nothing_and_names_a_folder_that_refuses(tmp_path,
                                                                monkeypatch):
    assert computer.writing(tmp_path) is None
    assert list(tmp_path.iterdir()) == []

    def refuse(dir):
        raise PermissionError(13, 'Permission denied')

    monkeypatch.setattr(computer.tempfile, 'TemporaryFile', refuse)
    [finding] = doctor.judge_writing(computer.writing(tmp_path))
    assert finding.problem == 'write' and str(tmp_path) in finding.fact


def test_a_full_disk_is_seen(tmp_path, monkeypatch):
    usage = SimpleNamespace(free=2**20)
    monkeypatch.setattr(computer.shutil, 'disk_usage', lambda root: usage)
    [finding] = doctor.judge_space(computer.space(tmp_path))
    assert finding == doctor.Finding('0.0 GB free', 'space')


def test_the_path_decides_about_browser_latex_and_cards(tmp_path,
                                                        monkeypatch):
    monkeypatch.setenv('PATH', str(tmp_path))
    assert clone.browser(ROOT) is None
    assert 'xelatex' in clone.latex(ROOT)
    assert computer.cards(ROOT) == ([], None)
    program = tmp_path / 'nvidia-smi'  # a driver without a card is no card
    program.write_text('#!/bin/sh\necho no devices; exit 6\n')
    program.chmod(0o755)
    assert computer.cards(ROOT) == ([], None)


@pytest.fixture
def registry(monkeypatch):
    """Return the address of a package registry on this computer."""
    handler = http.server.SimpleHTTPRequestHandler
    handler = type('Registry', (handler,), {'log_message': lambda *_: None})
    monkeypatch.setenv('NO_PROXY', '*')
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler) as web:
        threading.Thread(target=web.serve_forever, daemon=True).start()
        yield f'http://127.0.0.1:{web.server_port}'
        web.shutdown()


def test_a_registry_that_answers_will_do(registry, tmp_path, monkeypatch):
    (tmp_path / 'pip').mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('PIP_INDEX_URL', registry)
    assert computer.network(ROOT) == (registry, None)


@pytest.mark.parametrize('index', [
    'http://127.0.0.1:1', 'http://name.invalid/', 'no address',
], ids=['nobody answers', 'unknown name', 'a typing error'])
def test_a_registry_that_does_not_answer_is_named(index, monkeypatch):
    monkeypatch.setenv('NO_PROXY', '*')
    monkeypatch.setenv('PIP_INDEX_URL', index)
    [finding] = doctor.judge_network(computer.network(ROOT))
    assert finding.problem == 'network'
    assert finding.fact.startswith(index.rstrip('/'))


def test_a_mirror_in_the_settings_of_pip_is_the_registry(
        tmp_path, monkeypatch):
    settings = tmp_path / 'pip.conf'
    settings.write_text(
        '[global]\nquiet = 3\nindex-url = https://mirror.example/x/\n')
    monkeypatch.delenv('PIP_INDEX_URL', raising=False)
    monkeypatch.setenv('PIP_CONFIG_FILE', str(settings))
    assert computer.registry() == 'https://mirror.example/x'


def test_the_book_and_the_remedies_agree_on_numpy():
    pin = clone.packages(ROOT)[0]['numpy']
    for language in LANGUAGES:
        assert f'numpy=={pin}`' in PROBLEMS['numpy'][language]['cure']


def test_certificates_that_are_not_there_are_a_reason(registry, monkeypatch):
    monkeypatch.setenv('PIP_INDEX_URL', registry)
    monkeypatch.setenv('PIP_CERT', '/no/file.pem')
    facts = registry, 'PIP_CERT=/no/file.pem: no certificates there'
    assert computer.network(ROOT) == facts
    [finding] = doctor.judge_network(facts)
    assert finding.problem == 'certificates'


def test_make_has_the_command_even_when_nothing_can_be_installed(tmp_path):
    shutil.copy(ROOT / 'Makefile', tmp_path)
    done = subprocess.run(
        ['make', '-n', '-C', tmp_path, 'doctor', 'PYTHON=any-python'],
        capture_output=True, text=True)
    assert '"any-python" -m book doctor' in done.stdout
