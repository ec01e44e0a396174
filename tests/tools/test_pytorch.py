"""On Linux pip fetches PyTorch for the processor, where it can."""

import http.server
import socket
import threading

import pytest

from book.tools.setup import pytorch


@pytest.fixture(autouse=True)
def computer(monkeypatch):
    """Make this one of those for which the usual build is too large."""
    for name in pytorch.SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pytorch.platform, 'system', lambda: 'Linux')
    monkeypatch.setattr(pytorch.platform, 'machine', lambda: 'x86_64')
    monkeypatch.setattr(pytorch.shutil, 'which', lambda name: None)
    monkeypatch.setattr(pytorch, 'PATIENCE', 0.2)


@pytest.fixture
def registry():
    """Return the address of a registry that has PyTorch."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == '/cpu/torch/' else 404)
            self.end_headers()

        def log_message(self, *words):
            pass

    with http.server.HTTPServer(('127.0.0.1', 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=[0.01],
                         daemon=True).start()
        yield f'http://127.0.0.1:{server.server_port}/cpu'
        server.shutdown()


@pytest.fixture(params=['refuses', 'hangs', 'has no PyTorch'])
def useless(request, registry):
    """Return the address of a registry that is of no use."""
    if request.param == 'has no PyTorch':
        yield f'{registry}/other'
        return
    with socket.socket() as waiting:
        waiting.bind(('127.0.0.1', 0))
        if request.param == 'hangs':
            waiting.listen()
        yield 'http://127.0.0.1:{1}'.format(*waiting.getsockname())


def test_a_registry_that_answers_is_asked_first(registry):
    said = []
    assert pytorch.options(said.append, registry) == [
        '--extra-index-url', registry]
    assert said == [f'PyTorch for the processor, from {registry}']


def test_without_it_the_usual_registry_is_asked_and_a_line_says_so(useless):
    said = []
    assert pytorch.options(said.append, useless) == []
    [line] = said
    assert f'{useless} does not answer' in line and 'gigabytes' in line


@pytest.mark.parametrize('name', pytorch.SETTINGS)
def test_what_a_user_has_set_stays_as_it_is(name, registry, monkeypatch):
    monkeypatch.setenv(name, 'https://mirror.example/simple')
    assert pytorch.options(pytest.fail, registry) == []


@pytest.mark.parametrize('module, name, answer', [
    ('platform', 'system', 'Darwin'), ('platform', 'machine', 'aarch64'),
    ('shutil', 'which', '/usr/bin/nvidia-smi')])
def test_where_the_usual_build_is_right_nothing_is_asked(
        module, name, answer, registry, monkeypatch):
    monkeypatch.setattr(getattr(pytorch, module), name, lambda *_: answer)
    assert pytorch.options(pytest.fail, registry) == []
