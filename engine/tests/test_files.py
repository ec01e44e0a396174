"""Files go both ways: MXNet's are read here, and ours have MXNet's form.

Stands on the files that `recorded_files.py` wrote with MXNet. Parameters
are equal byte for byte; graphs have the same nodes, whatever their order.
"""

import json

import numpy as np
import pytest
import recorded_files as recorded
from mxnet import gluon, nd

NAMES = sorted(recorded.NETWORKS)
PARAMETERS = ['arrays.params', 'list.params',
              *(f'{name}{end}.params' for name in NAMES
                for end in ('', '-0000'))]
BY_ITSELF = {'count_include_pad'}  # what MXNet leaves out


@pytest.fixture(scope='module')
def ours(tmp_path_factory):
    folder = tmp_path_factory.mktemp('files')
    recorded.write(folder)
    return folder


def all_equal(found, expected):
    found = found if isinstance(found, (list, tuple)) else [found]
    assert len(found) == len(expected)
    for one, other in zip(found, expected):
        assert one.shape == other.shape
        np.testing.assert_allclose(one.asnumpy(), other.asnumpy(), rtol=1e-6,
                                   atol=4e-6)


def test_arrays_of_every_type_are_read():
    found = nd.load(str(recorded.FOLDER / 'arrays.params'))
    for name, array in recorded.arrays().items():
        assert found[name].dtype == array.dtype
        assert (found[name].asnumpy() == array.asnumpy()).all()
    assert len(nd.load(str(recorded.FOLDER / 'list.params'))) == len(found)


@pytest.mark.parametrize('name', NAMES)
def test_parameters_of_mxnet_are_read(name):
    net, _ = recorded.NETWORKS[name]()
    _, x = recorded.made(name)
    net.load_parameters(str(recorded.FOLDER / f'{name}.params'))
    all_equal(net(x), nd.load(str(recorded.FOLDER / f'{name}.results')))


@pytest.mark.parametrize('name', NAMES)
def test_graphs_of_mxnet_are_read(name):
    path = str(recorded.FOLDER / name)
    net = gluon.SymbolBlock.imports(f'{path}-symbol.json', ['data'],
                                    f'{path}-0000.params')
    _, x = recorded.made(name)
    all_equal(net(x), nd.load(f'{path}.results'))


@pytest.mark.parametrize('file', PARAMETERS)
def test_what_is_written_is_equal_byte_for_byte(file, ours):
    assert (ours / file).read_bytes() == (recorded.FOLDER / file).read_bytes()


def graph(path):
    """Return {name: (operator, names of inputs, attributes)} and the rest."""
    content = json.loads(path.read_text('utf-8'))
    nodes = content['nodes']
    found = {x['name']: (x['op'], [(nodes[place]['name'], i)
                                   for place, i, _ in x['inputs']],
                         x.get('attrs', {})) for x in nodes}
    assert len(found) == len(nodes)
    variables = {nodes[i]['name'] for i in content['arg_nodes']}
    heads = [(nodes[place]['name'], i) for place, i, _ in content['heads']]
    return found, variables, heads, content['attrs']


@pytest.mark.parametrize('name', NAMES)
def test_graphs_have_the_form_that_mxnet_reads(name, ours):
    found, *rest = graph(ours / f'{name}-symbol.json')
    expected, *expected_rest = graph(recorded.FOLDER / f'{name}-symbol.json')
    assert rest == expected_rest and found.keys() == expected.keys()
    for node, (op, inputs, attrs) in found.items():
        assert op.lower() == expected[node][0].lower()
        assert inputs == expected[node][1]
        for key, value in attrs.items():
            assert isinstance(value, str)
            other = expected[node][2].get(key)
            assert key in BY_ITSELF if other is None else same(value, other)


def same(text, other):
    """Compare two attributes as values: '0.001' and '1e-3' are the same."""
    try:
        return bool(np.all(np.isclose(float(text), float(other))))
    except ValueError:
        return text.replace(' ', '') == other.replace(' ', '')
