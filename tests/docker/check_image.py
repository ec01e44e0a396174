"""Does the image do what the README says, with no network at all?

`make image-test` runs this after build.sh, as root. Every step starts a
container from the image; the first that fails ends the program. The
variable ENGINE names one of the two images, as it does for build.sh.
"""

import contextlib
import json
import os
import pathlib
import platform
import re
import socket
import subprocess
import tempfile
import time
import uuid

import requests
import websocket

from book.tools.setup.front import PROGRAMS
from book.tools.setup.targets import TARGETS

NAMED = os.environ.get('ENGINE')
IMAGE = 'localhost/from-scratch-to-gluon' + (f'-{NAMED}' if NAMED else '')
ENGINE = NAMED or ('mxnet' if platform.machine() == 'x86_64' else 'torch')
LARGEST = {'mxnet': 1.2e9, 'torch': 1.5e9}  # bytes, without LaTeX and fonts
ADDRESS = 'http://127.0.0.1:8888'
TOKEN = re.compile(r'127\.0\.0\.1:8888/lab\?token=([0-9a-f]{48})\s')
CHAPTERS = ('en/crash-course/ndarray.ipynb',
            'zh/supervised-learning/softmax-regression-scratch.ipynb')
STARTED = 120  # seconds
EXECUTED = 600
os.environ['BUILDAH_ISOLATION'] = 'chroot'
SUBREAPER = '--env', 'TINI_SUBREAPER=1'  # this isolation has no process 1


def buildah(*words):
    """Run buildah; return what it printed."""
    done = subprocess.run(
        ['buildah', *words], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


@contextlib.contextmanager
def container():
    """Make a container from the image, as `docker create` does."""
    name = buildah('from', '--pull-never', IMAGE)
    try:
        yield name
    finally:
        buildah('rm', name)


def settings():
    """Return what the image says about itself."""
    found = buildah('inspect', '--type', 'image', IMAGE)
    return json.loads(found)['Docker']['config']


def command(name, *words, options=()):
    """Return the command that does what `docker run IMAGE words` does."""
    return ['buildah', 'run', *SUBREAPER, *options, name, '--',
            *settings()['Entrypoint'], *words]


def run(*words, options=()):
    """Do what `docker run IMAGE words` does; return status and output."""
    with container() as name:
        done = subprocess.run(
            command(name, *words, options=options), stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def output(*words, options=()):
    """Run words that end well; return what they printed."""
    status, text = run(*words, options=options)
    assert status == 0, text
    return text


@contextlib.contextmanager
def server(name, log, options=()):
    """Serve as `docker run -p 8888:8888 IMAGE` does; yield a reader."""
    assert not answers(), f'another server is at {ADDRESS}'
    with log.open('w') as file:
        process = subprocess.Popen(command(name, options=options),
                                   stdout=file, stderr=subprocess.STDOUT)
    reader = Reader(token_in(log, process))
    try:
        yield reader
    finally:  # buildah passes no signals on
        reader.session.post(f'{ADDRESS}/api/shutdown')
        process.wait(STARTED)


def token_in(log, process):
    """Wait for the address in a log and for its server."""
    end = time.monotonic() + STARTED
    while time.monotonic() < end and process.poll() is None:
        found = TOKEN.search(log.read_text())
        if found and answers():
            return found[1]
        time.sleep(0.5)
    raise AssertionError(f'no server:\n{log.read_text()}')


def answers():
    try:
        return requests.get(f'{ADDRESS}/api', timeout=5).ok
    except requests.ConnectionError:
        return False


class Reader:
    """Someone who knows the token, with a browser."""

    def __init__(self, token):
        self.session = requests.Session()
        self.session.headers['Authorization'] = f'token {token}'
        self.token = token

    def call(self, method, path, **words):
        answer = self.session.request(
            method, f'{ADDRESS}/api/{path}', **words)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def execute(self, path):
        """Execute the code cells of a notebook one by one; count them."""
        notebook = self.call('GET', f'contents/{path}')['content']
        kernel = self.call(
            'POST', 'sessions',
            json={'path': path, 'name': path, 'type': 'notebook',
                  'kernel': {'name': 'python3'}})['kernel']['id']
        code = [''.join(x['source']) for x in notebook['cells']
                if x['cell_type'] == 'code']
        address = ADDRESS.replace('http', 'ws')
        channels = websocket.create_connection(
            f'{address}/api/kernels/{kernel}/channels?token={self.token}',
            timeout=EXECUTED)
        with contextlib.closing(channels):
            for source in code:
                execute_cell(channels, source)
        self.call('DELETE', f'kernels/{kernel}')
        return len(code)


def execute_cell(channels, source):
    """Execute a cell over the websocket of its kernel."""
    number = uuid.uuid4().hex
    channels.send(json.dumps({
        'header': {'msg_id': number, 'msg_type': 'execute_request',
                   'username': '', 'session': 'check', 'version': '5.3'},
        'parent_header': {}, 'metadata': {}, 'channel': 'shell',
        'content': {'code': source, 'silent': False}}))
    while True:
        message = json.loads(channels.recv())
        kind = message['parent_header'].get('msg_id'), message['msg_type']
        if kind == (number, 'execute_reply'):
            content = message['content']
            assert content['status'] == 'ok', content.get('traceback')
            return


def mount(folder, place, owner=1000):
    """Return the options that share an empty folder with the reader."""
    folder.mkdir()
    os.chown(folder, owner, owner)
    return '--volume', f'{folder}:/home/reader/{place}'


def check_network(folder):
    """There is none: only the machine itself can be reached."""
    assert [name for _, name in socket.if_nameindex()] == ['lo']


def check_settings(folder):
    """The image names its user, its port, its health check, no secret."""
    found = settings()
    assert found['User'] == '1000'
    assert found['ExposedPorts'] == {'8888/tcp': {}}
    assert found['Healthcheck']['Test'][0] == 'CMD'
    assert not [x for x in found['Env'] if 'TOKEN' in x]


def check_size(folder):
    """A class can fetch it; Noto CJK, and LaTeX with it, are beyond that."""
    found = output('du', '-sxb', '/', options=('--user', '0'))
    held = int(found.split()[0])
    print(f'  {held / 1e9:.2f} GB')
    noto, _ = run('test', '-e', '/usr/share/fonts/opentype/noto')
    assert held <= LARGEST[ENGINE] or noto == 0


def check_engine(folder):
    """Chapters compute with the engine that was asked for."""
    program = ('from book.execution import engine; '
               'print(engine.current().name)')
    assert output('python', '-c', program).strip() == ENGINE


def check_reader(folder):
    """Programs run as given, as a reader who cannot change the book."""
    assert output('id', '-u').strip() == '1000'
    assert output('jupyterhub-singleuser', '--version').strip() == '5.5.4'
    shell = output('bash', '--login', '-c', 'command -v python')
    assert shell.strip() == '/opt/venv/bin/python'
    output('pip', 'check')
    assert run('touch', '/opt/book/utils.py')[0] != 0
    assert run('touch', '/opt/data/timemachine.txt')[0] != 0


def check_words(folder):
    """No program of the system hides a command of the book.

    But for `help`, of the shell, and `wheel`, of Python's own tools.
    """
    for name in TARGETS.keys() - PROGRAMS.keys() - {'help', 'wheel'}:
        assert run('sh', '-c', f'command -v {name}')[0] != 0
    assert 'COMMAND' in output('--help')


def check_data(folder):
    """The data sets are in the image, and they are the real ones."""
    assert 'stand-in' not in output(
        'data', options=('--env', 'BOOK_STAND_IN=never'))


def check_weak_token(folder):
    status, text = run(options=('--env', 'JUPYTER_TOKEN=1234'))
    assert status == 1 and text.startswith('error: JUPYTER_TOKEN'), text


def check_server(folder):
    """Chapters open and run; nobody gets in without the token."""
    health = settings()['Healthcheck']['Test'][1:]
    with container() as name:
        ask = ['buildah', 'run', name, '--', *health]
        assert subprocess.run(ask).returncode == 1, 'well, without a server'
        with server(name, folder / 'server.log') as reader:
            assert subprocess.run(ask).returncode == 0, 'not well'
            contents = f'{ADDRESS}/api/contents'
            assert requests.get(contents).status_code == 403
            for path in CHAPTERS:
                print(f'  {path}: {reader.execute(path)} cells')


def check_work_is_kept(folder):
    """What a reader saves is there when another container starts."""
    path = f'contents/{CHAPTERS[0]}'
    options = mount(folder / 'copy', 'book')
    for turn in 'first', 'second':
        with (container() as name,
              server(name, folder / f'{turn}.log', options) as reader):
            notebook = reader.call('GET', path)['content']
            if turn == 'second':
                assert notebook['cells'][0]['source'] == 'mine'
            notebook['cells'][0]['source'] = 'mine'
            reader.call(
                'PUT', path, json={'type': 'notebook', 'content': notebook})


def check_html(folder):
    """A shared folder gets the book, in the name of whoever asks for it."""
    user = '--user', '1234:1234'
    options = *user, *mount(folder / 'built', '_build', owner=1234)
    output('html', '--chapter', 'ndarray', options=options)
    site = folder / 'built/html'
    page = (site / 'zh/crash-course/ndarray.html').read_text('utf-8')
    assert (site / 'index.html').exists()
    assert 'cell_output' in page


def check_foreign_folder(folder):
    """A folder that the reader may not write to is named."""
    options = mount(folder / 'foreign', '_build', owner=0)
    status, text = run('html', options=options)
    assert status == 1 and text.startswith('error: /home/reader/_build'), text


def check_chinese(folder):
    """Chinese words in a plot are drawn: no warning of missing glyphs."""
    program = ('from matplotlib import pyplot; import utils; '
               'pyplot.xlabel("训练"); pyplot.savefig("/tmp/plot.png")')
    output('python', '-W', 'error:Glyph:UserWarning', '-c', program)


def main():
    checks = [x for name, x in globals().items() if name.startswith('check_')]
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        for check in checks:
            started = time.monotonic()
            check(pathlib.Path(folder))
            seconds = time.monotonic() - started
            print(f'ok {seconds:6.1f} s  {check.__name__[6:]}', flush=True)


if __name__ == '__main__':
    main()
