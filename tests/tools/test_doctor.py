"""`python -m book doctor` finds every fault and says what to do about it.

Each fault is put into a computer that is otherwise in order.
"""

import http.server
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
from book.execution.probe import Answer
from book.tools import computer, doctor
from book.tools.doctor import PROBLEMS

GOOD_LOCK = {'mxnet': '1.9.1', 'numpy': '1.23.5', 'tqdm': '4.70.1'}
LOCK = LOCKS['mxnet']
GOOD_MXNET = {'version': '1.9.1', 'product': [[3, 3], [3, 3]], 'cuda': False,
              'gpu': None}
GOOD = {
    'book': ('0.1.0', 'abc1234 of 2026-11-22', 0),
    'system': ('Linux-6.1-x86_64-with-glibc2.36', 8 * doctor.GIGABYTE),
    'settings': [], 'Python': ((3, 11, 7), 'mxnet'),
    'engine': (Engine(version='1.9.1'), ['mxnet']),
    'packages': (GOOD_LOCK, GOOD_LOCK, LOCK),
    'MXNet': Answer(GOOD_MXNET, ''), 'threads': (None, 2), 'GPU': ([], None),
    'data': Answer({'mnist': 'real'}, ''), 'browser': '/usr/bin/chromium',
    'LaTeX': [], 'disk space': 9 * doctor.GIGABYTE, 'writing': None,
    'network': ('https://pypi.org/simple', None),
}
CARD = ['NVIDIA GeForce RTX 3060']
NO_BOOL = "module 'numpy' has no attribute 'bool'"
LONG = f'{NO_BOOL}\n`np.bool` was an alias:\n    https://numpy.org/x: y'
NO_LIBRARY = 'OSError: libgomp.so.1: cannot open shared object file: No such'
CUT = 'mnist/a.gz: truncated gzip file; move this file away and run again'
OLD_TQDM = GOOD_LOCK, {**GOOD_LOCK, 'tqdm': '4.0.0'}, LOCK
WRONG_NUMPY = GOOD_LOCK, {**GOOD_LOCK, 'numpy': '1.26.4'}, LOCK
NEW_NUMPY = *WRONG_NUMPY[:2], LOCKS['torch']
OLD_TORCH = Engine('torch', '1.9.1+torch1', '2.3.1+cpu')
OURS = 'gluon-on-torch'
WRONG_PRODUCT = Answer({**GOOD_MXNET, 'product': [[0, 0], [0, 0]]}, '')
NO_TORCH = Answer(None, f'{OURS} needs PyTorch 2.4 or newer, and found 2.3')
NO_MXNET = Answer(None, "ModuleNotFoundError: No module named 'mxnet'")
FAULTS = {
    'another Python': ('Python', ((3, 13, 0), 'mxnet'), 'python'),
    'a Python too new for our engine': (
        'Python', ((3, 14, 0), 'torch'), 'python'),
    'two engines': ('engine', (Engine(), ['mxnet', OURS]), 'both'),
    'our engine on an old PyTorch': ('engine', (OLD_TORCH, [OURS]), 'torch'),
    'our engine, which says the same': ('MXNet', NO_TORCH, 'torch'),
    'a missing package': ('packages', (GOOD_LOCK, {}, LOCK), 'missing'),
    'a wrong NumPy': ('packages', WRONG_NUMPY, 'numpy'),
    'a wrong NumPy for our engine': ('packages', NEW_NUMPY, 'versions'),
    'another version': ('packages', OLD_TQDM, 'versions'),
    'no MXNet': ('MXNet', NO_MXNET, 'missing'),
    'MXNet with a wrong NumPy': ('MXNet', Answer(None, NO_BOOL), 'numpy'),
    'a missing library': ('MXNet', Answer(None, NO_LIBRARY), 'library'),
    'a process that dies': ('MXNet', Answer(None, 'status -4'), 'mxnet'),
    'a wrong product': ('MXNet', WRONG_PRODUCT, 'mxnet'),
    'too many threads': ('threads', ('8', 2), 'threads'),
    'an unused card': ('GPU', (CARD, Answer(GOOD_MXNET, '')), 'gpu'),
    'a card, and no MXNet': ('GPU', (CARD, Answer(None, 'dead')), 'gpu'),
    'no data': ('data', Answer({'mnist': 'missing'}, ''), 'no-data'),
    'corrupt data': ('data', Answer({'mnist': CUT}, ''), 'damaged'),
    'no browser': ('browser', None, 'browser'),
    'no LaTeX': ('LaTeX', ['xelatex', 'latexmk'], 'latex'),
    'a full disk': ('disk space', doctor.GIGABYTE // 2, 'space'),
    'no permission': ('writing', '/book: Permission denied', 'write'),
    'no network': ('network', ('https://pypi.org', 'timed out'), 'network'),
}


def examined(capsys, **changed):
    """Return what the doctor says of a computer that has changed."""
    facts = {**GOOD, **changed}
    checks = [check._replace(facts=lambda _, x=facts[check.name]: x)
              for check in doctor.CHECKS]
    broken = doctor.examine(ROOT, checks)
    return broken, capsys.readouterr().out


def test_a_computer_in_order_has_no_problems(capsys):
    broken, printed = examined(capsys)
    *lines, _, verdict = printed.splitlines()
    assert not broken and verdict == 'Ready.'
    assert all(line.startswith('ok ') for line in lines)
    assert len(lines) == len(doctor.CHECKS)


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
        capsys, packages=WRONG_NUMPY, MXNet=Answer(None, NO_BOOL))
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


def test_our_engine_is_named_with_pytorch_and_its_devices(capsys):
    table = {**GOOD_MXNET, 'version': '1.9.1+torch1', 'gpu': 'gpu(0)',
             'devices': ['cpu', 'mps']}
    answer = Answer(table, '')
    _, printed = examined(
        capsys, Python=((3, 13, 0), 'torch'), MXNet=answer,
        engine=(Engine('torch', '1.9.1+torch1', '2.4.0'), [OURS]),
        GPU=(['mps'], answer), packages=({}, {}, LOCKS['torch']))
    assert 'our engine 1.9.1+torch1 on PyTorch 2.4.0\n' in printed
    assert '1.9.1+torch1, computes on cpu, mps\n' in printed
    assert 'mps, used as gpu(0)\n' in printed
    assert f'{LOCKS["torch"]}: 0 packages\n' in printed
    assert printed.endswith('Ready.\n')


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
    assert re.search(r'^PROBLEM +MXNet .*No module named', done.stdout, re.M)
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
    assert computer.packages(ROOT)[1]['numpy'] == '1.26.4'
    monkeypatch.setattr(sys, 'path', [str(tmp_path)])
    found = {'mxnet': '7.7', 'numpy': '1.26.4'}
    assert computer.packages(ROOT)[1] == found


def test_a_lock_for_many_systems_asks_only_for_what_is_for_this_one(
        tmp_path, monkeypatch):
    ours = Engine('torch', '1.9.1+torch1', '2.13.0')
    monkeypatch.setattr(computer.engines, 'find', lambda: ours)
    (tmp_path / ours.lock).write_text(
        "a==1 ; python_full_version < '3' \\\n    --hash=sha256:12\n"
        "a==2 ; python_full_version >= '3' \\\n    --hash=sha256:34\n"
        "b==1 ; sys_platform == 'plan9' \\\n    --hash=sha256:56\nc==1\n")
    assert computer.packages(tmp_path)[0] == {'a': '2', 'c': '1'}


def test_a_commit_and_what_changed_since_are_known_if_git_is_there(
        tmp_path, monkeypatch):
    (tmp_path / 'pyproject.toml').write_text('[x]\nversion = "1.2"\n')
    commit(tmp_path)
    version, name, changes = computer.book(tmp_path)
    assert (version, changes) == ('1.2', 0)
    assert re.fullmatch(r'[0-9a-f]{7,} of \d{4}-\d\d-\d\d', name)
    (tmp_path / 'new file').write_text('')
    assert computer.book(tmp_path)[2] == 1
    monkeypatch.setenv('PATH', str(tmp_path))
    assert computer.book(tmp_path) == ('1.2', None, None)


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


@pytest.mark.parametrize('program, words', [
    (f'raise AttributeError({LONG!r})', NO_BOOL),
    ('import os; os.kill(os.getpid(), 9)', 'ended with status -9'),
], ids=['the first line of a long error', 'the status of a dead program'])
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
    assert computer.browser(ROOT) is None
    assert 'xelatex' in computer.latex(ROOT)
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
    settings.write_text('[global]\nindex-url = https://mirror.example/x/\n')
    monkeypatch.delenv('PIP_INDEX_URL', raising=False)
    monkeypatch.setenv('PIP_CONFIG_FILE', str(settings))
    assert computer.registry() == 'https://mirror.example/x'


def test_the_book_and_the_remedies_agree_on_numpy():
    pin = computer.packages(ROOT)[0]['numpy']
    for language in LANGUAGES:
        assert f'numpy=={pin}`' in PROBLEMS['numpy'][language]['cure']


def test_make_has_the_command_even_when_nothing_can_be_installed(tmp_path):
    shutil.copy(ROOT / 'Makefile', tmp_path)
    done = subprocess.run(
        ['make', '-n', '-C', tmp_path, 'doctor', 'PYTHON=any-python'],
        capture_output=True, text=True)
    assert 'any-python -m book doctor' in done.stdout
