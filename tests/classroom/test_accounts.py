"""Accounts: who comes in, with what, and how often one may guess."""

import asyncio
import collections
import threading
import types

import pytest
from books import finish

pytest.importorskip('jupyterhub', reason='needs JupyterHub; `make test` '
                    'installs it with MXNet')

from jupyterhub import orm, roles  # noqa: E402
from tornado import web  # noqa: E402
from tornado.httputil import HTTPHeaders  # noqa: E402
from traitlets.config import Config  # noqa: E402

from classroom.errors import ClassError  # noqa: E402
from classroom.hub import (  # noqa: E402
    accounts,
    codes,
    passwords,
    tries,
)
from classroom.hub.authenticator import ClassAuthenticator  # noqa: E402

PASSWORD = 'correct horse battery'
GOOD = 'four quiet cats'


class Visit:
    """A request from an address, with the signed cookies of a browser."""

    hub = types.SimpleNamespace(
        base_url='/hub/', cookie_name='__Host-jupyterhub-hub-login')

    def __init__(self, address='203.0.113.5', **headers):
        peer = types.SimpleNamespace(
            getpeername=lambda: (address, 40000),
            getsockname=lambda: ('172.18.0.3', 8081))
        stream = types.SimpleNamespace(socket=peer)
        self.request = types.SimpleNamespace(
            connection=types.SimpleNamespace(stream=stream),
            headers=HTTPHeaders(
                {x.replace('_', '-'): y for x, y in headers.items()}))
        self.cookies = {}

    def get_secure_cookie(self, name, max_age_days):
        return self.cookies.get(name)

    def _set_cookie(self, name, value, **options):
        self.cookies[name] = value.encode()


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Let a hash take a thousandth of a second."""
    salt = passwords.bcrypt.gensalt
    monkeypatch.setattr(passwords.bcrypt, 'gensalt', lambda: salt(4))


@pytest.fixture
def state(tmp_path, monkeypatch):
    """Return the folder with what outlives a hub."""
    monkeypatch.setenv('CLASSROOM_STATE', str(tmp_path))
    monkeypatch.setenv('CLASSROOM_FILES', str(tmp_path))
    (tmp_path / 'students.txt').write_text('li\nwang\n', 'utf-8')
    return tmp_path


@pytest.fixture
def door(state):
    """Return what starts a hub's authenticator on a database that stays."""
    make_session = orm.new_session_factory(f'sqlite:///{state}/hub.sqlite')

    def make(students=('li', 'wang'), teacher='zhang', password=PASSWORD):
        session = make_session()
        for role in roles.get_default_roles():
            roles.create_role(session, role)
        given = {'students': set(students), 'teacher': teacher,
                 'password': password}
        found = ClassAuthenticator(config=Config(ClassAuthenticator=given),
                                   _deprecated_db_session=session)
        found.app = types.SimpleNamespace(users=collections.defaultdict(
            lambda: types.SimpleNamespace(spawners={})))
        return found

    return make


def attempt(door, name, password, visit=None):
    data = {'username': name, 'password': password}
    return finish(door.get_authenticated_user(visit or Visit(), data))


def renew(door, name, code='', password=GOOD, present='', visit=None):
    return finish(
        door.renew(visit or Visit(), name, (code, present), password))


def run(*names):
    return codes.run(types.SimpleNamespace(names=list(names)))


def printed(capsys):
    """Return the codes that the command printed, by name."""
    return dict(x.split() for x in capsys.readouterr().out.splitlines())


def test_a_code_gives_a_password_and_the_password_lets_in(door):
    found = door()
    code = codes.give(found.db, 'li')
    assert renew(found, 'li', code) == ''
    assert attempt(found, 'li', GOOD)
    assert not attempt(found, 'li', 'four loud cats')


def test_a_code_is_good_once(door):
    found = door()
    code = codes.give(found.db, 'li')
    assert renew(found, 'li', code) == ''
    assert renew(found, 'li', code, 'five quiet dogs') == 'wrong'
    assert attempt(found, 'li', GOOD)


def test_a_code_is_good_for_its_days_alone(door, monkeypatch):
    found = door()
    code = codes.give(found.db, 'li')
    later = codes.time.time() + codes.DAYS * 86400 + 1
    monkeypatch.setattr(codes.time, 'time', lambda: later)
    assert renew(found, 'li', code) == 'wrong'
    assert not attempt(found, 'li', GOOD)


def test_a_name_alone_is_not_enough(door):
    found = door()
    for code in '', 'li', 'abcd-efgh-jkmn-pqrs':
        assert renew(found, 'li', code) == 'wrong'
    assert not attempt(found, 'li', '')
    assert not attempt(found, 'li', GOOD)


def test_a_code_of_one_does_not_let_another_in(door):
    found = door()
    code = codes.give(found.db, 'li')
    assert renew(found, 'wang', code) == 'wrong'
    assert renew(found, 'li', code) == ''


def test_a_code_may_be_typed_as_it_comes(door):
    found = door()
    code = codes.give(found.db, 'li')
    assert renew(found, 'li', code.upper().replace('-', ' ')) == ''


def test_codes_are_readable_and_hard_to_guess():
    code = codes.new()
    assert [len(x) for x in code.split('-')] == [4, 4, 4, 4]
    assert not set('ilo01') & set(codes.LETTERS)
    assert len(codes.LETTERS) ** 16 > 2 ** 60
    assert len({codes.new() for _ in range(100)}) == 100


def test_what_is_stored_of_codes_and_passwords_does_not_tell_them(
        door, state):
    found = door()
    first, second = codes.give(found.db, 'li'), codes.give(found.db, 'wang')
    renew(found, 'li', first)
    stored = b''.join(x.read_bytes() for x in state.glob('hub.sqlite*'))
    for secret in (GOOD, PASSWORD, second, second.replace('-', '')):
        assert secret.encode() not in stored


@pytest.mark.parametrize('password, word', [
    ('cats', 'short'), ('ab1 cd2', 'short'), ('x1 ' * 25, 'long'),
    ('猫' * 25, 'long'), ('20260001', 'name'), ('20260001a', 'name'),
    ('password123', 'common'), ('Passw0rd!', 'common'),
    ('12345678', 'common'), ('20010203', 'common'), ('zs123456', 'common'),
    ('1qaz2wsx', 'common'), ('hardcore', 'common'), ('a1a1a1a1', 'common'),
    ('woaini1314', 'common'),
])
def test_weak_passwords_are_refused(password, word):
    assert passwords.weakness(password, '20260001') == word


@pytest.mark.parametrize('password', [
    GOOD, 'quietcats7', '四只安静的小猫睡了', 'fourquietcats',
    'cat4 dog7' * 8,
])
def test_good_passwords_are_taken(password):
    assert passwords.weakness(password, '20260001') == ''


def test_a_weak_password_does_not_use_up_the_code(door):
    found = door()
    code = codes.give(found.db, 'li')
    assert renew(found, 'li', code, 'password123') == 'common'
    assert renew(found, 'li', code) == ''


def test_a_password_that_is_too_long_for_bcrypt_is_wrong(door):
    found = door(password='x1 ' * 24)
    assert attempt(found, 'zhang', 'x1 ' * 24)
    assert not attempt(found, 'zhang', 'x1 ' * 24 + 'more')


def test_the_present_password_gives_a_new_one(door):
    found = door()
    renew(found, 'li', codes.give(found.db, 'li'))
    other = 'five quiet dogs'
    assert renew(found, 'li', present='wrong', password=other) == 'wrong'
    assert renew(found, 'li', present=GOOD, password=other) == ''
    assert attempt(found, 'li', other)
    assert not attempt(found, 'li', GOOD)


def test_the_password_of_the_teacher_changes_in_its_file_alone(door):
    found = door()
    assert accounts.ending(found.db) == [], 'a log-in at once would end'
    code = codes.give(found.db, 'zhang')  # no command of ours does so
    assert renew(found, 'zhang', code) == 'wrong'
    assert renew(found, 'zhang', present=PASSWORD) == 'wrong'
    found.db.add(orm.User(name='zhang'))
    found.db.commit()
    accounts.keep(door().db, 'zhang', ending=False)
    assert accounts.ending(door().db) == []
    found = door(password='another long password')
    assert attempt(found, 'zhang', 'another long password')
    assert not attempt(found, 'zhang', PASSWORD)
    assert accounts.ending(found.db) == ['zhang']


def test_a_name_off_the_list_stays_outside_after_a_restart(door):
    """The database of the hub remembers the name and its password."""
    found = door()
    found.db.add_all([orm.User(name='li'),
                      orm.OAuthClient(identifier='jupyterhub')])
    renew(found, 'li', codes.give(found.db, 'li'))
    assert attempt(found, 'li', GOOD)
    [user] = found.db.query(orm.User)
    user.new_api_token()
    cookie = user.cookie_id

    found = door(students=['wang'])
    [user] = found.db.query(orm.User)
    finish(found.add_user(user) or finished())  # as JupyterHub does at start
    assert not attempt(found, 'li', GOOD)
    assert not finish(found.refresh_user(user))
    assert found.blocked_users == {'li'}
    assert user.api_tokens == [] and user.cookie_id != cookie
    assert renew(found, 'li', codes.give(found.db, 'li')) == 'wrong'


async def finished():
    pass


def test_a_teacher_of_the_past_is_admin_no_more(door):
    found = door()
    admin = orm.Role.find(found.db, 'admin')
    found.db.add(orm.User(name='zhang', admin=True, roles=[admin]))
    found.db.commit()

    found = door(students=['li', 'zhang'], teacher='chen')
    [user] = found.db.query(orm.User)
    found.add_user(user)
    assert not user.admin and user.roles == []
    assert found.admin_users == {'chen'}


def test_an_account_that_was_deleted_begins_anew(door):
    found = door()
    renew(found, 'li', codes.give(found.db, 'li'))
    found.delete_user(types.SimpleNamespace(name='li'))
    assert not attempt(found, 'li', GOOD)
    assert renew(found, 'li', codes.give(found.db, 'li')) == ''


def guess(found, name, count, **visit):
    """Guess wrongly; return whether a guess was still looked at."""
    for _ in range(count):
        try:
            assert not attempt(found, name, 'a guess', Visit(**visit))
        except web.HTTPError as error:
            assert error.status_code == 429
            return False
    return True


def test_who_guesses_bars_himself_and_nobody_else(door):
    found = door()
    assert guess(found, 'zhang', tries.LIMIT, address='203.0.113.9')
    assert not guess(found, 'zhang', 1, address='203.0.113.9')
    with pytest.raises(web.HTTPError):
        attempt(found, 'zhang', PASSWORD, Visit('203.0.113.9'))
    assert attempt(found, 'zhang', PASSWORD, Visit('203.0.113.5'))
    assert guess(found, 'li', 1, address='203.0.113.9')


def test_a_browser_that_was_let_in_is_not_barred_by_its_neighbours(door):
    """In a school all browsers may have one address."""
    found, teacher = door(), Visit()
    assert attempt(found, 'zhang', PASSWORD, teacher)
    guess(found, 'zhang', tries.LIMIT + 1)
    assert attempt(found, 'zhang', PASSWORD, teacher)
    with pytest.raises(web.HTTPError):
        attempt(found, 'zhang', PASSWORD, Visit())


def test_a_known_browser_of_one_name_guesses_no_more_at_another(door):
    found, visit = door(), Visit()
    renew(found, 'li', codes.give(found.db, 'li'))
    assert attempt(found, 'li', GOOD, visit)
    for _ in range(tries.LIMIT):
        assert not attempt(found, 'wang', 'a guess', visit)
    with pytest.raises(web.HTTPError):
        attempt(found, 'wang', 'a guess', visit)


def test_guesses_of_codes_are_counted_with_those_of_passwords(door):
    found = door()
    code = codes.give(found.db, 'li')
    for _ in range(tries.LIMIT - 1):
        assert renew(found, 'li', codes.new()) == 'wrong'
    assert guess(found, 'li', 1)
    assert renew(found, 'li', code) == 'many'
    assert renew(found, 'li', code, visit=Visit('203.0.113.7')) == ''


def test_a_bar_falls_after_a_while_and_the_memory_stays_small():
    now = 0.0
    found = tries.Tries(lambda: now)
    assert all(found.take('a', 'li') for _ in range(tries.LIMIT))
    assert not found.take('a', 'li')
    now = tries.WINDOW
    assert found.take('a', 'li')
    for number in range(10_001):
        found.take(str(number), 'li')
    now = 2.5 * tries.WINDOW
    found.take('b', 'li')
    assert len(found.times) == 1


def test_a_flood_on_the_teachers_name_is_logged_and_shown(door, caplog):
    found = door()
    teacher = types.SimpleNamespace(admin=True)
    guess(found, 'zhang', tries.LIMIT - 1, address='203.0.113.9')
    assert found.announcement(teacher) == ''
    found.log.propagate = True
    guess(found, 'zhang', 1, address='203.0.113.9')
    assert 'wrong passwords for zhang' in caplog.text
    assert '203.0.113.9' in found.announcement(teacher)
    assert found.announcement(types.SimpleNamespace(admin=False)) == ''
    assert found.announcement(None) == ''
    later = found.flood.clock() + tries.DAY
    found.flood.clock = lambda: later
    assert found.announcement(teacher) == ''


@pytest.mark.parametrize('name', ['li', 'wang', 'nobody', 'zhang', ''])
def test_a_name_cannot_be_told_by_the_work_or_the_words(
        door, name, monkeypatch):
    """One has a password, one a code; the others have none."""
    found = door()
    renew(found, 'li', codes.give(found.db, 'li'))
    codes.give(found.db, 'wang')
    work, real = [], passwords.bcrypt.checkpw

    def checkpw(*given):
        work.append(given[1][:7])  # the kind and the cost
        return real(*given)

    monkeypatch.setattr(passwords.bcrypt, 'checkpw', checkpw)
    assert attempt(found, name, 'a guess') is None
    assert attempt(found, name, 'x' * 100) is None
    assert renew(found, name, present='a guess') == 'wrong'
    assert work == [b'$2b$04$'] * 3
    assert renew(found, name, 'abcd-efgh-jkmn-pqrs') == 'wrong'
    assert len(work) == 3


@pytest.mark.parametrize('peer, forwarded, wanted', [
    ('203.0.113.5', None, '203.0.113.5'),
    ('127.0.0.1', '198.51.100.7', '198.51.100.7'),
    ('127.0.0.1', '198.51.100.7, 127.0.0.1', '198.51.100.7'),
    # The proxy in the container of the hub calls it by its name
    ('172.18.0.3', '198.51.100.7', '198.51.100.7'),
    ('172.18.0.3', '198.51.100.7, 127.0.0.1', '198.51.100.7'),
    # What comes from outside stands before what our proxies write
    ('127.0.0.1', '1.2.3.4, 198.51.100.7, 127.0.0.1', '198.51.100.7'),
    # A student's container that calls the hub, or its proxy, directly
    ('172.20.0.5', '1.2.3.4', '172.20.0.5'),
    ('172.20.0.5', '172.18.0.3', '172.20.0.5'),
    ('127.0.0.1', '1.2.3.4, 172.20.0.5', '172.20.0.5'),
    ('::ffff:127.0.0.1', '::ffff:198.51.100.7', '198.51.100.7'),
    # Whoever has IPv6 at home has many numbers
    ('127.0.0.1', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'),
])
def test_an_address_is_the_nearest_that_is_none_of_our_proxies(
        peer, forwarded, wanted):
    headers = {'X_Forwarded_For': forwarded} if forwarded else {}
    visit = Visit(peer, X_Real_IP='9.9.9.9', **headers)
    ours = {'127.0.0.1', '::1', 'proxy.invalid'}
    assert finish(tries.address(visit.request, ours)) == wanted


def test_the_command_gives_codes_to_those_who_have_none(door, capsys):
    found = door()
    run()
    given = printed(capsys)
    assert list(given) == ['li', 'wang']
    assert renew(found, 'li', given['li']) == '', 'the hub sees it at once'
    run()
    out = capsys.readouterr()
    assert out.out == '' and out.err.startswith('1 more have a code')
    run('wang')
    assert printed(capsys)['wang'] != given['wang']
    assert renew(found, 'wang', given['wang']) == 'wrong'


def test_a_new_code_ends_the_password(door, capsys):
    found = door()
    renew(found, 'li', codes.give(found.db, 'li'))
    run('li')
    assert not attempt(found, 'li', GOOD)
    assert 'li' in accounts.ending(found.db)


@pytest.mark.parametrize('name', ['mallory', 'zhang', ''])
def test_only_names_of_the_list_get_codes(door, capsys, name):
    door()
    with pytest.raises(ClassError, match='is not in students.txt'):
        run(name)
    assert capsys.readouterr().out == ''


def test_without_a_hub_there_are_no_codes(state):
    with pytest.raises(ClassError, match='has not started'):
        run()
    assert not (state / 'hub.sqlite').exists()


def test_a_new_code_holds_also_against_who_is_changing_the_password(
        door, monkeypatch):
    """The teacher gives it because somebody else has the old password."""
    found = door()
    assert not renew(found, 'li', codes.give(found.db, 'li'))

    async def meanwhile(work, *given):
        if work is passwords.hashed:
            codes.give(found.db, 'li')
        return work(*given)

    monkeypatch.setattr('asyncio.to_thread', meanwhile)
    done = renew(found, 'li', present=GOOD, password='five quiet dogs')
    assert done == 'wrong'
    monkeypatch.undo()
    assert attempt(found, 'li', 'five quiet dogs') is None


@pytest.mark.parametrize('damage', ['bytes', 'folder'])
def test_a_damaged_database_is_told_in_a_line(
        tmp_path, monkeypatch, damage):
    (tmp_path / 'students.txt').write_text('li\n', 'utf-8')
    for name in 'CLASSROOM_FILES', 'CLASSROOM_STATE':
        monkeypatch.setenv(name, str(tmp_path))
    if damage == 'folder':
        (tmp_path / 'hub.sqlite').mkdir()
    else:
        (tmp_path / 'hub.sqlite').write_bytes(b'x' * 5000)
    with pytest.raises(ClassError, match='restart hub'):
        run()


async def crowd(found, gate):
    """Let somebody log in while a flood of guesses from elsewhere stands.

    Return the problems of those guesses.
    """
    guesses = [asyncio.ensure_future(found.get_authenticated_user(
        Visit('203.0.113.9'), {'username': f'name{x}', 'password': 'x'}))
        for x in range(300)]
    while sum(x.done() for x in guesses) < 300 - tries.WAITING:
        await asyncio.sleep(0.01)
    data = {'username': 'li', 'password': GOOD}
    assert await found.get_authenticated_user(Visit(), data)
    gate.set()
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    return [x for x in answers if x]


def test_who_logs_in_waits_for_no_flood_from_elsewhere(door, monkeypatch):
    """Of guesses at names that nobody counts, for each is another."""
    found, gate = door(), threading.Event()
    assert not renew(found, 'li', codes.give(found.db, 'li'))
    matches = passwords.matches

    def slow(password, *given):
        assert password == GOOD or gate.wait(60)
        return matches(password, *given)

    monkeypatch.setattr(passwords, 'matches', slow)
    refused = finish(asyncio.wait_for(crowd(found, gate), 60))
    assert len(refused) == 300 - tries.WAITING
    assert {x.status_code for x in refused} == {429}
    assert not found.turns.doors and not found.turns.waiting


def test_a_flood_of_a_day_takes_no_memory():
    flood = tries.Flood()
    warned = sum(flood.note('203.0.113.9') for _ in range(20_000))
    assert flood.count() == len(flood.times) == tries.COUNTED
    assert warned < 1000, 'the log is not filled'
