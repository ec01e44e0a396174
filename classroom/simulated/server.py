"""The socket of a stand-in for Docker: from a request to its function."""

import http.server
import json
import re
import socketserver
import traceback
import types
import urllib.parse

ROUTES = []  # (method, pattern, function), see `route`


class Problem(Exception):
    """What Docker answers with a status that is none of success."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


def route(method, pattern):
    """Let a function answer to a method and a path.

    It gets the daemon, the query, the content and what the pattern found,
    and returns status, content, and perhaps headers.
    """
    def decorated(function):
        ROUTES.append((method, re.compile(pattern), function))
        return function
    return decorated


def given(content):
    """Return the JSON that was sent."""
    return json.loads(content or b'{}') or {}


def is_true(query, name):
    return query.get(name) in ('1', 'true', 'True')


def fits(wanted, name, labels, status=None):
    """Tell whether something has the name, labels and status asked for."""
    pairs = [x.partition('=') for x in listed(wanted, 'label')]
    return (
        all(key in labels and (not equals or labels[key] == value)
            for key, equals, value in pairs)
        and any(re.search(x, name) for x in listed(wanted, 'name') or [''])
        and (not wanted.get('status') or status in listed(wanted, 'status')))


def listed(wanted, key):
    """Return the values of a filter: a list, or {value: whether}."""
    return [x for x in wanted.get(key, [])]


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Listens on a socket for a daemon, with a thread for each client."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, path, daemon):
        super().__init__(path, Handler)
        self.daemon = daemon

    def handle_error(self, request, client_address):
        """A client that goes away is none of our errors."""


class Handler(http.server.BaseHTTPRequestHandler):
    """Finds the function for a request and sends what it returns."""

    protocol_version = 'HTTP/1.1'

    def handle_request(self):
        address = urllib.parse.urlsplit(self.path)
        path = re.sub(r'^/v\d+\.\d+', '', urllib.parse.unquote(address.path))
        query = dict(urllib.parse.parse_qsl(address.query))
        content = self.body()
        try:
            answer = self.find(path)(self.server.daemon, query, content)
        except Problem as problem:
            answer = problem.status, {'message': str(problem)}
        except PermissionError as error:
            answer = 403, {'message': str(error)}
        except Exception:  # as text, where a test shows it
            answer = 500, {'message': traceback.format_exc()}
        self.send(*answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_request

    def find(self, path):
        """Return the function for a path, with what the path names."""
        for method, pattern, function in ROUTES:
            found = pattern.fullmatch(path)
            if found and method == self.command:
                return lambda *more: function(*more, *found.groups())
        raise Problem(501, f'the stand-in has no {self.command} {path}')

    def body(self):
        """Read what was sent: of a known length, or in pieces."""
        if self.headers.get('Transfer-Encoding') != 'chunked':
            return self.rfile.read(int(self.headers.get('Content-Length', 0)))
        pieces = []
        while length := int(self.rfile.readline(), 16):
            pieces.append(self.rfile.read(length))
            self.rfile.readline()
        self.rfile.readline()
        return b''.join(pieces)

    def send(self, status, content=None, headers=None):
        """Send bytes as they are, pieces as they come, the rest as JSON."""
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if isinstance(content, types.GeneratorType):
            self.send_pieces(content)
            return
        if not isinstance(content, bytes):
            content = b'' if content is None else json.dumps(content).encode()
        self.send_header('Content-Length', str(len(content)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(content)

    def send_pieces(self, pieces):
        self.send_header('Transfer-Encoding', 'chunked')
        self.end_headers()
        for piece in pieces:
            self.wfile.write(b'%x\r\n%s\r\n' % (len(piece), piece))
        self.wfile.write(b'0\r\n\r\n')

    def log_message(self, *args):
        pass

    def address_string(self):
        return 'unix'
