"""A class: weak settings stop the hub; names off the list stay outside."""

import json
import pathlib
import sys
import types

import pytest
import yaml
from one_class import (
    CLASSROOM,
    EXAMPLE,
    NO_HUB,
    PASSWORD,
    VARIABLES,
    configuration,
    files_of_a_class,
)

from classroom import sizes
from classroom.hub import settings

CLUSTER = CLASSROOM / 'kubernetes'


def values(name='values.yaml'):
    return yaml.safe_load((CLUSTER / name).read_text('utf-8'))


@pytest.fixture
def hub(tmp_path, monkeypatch):
    files_of_a_class(tmp_path, monkeypatch)
    return configuration()


def test_the_cluster_keeps_as_much_memory_as_was_measured():
    measured, given = sizes.load(), values()['singleuser']
    assert given['memory'] == {'guarantee': f'{sizes.guarantee(measured)}M',
                               'limit': f'{sizes.limit(measured)}M'}
    assert given['cpu']['guarantee'] == sizes.CORES
    assert values()['hub']['activeServerLimit'] == max(sizes.CLASSES)
    requests = values()['hub']['resources']['requests']
    assert requests['memory'] == f'{sizes.HUB}Mi'


def test_one_machine_allows_a_student_as_much_as_the_cluster():
    text = EXAMPLE['MEMORY_PER_STUDENT']
    assert settings.mebibytes(text) >= sizes.limit(sizes.load())


@pytest.mark.parametrize('language, name', sizes.READMES.items())
def test_the_tables_of_the_readme_are_as_measured(language, name):
    text = (CLASSROOM / name).read_text('utf-8')
    assert set(x[2] for x in sizes.BLOCK.finditer(text)) == {'class', 'sizes'}
    assert sizes.renew(text, sizes.load(), language) == text


def test_a_class_gets_nodes_for_its_memory_its_cores_and_its_pods():
    small = {'memory_largest': 100}
    assert sizes.guarantee(small) == 128
    assert sizes.nodes(30, small) == 1
    assert sizes.nodes(101, small) == 2  # pods, and cores as well
    large = {'memory_largest': 8000}
    assert sizes.nodes(30, large) == 6  # 30 times 10048 MiB


def test_both_kinds_of_class_start_a_server_alike(hub):
    def words(command):
        return ' '.join(command).replace('"', '').split()

    one, cluster = hub.ClassSpawner, values()
    assert words(cluster['singleuser']['cmd']) == words(one.cmd)
    assert str(one.args[0]) in cluster['hub']['extraConfig']['class.py']


def cluster_configuration(monkeypatch, custom, password=PASSWORD.text):
    """Run the configuration of the cluster's hub with values of a class."""
    from traitlets.config import Config

    given = {**{f'custom.{x}': y for x, y in custom.items()},
             'proxy.https.hosts': [VARIABLES['DOMAIN']]}
    chart = types.SimpleNamespace(get_config=given.get)
    monkeypatch.setitem(sys.modules, 'z2jh', chart)
    monkeypatch.setenv('TEACHER_PASSWORD', password)
    monkeypatch.setattr(sys, 'path', list(sys.path))
    c = Config()
    exec(values()['hub']['extraConfig']['class.py'], {'c': c})
    return c


def test_both_kinds_of_class_admit_the_same_people(hub, monkeypatch):
    """By https only; their servers never get the log-in of the hub."""
    cluster = cluster_configuration(
        monkeypatch, {'teacher': 'zhang', 'students': ['li', 'wang']})
    for c in hub, cluster:
        assert c.ClassAuthenticator.students == {'li', 'wang'}
        assert c.JupyterHub.tornado_settings['cookie_options']['secure']
        prefix = c.JupyterHub.cookie_host_prefix_enabled
        assert not prefix or c.JupyterHub.subdomain_host


def test_the_cluster_refuses_the_example_as_it_is(monkeypatch):
    pytest.importorskip('jupyterhub', reason=NO_HUB)
    custom = values('class.example.yaml')['custom']
    with pytest.raises(SystemExit) as caught:
        cluster_configuration(monkeypatch, custom, 'short')
    for word in ('students.txt', 'TEACHER', 'teacher-password'):
        assert f'error: {word}' in str(caught.value)


def test_what_was_measured_is_complete():
    measured = json.loads(pathlib.Path(sizes.MEASURED).read_text('utf-8'))
    assert measured['lost'] == 0
    assert measured['finished'] == measured['students']
    assert measured['chapter'] in measured['alone']
