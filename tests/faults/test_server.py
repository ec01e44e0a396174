"""A server that misbehaves costs a message, never a wrong file."""

import gzip
import hashlib
import http.server
import random
import threading

import pytest

import utils_data

NAME = 'numbers.gz'
CONTENT = random.Random(0).randbytes(500)
BODY = gzip.compress(CONTENT, mtime=0)
PAGE = b'<!doctype html><title>Please log in</title>'


class Server(http.server.BaseHTTPRequestHandler):
    """Answers with what the first part of the path names."""

    def do_GET(self):
        getattr(self, self.path.split('/')[1])()

    def answer(self, body, status=200, **headers):
        self.send_response(status)
        headers.setdefault('Content_Length', len(body))
        for name, value in headers.items():
            self.send_header(name.replace('_', '-'), value)
        self.end_headers()
        self.wfile.write(body)

    def good(self):
        self.answer(BODY)

    def slow(self):
        self.answer(BODY[:50], Content_Length=len(BODY))
        for start in range(50, len(BODY)):
            self.server.stopped.wait(0.002)
            self.wfile.write(BODY[start : start + 1])

    def stuck(self):
        self.answer(BODY[:50], Content_Length=len(BODY))
        self.server.stopped.wait(60)

    def silent(self):
        self.server.stopped.wait(60)

    def mute(self):
        self.wfile.flush()

    def short(self):
        self.answer(BODY[:50], Content_Length=len(BODY))

    def less(self):
        self.answer(BODY, Content_Length=50)

    def nonsense(self):
        self.answer(BODY, Content_Length='many')

    def negative(self):
        self.answer(BODY, Content_Length=-1)

    def page(self):
        self.answer(PAGE, Content_Type='text/html')

    def wrong(self):
        self.answer(gzip.compress(b'4 5 6'))

    def empty(self):
        self.answer(b'')

    def unpacked(self):
        self.answer(BODY, Content_Encoding='gzip')

    def garbled(self):
        self.answer(CONTENT, Content_Encoding='gzip')

    def loop(self):
        self.answer(b'', 302, Location=self.path)

    def astray(self):
        self.answer(b'', 302, Location='http://[')

    def elsewhere(self):
        self.answer(b'', 302, Location='file:///etc/passwd')

    def broken(self):
        self.answer(PAGE, 500)

    def busy(self):
        self.answer(PAGE, 503)

    def babble(self):
        self.wfile.write(b'220 mail ready\r\n\r\n')

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server(monkeypatch, tmp_path):
    """Return a function that says how the server behaves from now on."""
    (tmp_path / 'data').mkdir()
    monkeypatch.setenv('BOOK_DATA', str(tmp_path / 'data'))
    monkeypatch.setenv('BOOK_STAND_IN', 'never')
    monkeypatch.setenv('HOME', str(tmp_path))
    monkeypatch.setenv('NO_PROXY', '*')
    monkeypatch.setattr(utils_data, 'READ_SECONDS', 0.5)
    hashes = {NAME: hashlib.sha256(CONTENT).hexdigest()}

    def behave(*ways):
        start = f'http://127.0.0.1:{web.server_port}'
        addresses = tuple(f'{start}/{way}/' for way in ways)
        data_set = utils_data.DataSet('numbers', addresses, hashes)
        monkeypatch.setitem(utils_data.DATA_SETS, 'numbers', data_set)
        return tmp_path / 'data/numbers'

    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Server) as web:
        web.stopped = threading.Event()
        web.handle_error = lambda *arguments: None  # the client is gone
        threading.Thread(target=web.serve_forever, args=(0.02,),
                         daemon=True).start()
        yield behave
        web.stopped.set()
        web.shutdown()


FAULTS = {
    'stuck': 'no connection',
    'silent': 'Read timed out',
    'mute': 'no connection',
    'short': 'the connection was cut',
    'less': 'truncated gzip file',
    'page': 'damaged gzip file',
    'wrong': 'other content than expected',
    'empty': 'other content than expected',
    'unpacked': 'damaged gzip file',
    'garbled': 'gzip',
    'loop': 'Exceeded 30 redirects',
    'elsewhere': 'No connection adapters',
    'broken': 'HTTP status 500',
    'busy': 'HTTP status 503',
    'babble': 'no connection',
    'nonsense': "'many'",
    'astray': 'Invalid IPv6 URL',
}


@pytest.mark.parametrize('way', FAULTS)
def test_a_faulty_answer_is_told_and_the_next_run_recovers(server, way):
    folder = server(way)
    with pytest.raises(utils_data.DataError) as caught:
        utils_data.find_data('numbers')
    message = str(caught.value)
    assert f'/{way}/{NAME}: ' in message and FAULTS[way] in message
    assert 'What to do: ' in message
    assert [path.name for path in folder.iterdir()] == ['.lock']
    server('good')
    assert utils_data.find_data('numbers').files[NAME].read_bytes() == BODY


@pytest.mark.parametrize('way', FAULTS)
def test_the_mirror_serves_when_the_first_address_is(server, way):
    server(way, 'good')
    assert utils_data.find_data('numbers').files[NAME].read_bytes() == BODY


@pytest.mark.parametrize('way', ['slow', 'negative'])
def test_an_odd_answer_with_the_right_content_is_taken(server, way):
    server(way)
    assert utils_data.find_data('numbers').files[NAME].read_bytes() == BODY
