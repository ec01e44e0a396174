"""Each student's server is alone with the hub, in a network of its own."""

import ipaddress
import time

import httpx
import pytest
from people import NAVIGATE, Teacher

POOL = '172.30.0.0/16'


def wait(condition, seconds=90):
    """Wait until something is so; tell whether it came to be."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.2)
    return condition()


def members(hub, network):
    """Return the names of the containers in a network."""
    return {x.name for x in list(hub.daemon.containers.values())
            if network in x.networks}


def subnet(network):
    """Return the addresses of a network."""
    [pool] = network['IPAM']['Config']
    return ipaddress.ip_network(pool['Subnet'])


@pytest.mark.slow
def test_students_are_in_networks_apart_that_go_with_their_servers(
        running_hub):
    hub = running_hub('li', 'wang', STUDENT_NETWORKS=POOL)
    teacher, found = Teacher(hub), {}
    for name in 'li', 'wang':
        teacher.start(name)
        found[name] = hub.daemon.networks[f'class-{name}']
        assert members(hub, f'class-{name}') == {
            f'class-{name}', hub.container.name}
        assert found[name]['Internal']
        assert found[name]['Options'] == {
            'com.docker.network.bridge.inhibit_ipv4': 'true'}
        assert subnet(found[name]).subnet_of(ipaddress.ip_network(POOL))
    assert not subnet(found['li']).overlaps(subnet(found['wang']))
    assert hub.container.networks['class-li']['Aliases'] == ['hub']
    teacher.call('DELETE', 'users/li/server')  # in order
    hub.server('wang').kill()  # as when memory runs out
    assert wait(lambda: not {'class-li', 'class-wang'} & {
        *hub.daemon.networks})


@pytest.mark.slow
def test_a_hub_in_a_new_container_finds_its_servers_again(running_hub):
    """And one with other settings ends those that have the old ones."""
    hub = running_hub('li')
    address = Teacher(hub).start('li')
    first = hub.server('li')
    hub.kill()
    hub.daemon.containers.pop(hub.container.identity)
    hub.container = hub.daemon.container('classroom-hub-2', {})
    hub.start()
    hub.wait()
    assert wait(lambda: 'class-li' in hub.container.networks)
    assert hub.server('li') is first
    assert wait(lambda: httpx.get(
        f'{address}api', verify=hub.trust(),
        headers=NAVIGATE).status_code == 200)
    hub.settings['MEMORY_PER_STUDENT'] = '3G'
    hub.restart()
    assert wait(lambda: not hub.server('li'))
    Teacher(hub).start('li')
    assert hub.server('li').host['Memory'] == 3 * 2**30
