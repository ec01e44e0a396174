"""A student in a cluster: without privileges, and nobody in reach."""

import contextlib
import importlib.util
import runpy
import socket
from unittest import mock

import pytest
from books import finish
from one_cluster import (
    CLUSTER,
    Pod,
    merged,
    objects,
    one,
    reaches,
    values,
    violations,
)

SAFE = {'allowPrivilegeEscalation': False, 'capabilities': {'drop': ['ALL']},
        'runAsNonRoot': True, 'seccompProfile': {'type': 'RuntimeDefault'}}
# What jupyterhub_config.py of the chart (4.1.0 and later) makes of values
TRAITS = {
    'uid': 'uid', 'fsGid': 'fs_gid', 'cmd': 'cmd',
    'allowPrivilegeEscalation': 'allow_privilege_escalation',
    'defaultUrl': 'default_url', 'startTimeout': 'start_timeout',
    'extraPodConfig': 'extra_pod_config', 'extraEnv': 'environment'}
DEFAULTS = {  # of the chart
    'uid': 1000, 'allowPrivilegeEscalation': False,
    'cloudMetadata': {'blockWithIptables': True},
    'networkPolicy': {'egressAllowRules': {
        'cloudMetadataServer': False, 'nonPrivateIPs': True,
        'privateIPs': False}}}
# The container that the chart adds for blockWithIptables
BLOCKER = {
    'name': 'block-cloud-metadata', 'image': 'network-tools',
    'securityContext': {'privileged': True, 'runAsUser': 0,
                        'capabilities': {'add': ['NET_ADMIN']}}}


@pytest.mark.parametrize('pod, word', [
    ({'hostNetwork': True}, 'hostNetwork'),
    ({'volumes': [{'name': 'x', 'hostPath': {'path': '/'}}]}, 'hostPath'),
    ({'privileged': True}, 'privileged'),
    ({'allowPrivilegeEscalation': True}, 'allowPrivilegeEscalation'),
    ({'capabilities': {}}, 'keeps'),
    ({'capabilities': {'drop': ['ALL'], 'add': ['SYS_ADMIN']}}, 'adds'),
    ({'runAsUser': 0}, 'root'),
    ({'seccompProfile': {'type': 'Unconfined'}}, 'seccomp'),
])
def test_a_pod_with_privileges_is_noticed(pod, word):
    container = {'name': 'x', 'securityContext': {**SAFE, **pod}}
    [found] = violations({**pod, 'containers': [container]})
    assert word in found


def test_no_pod_of_ours_has_privileges_or_a_key_to_the_cluster():
    made = [one('Deployment', 'ngshare')['spec']['template'],
            one('CronJob', 'database-dump')['spec']['jobTemplate']['spec'][
                'template']]
    for pod in made:
        assert violations(pod['spec']) == []
        assert pod['spec']['automountServiceAccountToken'] is False
        for container in pod['spec']['containers']:
            assert container['securityContext']['readOnlyRootFilesystem']
            assert 'memory' in container['resources']['limits']


def student(given):
    """Return the pod of a student, as KubeSpawner makes it for the chart."""
    pytest.importorskip('kubespawner', reason='needs jupyterhub-kubespawner')
    from kubernetes_asyncio.client import ApiClient
    from kubespawner import KubeSpawner
    from traitlets.config import Config

    server = merged(DEFAULTS, given['singleuser'])
    storage, memory = server['storage'], server['memory']
    traits = {y: server[x] for x, y in TRAITS.items() if x in server}
    traits.update(
        image='{name}:{tag}'.format(**server['image']),
        mem_limit=memory['limit'], mem_guarantee=memory['guarantee'],
        extra_resource_limits=server['extraResource']['limits'],
        volumes=[{'name': 'home', 'persistentVolumeClaim': {
            'claimName': 'claim-li'}}, *storage['extraVolumes']],
        volume_mounts=[{'name': 'home', 'mountPath': storage[
            'homeMountPath']}, *storage['extraVolumeMounts']],
        **given['hub']['config'].get('KubeSpawner', {}))
    if server['cloudMetadata']['blockWithIptables']:
        traits['init_containers'] = [BLOCKER]
    with (mock.patch('kubespawner.spawner.load_config'),
          mock.patch('kubespawner.spawner.shared_client')):
        spawner = KubeSpawner(_mock=True, config=Config(KubeSpawner=traits))
    spawner.get_env = lambda: dict(traits['environment'])

    async def pod():
        made = await spawner.get_pod_manifest()
        async with ApiClient() as client:
            return client.sanitize_for_serialization(made)['spec']

    return finish(pod())


def test_a_student_has_no_privileges_and_no_key_to_the_cluster():
    pod = student(values())
    assert violations(pod) == []
    assert pod['automountServiceAccountToken'] is False
    assert pod['enableServiceLinks'] is False
    assert pod.get('initContainers') is None
    [container] = pod['containers']
    assert container['securityContext']['readOnlyRootFilesystem'] is True
    assert container['resources']['limits']['ephemeral-storage'] == '1Gi'


@pytest.mark.parametrize('without, word', [
    ('container_security_context', 'keeps capabilities'),
    ('pod_security_context', 'no seccomp'),
])
def test_without_our_values_a_student_has_more(without, word):
    given = values()
    del given['hub']['config']['KubeSpawner'][without]
    assert any(word in x for x in violations(student(given)))


def test_the_way_of_the_chart_to_close_metadata_needs_privileges():
    given = values()
    del given['singleuser']['cloudMetadata']
    assert 'block-cloud-metadata: privileged' in violations(student(given))


def test_a_full_home_does_not_keep_its_owner_out():
    """What a server writes at its start is in a volume of its own."""
    pod = student(values())
    [container] = pod['containers']
    env = {x['name']: x.get('value') for x in container['env']}
    mounts = {x['mountPath']: x['name'] for x in container['volumeMounts']}
    empty = {x['name'] for x in pod['volumes'] if 'emptyDir' in x}
    assert mounts[env['JUPYTER_RUNTIME_DIR']] in empty
    assert mounts['/tmp'] in empty


# Who is in the cluster, with the labels that charts and operators give
LI, WANG = (
    Pod({'component': 'singleuser-server', 'hub.jupyter.org/username': x})
    for x in ('li', 'wang'))
HUB, PROXY = Pod({'component': 'hub'}), Pod({'component': 'proxy'})
EXCHANGE = Pod({'app.kubernetes.io/name': 'ngshare'})
DATABASE = Pod({'cnpg.io/cluster': 'hub-database'})
PROMETHEUS = Pod({'app.kubernetes.io/name': 'prometheus'}, 'monitoring')
OTHER, SYSTEM = Pod(namespace='elsewhere'), Pod(namespace='kube-system')
# Beyond the cluster, by the names that the chart has for them
INTERNET = Pod(namespace='nonPrivateIPs')
METADATA = Pod(namespace='cloudMetadataServer')


def policies(given):
    """Return our policies and those of the chart, as far as needed."""
    network = merged(DEFAULTS, given['singleuser'])['networkPolicy']
    to = [{'ipBlock': x} for x, y in network['egressAllowRules'].items() if y]
    hub, proxy = ({'podSelector': {'matchLabels': {'component': x}}}
                  for x in ('hub', 'proxy'))
    names = {'namespaceSelector': {
        'matchLabels': {'kubernetes.io/metadata.name': 'kube-system'}}}
    rules = [{'to': [hub], 'ports': [{'port': 8081}]},
             {'to': [proxy], 'ports': [{'port': 8000}]},
             {'to': [names], 'ports': [{'port': 53}]},
             *network.get('egress', [])]
    rules += [{'to': to}] if to else []
    students = {'matchLabels': {'component': 'singleuser-server'}}
    chart = [
        policy(students, [{'from': [hub, proxy], 'ports': [{'port': 8888}]}],
               rules),
        policy(proxy['podSelector'], [
            {'from': [hub], 'ports': [{'port': 8001}]},
            {'ports': [{'port': 8000}]}]),
        policy(hub['podSelector'], [
            {'from': [proxy, {'podSelector': students}],
             'ports': [{'port': 8081}]}])]
    return chart + objects('network.yaml')


def policy(selector, ingress, egress=None):
    kinds = ['Ingress'] + ['Egress'] * (egress is not None)
    return {'metadata': {'namespace': 'classroom'}, 'spec': {
        'podSelector': selector, 'policyTypes': kinds, 'ingress': ingress,
        'egress': egress or []}}


@pytest.mark.parametrize('source, target, port, wanted', [
    (LI, HUB, 8081, True), (LI, EXCHANGE, 8080, True),
    (LI, SYSTEM, 53, True), (PROXY, LI, 8888, True),
    (HUB, DATABASE, 5432, True), (EXCHANGE, HUB, 8081, True),
    (PROMETHEUS, HUB, 8081, True),
    (LI, WANG, 8888, False), (LI, WANG, 22, False),
    (LI, DATABASE, 5432, False), (LI, PROXY, 8001, False),
    (LI, EXCHANGE, 22, False), (LI, PROMETHEUS, 9090, False),
    (LI, OTHER, 80, False), (LI, SYSTEM, 443, False),
    (LI, INTERNET, 443, False), (LI, METADATA, 80, False),
    (EXCHANGE, LI, 8888, False), (EXCHANGE, INTERNET, 443, False),
    (EXCHANGE, DATABASE, 5432, False), (OTHER, HUB, 8081, False),
    (OTHER, DATABASE, 5432, False), (OTHER, EXCHANGE, 8080, False),
    (PROMETHEUS, DATABASE, 5432, False),
])
def test_who_reaches_whom(source, target, port, wanted):
    assert reaches(source, target, port, policies(values())) is wanted


def test_with_the_choice_of_the_chart_students_reach_the_internet():
    given = values()
    del given['singleuser']['networkPolicy']
    assert reaches(LI, INTERNET, 443, policies(given))
    assert not reaches(LI, EXCHANGE, 8080, policies(given))


def test_without_our_policies_everybody_reaches_database_and_exchange():
    chart = policies(values())[:3]
    assert reaches(OTHER, DATABASE, 5432, chart)
    assert reaches(OTHER, EXCHANGE, 8080, chart)


@pytest.fixture
def reach():
    path = CLUSTER / 'reach.py'
    spec = importlib.util.spec_from_file_location('reach', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.OPEN, module.CLOSED = [], []
    return module


def test_what_a_student_reaches_is_told(reach, capsys):
    with contextlib.closing(socket.create_server(('127.0.0.1', 0))) as there:
        address = '127.0.0.1:{}'.format(there.getsockname()[1])
        reach.OPEN = [address]
        assert reach.main([]) == 0
        reach.OPEN, reach.CLOSED = [], [address]
        assert reach.main([]) == 1
    assert capsys.readouterr().out == (
        f'{address}: open\n{address}: open - WRONG\n')
    reach.OPEN, reach.CLOSED = [], [address]
    assert reach.main([]) == 1, 'a refusal is an answer, too'
    reach.OPEN, reach.CLOSED = ['no-such-name.invalid:80'], []
    assert reach.main([]) == 1


def test_reach_asks_for_all_that_must_be_closed():
    found = runpy.run_path(str(CLUSTER / 'reach.py'))
    hosts = {x.rpartition(':')[0] for x in found['CLOSED']}
    name = one('Cluster', 'hub-database')['metadata']['name']
    assert {f'{name}-rw', '169.254.169.254'} <= hosts
    assert found['OPEN'] == ['hub:8081', 'ngshare:8080']
