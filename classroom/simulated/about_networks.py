"""What the stand-in for Docker answers about networks.

They keep nobody apart: what is tested is which ones there are, and who is
in them.
"""

import ipaddress
import json

from classroom.simulated.server import Problem, fits, given, route


def find(daemon, name):
    for found in list(daemon.networks.values()):
        if name in (found['Name'], found['Id']):
            return found
    raise Problem(404, f'network {name} not found')


def members(daemon, network):
    """Return the running containers in a network."""
    return [x for x in list(daemon.containers.values())
            if network['Name'] in x.networks and x.is_running]


def subnets(network):
    """Return the ranges of addresses that a network was given."""
    pools = (network.get('IPAM') or {}).get('Config') or []
    return [ipaddress.ip_network(x['Subnet']) for x in pools]


@route('POST', '/networks/create')
def create(daemon, query, content):
    asked = given(content)
    name = asked.pop('Name')
    if name in daemon.networks:
        raise Problem(409, f'network with name {name} already exists')
    taken = [y for x in daemon.networks.values() for y in subnets(x)]
    if any(x.overlaps(y) for x in subnets(asked) for y in taken):
        raise Problem(403, 'invalid pool request: Pool overlaps with other '
                      'one on this address space')
    return 201, {'Id': daemon.network(name, **asked)['Id'], 'Warning': ''}


@route('GET', '/networks')
def networks(daemon, query, content):
    wanted = json.loads(query.get('filters', '{}'))
    return 200, [x for x in list(daemon.networks.values())
                 if fits(wanted, x['Name'], x['Labels'] or {})]


@route('GET', '/networks/([^/]+)')
def inspect(daemon, query, content, name):
    found = find(daemon, name)
    inside = {x.identity: {'Name': x.name} for x in members(daemon, found)}
    return 200, {**found, 'Containers': inside}


@route('POST', '/networks/([^/]+)/connect')
def connect(daemon, query, content, name):
    network, asked = find(daemon, name), given(content)
    found = daemon.find(asked['Container'])
    if network['Name'] in found.networks:
        raise Problem(403, f'endpoint with name {found.name} already exists '
                      f'in network {network["Name"]}')
    found.networks[network['Name']] = asked.get('EndpointConfig') or {}
    return 200, None


@route('POST', '/networks/([^/]+)/disconnect')
def disconnect(daemon, query, content, name):
    network, asked = find(daemon, name), given(content)
    found = daemon.find(asked['Container'])
    if network['Name'] not in found.networks:
        raise Problem(403, f'container {found.identity} is not connected to '
                      f'network {network["Name"]}')
    del found.networks[network['Name']]
    return 200, None


@route('DELETE', '/networks/([^/]+)')
def remove(daemon, query, content, name):
    found = find(daemon, name)
    if members(daemon, found):
        raise Problem(403, f'error while removing network: network {name} '
                      'has active endpoints')
    del daemon.networks[found['Name']]
    return 204, None
