"""A class in a cluster: values that the chart knows, names that agree."""

import json
import re
import shutil
import subprocess
from urllib.parse import urlparse

import pytest
import tomllib
from books import ROOT
from one_class import EXAMPLE, NO_HUB, configuration, files_of_a_class
from one_cluster import (
    CLASSES,
    CLUSTER,
    OBJECTS,
    merged,
    objects,
    one,
    values,
)

from classroom import cluster, sizes

VERSION = tomllib.loads((ROOT / 'pyproject.toml').read_text('utf-8'))[
    'project']['version']
# What our values set, as values.schema.yaml and the defaults of the chart
# have it; a dict is open there: whatever stands below is another's
ANYTHING = dict
CHART = {
    'hub.activeServerLimit': int, 'hub.concurrentSpawnLimit': int,
    'hub.config': ANYTHING, 'hub.db.type': str, 'hub.db.url': str,
    'hub.extraEnv': ANYTHING, 'hub.loadRoles': ANYTHING,
    'hub.networkPolicy.egressAllowRules.cloudMetadataServer': bool,
    'hub.resources': ANYTHING, 'hub.services': ANYTHING,
    'proxy.chp.networkPolicy.egressAllowRules.cloudMetadataServer': bool,
    'proxy.chp.resources': ANYTHING,
    'proxy.https.enabled': bool, 'proxy.https.type': str,
    'proxy.https.secret.name': str,
    'singleuser.allowPrivilegeEscalation': bool,
    'singleuser.cloudMetadata.blockWithIptables': bool,
    'singleuser.cmd': list, 'singleuser.cpu.guarantee': (int, float),
    'singleuser.cpu.limit': (int, float), 'singleuser.defaultUrl': str,
    'singleuser.extraEnv': ANYTHING, 'singleuser.extraPodConfig': ANYTHING,
    'singleuser.extraResource.guarantees': ANYTHING,
    'singleuser.extraResource.limits': ANYTHING, 'singleuser.fsGid': int,
    'singleuser.image.name': str, 'singleuser.image.tag': str,
    'singleuser.memory.guarantee': str, 'singleuser.memory.limit': str,
    'singleuser.networkPolicy.egress': list,
    'singleuser.networkPolicy.egressAllowRules.cloudMetadataServer': bool,
    'singleuser.networkPolicy.egressAllowRules.'
    'dnsPortsCloudMetadataServer': bool,
    'singleuser.networkPolicy.egressAllowRules.nonPrivateIPs': bool,
    'singleuser.networkPolicy.egressAllowRules.privateIPs': bool,
    'singleuser.networkPolicy.enabled': bool,
    'singleuser.startTimeout': int, 'singleuser.storage.capacity': str,
    'singleuser.storage.extraVolumeMounts': list,
    'singleuser.storage.extraVolumes': list,
    'singleuser.storage.homeMountPath': str, 'singleuser.storage.type': str,
    'singleuser.uid': int,
    'scheduling.podPriority.enabled': bool,
    'scheduling.userPlaceholder.enabled': bool,
    'scheduling.userPlaceholder.replicas': int,
    'scheduling.userScheduler.enabled': bool,
    'scheduling.userScheduler.resources': ANYTHING,
    'prePuller.continuous.enabled': bool, 'prePuller.hook.enabled': bool,
    'prePuller.resources': ANYTHING,
    'cull.enabled': bool, 'cull.every': int, 'cull.timeout': int,
}
FILES = ['values.yaml', *CLASSES]


def paths(node, name=''):
    """Yield the places of a values file down to where the chart is open."""
    if CHART.get(name) is ANYTHING or not isinstance(node, dict):
        yield name, node
    else:
        for key, value in node.items():
            yield from paths(value, f'{name}.{key}'.lstrip('.'))


@pytest.mark.parametrize('name', FILES)
def test_the_chart_knows_every_value(name):
    for place, value in paths(values(name)):
        assert place in CHART, f'{name}: {place}'
        assert isinstance(value, CHART[place]), f'{name}: {place}'


def test_no_place_is_in_the_list_without_a_use():
    used = {place for name in FILES for place, _ in paths(values(name))}
    assert CHART.keys() == used


def known():
    """Return the classes whose settings `hub.config` may give."""
    pytest.importorskip('jupyterhub', reason=NO_HUB)
    pytest.importorskip('oauthenticator', reason='needs oauthenticator')
    pytest.importorskip('ltiauthenticator', reason='needs ltiauthenticator')
    pytest.importorskip('kubespawner', reason='needs kubespawner')
    from jupyterhub.app import JupyterHub
    from jupyterhub.auth import Authenticator
    from kubespawner import KubeSpawner
    from ltiauthenticator.lti13.auth import LTI13Authenticator
    from oauthenticator.generic import GenericOAuthenticator

    return {x.__name__: x for x in (
        JupyterHub, Authenticator, KubeSpawner, LTI13Authenticator,
        GenericOAuthenticator)}


def test_the_hub_knows_every_setting():
    classes = known()
    for name in FILES:
        for part, given in values(name)['hub']['config'].items():
            there = classes[part].class_traits(config=True).keys()
            assert given.keys() - there == set(), f'{name}: {part}'


@pytest.mark.parametrize('name', CLASSES)
def test_the_log_in_takes_its_settings_and_admits_nobody_else(name):
    """Values of a wrong kind stop the hub; so does a class of no kind."""
    classes = known()
    from traitlets import import_item
    from traitlets.config import Config

    config = merged(values(), values(name))['hub']['config']
    word = config['JupyterHub']['authenticator_class']
    kind = (import_item(word) if '.' in word
            else classes['GenericOAuthenticator'])
    found = kind(config=Config(config))
    assert found.admin_users == set()
    assert found.allow_all is (kind is classes['LTI13Authenticator'])


def test_without_a_file_of_a_class_nobody_comes_in():
    """The chart's own choice lets everybody in with any password."""
    config = values()['hub']['config']
    assert config['JupyterHub']['authenticator_class'] == 'generic-oauth'
    classes = known()
    from traitlets.config import Config

    found = classes['GenericOAuthenticator'](config=Config(config))
    assert not found.allow_all and not found.allowed_users


@pytest.mark.parametrize('name', CLASSES)
def test_every_student_has_a_domain_and_the_certificate_is_good_for_it(name):
    config = merged(values(), values(name))['hub']['config']
    host = urlparse(config['JupyterHub']['subdomain_host'])
    assert config['JupyterHub']['public_url'] == host.geturl() + '/'
    assert config['JupyterHub']['cookie_host_prefix_enabled']
    assert config['JupyterHub']['tornado_settings']['cookie_options'][
        'secure']
    answers = config.get('GenericOAuthenticator', {}).get(
        'oauth_callback_url', f'{host.geturl()}/hub/oauth_callback')
    assert answers == f'{host.geturl()}/hub/oauth_callback'
    certificate = one('Certificate', 'class')['spec']
    assert certificate['dnsNames'] == [host.netloc, f'*.{host.netloc}']
    secret = values()['proxy']['https']['secret']['name']
    assert certificate['secretName'] == secret


def test_the_answer_of_a_learning_platform_finds_its_cookie():
    """It is sent from the platform's site; there, Lax sends no cookie."""
    for name, wanted in zip(CLASSES, ['Lax', 'None']):
        config = merged(values(), values(name))['hub']['config']
        options = config['JupyterHub']['tornado_settings']
        assert options['cookie_options'] == {
            'secure': True, 'samesite': wanted}
        assert options['slow_spawn_timeout'] == 0


def references(node):
    """Yield the secrets that environments take: (name, key)."""
    if isinstance(node, dict):
        if 'secretKeyRef' in node:
            found = node['secretKeyRef']
            yield found['name'], found['key']
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_every_secret_that_is_asked_for_is_made_by_somebody():
    services = values()['hub']['services']
    made = {('hub', f'hub.services.{x}.apiToken') for x in services}
    made |= {('hub-database-app', 'password')}  # by the operator
    text = (CLUSTER / 'README.md').read_text('utf-8')
    made |= set(re.findall(  # by hand
        r'create secret generic ([\w-]+) \\\n +--from-file=([\w-]+)=', text))
    asked = set(references([values(), *objects()]))
    token = one('ServiceMonitor', 'hub')['spec']['endpoints'][0][
        'authorization']['credentials']
    assert asked | {(token['name'], token['key'])} == made


def test_the_hub_finds_its_database():
    spec = one('Cluster', 'hub-database')['spec']['bootstrap']['initdb']
    url = urlparse(values()['hub']['db']['url'])
    assert (url.hostname, url.port) == ('hub-database-rw', 5432)
    assert (url.username, url.path[1:]) == (spec['owner'], spec['database'])
    assert url.password is None
    assert 'PGPASSWORD' in values()['hub']['extraEnv']


def test_nbgrader_finds_the_exchange():
    text = (CLUSTER / 'nbgrader_config.py').read_text('utf-8')
    url = urlparse(re.search(r"'(http://.*)'", text)[1])
    service = one('Service', 'ngshare')['spec']['ports'][0]
    assert (url.hostname, url.port) == ('ngshare', service['port'])
    pod = one('Deployment', 'ngshare')['spec']['template']['spec']
    env = {x['name']: x.get('value') for x in pod['containers'][0]['env']}
    assert env['JUPYTERHUB_SERVICE_PREFIX'] == url.path + '/'
    for name in CLASSES:
        assert values(name)['singleuser']['extraEnv']['COURSE']


def test_both_kinds_of_class_start_a_server_alike(tmp_path, monkeypatch):
    files_of_a_class(tmp_path, monkeypatch)

    def words(command):
        return ' '.join(command).replace('"', '').split()

    one_machine, given = configuration().ClassSpawner, values()
    spawner = given['hub']['config']['KubeSpawner']
    assert words(given['singleuser']['cmd']) == words(one_machine.cmd)
    assert spawner['args'] == list(one_machine.args)
    assert spawner['notebook_dir'] == one_machine.notebook_dir
    assert given['singleuser']['extraEnv'].items() <= dict(
        one_machine.environment).items()


def test_the_cluster_keeps_as_much_memory_as_was_measured():
    measured, given = sizes.load(), values()['singleuser']
    assert given['memory'] == {'guarantee': f'{sizes.guarantee(measured)}M',
                               'limit': f'{sizes.limit(measured)}M'}
    assert given['cpu']['guarantee'] == sizes.CORES
    assert given['storage']['capacity'] == f'{cluster.HOME}Gi'
    assert values()['hub']['activeServerLimit'] == cluster.SERVERS
    assert values()['scheduling']['userPlaceholder'][
        'replicas'] == cluster.PLACEHOLDERS
    assert cluster.SERVERS >= max(cluster.CLASSES)
    requests = values()['hub']['resources']['requests']
    assert requests['memory'] == f'{sizes.HUB}Mi'


def test_the_quota_is_as_measured():
    text = (CLUSTER / 'namespace.yaml').read_text('utf-8')
    assert cluster.renew_quota(text, sizes.load()) == text
    hard = one('ResourceQuota', 'class')['spec']['hard']
    assert cluster.quota(sizes.load()).items() <= {
        x: f'"{y}"' if str(y).isdecimal() else y
        for x, y in hard.items()}.items()


def mebibytes(text):
    number, unit = re.fullmatch(r'(\d+)(Mi|Gi)', text).groups()
    return int(number) * {'Mi': 1, 'Gi': 1024}[unit]


def test_the_full_class_and_all_around_it_fit_into_the_quota():
    given, hard = values(), one('ResourceQuota', 'class')['spec']['hard']
    pods = [one('Deployment', 'ngshare')['spec']['template']['spec'],
            one('CronJob', 'database-dump')['spec']['jobTemplate']['spec'][
                'template']['spec']]
    around = [x['containers'][0]['resources'] for x in pods]
    around += [one('Cluster', 'hub-database')['spec']['resources']] * 2
    around += [given['scheduling']['userScheduler']['resources']] * 2
    around += [given['hub']['resources'], given['proxy']['chp']['resources']]
    around += [given['prePuller']['resources']] * 20  # two on ten nodes
    for kind, word in ('requests', 'guarantee'), ('limits', 'limit'):
        student = int(given['singleuser']['memory'][word].rstrip('M'))
        needed = (cluster.SERVERS + cluster.PLACEHOLDERS) * student + sum(
            mebibytes(x[kind]['memory']) for x in around)
        assert needed <= mebibytes(hard[f'{kind}.memory'])
    claims = [mebibytes(x['spec']['resources']['requests']['storage'])
              for x in objects() if x['kind'] == 'PersistentVolumeClaim']
    homes = cluster.SERVERS * mebibytes(
        given['singleuser']['storage']['capacity'])
    assert homes + sum(claims) <= mebibytes(hard['requests.storage'])


def test_a_class_costs_what_its_hours_and_its_volumes_cost():
    measured = {'memory_largest': 350, 'alone': {'x': 1}}
    prices = {'core_hour': 1, 'gib_hour': 0, 'gib_month': 0}
    lesson, term = cluster.costs(300, measured, prices, hours=10)
    assert lesson == 6 * 16
    assert term == 16 * (10 * 6 * 16 + 7 * 24 * cluster.ALWAYS_CORES)
    prices = {'core_hour': 0, 'gib_hour': 0, 'gib_month': 30}
    lesson, term = cluster.costs(300, measured, prices, hours=10)
    assert (lesson, term) == (0, 16 * 7 * (300 * 2 + cluster.BASE_VOLUMES))


def test_a_class_is_priced_at_ones_own_prices(capsys):
    cluster.main(['300', '--core-hour', '0', '--gib-hour', '0',
                  '--gib-month', '0'])
    row = capsys.readouterr().out.splitlines()[-1].split(' | ')
    assert row[0] == '| 300' and row[-2:] == ['0', '0.0 |']


@pytest.mark.parametrize('language, name', sizes.READMES.items())
def test_the_table_of_the_readme_is_as_measured(language, name):
    text = (CLUSTER / name).read_text('utf-8')
    assert [x[2] for x in sizes.BLOCK.finditer(text)] == ['cluster']
    assert cluster.renew(text, language, sizes.load()) == text


@pytest.mark.parametrize('name', sizes.READMES.values())
def test_every_file_is_named_and_every_named_file_is_there(name):
    text = (CLUSTER / name).read_text('utf-8')
    named = set(re.findall(r'^\| `([\w./-]+)`', text, re.M))
    there = {x.name for x in CLUSTER.iterdir() if x.is_file()}
    there |= {x.name + '/' for x in CLUSTER.iterdir() if x.is_dir()}
    local = {'class.yaml', 'exchange.yaml', 'certificate.yaml'}
    assert there - local - {*sizes.READMES.values(), '__pycache__/'} == named
    for file in re.findall(r'(?:-f|--values) ([\w.-]+)', text):
        assert (CLUSTER / file).exists() or file in local, file


def test_the_commands_have_the_versions_of_the_files():
    text = (CLUSTER / 'README.md').read_text('utf-8')
    for file, chart in [('values.yaml', 'jupyterhub/jupyterhub'),
                        ('monitoring.values.yaml', 'kube-prometheus-stack')]:
        content = (CLUSTER / file).read_text('utf-8')
        version = re.search(r'[ ,](\d+\.\d+\.\d+)', content)[1]
        used = re.findall(
            rf'{chart}(?: \\\n)?.*?--version ([\d.]+)', text, re.S)
        assert set(used[:1]) == {version}


def images(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ('image', 'imageName') and isinstance(value, str):
                yield value
            else:
                yield from images(value)
    elif isinstance(node, list):
        for value in node:
            yield from images(value)


def test_every_image_has_a_version():
    image = values()['singleuser']['image']
    found = {*images(objects()), f'{image["name"]}:{image["tag"]}'}
    assert len(found) == 3
    for name in found:
        tag = name.rpartition(':')[2]
        assert re.match(r'\d+\.\d+', tag)
        if 'gluon' in name:
            assert tag == VERSION


def test_no_file_gives_a_secret_a_value():
    """Not even a word that somebody may forget to replace."""
    secret = re.compile('password|client-secret|apitoken|cookie_secret')
    for name in [*FILES, *OBJECTS, 'monitoring.values.yaml']:
        lines = (CLUSTER / name).read_text('utf-8').splitlines()
        given = [x for x in lines if re.match(
            rf'\s*[\w.-]*({secret.pattern})[\w-]*: *\S', x, re.I)]
        assert given == [], name


def test_one_machine_and_cluster_give_homes_of_the_same_size():
    assert EXAMPLE['DISK_PER_STUDENT'] == f'{cluster.HOME}G'


@pytest.mark.parametrize('name', OBJECTS)
def test_kubernetes_knows_every_field(name):
    check = pytest.importorskip('kubernetes_validate',
                                reason='needs kubernetes-validate')
    for x in objects(name):
        if '.' in x['apiVersion'].split('/')[0].replace('.k8s.io', ''):
            continue  # of an operator: not in the schemas of Kubernetes
        check.validate(x, check.latest_version(), strict=True)


def expressions():
    """Yield what dashboard and alarms ask Prometheus."""
    dashboard = json.loads((CLUSTER / 'dashboard.json').read_text('utf-8'))
    for panel in dashboard['panels']:
        assert panel['title'] and panel['description']
        yield from (x['expr'] for x in panel['targets'])
    for group in one('PrometheusRule', 'class')['spec']['groups']:
        yield from (x['expr'] for x in group['rules'])


def test_prometheus_understands_every_question(tmp_path):
    promtool = shutil.which('promtool') or pytest.skip('needs promtool')
    rules = [{'record': f'x{number}', 'expr': expr}
             for number, expr in enumerate(expressions())]
    file = tmp_path / 'rules.json'  # JSON is YAML, too
    file.write_text(json.dumps({'groups': [{'name': 'x', 'rules': rules}]}),
                    'utf-8')
    done = subprocess.run([promtool, 'check', 'rules', str(file)],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hub_has_every_figure_that_is_asked_of_it():
    pytest.importorskip('jupyterhub', reason=NO_HUB)
    import prometheus_client
    from jupyterhub import metrics

    there = {x.name for x in prometheus_client.REGISTRY.collect()}
    states = {x.value if hasattr(x, 'value') else str(x)
              for x in metrics.ServerSpawnStatus}
    for expr in expressions():
        for name in re.findall(r'\bjupyterhub_\w+', expr):
            assert re.sub('_(bucket|count|sum)$', '', name) in there
        for state in re.findall(r'status!?[=~]+"([^"]+)"', expr):
            assert set(state.split('|')) <= {
                x.replace('_', '-') for x in states}
