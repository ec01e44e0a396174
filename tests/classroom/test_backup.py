"""Backups of a class: whole or not there; and back again as they were.

Volumes are those of the stand-in for Docker; the database has the tables of
the real hub.
"""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import tarfile
import types

import docker
import pytest

pytest.importorskip('jupyterhub', reason='needs JupyterHub')

from jupyterhub import orm  # noqa: E402

from classroom import __main__ as command_line  # noqa: E402
from classroom.errors import ClassError  # noqa: E402
from classroom.keeping import (  # noqa: E402
    backup,
    backups,
    nightly,
    state,
    status,
    volumes,
)
from classroom.simulated.daemon import Daemon  # noqa: E402

NAMES = 'li', 'wang'
SECRET = 'a1' * 32
ODD = ['第一章/练习 一.ipynb', ' leading', 'with\nnewline', "quo'te\"s",
       '-rf', 'dots...', 'ünïcödé', 'x' * 200]


@pytest.fixture(scope='module')
def database(tmp_path_factory):
    """Return a database of the hub without users."""
    path = tmp_path_factory.mktemp('database') / 'hub.sqlite'
    orm.new_session_factory(f'sqlite:///{path}')().close()
    return path


@pytest.fixture
def room(tmp_path, monkeypatch, database):
    """Return a class: its folders, and Docker with a volume for each name."""
    with Daemon(tmp_path / 'docker') as daemon:
        found = types.SimpleNamespace(
            state=tmp_path / 'state', files=tmp_path / 'files',
            backup=tmp_path / 'backup', daemon=daemon, database=database,
            client=docker.DockerClient(base_url=daemon.url))
        for name in 'state', 'files', 'backup':
            getattr(found, name).mkdir()
            monkeypatch.setenv(f'CLASSROOM_{name.upper()}',
                               str(getattr(found, name)))
        found.course = daemon.volume('class-course')  # as the hub has it
        monkeypatch.setenv('CLASSROOM_COURSE', str(found.course))
        monkeypatch.setenv('DOCKER_HOST', daemon.url)
        monkeypatch.setenv('IMAGE', 'from-scratch-to-gluon:0.1.0')
        monkeypatch.setenv('TEACHER', 'zhang')
        monkeypatch.delenv('BACKUPS', raising=False)
        (found.files / 'students.txt').write_text('li\nwang\n', 'utf-8')
        (found.state / 'cookie-secret').write_text(SECRET, 'utf-8')
        make_database(found, 'zhang', *NAMES)
        for name in NAMES:
            write(daemon, name, 'book/en/first.ipynb', f'of {name}')
        yield found


def make_database(room, *names):
    """Write a database of the hub with users."""
    path = room.state / 'hub.sqlite'
    shutil.copyfile(room.database, path)
    with contextlib.closing(sqlite3.connect(path)) as found, found:
        found.executemany(
            'INSERT INTO users (name, cookie_id) VALUES (?, ?)',
            [(name, name) for name in names])


def users(path):
    with contextlib.closing(sqlite3.connect(path)) as database:
        return {x for [x] in database.execute('SELECT name FROM users')}


def write(daemon, name, path, text):
    """Write a file of a student's."""
    file = daemon.volume(f'class-{name}') / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, 'utf-8')


def tree(folder):
    """Return {path: text, or where a link leads, or None} of a folder."""
    found = {}
    for path in sorted(folder.rglob('*')):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = '-> ' + os.readlink(path)
        else:
            found[name] = path.read_text('utf-8') if path.is_file() else None
    return found


def told(capsys, *words):
    """Run `class WORDS`; return its exit code, output and errors."""
    code = command_line.main(list(words))
    return code, *capsys.readouterr()


def make(room, kind=''):
    return backup.make(room.client, kind)


def numbers(room, kind=''):
    return [x.number for x in backups.found(room.backup) if x.kind == kind]


def test_a_backup_has_all_and_coreutils_can_check_it(room):
    done = make(room)
    assert backups.contents(done) == [
        'accounts/cookie-secret', 'accounts/hub.sqlite', 'students.txt',
        'volumes/class-course.tar.gz', 'volumes/class-li.tar.gz',
        'volumes/class-wang.tar.gz', 'volumes/options.json']
    assert subprocess.run(['sha256sum', '--check', '--strict', '--quiet',
                           'SHA256SUMS'], cwd=done).returncode == 0
    assert users(done / 'accounts/hub.sqlite') == {'zhang', *NAMES}
    with tarfile.open(done / 'volumes/class-li.tar.gz') as archive:
        assert 'from/book/en/first.ipynb' in archive.getnames()


def test_nobody_else_can_read_a_backup(room):
    os.umask(0o077)  # as the hub does
    done = make(room)
    assert [x for x in [done, *done.rglob('*')]
            if x.stat().st_mode & 0o077] == []


def test_a_backup_leaves_no_container(room):
    make(room)
    assert room.client.containers.list(all=True) == []


def test_work_comes_back_with_odd_names_and_links_as_it_was(room, capsys):
    for name in ODD:
        write(room.daemon, 'li', name, f'content of {name}')
    home = room.daemon.volume('class-li')
    (home / 'inside').symlink_to('book')
    (home / 'outside').symlink_to('/etc/passwd')
    (home / 'broken').symlink_to('nowhere')
    (home / 'empty').mkdir()
    os.link(home / '-rf', home / 'second name')
    before, of_wang = tree(home), tree(room.daemon.volume('class-wang'))
    make(room)
    shutil.rmtree(home / '第一章')
    write(room.daemon, 'li', 'book/en/first.ipynb', 'changed')
    write(room.daemon, 'li', 'new', 'since then')
    code, output, _ = told(capsys, 'restore', 'li')
    assert code == 0
    assert tree(room.daemon.volume('class-li')) == before
    assert tree(room.daemon.volume('class-wang')) == of_wang
    [aside] = [x.path for x in backups.found(room.backup)
               if x.kind == 'aside']
    assert f'what they held until now: {aside}' in output
    with tarfile.open(aside / 'volumes/class-li.tar.gz') as archive:
        assert archive.extractfile('from/new').read() == b'since then'


def test_what_a_restore_replaced_can_be_put_back_by_its_number(room, capsys):
    make(room)
    write(room.daemon, 'li', 'book/en/first.ipynb', 'changed')
    assert told(capsys, 'restore', 'li')[0] == 0
    [number] = numbers(room, 'aside')
    assert told(capsys, 'restore', 'li', '--from', str(number))[0] == 0
    assert tree(room.daemon.volume('class-li'))[
        'book/en/first.ipynb'] == 'changed'


def test_all_comes_back_on_a_new_machine_with_the_limits_of_the_volumes(
        room, capsys, monkeypatch):
    room.daemon.volumes['class-li']['Options'] = {'size': '100m'}
    make(room)
    for name in NAMES:
        room.client.volumes.get(f'class-{name}').remove()
    shutil.rmtree(room.state)
    room.state.mkdir()
    asked = limits_asked(room, monkeypatch)
    assert told(capsys, 'restore', '--all')[0] == 0
    assert asked == [None, '100m', None, None], 'at last without quotas'
    for name in NAMES:
        home = tree(room.daemon.volume(f'class-{name}'))
        assert home['book/en/first.ipynb'] == f'of {name}'
    state.prepare(room.state, room.backup)
    assert users(room.state / 'hub.sqlite') == {'zhang', *NAMES}
    assert (room.state / 'cookie-secret').read_text() == SECRET


def limits_asked(room, monkeypatch):
    """Return a list of the sizes with which volumes will be made."""
    asked, create = [], docker.models.volumes.VolumeCollection.create

    def noted(*names, **options):
        asked.append(options['driver_opts'].get('size'))
        return create(*names, **options)

    monkeypatch.setattr(
        docker.models.volumes.VolumeCollection, 'create', noted)
    return asked


def test_accounts_come_back_at_the_next_start_and_those_of_now_are_kept(
        room, capsys):
    make(room)
    make_database(room, 'zhao')
    code, output, _ = told(capsys, 'restore', '--accounts')
    assert code == 0 and 'docker compose up -d' in output
    assert users(room.state / 'hub.sqlite') == {'zhao'}, 'in use until then'
    (room.state / 'hub.sqlite-journal').write_text('of the database of now')
    state.prepare(room.state, room.backup)
    assert users(room.state / 'hub.sqlite') == {'zhang', *NAMES}
    assert not (room.state / 'hub.sqlite-journal').exists()
    kept = room.state / 'replaced-1'
    assert sorted(x.name for x in kept.iterdir()) == [
        'cookie-secret', 'hub.sqlite', 'hub.sqlite-journal']
    assert not (room.state / 'restored').exists()


def test_the_course_comes_back_while_the_hub_has_its_volume(room, capsys):
    hand_in(room)
    before = tree(room.course)
    make(room)
    room.client.containers.create(
        'hub:1', ['sleep', '60'], name='classroom-hub-1',
        volumes={'class-course': {'bind': '/srv/course', 'mode': 'rw'}})
    write(room.daemon, 'course', 'submitted/li/second.ipynb', 'late')
    (room.course / 'link').symlink_to(room.state)
    assert told(capsys, 'restore', 'course')[0] == 0
    assert tree(room.course) == before
    assert (room.state / 'hub.sqlite').exists()


def test_a_server_that_runs_is_not_robbed_of_its_files(room, capsys):
    make(room)
    box = room.client.containers.create(
        'image:1', ['sleep', '60'], name='class-li',
        volumes={'class-li': {'bind': '/home/reader', 'mode': 'rw'}})
    box.start()
    write(room.daemon, 'li', 'new', 'since then')
    code, _, error = told(capsys, 'restore', 'li')
    assert code == 1 and 'in use by class-li; stop this server' in error
    assert tree(room.daemon.volume('class-li'))['new'] == 'since then'
    assert told(capsys, 'restore', 'li', '--stop')[0] == 0
    assert 'new' not in tree(room.daemon.volume('class-li'))


@pytest.mark.parametrize('harm', ['changed', 'cut off', 'missing'])
def test_a_damaged_backup_is_not_put_back(room, capsys, harm):
    good = make(room)
    bad = make(room) / 'volumes/class-li.tar.gz'
    if harm == 'missing':
        bad.unlink()
    else:
        content = bytearray(bad.read_bytes())
        content[40] ^= 1
        bad.write_bytes(content if harm == 'changed' else content[:-20])
    before = tree(room.daemon.volume('class-li'))
    code, _, error = told(capsys, 'restore', 'li')
    assert code == 1
    assert 'damaged: volumes/class-li.tar.gz; choose an earlier' in error
    assert tree(room.daemon.volume('class-li')) == before
    number = str(backups.NAME.fullmatch(good.name)[1])
    assert told(capsys, 'restore', 'li', '--from', number)[0] == 0
    code, output, _ = told(capsys, 'restore', '--check')
    assert code == 1 and output.count('DAMAGED') == 1


def break_off(monkeypatch, name, share=0.5):
    """Let Docker send only the first part of a volume."""
    whole = docker.models.containers.Container.get_archive

    def half(box, path, **more):
        pieces, about = whole(box, path, **more)
        content = b''.join(pieces)
        if f'{name}:' in box.attrs['HostConfig']['Binds'][0]:
            content = content[:int(len(content) * share)]
        return iter([content]), about

    monkeypatch.setattr(
        docker.models.containers.Container, 'get_archive', half)


def test_what_breaks_off_is_never_taken_for_good_and_the_rest_is_saved(
        room, monkeypatch):
    good = make(room)
    break_off(monkeypatch, 'class-li')
    with pytest.raises(ClassError, match='class-li: what Docker sent broke'):
        make(room)
    assert [x.path for x in backups.good(room.backup)] == [good]
    [part] = [x.path for x in backups.found(room.backup)
              if x.kind == 'incomplete']
    assert (part / 'volumes/class-wang.tar.gz').exists()
    assert not (part / 'volumes/class-li.tar.gz').exists()
    assert backups.chosen(room.backup).path == good


def test_a_file_with_holes_keeps_nobody_else_from_being_saved(
        room, monkeypatch):
    """It takes no room of a quota; its archive would take days."""
    monkeypatch.setattr(volumes, 'SPARE', 2**20)
    room.daemon.volumes['class-li']['Options'] = {'size': '4m'}
    write(room.daemon, 'li', 'book/large', '')
    os.truncate(room.daemon.volume('class-li') / 'book/large', 30 * 2**20)
    with pytest.raises(ClassError, match='class-li: has a file with holes'):
        make(room)
    [part] = backups.found(room.backup)
    assert part.kind == 'incomplete'
    assert 'volumes/class-wang.tar.gz' in backups.contents(part.path)
    assert 'volumes/class-li.tar.gz' not in backups.contents(part.path)
    usage = types.SimpleNamespace(used=30 * 2**20, free=2**40, total=2**41)
    room.daemon.volumes['class-li']['Options'] = None  # no quotas here
    monkeypatch.setattr(volumes.shutil, 'disk_usage', lambda _: usage)
    make(room)


def test_a_backup_that_was_killed_is_none_and_goes_at_the_next(room):
    good = make(room)
    left = room.backup / f'999{backups.PART}'
    shutil.copytree(good, left)
    shutil.copytree(good, room.backup / '00009-2030-01-01-00-00')
    (room.backup / '00009-2030-01-01-00-00/SHA256SUMS').unlink()
    assert numbers(room) == [1]
    make(room)
    assert not left.exists()
    assert numbers(room) == [1, 10]


def test_a_damaged_database_is_not_backed_up_as_if_it_were_good(room):
    good = make(room)
    damage(room.state / 'hub.sqlite')
    with pytest.raises(ClassError, match='docker compose restart hub'):
        make(room)
    assert [x.path for x in backups.found(room.backup)] == [good]


def damage(path):
    """Overwrite what a database holds behind its first page."""
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)


def test_two_do_not_change_the_backups_at_once(room):
    with backups.locked(room.backup):
        with pytest.raises(ClassError, match='another backup or restore'):
            make(room)


def test_as_many_as_are_wanted_are_kept_and_archives_for_ever(
        room, monkeypatch):
    monkeypatch.setenv('BACKUPS', '2')
    term = make(room, 'term')
    for _ in range(4):
        make(room)
    assert numbers(room) == [4, 5] and numbers(room, 'term') == [1]
    assert term.exists()


@pytest.mark.parametrize('jump', [-3650, 3650], ids=['back', 'ahead'])
def test_a_clock_that_jumps_removes_no_good_backup(room, monkeypatch, jump):
    monkeypatch.setenv('BACKUPS', '3')
    first = [make(room) for _ in range(3)]
    real = backups.time.time()
    then = backups.time.gmtime(real + jump * 86400)
    monkeypatch.setattr(backups.time, 'gmtime', lambda: then)
    wrong = make(room)
    assert [x.path for x in backups.good(room.backup)] == [*first[1:], wrong]
    assert backups.chosen(room.backup).path == wrong
    monkeypatch.undo()


def test_without_room_no_backup_begins(room, monkeypatch):
    good = make(room)
    usage = types.SimpleNamespace(free=100 * 2**20)
    monkeypatch.setattr(backups.shutil, 'disk_usage', lambda path: usage)
    with pytest.raises(ClassError, match='100 MiB are free, a backup needs'):
        make(room)
    assert [x.path for x in backups.found(room.backup)] == [good]


@pytest.fixture
def small_disk(room):
    """Put the backups on a disk of 2 MiB."""
    done = subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=2m', 'tmpfs',
                           str(room.backup)])
    if done.returncode:
        pytest.skip('needs the right to mount')
    yield room.backup
    subprocess.run(['umount', str(room.backup)], check=True)


def test_a_disk_that_fills_gets_its_room_back(
        room, small_disk, monkeypatch):
    monkeypatch.setattr(backups, 'ROOM', 0)
    good = make(room)
    big = room.daemon.volume('class-wang') / 'noise'
    big.write_bytes(os.urandom(3 * 2**20))
    with pytest.raises(ClassError, match='No space left on device; no back'):
        make(room)
    assert [x.path for x in backups.found(small_disk)] == [good]
    assert not list(small_disk.glob(f'*{backups.PART}'))
    assert shutil.disk_usage(small_disk).free > 2**20


def test_without_docker_it_says_so_in_a_line(room, capsys, monkeypatch):
    monkeypatch.setenv('DOCKER_HOST', f'unix://{room.state}/nowhere.sock')
    for words in ['backup'], ['new-term']:
        code, _, error = told(capsys, *words)
        lines = [x for x in error.splitlines() if 'error: ' in x]
        assert code == 1 and len(lines) == 1 and 'Traceback' not in error
        assert 'does not reach its containers' in lines[0]


def test_what_the_disk_does_not_allow_is_told_in_a_line(
        room, capsys, monkeypatch):
    (room.files / 'file').write_text('')
    monkeypatch.setenv('CLASSROOM_BACKUP', str(room.files / 'file'))
    code, _, error = told(capsys, 'backup')
    assert (code, error) == (1, f'error: {room.files}/file: File exists\n')


# Nightly


def at(day, hour):
    import datetime

    return datetime.datetime(2026, 11, day, hour)


@pytest.mark.parametrize('now, last, wanted', [
    (at(30, 3), at(29, 3), True), (at(30, 2), at(29, 3), False),
    (at(30, 9), at(30, 3), False), (at(30, 9), at(29, 3), True),
    (at(10, 4), at(30, 3), True),
], ids=['its hour', 'too early', 'done', 'the hub was off', 'set back'])
def test_a_backup_is_due_once_a_day(now, last, wanted):
    assert nightly.due(now, last.date(), 3) is wanted


def test_the_night_makes_a_backup_and_keeps_in_mind_that_one_failed(
        room, monkeypatch):
    assert nightly.attempt()
    assert nightly.last_day() is not None
    break_off(monkeypatch, 'class-li')
    assert not nightly.attempt()
    assert any('nightly backup failed' in x for x in status.worries())
    monkeypatch.undo()


def test_the_service_gets_what_it_needs_from_the_hub(monkeypatch):
    monkeypatch.setenv('DOCKER_HOST', 'unix:///x')
    found = nightly.service('/opt/book', 19, 5)
    assert found['cwd'] == '/opt/book'
    assert found['environment']['DOCKER_HOST'] == 'unix:///x'
    assert found['environment']['BACKUP_HOUR'] == '19'


# Status


def test_status_of_a_class_that_is_well(room, capsys, monkeypatch):
    monkeypatch.setattr(status, 'percent', lambda folder: 79)
    monkeypatch.setattr(status, 'short_memory', lambda: [])
    done = make(room)
    code, output, _ = told(capsys, 'status')
    assert (code, str(done) in output) == (0, True), output
    assert 'on one disk: copy' in output


def test_a_disk_that_fills_needs_a_hand_and_the_teacher_sees_it(
        room, capsys, monkeypatch):
    make(room)
    monkeypatch.setattr(status, 'percent', lambda folder: 80)
    code, output, _ = told(capsys, 'status')
    assert code == 1 and 'is 80 % full; make room' in output
    teacher = types.SimpleNamespace(admin=True)
    assert '80 % full' in status.announce(teacher)
    assert nightly.warn(None) is not None
    assert '80 % full' in capsys.readouterr().err
    student = types.SimpleNamespace(admin=False)
    assert status.announce(student) is status.announce(None) is None


@pytest.mark.parametrize('days, word', [
    (3, '3.0 days old'), (-3, 'from the future')])
def test_an_old_backup_or_one_of_the_future_needs_a_hand(
        room, monkeypatch, days, word):
    make(room)
    now = status.time.time() + days * 86400
    monkeypatch.setattr(status.time, 'time', lambda: now)
    assert any(word in x for x in status.worries())


def test_a_backup_with_a_day_that_never_was_has_that_of_its_folder(room):
    done = make(room)
    odd = done.rename(done.with_name('00001-2026-02-30-03-00'))
    [found] = backups.good(room.backup)
    assert found.time == odd.stat().st_mtime
    assert nightly.last_day() and status.old_backup() == []


def test_no_backup_at_all_needs_a_hand(room, capsys):
    code, output, _ = told(capsys, 'status')
    assert code == 1 and 'there is no backup of this term yet' in output


def test_what_the_teacher_is_told_can_do_no_harm_to_the_page(room):
    state.say(room.state, ['<script>'])
    teacher = types.SimpleNamespace(admin=True)
    assert '&lt;script&gt;' in status.announce(teacher)


# The end of a term, and one who leaves


def answer(monkeypatch, word):
    monkeypatch.setattr('builtins.input', lambda text: word)


def hand_in(room):
    write(room.daemon, 'course', 'submitted/li/first.ipynb', 'handed in')
    write(room.daemon, 'zhang', 'lesson.ipynb', 'of the teacher')
    room.client.networks.create('class-li')


def test_after_a_term_the_same_name_begins_with_nothing(
        room, capsys, monkeypatch):
    hand_in(room)
    before = tree(room.daemon.volume('class-li'))
    answer(monkeypatch, 'remove')
    code, output, _ = told(capsys, 'new-term')
    assert code == 0
    assert volumes.traces(room.client) == ['course', 'zhang']
    assert list(room.course.iterdir()) == []
    state.prepare(room.state, room.backup)
    assert not (room.state / 'hub.sqlite').exists()
    assert not (room.state / 'cookie-secret').exists()
    assert list(room.daemon.volume('class-li').iterdir()) == []
    [term] = backups.found(room.backup)
    assert term.kind == 'term' and str(term.path) in output
    assert backups.good(room.backup) == [], 'nothing crosses a term'
    assert told(capsys, 'restore', 'li', '--from', '1')[0] == 0
    assert tree(room.daemon.volume('class-li')) == before


@pytest.mark.parametrize('word', ['', 'yes', 'n'])
def test_without_the_word_only_the_archive_is_made(
        room, capsys, monkeypatch, word):
    hand_in(room)
    before = volumes.traces(room.client)
    answer(monkeypatch, word)
    code, _, error = told(capsys, 'new-term')
    assert (code, error) == (1, 'error: nothing was removed\n')
    assert volumes.traces(room.client) == before
    state.prepare(room.state, room.backup)
    assert users(room.state / 'hub.sqlite') == {'zhang', *NAMES}


def test_a_term_that_cannot_be_archived_is_not_ended(
        room, capsys, monkeypatch):
    answer(monkeypatch, 'remove')
    break_off(monkeypatch, 'class-li')
    code, _, error = told(capsys, 'new-term')
    assert code == 1 and 'is not complete' in error
    assert volumes.traces(room.client) == ['course', 'li', 'wang']


def test_the_course_may_be_kept(room, capsys, monkeypatch):
    hand_in(room)
    answer(monkeypatch, 'remove')
    assert told(capsys, 'new-term', '--keep-course')[0] == 0
    assert volumes.traces(room.client) == ['course', 'zhang']
    assert list(tree(room.course).values())[-1] == 'handed in'


def test_of_one_who_leaves_nothing_stays_but_an_archive(
        room, capsys, monkeypatch):
    answer(monkeypatch, 'remove')
    code, _, error = told(capsys, 'remove', 'li')
    assert code == 1 and 'take the name out of students.txt' in error
    (room.files / 'students.txt').write_text('wang\n', 'utf-8')
    room.client.networks.create('class-li')
    assert told(capsys, 'remove', 'li')[0] == 0
    assert volumes.traces(room.client) == ['course', 'wang']
    state.prepare(room.state, room.backup)
    assert users(room.state / 'hub.sqlite') == {'zhang', 'wang'}
    [left] = backups.found(room.backup)
    assert left.kind == 'left'
    assert (left.path / 'volumes/class-li.tar.gz').exists()


@pytest.mark.parametrize('name', ['zhang', 'course', '../wang'])
def test_who_does_not_leave_cannot_be_removed(
        room, capsys, monkeypatch, name):
    answer(monkeypatch, 'remove')
    assert told(capsys, 'remove', name)[0] == 1
    assert volumes.traces(room.client) == ['course', 'li', 'wang']
