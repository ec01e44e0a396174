"""A server that misbehaves costs a message, never a wrong file."""

import gzip
import hashlib
import http.server
import random
import threading
import time
import tracemalloc

import pytest

import utils_data

NAME = 'numbers.gz'
CONTENT = random.Random(0).randbytes(500)
BODY = gzip.compress(CONTENT, mtime=0)
ZEROS = bytes(2 ** 20)
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

    def endless(self):
        self.send_response(200)
        self.end_headers()
        self.pour(ZEROS)

    def chunked(self):
        self.send_response(200)
        self.send_header('Transfer-Encoding', 'chunked')
        self.end_headers()
        self.pour(b'100000\r\n' + ZEROS + b'\r\n')

    def pour(self, piece):
        """Send a piece again and again, for as long as it is read."""
        while not self.server.stopped.is_set():
            self.wfile.write(piece)
            self.server.sent += len(piece)

    def drip(self):
        self.send_response(200)
        self.end_headers()
        while not self.server.stopped.wait(0.05):
            self.wfile.write(b'.')

    def bomb(self):
        """As many bytes as the file has packed, and a thousand as many."""
        self.answer(self.server.bomb)

    def led(self):
        self.answer(b'', 302, Location=self.path.replace('led', 'endless'))

    def chain(self):
        self.server.sent += 1
        self.answer(b'', 302, Location=f'{self.path}.')

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
    known = {NAME: utils_data.Content(
        len(CONTENT), hashlib.sha256(CONTENT).hexdigest())}

    def behave(*ways):
        start = f'http://127.0.0.1:{web.server_port}'
        addresses = tuple(f'{start}/{way}/' for way in ways)
        data_set = utils_data.DataSet('numbers', addresses, known)
        monkeypatch.setitem(utils_data.DATA_SETS, 'numbers', data_set)
        return tmp_path / 'data/numbers'

    behave.known = known
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Server) as web:
        behave.web, web.sent = web, 0
        web.stopped = threading.Event()
        web.handle_error = lambda *arguments: None  # the client is gone
        threading.Thread(target=web.serve_forever, args=(0.02,),
                         daemon=True).start()
        yield behave
        web.stopped.set()
        web.shutdown()


FAULTS = {
    'stuck': 'no connection (timed out)',
    'silent': 'no connection (timed out)',
    'mute': 'no connection',
    'short': 'the connection was cut',
    'less': 'truncated gzip file',
    'page': 'damaged gzip file',
    'wrong': 'other content than expected',
    'empty': 'other content than expected',
    'garbled': 'damaged gzip file',
    'endless': 'too long: more than 1500 bytes',
    'chunked': 'too long: more than 1500 bytes',
    'led': 'too long: more than 1500 bytes',
    'chain': 'HTTP status 302',
    'loop': 'HTTP status 302',
    'elsewhere': 'HTTP status 302',
    'broken': 'HTTP status 500',
    'busy': 'HTTP status 503',
    'babble': 'no connection',
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


@pytest.mark.parametrize('way', ['slow', 'negative', 'nonsense', 'unpacked'])
def test_an_odd_answer_with_the_right_content_is_taken(server, way):
    server(way)
    assert utils_data.find_data('numbers').files[NAME].read_bytes() == BODY


# A server that means harm


def cost(action):
    """Return how many bytes more an action, which fails, has at a time."""
    tracemalloc.start()
    try:
        with pytest.raises(utils_data.DataError) as caught:
            action()
        return tracemalloc.get_traced_memory()[1], str(caught.value)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize('way', ['endless', 'chunked', 'led'])
def test_a_body_without_end_is_left_after_what_the_table_says(server, way):
    server(way)
    memory, _ = cost(lambda: utils_data.find_data('numbers'))
    assert memory < 4 * 2 ** 20
    assert server.web.sent < 16 * 2 ** 20, 'the rest is in the buffers of TCP'


def test_redirects_are_followed_a_few_times_only(server):
    server('chain')
    with pytest.raises(utils_data.DataError):
        utils_data.find_data('numbers')
    assert 1 < server.web.sent <= 12


@pytest.fixture(scope='module')
def bomb():
    """Return 256 MiB packed, and what is known of a file that packs so."""
    packed = gzip.compress(bytes(2 ** 28), mtime=0)
    return packed, utils_data.Content(len(packed), '0' * 64)


def test_a_bomb_is_not_unpacked_while_it_is_fetched(server, bomb):
    server.web.bomb, server.known[NAME] = bomb
    folder = server('bomb')
    memory, message = cost(lambda: utils_data.find_data('numbers'))
    assert 'other content than expected, longer' in message
    assert memory < 4 * 2 ** 20
    assert [path.name for path in folder.iterdir()] == ['.lock']


@pytest.mark.parametrize('drawn', [False, True], ids=['a file', 'a drawing'])
def test_a_bomb_is_not_unpacked_that_lies_on_the_disk(tmp_path, bomb, drawn):
    packed, known = bomb
    (tmp_path / NAME).write_bytes(packed)
    memory, message = cost(lambda: utils_data.read_verified(
        tmp_path / NAME, None if drawn else known))
    assert 'other content than expected, longer' in message
    most = max(utils_data.IMAGE_SIZES) if drawn else known.size
    assert memory < 4 * 2 ** 20 + most


def test_a_body_that_drips_is_not_waited_for(server, monkeypatch):
    monkeypatch.setattr(utils_data, 'PATIENCE', 0.4)
    server('drip')
    begun = time.monotonic()
    _, message = cost(lambda: utils_data.find_data('numbers'))
    assert 'too slow: ' in message
    assert time.monotonic() - begun < 10


def test_a_download_is_not_written_through_a_link_of_others(server, tmp_path):
    folder = server('good')
    folder.mkdir()
    (tmp_path / 'precious').write_text('mine')
    (folder / f'{NAME}.part').symlink_to(tmp_path / 'precious')
    assert utils_data.find_data('numbers').files[NAME].read_bytes() == BODY
    assert (tmp_path / 'precious').read_text() == 'mine'
