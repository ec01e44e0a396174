"""A teacher with a browser, and a student whose server is hostile."""

import contextlib
import re
import time
import urllib.parse

import httpx

from classroom.simulated import hub as simulated

FORM = re.compile(r'name="_xsrf"\s+value="([^"]+)"')
NAVIGATE = {'Sec-Fetch-Mode': 'navigate', 'Accept': 'text/html'}
PATIENCE = 180  # seconds that a server may take to start
# A student may configure the own server; this one writes down the cookies of
# each visitor, and shows a page to everybody
HOSTILE = '''
import pathlib
from tornado.web import Application, RequestHandler

find = Application.find_handler
log = pathlib.Path.home() / 'cookies'
page = pathlib.Path.home() / 'page.html'


class Page(RequestHandler):
    def get(self):
        self.write(page.read_text('utf-8'))


def watch(self, request, **more):
    with log.open('a', encoding='utf-8') as kept:
        kept.write(request.headers.get('Cookie', '') + chr(10))
    if request.path.endswith('/page.html'):
        return self.get_handler_delegate(request, Page)
    return find(self, request, **more)


Application.find_handler = watch
'''


class Teacher:
    """A client that is logged in at the hub as its teacher."""

    def __init__(self, hub):
        self.hub = hub
        self.client = httpx.Client(
            base_url=hub.url, verify=hub.trust(), timeout=60)
        page = self.visit('/hub/login')
        answer = self.client.post('/hub/login', headers=NAVIGATE, data={
            '_xsrf': FORM.search(page.text)[1],
            'username': simulated.TEACHER, 'password': simulated.PASSWORD})
        assert answer.status_code == 302, answer.text
        self.visit('/hub/token')  # a page that starts no server

    def visit(self, path):
        return self.client.get(path, headers=NAVIGATE, follow_redirects=True)

    def call(self, method, path, **more):
        [token] = [x.value for x in self.client.cookies.jar
                   if x.name == '_xsrf' and x.path == '/hub/']
        return self.client.request(
            method, f'/hub/api/{path}', headers={'X-XSRFToken': token},
            **more)

    def start(self, name):
        """Start a student's server; return its address."""
        answer = self.call('POST', f'users/{name}/server')
        assert answer.status_code in (201, 202), answer.text
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            about = self.call('GET', f'users/{name}').json()
            if about['server']:
                return about['servers']['']['full_url']
            time.sleep(0.5)
        raise RuntimeError(self.hub.log.read_text('utf-8')[-3000:])

    def governs(self, name):
        """Tell whether somebody is an administrator."""
        return self.call('GET', f'users/{name}').json()['admin']

    def cookies(self):
        """Yield the cookies of the log-in as a browser takes them."""
        for one in self.client.cookies.jar:
            place = {'domain': one.domain, 'path': one.path}
            if not one.domain_specified:  # for the hub's own name alone
                place['domain'] = place['domain'].lstrip('.')
            yield {'name': one.name, 'value': one.value, 'secure': True,
                   'sameSite': 'Lax', **place}


@contextlib.contextmanager
def visit_as(teacher, chromium):
    """Yield a page of a browser in which the teacher is logged in."""
    context = chromium.new_context(ignore_https_errors=True)
    context.add_cookies(list(teacher.cookies()))
    page = context.new_page()
    page.goto(f'{teacher.hub.url}/hub/token')
    assert urllib.parse.urlsplit(page.url).path == '/hub/token', page.url
    yield page
    context.close()


def prepare(hub, name, page='<p>hello</p>'):
    """Put a hostile configuration and a page into a student's home."""
    home = hub.home(name)
    folder = home / '.jupyter'
    folder.mkdir(parents=True)
    (folder / 'jupyter_server_config.py').write_text(HOSTILE, 'utf-8')
    (home / 'page.html').write_text(page, 'utf-8')
    for path in home, folder:
        path.chmod(0o777)


def stolen(hub, name):
    """Return the Cookie headers that a hostile server has seen."""
    text = (hub.home(name) / 'cookies').read_text('utf-8')
    return [line for line in text.splitlines() if line]
