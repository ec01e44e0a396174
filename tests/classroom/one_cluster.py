"""A class in a cluster for tests: its files, and who may reach whom."""

import copy

import yaml
from books import ROOT

CLUSTER = ROOT / 'classroom/kubernetes'
CLASSES = 'class.example.yaml', 'class.lti.example.yaml'
OBJECTS = [
    'namespace.yaml', 'network.yaml', 'database.yaml',
    'exchange.example.yaml', 'backup.yaml', 'certificate.example.yaml',
    'monitoring.yaml']
KINDS = {'emptyDir', 'persistentVolumeClaim', 'configMap', 'secret',
         'projected', 'downwardAPI', 'csi', 'ephemeral'}
CHOSEN = {'RuntimeDefault', 'Localhost'}  # profiles of seccomp


def values(name='values.yaml'):
    return yaml.safe_load((CLUSTER / name).read_text('utf-8'))


def objects(*names):
    """Return the objects of files for kubectl."""
    return [x for name in names or OBJECTS for x in yaml.safe_load_all(
        (CLUSTER / name).read_text('utf-8'))]


def one(kind, name):
    [found] = [x for x in objects() if x['kind'] == kind
               and x['metadata']['name'] == name]
    return found


def merged(*files):
    """Return values as Helm merges them: tables join, all else replaces."""
    result = {}
    for content in files:
        join(result, copy.deepcopy(content))
    return result


def join(result, more):
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(result.get(key), dict):
            join(result[key], value)
        else:
            result[key] = value


def violations(pod):
    """Return what Kubernetes' level `restricted` forbids of a pod."""
    found = [x for x in ('hostNetwork', 'hostPID', 'hostIPC') if pod.get(x)]
    for volume in pod.get('volumes', []):
        found += [f'volume {x}' for x in volume.keys() - KINDS - {'name'}]
    around = pod.get('securityContext', {})
    for kind in 'initContainers', 'containers':
        for container in pod.get(kind) or []:
            given = {**around, **container.get('securityContext', {})}
            found += [f'{container["name"]}: {x}' for x in wrong(given)]
    return found


def wrong(given):
    """Yield what is forbidden of a container's security context."""
    capabilities = given.get('capabilities', {})
    if given.get('privileged'):
        yield 'privileged'
    if given.get('allowPrivilegeEscalation') is not False:
        yield 'allowPrivilegeEscalation'
    if 'ALL' not in capabilities.get('drop', []):
        yield 'keeps capabilities'
    if set(capabilities.get('add', [])) - {'NET_BIND_SERVICE'}:
        yield 'adds capabilities'
    if not given.get('runAsNonRoot') or given.get('runAsUser') == 0:
        yield 'may be root'
    if given.get('seccompProfile', {}).get('type') not in CHOSEN:
        yield 'no seccomp'


class Pod:
    """A pod for policies: its namespace, or what it is outside; labels."""

    def __init__(self, labels=None, namespace='classroom'):
        self.namespace = namespace
        self.labels = labels or {}


def chosen(selector, labels):
    return (selector.get('matchLabels', {}).items() <= labels.items()
            and 'matchExpressions' not in selector)


def meant(peer, pod):
    """Tell whether one line of `from` or `to` means a pod."""
    if 'ipBlock' in peer:
        return peer['ipBlock'] == pod.namespace
    spaces = peer.get('namespaceSelector')
    here = ({'kubernetes.io/metadata.name': 'classroom'} if spaces is None
            else spaces.get('matchLabels', {}))
    there = {'kubernetes.io/metadata.name': pod.namespace}
    return here.items() <= there.items() and chosen(
        peer.get('podSelector', {}), pod.labels)


def allows(rule, side, pod, port):
    ports = [x['port'] for x in rule.get('ports', [])]
    peers = rule.get(side)
    return (not ports or port in ports) and (
        not peers or any(meant(x, pod) for x in peers))


def reaches(source, target, port, policies):
    """Tell whether policies let a pod reach a port of another."""
    for direction, pod, side, other in [
            ('Ingress', target, 'from', source),
            ('Egress', source, 'to', target)]:
        about = [x['spec'] for x in policies
                 if direction in x['spec']['policyTypes']
                 and x['metadata']['namespace'] == pod.namespace
                 and chosen(x['spec']['podSelector'], pod.labels)]
        rules = [rule for x in about for rule in x.get(direction.lower(), [])]
        if about and not any(allows(x, side, other, port) for x in rules):
            return False
    return True
