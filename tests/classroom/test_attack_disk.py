"""A student fills neither the disk of the machine nor the own way in."""

import httpx
import pytest
from people import NAVIGATE, Teacher

MIB = 2**20


def logs_in(teacher, name):
    """Return headers with which a student's server knows the student."""
    answer = teacher.call('POST', f'users/{name}/tokens', json={})
    return {'Authorization': f'token {answer.json()["token"]}', **NAVIGATE}


def fill(home):
    """Fill a home to the last byte."""
    (home / 'book').mkdir(parents=True, exist_ok=True)
    with (home / 'book/much.bin').open('wb', buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    for path in home, home / 'book', home / 'book/much.bin':
        path.chmod(0o777)


@pytest.mark.slow
def test_a_full_home_still_lets_its_owner_in_to_delete(running_hub):
    hub = running_hub('li', DISK_PER_STUDENT='8M')
    hub.daemon.quotas = True
    teacher = Teacher(hub)
    home = hub.daemon.volume('class-li', Options={'size': '8m'})
    fill(home)
    address = teacher.start('li')
    client = httpx.Client(base_url=address, verify=hub.trust(), timeout=60,
                          headers=logs_in(teacher, 'li'))
    assert client.get('lab').status_code == 200
    assert client.post('api/kernels').status_code == 201
    answer = client.delete('api/contents/much.bin')
    assert answer.status_code == 204, answer.text
    assert not (home / 'book/much.bin').exists()
    kept = {'type': 'file', 'format': 'text', 'content': 'a' * MIB}
    assert client.put('api/contents/new.txt', json=kept).status_code == 201


@pytest.mark.slow
def test_a_container_is_created_with_all_its_limits(running_hub):
    hub = running_hub('li')
    teacher = Teacher(hub)
    teacher.start('li')
    host = hub.server('li').host
    assert host['ReadonlyRootfs']
    assert all('size=' in x for x in host['Tmpfs'].values())
    assert set(host['Tmpfs']) == {'/tmp', '/run/jupyter'}
    assert host['LogConfig']['Config']['max-size'] == '1m'
    assert host['OomScoreAdj'] == 500
    assert host['CapDrop'] == ['ALL'] and not host.get('CapAdd')
    assert 'no-new-privileges' in host['SecurityOpt']
    assert host['Memory'] == host['MemorySwap'] == 2048 * MIB
    assert host['PidsLimit'] == 512
    assert {x['Name']: x['Soft'] for x in host['Ulimits']} == {
        'core': 0, 'nofile': 4096}
    told = hub.log.read_text('utf-8')
    assert told.count('Homes of students have no limit') == 1
