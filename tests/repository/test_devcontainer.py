"""A codespace of the repository sets itself up with our own commands."""

import json
import re

import pytest
from books import ROOT
from test_makefile import TARGETS

CONTAINER = ROOT / '.devcontainer/devcontainer.json'


@pytest.fixture(scope='module')
def container():
    return json.loads(CONTAINER.read_text('utf-8'))


def test_it_has_the_python_that_mxnet_wants(container):
    environment = (ROOT / 'environment.yml').read_text('utf-8')
    series = re.search(r'python=(3\.\d+)', environment)[1]
    assert f'/python:{series}-' in container['image']


def test_its_commands_exist(container):
    labels = [x['label'] for x in container['portsAttributes'].values()]
    named = re.findall(r'make ([a-z-]+)',
                       '\n'.join([container['postCreateCommand'], *labels]))
    assert len(named) == 1 + len(labels)
    assert set(named) <= set(TARGETS)
    forwarded = {str(x) for x in container['forwardPorts']}
    assert forwarded == container['portsAttributes'].keys()
