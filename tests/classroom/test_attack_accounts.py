"""Attacks on accounts, against the real hub behind Caddy.

Most share one hub: each has students and addresses of its own.
"""

import pathlib
import re
import sqlite3
import time

import pytest

httpx = pytest.importorskip('httpx')
pytest.importorskip('jupyterhub', reason='needs JupyterHub; `make test` '
                    'installs it with MXNet')

from classroom.hub import pages  # noqa: E402
from classroom.hub.tries import LIMIT  # noqa: E402
from classroom.simulated.hub import (  # noqa: E402
    PASSWORD,
    TEACHER,
    Hub,
    lacking,
)

FORM = re.compile(r'name="_xsrf"\s+value="([^"]+)"')
NAVIGATE = {'Sec-Fetch-Mode': 'navigate', 'Accept': 'text/html'}
GOOD, OTHER = 'four quiet cats', 'five quiet dogs'
PATIENCE = 180  # seconds that a busy machine may take

pytestmark = pytest.mark.slow


class Browser:
    """A browser at an address of its own; Caddy sees that address."""

    def __init__(self, hub, address='127.0.0.1', **headers):
        transport = httpx.HTTPTransport(
            verify=hub.trust(), local_address=address)
        self.client = httpx.Client(
            base_url=hub.url, transport=transport, timeout=PATIENCE,
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
    end = time.monotonic() + PATIENCE
    while not check():
        assert time.monotonic() < end, 'it never happened'
        time.sleep(0.2)


@pytest.fixture(scope='module')
def hub(tmp_path_factory):
    reason = lacking()
    if reason:
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp('accounts') / 'class'
    students = [f'student{number}' for number in range(1, 10)]
    with Hub(folder, students) as found:
        yield found


def test_guesses_from_elsewhere_bar_nobody_and_are_told(hub):
    """Neither the teacher, nor students behind the same proxy."""
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
    student = member(hub, 'student1')
    assert '127.0.0.9' not in student.get('home').text


@pytest.mark.parametrize('header, own', [
    ('X-Forwarded-For', '127.0.0.10'), ('X-Real-IP', '127.0.0.11')])
def test_a_forged_address_does_not_count_as_another(hub, header, own):
    for number in range(LIMIT):
        thief = Browser(hub, own, **{header: f'198.51.100.{number}'})
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
def test_a_link_that_the_teacher_opens_changes_nothing(hub, site):
    teacher = Browser(hub, '127.0.0.12')
    assert teacher.log_in(TEACHER, PASSWORD)
    before, headers = rows(hub), {'Sec-Fetch-Site': site}
    for path in (f'authorize/{TEACHER}', 'authorize/student2', 'signup',
                 'discard/student2', 'confirm/student2',
                 f'change-password/{TEACHER}',
                 'password?username=student2&code=a&password=b'):
        teacher.get(path, headers=headers)
    for path in 'logout', 'spawn', 'spawn/student2':
        if site != 'none':
            page = teacher.get(path, headers=headers)
            assert page.status_code == 200 and 'Go on?' in page.text
    assert rows(hub) == before
    assert teacher.is_in() and hub.server('student2') is None


def test_a_form_without_the_token_of_its_page_is_refused(hub):
    [given] = code(hub, 'student3')
    browser = Browser(hub)
    answer = browser.client.post('/hub/password', data={
        'username': 'student3', 'code': given, 'password': GOOD,
        'password_again': GOOD})
    assert answer.status_code == 403
    assert not browser.log_in('student3', GOOD)


def test_a_new_password_puts_the_thief_out(hub):
    """His cookie, his token, and the server that he has open."""
    thief = member(hub, 'student4')
    token = thief.token()
    assert thief.is_in() and answers(hub, token) == 200
    thief.get('spawn')
    until(lambda: hub.server('student4'))

    owner = Browser(hub, '127.0.0.8')
    assert owner.renew('student4', '', OTHER, present=GOOD)
    assert not thief.is_in()
    assert answers(hub, token) == 403
    until(lambda: hub.server('student4') is None)
    assert not Browser(hub).log_in('student4', GOOD)
    assert owner.log_in('student4', OTHER)
    assert owner.is_in(), 'the owner is not put out with him'


def test_a_new_code_puts_out_whoever_has_the_name(hub):
    """At once, and without a restart of the hub."""
    thief = member(hub, 'student5')
    token = thief.token()
    [given] = code(hub, 'student5')
    until(lambda: not thief.is_in() and answers(hub, token) == 403)
    assert not Browser(hub).log_in('student5', GOOD)
    owner = Browser(hub)
    assert owner.renew('student5', given, OTHER)
    assert owner.log_in('student5', OTHER)


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
    hub.settings['TEACHER'] = 'chen'
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


def test_a_student_number_alone_gives_no_account(hub):
    [own] = code(hub, 'student6')
    for guess in '', 'student7', 'abcd-efgh-jkmn-pqrs', own:
        assert not Browser(hub).renew('student7', guess)
    assert Browser(hub).get('signup').status_code == 404
    assert not Browser(hub).log_in('student7', GOOD)


def test_known_and_unknown_names_are_answered_alike(hub):
    """What differs is the name that was typed, and the token of the form."""
    member(hub, 'student8')
    code(hub, 'student9')
    names = 'student8', 'student9', 'mallory', TEACHER

    def seen(path, name, **data):
        answer = Browser(hub, '127.0.0.5').send(path, username=name, **data)
        text = FORM.sub('', answer.text).replace(f'"{name}"', '""')
        return answer.status_code, re.sub('xsrf_token: "[^"]*"', '', text)

    new = {'password': GOOD, 'password_again': GOOD}
    for more in ({'path': 'login', 'password': 'a guess'},
                 {'path': 'password', 'code': 'a guess', **new},
                 {'path': 'password', 'present': 'a guess', **new}):
        found = {seen(name=x, **more) for x in names}
        assert len(found) == 1
        assert found.pop()[0] == 403


def test_the_pages_work_with_labels_and_the_keyboard_alone(hub):
    for path in 'login', 'password':
        page = Browser(hub).get(path).text
        fields = re.findall(r'<input id="(\w+)"', page)
        labels = re.findall(r'<label for="(\w+)"', page)
        assert fields == labels and len(fields) >= 2
        assert page.count('type="submit"') == 1
        assert 'tabindex' not in re.sub('(?s).*<main>|modal.*', '', page)


def sent(hub, token, **data):
    """Ask for another token; return the status, None for a hang-up."""
    with httpx.Client(verify=hub.trust(), timeout=PATIENCE) as client:
        try:
            return client.post(
                f'{hub.url}/hub/api/users/student2/tokens', json=data,
                headers={'Authorization': f'token {token}'}).status_code
        except httpx.TransportError:
            return None


def test_a_student_does_not_fill_the_database_of_all(hub):
    """By one large thing, nor by many small ones."""
    token = member(hub, 'student2').token()
    path = pathlib.Path(hub.variables['CLASSROOM_STATE'], 'hub.sqlite')
    before = path.stat().st_size
    status = sent(hub, token, note='x' * 20_000_000)
    assert status is None or status >= 400
    assert sent(hub, token, note='x' * 1001) == 400
    assert sent(hub, token, note='for my script') == 201
    for _ in range(pages.TOKENS):
        status = sent(hub, token, note='x')
    assert status == 429
    assert path.stat().st_size < before + 2**20


def test_no_cookie_that_counts_can_be_set_by_a_server_of_a_student(hub):
    """Browsers take names with __Host- from the domain itself alone."""
    cookies = member(hub, 'student2').client.cookies.jar
    others = {x.name for x in cookies if not x.name.startswith('__Host-')}
    # Signed for one account; and a number that nobody is known by
    assert others <= {'_xsrf', 'jupyterhub-session-id'}
