"""The stand-in for Docker does what our spawner and commands need."""

import io
import subprocess
import sys
import tarfile
import time

import docker
import pytest
import requests

from classroom.simulated import addresses, bubblewrap, daemon

HOME = {'class-li': {'bind': '/home/reader', 'mode': 'rw'}}


@pytest.fixture
def running(tmp_path):
    """Return a running stand-in."""
    if not bubblewrap.can_run():
        pytest.skip('needs bubblewrap, and namespaces')
    with daemon.Daemon(tmp_path / 'docker') as running:
        yield running


@pytest.fixture
def client(running):
    return docker.DockerClient(base_url=running.url)


def shell(client, script, **more):
    """Run a script in a container until its end; return the container."""
    found = client.containers.run('image:1', ['sh', '-c', script],
                                  detach=True, **more)
    found.wait(timeout=20)
    return found


def archive(**files):
    """Return an archive with files: name -> text."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode='w') as packed:
        for name, text in files.items():
            member = tarfile.TarInfo(name.replace('__', '/'))
            member.size = len(text)
            packed.addfile(member, io.BytesIO(text.encode()))
    return held.getvalue()


def unpacked(pieces):
    """Return {name: text} of the files in an archive."""
    with tarfile.open(fileobj=io.BytesIO(b''.join(pieces))) as packed:
        return {x.name: packed.extractfile(x).read().decode()
                for x in packed.getmembers() if x.isfile()}


def test_a_container_sees_its_volume_and_runs_in_its_own_namespace(client):
    script = 'echo kept > kept; ls /opt/book/utils.py; hostname; echo $$'
    found = shell(client, script, name='class-li', volumes=HOME)
    path, host, process = found.logs().decode().split()
    assert path == '/opt/book/utils.py'
    assert found.id.startswith(host)
    assert int(process) < 10
    pieces, about = found.get_archive('/home/reader/kept')
    assert (about['name'], about['size']) == ('kept', 5)
    assert unpacked(pieces) == {'kept': 'kept\n'}


def test_a_container_has_the_python_of_the_book(client):
    found = shell(client, 'python -c "import utils_data, sys; '
                  'print(sys.prefix)"; id -u')
    assert found.logs().split() == [b'/opt/venv', b'1000']


def test_what_runs_is_told_apart_from_what_has_ended(client):
    made = client.containers.create('image:1', ['sleep', '60'])
    assert made.status == 'created' and client.containers.list() == []
    made.start()
    made.reload()
    assert made.status == 'running' and client.containers.list() == [made]
    made.stop(timeout=5)
    made.reload()
    assert made.status == 'exited' and client.containers.list() == []
    assert client.containers.list(all=True) == [made]
    made.remove()
    with pytest.raises(docker.errors.NotFound):
        client.containers.get(made.id)


@pytest.mark.parametrize('script, code', [
    ('exit 0', 0), ('exit 3', 3), ('kill -9 $$', 137)])
def test_how_it_ended_is_known(client, script, code):
    found = shell(client, script)
    assert found.wait()['StatusCode'] == code
    assert found.attrs['State']['ExitCode'] in (0, code)


def test_a_program_hears_that_it_is_to_stop(client):
    found = client.containers.run('image:1', [
        'sh', '-c', 'trap "echo heard; exit 5" TERM; echo ready; '
        'while :; do sleep 0.1; done'], detach=True)
    while b'ready' not in found.logs():
        time.sleep(0.05)
    found.stop(timeout=10)
    assert found.wait()['StatusCode'] == 5
    assert b'heard' in found.logs()


def test_who_does_not_hear_is_killed(client):
    found = client.containers.run('image:1', [
        'sh', '-c', 'trap "" TERM; echo ready; while :; do sleep 0.1; done'],
        detach=True)
    while b'ready' not in found.logs():
        time.sleep(0.05)
    found.stop(timeout=1)
    assert found.wait()['StatusCode'] == 137


def test_a_killed_container_takes_all_its_processes_along(client):
    mark = f'{time.time():.4f}'
    found = client.containers.run('image:1', [
        'sh', '-c', f'setsid sleep 1{mark} & sleep 1{mark}'], detach=True)
    while not living(mark):
        time.sleep(0.05)
    found.kill()
    found.remove()
    end = time.monotonic() + 5
    while living(mark) and time.monotonic() < end:
        time.sleep(0.05)
    assert not living(mark)


def living(mark):
    return subprocess.run(['pgrep', '-f', f'sleep 1{mark}'],
                          capture_output=True).stdout


def test_a_container_lives_on_when_its_maker_is_gone(running):
    """As a student's server does when the hub was killed."""
    first = docker.DockerClient(base_url=running.url)
    first.containers.run('image:1', ['sleep', '60'], detach=True, name='a')
    first.close()
    time.sleep(0.5)
    again = docker.DockerClient(base_url=running.url)
    assert again.containers.get('a').status == 'running'


def test_nothing_is_left_of_a_stand_in_that_was_killed(tmp_path):
    mark = f'{time.time():.4f}'
    program = (
        'import docker, os, signal, sys, time\n'
        'from classroom.simulated.daemon import Daemon\n'
        'with Daemon(sys.argv[1]) as running:\n'
        '    client = docker.DockerClient(base_url=running.url)\n'
        '    client.containers.run("image:1", ["sleep", "1" + sys.argv[2]],\n'
        '                          detach=True)\n'
        '    time.sleep(1)\n'
        '    os.kill(os.getpid(), signal.SIGKILL)\n')
    if not bubblewrap.can_run():
        pytest.skip('needs bubblewrap, and namespaces')
    subprocess.run([sys.executable, '-c', program, str(tmp_path), mark],
                   cwd=bubblewrap.ROOT)
    time.sleep(0.5)
    assert not living(mark)


def test_output_and_errors_are_told_apart(client):
    found = shell(client, 'echo one; echo two; echo three >&2')
    assert found.logs(stderr=False) == b'one\ntwo\n'
    assert found.logs(stdout=False) == b'three\n'
    assert found.logs(stderr=False, tail=1) == b'two\n'


def test_who_follows_gets_what_is_written_when_it_is_written(client):
    found = client.containers.run('image:1', [
        'sh', '-c', 'echo one; sleep 0.3; echo two >&2; sleep 60'],
        detach=True)
    pieces = found.logs(stream=True, follow=True)
    assert next(pieces) == b'one\n'
    assert next(pieces) == b'two\n'
    found.kill()
    assert list(pieces) == []


def test_run_returns_the_output_and_removes_the_container(client):
    text = client.containers.run('image:1', ['echo', 'hello'], remove=True)
    assert text == b'hello\n'
    assert client.containers.list(all=True) == []
    with pytest.raises(docker.errors.ContainerError):
        client.containers.run('image:1', ['false'])


def test_a_name_is_given_once(client):
    client.containers.create('image:1', ['true'], name='a')
    with pytest.raises(docker.errors.APIError) as caught:
        client.containers.create('image:1', ['true'], name='a')
    assert caught.value.status_code == 409


def test_what_was_asked_for_can_be_inspected(client):
    made = client.containers.create(
        'image:1', ['true'], labels={'x': 'y'}, mem_limit='64m',
        cap_drop=['ALL'], read_only=True, tmpfs={'/tmp': 'size=1m'})
    host = made.attrs['HostConfig']
    assert (host['Memory'], host['CapDrop']) == (64 * 2**20, ['ALL'])
    assert host['ReadonlyRootfs'] and host['Tmpfs'] == {'/tmp': 'size=1m'}
    assert made.labels == {'x': 'y'}


def test_labels_and_names_filter(client):
    for name, label in ('a1', 'work'), ('a2', 'home'):
        client.containers.create('image:1', ['true'], name=name,
                                 labels={'kind': label})
        client.volumes.create(name, labels={'kind': label})
        client.networks.create(name, labels={'kind': label})
    for kind, more in ((client.containers, {'all': True}),
                       (client.volumes, {}), (client.networks, {})):
        found = kind.list(filters={'label': 'kind=work'}, **more)
        assert [x.name for x in found] == ['a1']
        assert len(kind.list(filters={'label': 'kind'}, **more)) == 2
    assert [x.name for x in client.containers.list(
        all=True, filters={'name': 'a2'})] == ['a2']
    assert len(client.containers.list(filters={'status': 'created'})) == 2


# Files


def test_archives_go_into_a_volume_and_come_out_without_a_start(client):
    made = client.containers.create('image:1', ['true'], volumes={
        'class-li': {'bind': '/from', 'mode': 'rw'}})
    assert made.put_archive('/', archive(from__new='text'))
    assert made.put_archive('/from', archive(more__newer='words'))
    pieces, _ = made.get_archive('/from')
    assert unpacked(pieces) == {
        'from/new': 'text', 'from/more/newer': 'words'}
    assert made.status == 'created'
    with pytest.raises(docker.errors.NotFound):
        made.get_archive('/from/none')


def test_a_container_has_files_of_its_own(client):
    script = 'cat given; echo made > made'
    made = client.containers.create('image:1', ['sh', '-c', script],
                                    working_dir='/opt/work')
    made.put_archive('/opt/work', archive(given='text\n'))
    made.start()
    assert made.wait()['StatusCode'] == 0
    assert made.logs() == b'text\n'
    assert unpacked(made.get_archive('/opt/work/made')[0]) == {
        'made': 'made\n'}


@pytest.mark.parametrize('name', ['link/stolen', '../../stolen'])
def test_no_archive_leads_out_of_a_volume(client, running, tmp_path, name):
    made = client.containers.create('image:1', ['true'], volumes=HOME)
    (running.volume('class-li') / 'link').symlink_to(tmp_path)
    try:
        made.put_archive('/home/reader', archive(**{name: 'text'}))
    except docker.errors.APIError as error:
        assert 'leads out' in error.explanation
    assert not list(tmp_path.rglob('volumes/stolen'))
    assert not (tmp_path / 'stolen').exists()


def test_the_book_and_a_volume_for_reading_cannot_be_changed(client):
    script = 'touch /opt/book/x /usr/x /opt/venv/x /home/reader/x; echo $?'
    found = shell(client, script, volumes={
        'class-li': {'bind': '/home/reader', 'mode': 'ro'}})
    assert found.logs(stderr=False) == b'1\n'
    assert found.logs(stdout=False).count(b'Read-only file system') == 4


@pytest.mark.parametrize('fixed', [True, False])
def test_only_temporary_files_can_be_written(client, fixed):
    """And with a file system for reading only not even those."""
    script = 'for x in / /opt /run /tmp ~; do touch $x/x || echo $x; done'
    found = shell(client, script, read_only=fixed)
    more = '/tmp /home/reader' if fixed else ''
    assert found.logs(stderr=False).decode().split() == (
        f'/ /opt /run {more}'.split())


def test_nothing_goes_into_a_file_system_for_reading(client):
    made = client.containers.create(
        'image:1', ['true'], read_only=True, volumes={
            'class-li': {'bind': '/home/reader', 'mode': 'ro'}})
    for path in '/tmp', '/home/reader':
        with pytest.raises(docker.errors.APIError, match='read-only'):
            made.put_archive(path, archive(name='text'))


def test_a_temporary_folder_has_a_size(client):
    script = 'head -c 2000000 /dev/zero > .local/x; echo $?; touch empty/x'
    found = shell(client, script, tmpfs={
        '/home/reader/.local': 'size=1m', '/home/reader/empty': 'ro'})
    assert found.logs(stderr=False) == b'1\n'
    assert b'Read-only file system' in found.logs(stdout=False)


# Volumes


def test_a_volume_is_there_until_it_is_removed(client):
    made = client.volumes.create('class-li', labels={'kind': 'home'})
    assert client.volumes.create('class-li').attrs['Labels'] == made.attrs[
        'Labels']
    box = client.containers.create('image:1', ['true'], volumes=HOME)
    with pytest.raises(docker.errors.APIError) as caught:
        made.remove()
    assert caught.value.status_code == 409
    box.remove()
    made.remove()
    with pytest.raises(docker.errors.NotFound):
        client.volumes.get('class-li')


def test_without_quotas_a_size_is_refused(client):
    with pytest.raises(docker.errors.APIError, match='no quota support'):
        client.volumes.create('class-li', driver_opts={'size': '1m'})


def test_with_quotas_a_volume_is_full_at_its_size(running, client):
    running.quotas = True
    try:
        made = client.volumes.create('class-li', driver_opts={'size': '1m'})
    except docker.errors.APIError as error:
        pytest.skip(f'needs to mount: {error}')
    found = shell(client, 'head -c 2000000 /dev/zero > x; echo $?; ls',
                  volumes=HOME)
    assert found.logs(stderr=False) == b'1\nx\n'
    found.remove()
    made.remove()
    assert running.mounted == []


# Networks


def test_a_network_has_members_and_goes_when_they_have_gone(client):
    made = client.networks.create('class-li', internal=True, labels={'a': ''})
    box = client.containers.run('image:1', ['sleep', '60'], detach=True)
    made.connect(box, aliases=['hub'])
    made.reload()
    assert made.containers == [box] and made.attrs['Internal']
    for call, word in (made.remove, 'active'), (
            lambda: made.connect(box), 'already exists'):
        with pytest.raises(docker.errors.APIError, match=word):
            call()
    made.disconnect(box)
    with pytest.raises(docker.errors.APIError, match='not connected'):
        made.disconnect(box)
    made.remove()
    assert [x.name for x in client.networks.list()] == ['bridge']


def test_a_container_that_has_ended_keeps_no_network(client):
    made = client.networks.create('class-li')
    box = shell(client, 'true', network='class-li')
    box.reload()
    assert 'class-li' in box.attrs['NetworkSettings']['Networks']
    made.remove()


def test_two_networks_do_not_share_addresses(client):
    def pool(subnet):
        return docker.types.IPAMConfig(
            pool_configs=[docker.types.IPAMPool(subnet=subnet)])

    client.networks.create('a', ipam=pool('10.0.0.0/29'))
    client.networks.create('b', ipam=pool('10.0.0.8/29'))
    with pytest.raises(docker.errors.APIError, match='overlaps'):
        client.networks.create('c', ipam=pool('10.0.0.0/28'))


def test_a_container_without_a_network_reaches_nothing(client):
    script = ('python -c "import socket; socket.create_connection('
              '(\'127.0.0.1\', 9), 2)" 2>&1 | tail -1; '
              'ls /sys/class/net /proc/self/net/dev; cat /proc/net/dev')
    found = shell(client, script, network_mode='none')
    devices = [x.split(':')[0].strip() for x in
               found.logs(stderr=False).decode().splitlines() if ': ' in x]
    assert [x for x in devices if x.startswith(('eth', 'en'))] == []
    assert found.attrs['NetworkSettings']['Networks'] == {}


# The rest


def test_the_machine_tells_about_itself(client):
    assert client.ping()
    assert client.version()['ApiVersion']
    assert client.info()['ServerVersion']
    assert client.images.get('image:1').tags == ['image:1']


def test_a_call_that_it_does_not_know_is_told(client):
    with pytest.raises(docker.errors.APIError, match='the stand-in has no'):
        client.swarm.init()


def test_two_stand_ins_have_nothing_in_common(running, client, tmp_path):
    with daemon.Daemon(tmp_path / 'other') as second:
        other = docker.DockerClient(base_url=second.url)
        ours, theirs = (x.containers.create('image:1', ['true'], name='a')
                        for x in (client, other))
        assert ours.id != theirs.id
        found = {x.attrs['NetworkSettings']['IPAddress']
                 for x in (ours, theirs)}
        assert len(found) == 2


def test_the_socket_goes_with_the_stand_in(tmp_path):
    with daemon.Daemon(tmp_path) as running:
        assert docker.DockerClient(base_url=running.url).ping()
    with pytest.raises((docker.errors.DockerException,
                        requests.ConnectionError)):
        docker.DockerClient(base_url=running.url).ping()


def test_an_address_is_given_to_one_alone():
    found = [addresses.free_address() for _ in range(300)]
    assert len(set(found)) == 300
