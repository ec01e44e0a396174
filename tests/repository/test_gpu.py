"""A run on a GPU is one: no chapter falls back to the processor unseen.

The tests marked `gpu` need a card that the engine can use; `make test-gpu`
runs them, with all data, and fails without one.
"""

import functools
from types import SimpleNamespace

import gpu
import pytest
from books import ROOT
from nbformat.v4 import new_output

from book.chapters import toc
from book.chapters.reader import code_cells, read
from book.execution import files
from book.execution.environment import Environment
from book.execution.schedule import Chapter, record
from book.experiments import judging, results

PAGE = toc.pages(ROOT)[-1]


def executed(code, printed, device='gpu'):
    """Return a page with the record of a run that did not happen."""
    notebook = read(f'# T\n\n```{{.python .input}}\n{code}\n```\n')
    [cell] = code_cells(notebook)
    cell.outputs = [new_output('stream', name='stdout', text=printed)]
    chapter, place = Chapter(PAGE, notebook, ''), Environment(device=device)
    if device:
        notebook.metadata['book'] = record(chapter, place, 1)
    return PAGE, notebook


one = functools.partial(executed, 'import utils\nprint(utils.try_gpu())')
several = functools.partial(executed,
                            'import utils\nprint(utils.try_all_gpus())')
none = functools.partial(executed, 'import mxnet\nprint(mxnet.cpu())')


@pytest.mark.parametrize('run, gpus', [
    (one('gpu(0)'), 1), (several('[gpu(0), gpu(1)]'), 2),
    (none('cpu(0)'), 1), (several('[cpu(0), cpu(1)]'), 1),
], ids=['that asks for a GPU and has it', 'that asks for all and has two',
        'that asks for none', 'that wants two where there is one'])
def test_nothing_is_said_of_a_chapter(run, gpus):
    assert gpu.strays([run], gpus) == []


@pytest.mark.parametrize('run, problem', [
    (one('cpu(0)', device='cpu'), 'its record names cpu'),
    (one('cpu(0)'), 'it printed none'),
    (several('[cpu(0), cpu(1)]'), 'it printed none'),
    (one('gpu(0)', device=None), 'its record names nothing'),
], ids=['by its record', 'by what it printed', 'although there are two',
        'as it has no record'])
def test_a_chapter_that_ran_on_the_processor_is_found(run, problem):
    [found] = gpu.strays([run], 2)
    assert found.startswith(f'{PAGE.label("en")}: meant for a GPU, but')
    assert problem in found


def test_the_heavy_chapters_are_meant_for_a_gpu():
    wanted = {page.slug: gpu.gpus_wanted(read(page.text('en')))
              for page in toc.pages(ROOT)}
    assert {x: wanted[x] for x in ('alexnet', 'resnet', 'gru')} \
        == {'alexnet': 1, 'resnet': 1, 'gru': 1}
    assert wanted['multi-device-training'] == 2
    assert wanted['linear-regression-scratch'] == 0


@pytest.mark.parametrize('asked, outcome', [
    ('gpu', pytest.fail.Exception), ('', pytest.skip.Exception),
], ids=['fails if it asks for one', 'skips the tests otherwise'])
def test_a_run_without_a_gpu(asked, outcome, request, monkeypatch):
    shared = request.config.pluginmanager.get_plugin(
        str(ROOT / 'tests/conftest.py'))
    monkeypatch.setattr(shared, 'gpu_works', lambda: False)
    item = SimpleNamespace(
        get_closest_marker=lambda name: name == 'gpu',
        config=SimpleNamespace(option=SimpleNamespace(markexpr=asked)))
    with pytest.raises(outcome, match='needs a GPU that the engine can use'):
        shared.pytest_runtest_setup(item)


# On a GPU


@pytest.mark.gpu
def test_chapters_that_are_meant_for_a_gpu_run_on_it():
    import utils

    gpus = sum(x.device_type == 'gpu' for x in utils.try_all_gpus())
    with files.only_one(ROOT):
        found = judging.executed(ROOT, toc.pages(ROOT))
    assert gpu.strays(found, gpus) == []


@pytest.mark.gpu
def test_results_of_a_full_run_lie_in_their_bands():
    with files.only_one(ROOT):
        rows, false = judging.judge(ROOT)
    print(results.table(rows))
    assert [str(row.experiment) for row in rows if not row.good] == []


@pytest.mark.gpu
def test_a_gpu_computes_what_the_processor_computes():
    import mxnet as mx
    from mxnet import autograd, nd

    import utils

    utils.set_seed(0)
    X, W = nd.random.normal(shape=(8, 3, 16, 16)), nd.random.normal(
        shape=(4, 3, 3, 3))
    gradients = []
    for device in mx.cpu(), mx.gpu():
        w = W.as_in_context(device)
        w.attach_grad()
        with autograd.record():
            y = nd.Convolution(X.as_in_context(device), w, no_bias=True,
                               kernel=(3, 3), num_filter=4)
            y.relu().mean().backward()
        gradients.append(w.grad.asnumpy())
    on_cpu, on_card = gradients
    assert on_card == pytest.approx(on_cpu, rel=1e-3, abs=1e-5)
