"""The stand-in for Docker does what our spawner and commands need."""

import docker
import pytest

from classroom.simulated import containers, daemon


@pytest.fixture
def client(tmp_path):
    if not containers.can_run():
        pytest.skip('needs bubblewrap, and namespaces')
    with daemon.Daemon(tmp_path / 'docker') as running:
        yield docker.DockerClient(base_url=running.url)


def test_a_container_sees_its_volume_and_runs_in_its_own_namespace(client):
    program = 'echo kept > /home/reader/kept; ls /opt/book/utils.py; echo $$'
    found = client.containers.create(
        'image:1', ['sh', '-c', program], name='class-li',
        volumes={'class-li': {'bind': '/home/reader', 'mode': 'rw'}})
    found.start()
    assert found.wait()['StatusCode'] == 0
    path, process = found.logs().decode().split()
    assert path == '/opt/book/utils.py'
    assert int(process) < 10
    pieces, about = found.get_archive('/home/reader/kept')
    assert about['name'] == 'kept'
    assert b'kept\n' in b''.join(pieces)
