"""A hub comes back: killed, after power loss, with harm to its files.

First what it does at its start, then the real hub, killed as its container
dies, with its accounts.
"""

import contextlib
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import types

import httpx
import pytest
from books import ROOT

pytest.importorskip('jupyterhub', reason='needs JupyterHub')

from classroom.errors import ClassError  # noqa: E402
from classroom.keeping import accounts, backups, state  # noqa: E402
from classroom.keeping.clock import JUMP, Clock  # noqa: E402

LIMIT = 3600  # seconds that a server may be idle


@pytest.fixture
def folders(tmp_path):
    """Return the folders of a class with accounts and one good backup."""
    found = types.SimpleNamespace(
        state=tmp_path / 'state', backup=tmp_path / 'backup')
    found.state.mkdir()
    database(found.state / 'hub.sqlite', 'li')
    (found.state / 'cookie-secret').write_text('a1' * 32)
    with backups.locked(found.backup), backups.new(found.backup) as new:
        accounts.save(found.state, new / 'accounts')
        backups.finish(new)
    database(found.state / 'hub.sqlite', 'li', 'wang')
    return found


def database(path, *names):
    """Write a database with users."""
    path.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(path)) as new, new:
        new.execute('CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)')
        new.executemany('INSERT INTO users (name) VALUES (?)',
                        [[x] for x in names])


def users(path):
    with contextlib.closing(sqlite3.connect(path)) as found:
        return {x for [x] in found.execute('SELECT name FROM users')}


def prepare(folders):
    return state.prepare(folders.state, folders.backup)


def test_what_is_whole_stays_as_it_is(folders):
    before = {x.name: x.read_bytes() for x in folders.state.iterdir()}
    assert prepare(folders) == []
    after = {x.name: x.read_bytes() for x in folders.state.iterdir()}
    assert {**after, 'said.txt': b''} == {**before, 'said.txt': b''}


def test_the_number_of_a_dead_proxy_is_forgotten(folders):
    (folders.state / 'proxy.pid').write_text('1')
    prepare(folders)
    assert not (folders.state / 'proxy.pid').exists()


HARM = {
    'another file': lambda path: path.write_bytes(os.urandom(20000)),
    'cut off': lambda path: os.truncate(path, 4096),
    'empty': lambda path: os.truncate(path, 0),
    'a page of noise': lambda path: noise(path, 4096),
    'its head': lambda path: noise(path, 0),
}


def noise(path, place):
    """Overwrite a piece of a file."""
    with path.open('r+b') as file:
        file.seek(place)
        file.write(os.urandom(4096))


@pytest.mark.parametrize('harm', HARM)
def test_in_the_place_of_a_damaged_database_comes_the_last_backup(
        folders, harm):
    path = folders.state / 'hub.sqlite'
    HARM[harm](path)
    broken = path.read_bytes()
    (folders.state / 'hub.sqlite-journal').write_bytes(b'of the damaged one')
    [line] = prepare(folders)
    assert users(path) == {'li'}
    assert '00001-' in line and 'damaged-1' in line
    assert (folders.state / 'damaged-1/hub.sqlite').read_bytes() == broken
    assert not (folders.state / 'hub.sqlite-journal').exists()
    assert line in state.said(folders.state)[0]
    assert prepare(folders) == [], 'the next start finds nothing wrong'


def test_a_damaged_backup_is_passed_over_for_an_earlier_one(folders):
    database(folders.state / 'hub.sqlite', 'li', 'zhao')
    with backups.locked(folders.backup), backups.new(folders.backup) as new:
        accounts.save(folders.state, new / 'accounts')
        last = backups.finish(new)
    noise(last / 'accounts/hub.sqlite', 4096)
    HARM['cut off'](folders.state / 'hub.sqlite')
    assert '00001-' in prepare(folders)[0]
    assert users(folders.state / 'hub.sqlite') == {'li'}


def test_without_a_backup_a_damaged_database_is_put_aside(folders):
    shutil.rmtree(folders.backup)
    HARM['cut off'](folders.state / 'hub.sqlite')
    [line] = prepare(folders)
    assert 'no backup of this term' in line
    assert not (folders.state / 'hub.sqlite').exists()


def test_accounts_of_last_term_do_not_come_back_by_themselves(folders):
    with backups.locked(folders.backup), backups.new(folders.backup) as new:
        accounts.save(folders.state, new / 'accounts')
        backups.finish(new, 'term')
    HARM['cut off'](folders.state / 'hub.sqlite')
    assert 'no backup of this term' in prepare(folders)[0]


def test_accounts_that_are_gone_are_missed(folders):
    (folders.state / 'hub.sqlite').unlink()
    [line] = prepare(folders)
    assert '`class restore --accounts`' in line


@pytest.mark.parametrize('text', ['', '\0' * 65, 'a1' * 20, 'zz' * 32])
def test_a_damaged_secret_is_made_anew(folders, text):
    (folders.state / 'cookie-secret').write_text(text)
    [line] = prepare(folders)
    assert 'log in again' in line
    assert not (folders.state / 'cookie-secret').exists()


def test_what_was_half_written_goes(folders):
    (folders.state / 'hub.sqlite.new').write_text('half')
    (folders.state / 'restored.new').mkdir()
    (folders.state / 'restored.new/hub.sqlite').write_text('half')
    (folders.backup / f'12{backups.PART}').mkdir()
    prepare(folders)
    assert not list(folders.state.glob('*.new'))
    assert not list(folders.backup.glob(f'*{backups.PART}'))
    assert users(folders.state / 'hub.sqlite') == {'li', 'wang'}


@pytest.mark.parametrize('asked', ['', accounts.FORGET])
def test_a_link_goes_and_what_it_leads_to_stays(folders, tmp_path, asked):
    other = tmp_path / 'other'
    other.mkdir()
    (other / 'kept').touch()
    (folders.state / 'link.new').symlink_to(other)
    (folders.state / 'nowhere.new').symlink_to(other / 'missing')
    if asked:
        (folders.state / asked).touch()
        (folders.state / 'another').symlink_to(other)
    prepare(folders)
    assert not [x for x in folders.state.iterdir() if x.is_symlink()]
    assert (other / 'kept').exists()


def test_a_damaged_list_of_those_who_left_keeps_no_hub_from_starting(folders):
    (folders.state / accounts.LEAVING).write_bytes(b'\xff\x00 li\n')
    prepare(folders)
    assert users(folders.state / 'hub.sqlite') == {'wang'}


@pytest.mark.parametrize('times', range(1, 7))
def test_accounts_are_put_in_place_though_the_hub_is_killed_meanwhile(
        folders, monkeypatch, times):
    [backup] = backups.found(folders.backup)
    accounts.lay_ready(folders.state, backup.path / 'accounts')
    real, left = os.replace, iter(range(times))

    def killed(*more):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return real(*more)

    monkeypatch.setattr(os, 'replace', killed)
    with contextlib.suppress(KeyboardInterrupt):
        prepare(folders)
    monkeypatch.undo()
    prepare(folders)
    assert users(folders.state / 'hub.sqlite') == {'li'}
    assert users(next(folders.state.glob('replaced-*/hub.sqlite'))) == {
        'li', 'wang'}


@contextlib.contextmanager
def small_disk(folder, size):
    """Put a disk of a size behind a folder; what is in it stays."""
    held = {x.name: x.read_bytes() for x in folder.iterdir()
            if x.is_file()}
    done = subprocess.run(
        ['mount', '-t', 'tmpfs', '-o', f'size={size}', 'tmpfs', str(folder)])
    if done.returncode:
        pytest.skip('needs the right to mount')
    try:
        for name, content in held.items():
            (folder / name).write_bytes(content)
            (folder / name).chmod(0o600)
        yield
    finally:
        subprocess.run(['umount', '--lazy', str(folder)], check=True)


def fill(folder):
    """Fill the disk of a folder; return the file that does."""
    path = folder / 'filler'
    with contextlib.suppress(OSError), path.open('wb') as file:
        while True:
            file.write(bytes(4096))
            file.flush()
    return path


def test_a_full_disk_is_told_and_harms_nothing(folders):
    with small_disk(folders.state, '4m'):
        filler = fill(folders.state)
        with pytest.raises(ClassError, match='No space left.*make room'):
            prepare(folders)
        assert users(folders.state / 'hub.sqlite') == {'li', 'wang'}
        filler.unlink()
        assert prepare(folders) == []


def test_a_hub_on_a_full_disk_ends_with_a_line(folders, monkeypatch, capsys):
    monkeypatch.setenv('CLASSROOM_STATE', str(folders.state))
    monkeypatch.setenv('CLASSROOM_BACKUP', str(folders.backup))
    with small_disk(folders.state, '4m'):
        fill(folders.state)
        with pytest.raises(SystemExit, match='^error: .*: No space left'):
            state.at_start()


# A clock that jumps


class Hands:
    """The hands of a clock and a stopwatch, moved by hand."""

    wall, steady = 1e9, 50.0

    def go(self, seconds, jump=0):
        self.wall += seconds + jump
        self.steady += seconds


@pytest.mark.parametrize('jump', [-86400, 86400, 2 * JUMP])
def test_a_jump_is_seen_and_an_even_hour_after_it(jump):
    hands = Hands()
    clock = Clock(lambda: hands.wall, lambda: hands.steady)
    clock.even_for()
    hands.go(LIMIT)
    assert clock.even_for() == LIMIT
    hands.go(10, jump)
    assert clock.even_for() == 0
    hands.go(LIMIT, JUMP / 2)
    assert clock.even_for() == LIMIT


CULL = """
import asyncio, datetime, json, logging, sys, time
from jupyterhub_idle_culler import IdleCuller, cull_idle
import jupyterhub_idle_culler as culler

app = IdleCuller()
app.load_config_file(sys.argv[1])
steady = [0.0]
module = sys.modules['classroom.keeping.clock']
hook = app.cull_arbiter_hook
clock = hook.__globals__['CLOCK']
clock.steady = lambda: steady[0]
start = time.time()
offset = [0.0]
clock.wall = lambda: start + offset[0]

def look(wall, after):
    offset[0], steady[0] = wall, after
    inactive = datetime.timedelta(seconds=wall)  # last used at the start
    return hook(inactive=inactive, inactive_limit=3600, server={})

print(look(0, 0), look(86400, 60), look(86400 + 3500, 3560),
      look(86400 + 3700, 3760))
"""


def test_no_server_is_culled_for_a_clock_that_jumped_ahead(tmp_path):
    """The configuration as the culler itself reads it."""
    config = ROOT / 'classroom/keeping/culler_config.py'
    done = subprocess.run(
        [sys.executable, '-c', CULL, str(config)], cwd=tmp_path,
        capture_output=True, text=True)
    assert done.stdout.split() == ['False', 'False', 'False', 'True'], (
        done.stderr)


# The real hub

FORM = re.compile(r'name="_xsrf"\s+value="([^"]+)"')
PAGE = {'Sec-Fetch-Mode': 'navigate', 'Accept': 'text/html'}
WORD = 'four quiet cats'


@contextlib.contextmanager
def browser(hub):
    with httpx.Client(base_url=hub.url, verify=hub.trust(), timeout=60,
                      follow_redirects=True, headers=PAGE) as client:
        yield client


def send(client, path, **fields):
    """Fill in a form of the hub and send it."""
    page = client.get(path)
    form = FORM.search(page.text)
    assert form, f'{page.status_code} {page.url}: {page.text}'
    return client.post(path, data={'_xsrf': form[1], **fields})


def choose_password(hub, name, password):
    """Give a student an account with a password."""
    with browser(hub) as client:
        code = hub.run('codes', name).stdout.split()[1]
        answer = send(client, '/hub/password', username=name, code=code,
                      password=password, password_again=password)
        assert answer.status_code == 200


def comes_in(hub, name, password):
    """Tell whether a name gets in with a password."""
    with browser(hub) as client:
        send(client, '/hub/login', username=name, password=password)
        return client.get('/hub/api/user').status_code == 200


def start_server(hub, name, password):
    """Start a student's server; return its container."""
    with browser(hub) as client:
        send(client, '/hub/login', username=name, password=password)
        end = time.monotonic() + 120
        while hub.server(name) is None or hub_knows(client) != 'ready':
            client.get(f'/hub/spawn/{name}', follow_redirects=False)
            assert time.monotonic() < end, hub.log.read_text('utf-8')[-3000:]
            time.sleep(1)
    return hub.server(name)


def hub_knows(client):
    """Return how far the server of a user is, as the hub sees it."""
    answer = client.get('/hub/api/user').json()
    return 'ready' if answer.get('server') else answer.get('pending')


def home_page(hub, name, password):
    with browser(hub) as client:
        send(client, '/hub/login', username=name, password=password)
        return client.get('/hub/home').text


@pytest.mark.slow
def test_killed_ten_times_it_is_back_each_time(running_hub):
    """With a student's server left: then the new hub has many threads, and
    one of them may have the number of the proxy that is gone.
    """
    hub = running_hub('li')
    choose_password(hub, 'li', WORD)
    server = start_server(hub, 'li', WORD)
    for _ in range(10):
        hub.restart()
        assert hub.server('li') is server, 'it lives on'
    assert comes_in(hub, 'li', WORD)


@pytest.mark.slow
def test_killed_while_it_writes_it_is_back_with_all_accounts(running_hub):
    chance = random.Random(0)
    names = [f's{number}' for number in range(6)]
    hub = running_hub(*names)
    for name in names:
        choose_password(hub, name, WORD)
        with browser(hub) as client:
            send(client, '/hub/login', username=name, password=WORD)
            work = subprocess.Popen(
                [sys.executable, '-c', WRITE, str(hub.folder / 'state')])
            time.sleep(chance.uniform(0, 0.5))
            hub.kill()
            work.kill()
            work.wait()
        hub.start()
        hub.wait()
    assert [x for x in names if not comes_in(hub, x, WORD)] == []
    assert not list((hub.folder / 'state').glob('damaged-*'))


# Writes into the hub's database all the time, as a busy hub does
WRITE = """
import pathlib, sqlite3, sys
database = sqlite3.connect(pathlib.Path(sys.argv[1], 'hub.sqlite'), 30)
number = 0
while True:
    number += 1
    with database:
        database.execute('UPDATE users SET last_activity = ?',
                         [f'2026-11-30 00:00:00.{number % 10 ** 6:06}'])
"""


@pytest.mark.slow
def test_after_damage_students_come_in_with_the_password_of_the_backup(
        running_hub):
    hub = running_hub('li', 'wang')
    choose_password(hub, 'li', WORD)
    done = hub.run('backup')
    assert done.returncode == 0, done.stderr
    choose_password(hub, 'wang', WORD)
    hub.kill()
    noise(hub.folder / 'state/hub.sqlite', 4096)
    noise(hub.folder / 'state/hub.sqlite', 8192)
    os.truncate(hub.folder / 'state/cookie-secret', 0)
    hub.start()
    hub.wait()
    assert comes_in(hub, 'li', WORD)
    assert not comes_in(hub, 'wang', WORD), 'not yet in the backup'
    log = hub.log.read_text('utf-8')
    assert 'warning: the accounts were damaged' in log
    teacher = home_page(hub, hub.variables['TEACHER'],
                        (hub.folder / 'files/teacher-password'
                         ).read_text('utf-8').strip())
    assert 'the accounts were damaged' in teacher
    assert 'the accounts were damaged' not in home_page(hub, 'li', WORD)
    status = hub.run('status', '--read')
    assert 'were damaged' not in status.stdout


@pytest.mark.slow
def test_on_a_full_disk_it_waits_for_room_and_is_back(running_hub):
    hub = running_hub('li')
    choose_password(hub, 'li', WORD)
    hub.kill()
    with small_disk(hub.folder / 'state', '8m'):
        filler = fill(hub.folder / 'state')
        hub.start()
        assert hub.process.wait(60) != 0
        last = hub.log.read_text('utf-8').splitlines()[-1]
        assert last.startswith('error: ') and 'make room' in last
        filler.unlink()
        hub.start()
        hub.wait()
        assert comes_in(hub, 'li', WORD)
        filler = fill(hub.folder / 'state')
        comes_in(hub, 'li', WORD)
        hub.kill()  # while the disk is full
        filler.unlink()
        hub.start()
        hub.wait()
        assert comes_in(hub, 'li', WORD)
        hub.kill()


@pytest.mark.slow
def test_accounts_of_a_backup_are_in_force_from_the_next_start(running_hub):
    hub = running_hub('li')
    choose_password(hub, 'li', WORD)
    assert hub.run('backup').returncode == 0
    hub.kill()
    (hub.folder / 'state/hub.sqlite').unlink()
    hub.restart()
    assert not comes_in(hub, 'li', WORD)
    done = hub.run('restore', '--accounts')
    assert done.returncode == 0, done.stderr
    hub.restart()
    assert comes_in(hub, 'li', WORD)


@pytest.mark.slow
def test_the_accounts_of_an_older_hub_are_those_of_a_newer_one(running_hub):
    hub = running_hub('li')
    choose_password(hub, 'li', WORD)
    hub.kill()
    path = hub.folder / 'state/hub.sqlite'
    with contextlib.closing(sqlite3.connect(path)) as old, old:
        for table in ('group_role_map', 'roles', 'service_role_map',
                      'user_role_map'):
            old.execute(f'ALTER TABLE {table} DROP COLUMN managed_by_auth')
        old.execute("UPDATE alembic_version SET version_num = '3c2384c5aae1'")
    hub.restart()
    assert comes_in(hub, 'li', WORD)
    assert list(path.parent.glob('hub.sqlite.2*')), 'a copy is kept'


RESTART = """
import signal, subprocess, sys
signal.signal(signal.SIGTERM, lambda *more: sys.exit(143))
subprocess.run([sys.executable, '-c', 'from classroom.keeping.restart import '
                'restart; restart()'])
signal.pause()
"""


@pytest.mark.parametrize('word, wanted', [
    ('jupyterhub', (143, 'the hub starts again')),
    ('class', (None, 'docker compose up -d'))])
def test_a_command_ends_its_container_if_that_is_the_hubs(word, wanted):
    command = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc',
               sys.executable, '-c', RESTART, word]
    with subprocess.Popen(command, cwd=ROOT, text=True,
                          stdout=subprocess.PIPE) as process:
        line = process.stdout.readline()
        if not line:
            pytest.skip('needs a PID namespace, which takes root')
        assert wanted[1] in line
        if wanted[0] is None:
            process.kill()
        else:
            assert process.wait(20) == wanted[0]


@pytest.mark.slow
def test_in_a_new_term_nobody_has_an_account(running_hub):
    hub = running_hub('li')
    choose_password(hub, 'li', WORD)
    (hub.home('li') / 'work').write_text('of last year')
    done = hub.run('new-term', input='remove\n')
    assert done.returncode == 0, done.stderr
    hub.restart()
    assert not comes_in(hub, 'li', WORD)
    choose_password(hub, 'li', 'three other dogs')
    assert comes_in(hub, 'li', 'three other dogs')
    assert list(hub.home('li').iterdir()) == []


@pytest.mark.slow
def test_the_hub_makes_a_backup_each_night_and_culls_by_an_even_clock(
        running_hub):
    hub = running_hub('li', BACKUP_HOUR='0')
    end = time.monotonic() + 60
    while not backups.found(hub.folder / 'backup'):
        assert time.monotonic() < end, hub.log.read_text('utf-8')[-3000:]
        time.sleep(0.2)
    assert len(backups.found(hub.folder / 'backup')) == 1
    commands = [' '.join(x.cmdline()) for x in hub_processes(hub)]
    assert [x for x in commands if 'culler_config.py' in x]


def hub_processes(hub):
    import psutil

    return psutil.Process(hub.process.pid).children(recursive=True)
