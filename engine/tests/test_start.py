"""What is said when the package cannot be used, or not on this device."""

import importlib.metadata
import os
import sys

import mxnet as mx
import pytest
import torch
from mxnet import _start, nd


@pytest.fixture
def graphics(monkeypatch):
    """Let PyTorch find so many cards of CUDA's, and perhaps Apple's chip."""
    def find(cards=0, apple=False, built_for='12.9'):
        monkeypatch.setattr(torch.version, 'cuda', built_for)
        monkeypatch.setattr(torch.cuda, 'is_available', lambda: cards > 0)
        monkeypatch.setattr(torch.cuda, 'device_count', lambda: cards)
        monkeypatch.setattr(torch.backends.mps, 'is_available', lambda: apple)

    return find


def test_the_version_tells_it_from_mxnet():
    assert mx.__version__.startswith('1.9.1+torch')


def test_mxnet_beside_it_is_told_in_one_line(monkeypatch):
    monkeypatch.setattr(importlib.metadata, 'distribution', lambda name: name)
    with pytest.raises(ImportError, match='pip uninstall mxnet') as caught:
        _start.only_one()
    assert '\n' not in str(caught.value)


def test_an_old_pytorch_is_told_in_one_line(monkeypatch):
    monkeypatch.setattr(torch, '__version__', '2.3.1+cu118')
    with pytest.raises(ImportError, match=r'2\.4 or newer.*2\.3\.1'):
        _start.check_torch()


def test_a_new_pytorch_will_do(monkeypatch):
    monkeypatch.setattr(torch, '__version__', '3.0.0a0+git123')
    _start.check_torch()


def test_without_pytorch(monkeypatch):
    monkeypatch.setitem(sys.modules, 'torch', None)
    with pytest.raises(ImportError, match='pip install torch'):
        _start.check_torch()


def test_what_apples_processors_lack_is_done_on_the_cpu():
    assert os.environ['PYTORCH_ENABLE_MPS_FALLBACK'] == '1'


def test_numbers_print_as_they_did_before_numpy_2():
    assert repr(nd.array([1.5]).asscalar()) == '1.5'


def test_no_graphics_processor(graphics):
    graphics(built_for=None)
    with pytest.raises(mx.MXNetError, match='for processors only'):
        nd.zeros(2, ctx=mx.gpu())


def test_a_cuda_that_does_not_match(graphics):
    graphics(built_for='13.0')
    with pytest.raises(mx.MXNetError, match='built for CUDA 13.0'):
        nd.ones(2).as_in_context(mx.gpu(0))


def test_a_card_with_too_high_a_number(graphics):
    graphics(cards=2)
    assert mx.gpu(1).device == torch.device('cuda', 1)
    with pytest.raises(mx.MXNetError, match=r'gpu\(2\).*2 graphics'):
        _ = mx.gpu(2).device


def test_apples_processor_is_gpu_0(graphics):
    graphics(apple=True)
    assert mx.gpu().device == torch.device('mps')


def test_all_cpus_are_the_same_memory():
    x = nd.ones(2, ctx=mx.cpu(3))
    assert str(x.context) == 'cpu(3)'
    assert (x + nd.ones(2)).context == mx.cpu(3)


def test_an_unknown_device():
    with pytest.raises((KeyError, ValueError), match='tpu'):
        mx.Context('tpu')


@pytest.mark.parametrize('look, told', [
    (lambda: nd.relue, 'did you mean `relu`'),
    (lambda: mx.gluon.nn.Dens, 'did you mean `Dense`'),
    (lambda: nd.ones(1).reshap, 'did you mean `reshape`'),
    (lambda: mx.sym.exq, 'did you mean `exp`'),
    (lambda: mx.metric, 'install `mxnet`'),
])
def test_a_name_that_is_not_there(look, told):
    with pytest.raises(AttributeError, match=told) as caught:
        look()
    assert '\n' not in str(caught.value)


@pytest.mark.parametrize('compute, told', [
    (lambda: nd.ones((2, 3)) + nd.ones(2), r'\(2, 3\) and \(2,\)'),
    (lambda: nd.dot(nd.ones((2, 3)), nd.ones((2, 3))), r'length 3.*2'),
    (lambda: nd.ones((2, 3)).reshape((4, 2)), r'\(2, 3\).*\(4, 2\)'),
    (lambda: nd.ones(2) + nd.ones(2, dtype='int32'), 'astype'),
    (lambda: nd.concat(nd.ones((2, 3)), nd.ones((3, 2))), r'\(3, 2\)'),
    (lambda: nd.ones(3).backward(), 'autograd.record'),
])
def test_shapes_and_types_that_do_not_fit(compute, told):
    with pytest.raises(mx.MXNetError, match=told):
        compute()


def test_a_layer_says_what_it_was_made_for():
    layer = mx.gluon.nn.Dense(4, in_units=5)
    layer.initialize()
    with pytest.raises(mx.MXNetError, match='6 features.*made for 5'):
        layer(nd.ones((2, 6)))


def test_a_step_inside_of_record():
    layer = mx.gluon.nn.Dense(1, in_units=2)
    layer.initialize()
    trainer = mx.gluon.Trainer(layer.collect_params(), 'sgd')
    with mx.autograd.record(), pytest.raises(mx.MXNetError, match='outside'):
        trainer.step(1)


def test_parameters_of_another_network(tmp_path):
    file = str(tmp_path / 'net.params')
    net = mx.gluon.nn.Sequential()
    net.add(mx.gluon.nn.Dense(4, in_units=5))
    net.initialize()
    net.save_parameters(file)
    other = mx.gluon.nn.Sequential()
    other.add(mx.gluon.nn.Dense(4, in_units=6))
    with pytest.raises(AssertionError, match=r'\(4, 6\).*\(4, 5\)'):
        other.load_parameters(file)
    other.add(mx.gluon.nn.Dense(1))
    with pytest.raises(AssertionError, match="'1.weight'"):
        other.load_parameters(file)
