"""Attacks on accounts, against the real hub behind Caddy."""

import pathlib
import re
import sqlite3
import time

import pytest

httpx = pytest.importorskip('httpx')
pytest.importorskip('jupyterhub', reason='needs JupyterHub; `make test` '
                    'installs it with MXNet')

from classroom.hub.tries import LIMIT  # noqa: E402
from classroom.simulated.hub import DOMAIN, PASSWORD, TEACHER  # noqa: E402

FORM = re.compile(r'name="_xsrf"\s+value="([^"]+)"')
NAVIGATE = {'Sec-Fetch-Mode': 'navigate', 'Accept': 'text/html'}
GOOD, OTHER = 'four quiet cats', 'five quiet dogs'
LOOK = 20  # seconds in which a hub with few students notices what changed

pytestmark = pytest.mark.slow


class Browser:
    """A browser at an address of its own; Caddy sees that address."""

    def __init__(self, hub, address='127.0.0.1', **headers):
        transport = httpx.HTTPTransport(
            verify=hub.trust(), local_address=address)
        self.client = httpx.Client(
            base_url=hub.url, transport=transport, timeout=60,
            follow_redirects=True, headers={**NAVIGATE, **headers})
        self.url = hub.url

    def get(self, path, **more):
        return self.client.get(f'/hub/{path}', **more)

    def send(self, path, **data):
        token = FORM.search(self.get(path).text)[1]
        return self.client.post(f'/hub/{path}', follow_redirects=False,
                                data={'_xsrf': token, **data})

    def log_in(self, name, password):
        """Fill in the form; return whether it took."""
        return self.send(
            'login', username=name, password=password).status_code == 302

    def renew(self, name, code, password=GOOD, **more):
        """Fill in the form for a new password; return whether it took."""
        data = {'username': name, 'code': code, 'password': password,
                'password_again': password, **more}
        done = self.send('password', **data)
        return done.status_code == 200 and 'id="password-set"' in done.text

    def is_in(self):
        answer = self.get('home', follow_redirects=False)
        return answer.status_code == 200

    def token(self):
        """Get a token of the account, as its page does."""
        page = self.get('token')
        name = re.search(r'user: "(\w+)"', page.text)[1]
        xsrf = re.search(r'xsrf_token: "([^"]+)"', page.text)
        cookie = self.client.cookies.get('_xsrf', path='/hub/')
        answer = self.client.post(
            f'/hub/api/users/{name}/tokens', json={'note': 'kept'},
            headers={'X-XSRFToken': xsrf[1] if xsrf else cookie,
                     'Referer': f'{self.url}/hub/token'})
        assert answer.status_code == 201, answer.text
        return answer.json()['token']


def answers(hub, token):
    """Return the status that the hub answers a token with."""
    with httpx.Client(verify=hub.trust()) as client:
        return client.get(f'{hub.url}/hub/api/user', headers={
            'Authorization': f'token {token}'}).status_code


def code(hub, *names):
    """Return the codes that the teacher prints, in order."""
    done = hub.run('codes', *names)
    assert done.returncode == 0, done.stderr
    return [x.split()[1] for x in done.stdout.splitlines()]


def member(hub, name='li', address='127.0.0.1'):
    """Return the browser of a student with a password, logged in."""
    browser = Browser(hub, address)
    assert browser.renew(name, *code(hub, name))
    assert browser.log_in(name, GOOD)
    return browser


def until(check):
    """Wait until something is so; fail if it never is."""
    end = time.monotonic() + LOOK
    while not check():
        assert time.monotonic() < end, 'it never happened'
        time.sleep(0.2)


def test_guesses_from_elsewhere_bar_nobody_and_are_told(running_hub):
    """Neither the teacher, nor students behind the same proxy."""
    hub = running_hub('li')
    thief = Browser(hub, '127.0.0.9')
    for _ in range(LIMIT):
        assert not thief.log_in(TEACHER, 'a guess')
    answer = thief.send('login', username=TEACHER, password=PASSWORD)
    assert answer.status_code == 429
    assert 'Too many wrong tries' in answer.text

    teacher = Browser(hub, '127.0.0.8')
    assert teacher.log_in(TEACHER, PASSWORD)
    assert '127.0.0.9' in teacher.get('home').text, 'the teacher is told'
    log = hub.log.read_text('utf-8')
    assert f'wrong passwords for {TEACHER} within a day' in log
    assert '127.0.0.9' not in member(hub, 'li').get('home').text


@pytest.mark.parametrize('header', ['X-Forwarded-For', 'X-Real-IP'])
def test_a_forged_address_does_not_count_as_another(running_hub, header):
    hub = running_hub('li')
    for number in range(LIMIT):
        thief = Browser(hub, **{header: f'198.51.100.{number}'})
        assert not thief.log_in(TEACHER, 'a guess')
    answer = thief.send('login', username=TEACHER, password=PASSWORD)
    assert answer.status_code == 429


def rows(hub):
    """Return the accounts in the database."""
    path = pathlib.Path(hub.variables['CLASSROOM_STATE'], 'hub.sqlite')
    with sqlite3.connect(path) as db:
        return [
            *db.execute('select * from class_accounts order by name'),
            *db.execute('select name, admin, cookie_id from users'),
        ]


@pytest.mark.parametrize('site', ['none', 'same-site', 'cross-site'])
def test_a_link_that_the_teacher_opens_changes_nothing(running_hub, site):
    hub = running_hub('li')
    teacher = Browser(hub)
    assert teacher.log_in(TEACHER, PASSWORD)
    before = rows(hub)
    for path in (f'authorize/{TEACHER}', 'authorize/li', 'discard/li',
                 'confirm/li', 'signup', f'change-password/{TEACHER}',
                 'password?username=li&code=a&password=b&password_again=b'):
        teacher.get(path, headers={'Sec-Fetch-Site': site})
    if site != 'none':
        for path in 'logout', 'spawn', 'spawn/li':
            page = teacher.get(path, headers={'Sec-Fetch-Site': site})
            assert page.status_code == 200 and 'Go on?' in page.text
    assert rows(hub) == before
    assert teacher.is_in() and hub.server('li') is None
    hub.restart()
    assert Browser(hub).log_in(TEACHER, PASSWORD)


def test_a_form_without_the_token_of_its_page_is_refused(running_hub):
    hub = running_hub('li')
    [given] = code(hub, 'li')
    browser = Browser(hub)
    answer = browser.client.post('/hub/password', data={
        'username': 'li', 'code': given, 'password': GOOD,
        'password_again': GOOD})
    assert answer.status_code == 403
    assert not Browser(hub).log_in('li', GOOD)


def test_a_new_password_puts_the_thief_out(running_hub):
    """His cookie, his token, and the server that he has open."""
    hub = running_hub('li')
    thief = member(hub)
    token = thief.token()
    assert thief.is_in() and answers(hub, token) == 200
    thief.get('spawn')
    until(lambda: hub.server('li'))

    owner = Browser(hub, '127.0.0.8')
    assert owner.renew('li', '', OTHER, present=GOOD)
    assert not thief.is_in()
    assert answers(hub, token) == 403
    until(lambda: hub.server('li') is None)
    assert not Browser(hub).log_in('li', GOOD)
    assert owner.log_in('li', OTHER)
    assert owner.is_in(), 'the owner is not put out with him'


def test_a_new_code_puts_out_whoever_has_the_name(running_hub):
    """At once, and without a restart of the hub."""
    hub = running_hub('li')
    thief = member(hub)
    token = thief.token()
    [given] = code(hub, 'li')
    until(lambda: not thief.is_in() and answers(hub, token) == 403)
    assert not Browser(hub).log_in('li', GOOD)
    owner = Browser(hub)
    assert owner.renew('li', given, OTHER)
    assert owner.log_in('li', OTHER)


def test_a_new_password_of_the_teacher_ends_the_old_sessions(running_hub):
    hub = running_hub('li')
    thief = Browser(hub)
    assert thief.log_in(TEACHER, PASSWORD)
    token = thief.token()
    secret = hub.folder / 'files/teacher-password'
    secret.write_text(f'{OTHER}\n', 'utf-8')
    hub.restart()
    until(lambda: not thief.is_in() and answers(hub, token) == 403)
    assert not Browser(hub).log_in(TEACHER, PASSWORD)
    assert Browser(hub).log_in(TEACHER, OTHER)


def test_who_is_off_the_list_is_out_after_a_restart(running_hub):
    """With the right password, an old cookie, a token, an open server."""
    hub = running_hub('li', 'wang')
    student = member(hub)
    token = student.token()
    student.get('spawn')
    until(lambda: hub.server('li'))

    hub.write_list(['wang'])
    hub.restart()
    assert not student.is_in()
    assert answers(hub, token) == 403
    assert not Browser(hub).log_in('li', GOOD)
    until(lambda: hub.server('li') is None)
    assert hub.run('codes', 'li').returncode == 1
    member(hub, 'wang')


def test_a_teacher_of_the_past_governs_no_more(running_hub):
    hub = running_hub('li', 'wang')
    old = Browser(hub)
    assert old.log_in(TEACHER, PASSWORD)
    token = old.token()
    hub.variables['TEACHER'] = 'chen'
    hub.write_list(['li', TEACHER])  # a student now
    hub.restart()
    member(hub, TEACHER)
    with httpx.Client(verify=hub.trust()) as client:
        headers = {'Authorization': f'token {token}'}
        answer = client.get(f'{hub.url}/hub/api/users', headers=headers)
    assert answer.status_code == 403
    chen = Browser(hub, '127.0.0.7')
    assert chen.log_in('chen', PASSWORD)
    assert chen.get('admin').status_code == 200
    student = Browser(hub, '127.0.0.6')
    assert student.log_in(TEACHER, GOOD)
    assert student.get('admin').status_code == 403


def test_a_student_number_alone_gives_no_account(running_hub):
    hub = running_hub('li', 'wang')
    [own] = code(hub, 'wang')
    for guess in '', 'li', 'abcd-efgh-jkmn-pqrs', own:
        assert not Browser(hub).renew('li', guess)
    assert Browser(hub).get('signup').status_code == 404
    assert not Browser(hub).log_in('li', GOOD)


def test_known_and_unknown_names_are_answered_alike(running_hub):
    """What differs is the name that was typed, and the token of the form."""
    hub = running_hub('li', 'wang')
    member(hub)
    code(hub, 'wang')

    def seen(path, name, **data):
        answer = Browser(hub, '127.0.0.5').send(path, username=name, **data)
        text = FORM.sub('', answer.text).replace(f'"{name}"', '""')
        return answer.status_code, re.sub('xsrf_token: "[^"]*"', '', text)

    new = {'password': GOOD, 'password_again': GOOD}
    for more in ({'path': 'login', 'password': 'a guess'},
                 {'path': 'password', 'code': 'a guess', **new},
                 {'path': 'password', 'present': 'a guess', **new}):
        found = {seen(name=x, **more) for x in ('li', 'wang', 'mallory')}
        assert len(found) == 1
        assert found.pop()[0] == 403


def test_the_pages_work_with_labels_and_the_keyboard_alone(running_hub):
    hub = running_hub('li')
    for path in 'login', 'password':
        page = Browser(hub).get(path).text
        fields = re.findall(r'<input id="(\w+)"', page)
        labels = re.findall(r'<label for="(\w+)"', page)
        assert fields == labels and len(fields) >= 2
        assert page.count('type="submit"') == 1
        assert 'tabindex' not in re.sub('(?s).*<main>|modal.*', '', page)
    assert DOMAIN in hub.url
