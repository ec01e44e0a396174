"""A real server of Jupyter on a copy of some chapters, and its kernels."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
import uuid

import requests
import websocket
from books import ROOT, commit

SECONDS = 60
PAGES = ('en/crash-course/ndarray.md', 'zh/crash-course/ndarray.md',
         'en/index.md')
OPTIONS = '--no-browser', '--allow-root', '--port=0'


def copy_chapters(folder):
    """Copy a few pages of the book into a folder under version control."""
    for name in PAGES:
        path = folder / 'chapters' / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / 'chapters' / name, path)
    commit(folder)
    return folder


def git(folder, *arguments):
    """Run git in a folder; return what it says."""
    done = subprocess.run(['git', *arguments], cwd=folder, check=True,
                          text=True, stdout=subprocess.PIPE)
    return done.stdout


def runtime_of(folder):
    """Return where the server keeps what is its reader's own."""
    return folder.parent / f'{folder.name}-runtime'


@contextlib.contextmanager
def jupyter(folder, **environment):
    """Run `python -m book notebook` on the chapters of a folder.

    environment: further variables.
    """
    log = folder.parent / f'{folder.name}.log'
    runtime = runtime_of(folder)
    places = ('RUNTIME_DIR', 'CONFIG_DIR', 'DATA_DIR')
    variables = {f'JUPYTER_{place}': str(runtime) for place in places}
    options = *OPTIONS, f'--ServerApp.root_dir={folder / "chapters"}'
    with log.open('w') as messages:
        process = subprocess.Popen([sys.executable, '-m', 'book', 'notebook',
                                    '--', *options],
                                   cwd=ROOT, stdout=messages, stderr=messages,
                                   env={**os.environ, **variables,
                                        **environment})
    try:
        yield Server(wait_for(runtime, process, log))
    finally:
        process.terminate()
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:  # Jupyter waits for a kernel
            process.kill()
            process.wait()


def wait_for(runtime, process, log):
    """Return what the server says of itself, as soon as it answers."""
    for _ in range(SECONDS * 10):
        for path in runtime.glob('jpserver-*.json'):
            with contextlib.suppress(ValueError, requests.ConnectionError):
                found = json.loads(path.read_text())
                requests.get(found['url'] + 'api', timeout=SECONDS)
                return found
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(log.read_text())


class Server:
    """A server that runs, seen by somebody who has its token."""

    def __init__(self, found):
        self.found, self.url = found, found['url']
        self.token = found['token']

    def ask(self, method, path, /, **content):
        """Send a request to the API; return the answer."""
        return requests.request(method, f'{self.url}api/{path}',
                                headers={
                                    'Authorization': f'token {self.token}'},
                                json=content or None, timeout=SECONDS)

    def get(self, path):
        """Return the model of a file, which must be there."""
        answer = self.ask('GET', f'contents/{path}')
        assert answer.ok, answer.text
        return answer.json()

    def save(self, path, notebook):
        """Save a notebook; return its model."""
        answer = self.ask('PUT', f'contents/{path}', type='notebook',
                          format='json', content=notebook)
        assert answer.ok, answer.text
        return answer.json()

    @contextlib.contextmanager
    def kernel(self, path):
        """Start the kernel of a notebook; yield a function that runs code."""
        session = self.ask('POST', 'sessions', path=path, name=path,
                           type='notebook', kernel={'name': 'python3'}).json()
        name = session['kernel']['id']
        address = f'ws{self.url[4:]}api/kernels/{name}/channels'
        channel = websocket.create_connection(f'{address}?token={self.token}',
                                              timeout=SECONDS)
        try:
            yield lambda code: run(channel, code)
        finally:
            channel.close()
            self.ask('DELETE', f'sessions/{session["id"]}')


def run(channel, code):
    """Run code in a kernel; return its outputs."""
    request = message('execute_request', code=code, silent=False)
    channel.send(json.dumps(request))
    own, outputs, done = request['header']['msg_id'], [], set()
    while len(done) < 2:
        answer = json.loads(channel.recv())
        if answer['parent_header'].get('msg_id') != own:
            continue
        kind, content = answer['msg_type'], answer['content']
        if kind in ('stream', 'execute_result', 'display_data', 'error'):
            outputs.append({'output_type': kind, **content})
        elif kind == 'execute_reply':
            done.add(kind)
        elif kind == 'status' and content['execution_state'] == 'idle':
            done.add(kind)
    return outputs


def message(kind, **content):
    """Return a message to a kernel."""
    header = {'msg_id': uuid.uuid4().hex, 'session': uuid.uuid4().hex,
              'msg_type': kind, 'username': 'reader', 'version': '5.3'}
    return {'channel': 'shell', 'header': header, 'parent_header': {},
            'metadata': {}, 'content': content}
