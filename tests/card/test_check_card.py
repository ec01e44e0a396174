"""The check on a graphics card, tried on the processor."""

import importlib.util
import json
import pathlib
import subprocess
import sys
import time
from importlib import metadata

import card_chapter
import card_parts
import card_report
import check_card
import pytest
import yaml
from card_parts import Failure, Found, Place

from book.chapters.reader import code_cells, read
from book.experiments import results

MACHINE = {'name': 'a card', 'PyTorch': '2.13.0', 'cards': 1}
VALUES = {('alexnet', 'one epoch', 'test accuracy'): (0.85, [0.8, 0.9]),
          ('cnn-gluon', 'five epochs', 'test accuracy'): (None, [0.8, 0.9])}
FOUND = {'alexnet': (Found(True, '20 cells | 2', 'a\n', VALUES), 61.2),
         'replay': (Found(False, '2 failed'), 1)}
HAS_TORCH = importlib.util.find_spec('torch') is not None
BOTH = HAS_TORCH and any(
    x.metadata['Name'] == 'mxnet' for x in metadata.distributions())


@pytest.fixture
def place(tmp_path):
    return Place('cpu', 0, time.monotonic() + 60, tmp_path)


def page(folder, *cells):
    path = folder / 'page.md'
    path.write_text('# T\n\n' + '\n'.join(
        f'```{{.python .input}}\n{cell}\n```\n' for cell in cells))
    return path


@pytest.mark.parametrize('slug', card_parts.CHAPTERS)
def test_cells_are_those_of_the_build(slug):
    text = card_parts.PAGES[slug].read_text('utf-8')
    assert [x.strip() for x in card_chapter.cells(text)] == [
        cell.source for cell in code_cells(read(text))]


def test_a_chapter_runs_without_jupyter(place, tmp_path):
    path = page(tmp_path, 'def f():\n    return 7', 'print(1)\nf()', 'None',
                'import inspect\nprint(inspect.getsource(f))', '1 / 0', '8')
    output, complaints = place.run(
        card_parts.HERE / 'card_chapter.py', path)
    assert json.loads(output) == {
        'outputs': ['', '1\n7\n', '', 'def f():\n    return 7\n\n'],
        'error': 'cell 5: ZeroDivisionError: division by zero'}
    assert 'Traceback' in complaints


def test_what_jupyter_gives_to_utils_can_be_missing(monkeypatch):
    monkeypatch.setattr(card_chapter, 'JUPYTER', ['no_such_package'])
    card_chapter.without_jupyter()
    from no_such_package import display, get_ipython
    assert get_ipython() is None and display.display(1) is not None


@pytest.mark.parametrize('device, printed, problem', [
    ('gpu', 'gpu(0)\nepoch 1, test accuracy 0.85', ''),
    ('gpu', 'cpu(0)\nepoch 1, test accuracy 0.85', 'printed no GPU'),
    ('gpu', 'gpu(0)\nepoch 1, test accuracy 0.7', 'out of its band'),
    ('gpu', 'gpu(0)', 'out of its band'),
    ('cpu', 'epoch 1, test accuracy 0.7', ''),
    ('gpu', 'gpu(0)\nSTAND-IN DATA\nepoch 1, test accuracy 0.7', ''),
])
def test_a_chapter_is_judged_by_its_results_and_its_device(
        device, printed, problem, monkeypatch, tmp_path):
    line = json.dumps({'outputs': [printed], 'error': ''})
    monkeypatch.setattr(Place, 'run', lambda *_: (line, ''))
    found = card_parts.chapter(Place(device, 1, 0, tmp_path), 'alexnet')
    assert found.good == (not problem) and problem in found.text


def test_the_time_that_is_left_ends_a_part(tmp_path):
    place = Place('cpu', 0, time.monotonic(), tmp_path)
    with pytest.raises(Failure, match='the time was up') as raised:
        place.run('-c', 'import time; time.sleep(60)')
    assert not raised.value.found.good


def test_a_part_that_fails_says_how(place):
    with pytest.raises(Failure, match='status 1: ValueError: of no use'):
        place.run('-c', 'raise ValueError("of no use")')


def test_the_replay_is_counted(place, monkeypatch, tmp_path):
    tests = tmp_path / 'engine/tests'
    tests.mkdir(parents=True)
    (tests / 'test_replay.py').write_text(
        'import os\nimport pytest\n\n\ndef test_good():\n'
        '    assert os.environ["MXNET_TEST_CONTEXT"] == "cpu(0)"\n\n\n'
        'def test_bad():\n    assert 0\n\n\ndef test_left_out():\n'
        '    pytest.skip()\n')
    monkeypatch.setattr(card_parts, 'ROOT', tmp_path)
    found = card_parts.replay(place)
    assert found.text == '1 passed, 1 failed, 1 skipped' and not found.good


def test_the_report_is_a_table_and_a_run_of_the_table_of_results(tmp_path):
    text = card_report.markdown(MACHINE, FOUND)
    assert '| alexnet | ok | 20 cells \\| 2 | 61 |' in text
    assert '| replay | FAILED | 2 failed | 1 |' in text
    assert '| one epoch | test accuracy | 0.85 | 0.8 to 0.9 | ok |' in text
    assert '| five epochs | test accuracy | – | 0.8 to 0.9 | FAILED' in text
    run, *values = yaml.safe_load(card_report.results(MACHINE, FOUND))
    path = tmp_path / 'results.yml'
    path.write_text(yaml.safe_dump([run]))
    [known] = results.runs(path).values()
    assert 'a card' in known.machine['zh'] and known.seeds == (0,)
    assert [x['measured'] for x in values] == [{run['run']: [0.85]}]


@pytest.mark.parametrize('device', ['gpu', 'cpu'])
def test_what_is_missing_is_said_in_one_line(device, tmp_path):
    if BOTH or HAS_TORCH and (device == 'cpu' or card_there()):
        pytest.skip('nothing is missing, or MXNet is in the way')
    done = check('--device', device, '--to', tmp_path)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith(('no graphics card: ', 'the check cannot begin'))
    assert list(tmp_path.iterdir()) == []


def card_there():
    import torch

    return torch.cuda.is_available() or torch.backends.mps.is_available()


def check(*options):
    return subprocess.run(
        [sys.executable, pathlib.Path(check_card.__file__), *options],
        capture_output=True, text=True)


@pytest.mark.slow
@pytest.mark.skipif(not HAS_TORCH or BOTH,
                    reason='needs PyTorch, and our engine alone')
def test_the_check_runs_through_on_the_processor(tmp_path):
    done = check('--device', 'cpu', '--to', tmp_path, '--parts', 'numbers',
                 'use-gpu')
    assert done.returncode == 0, done.stdout + done.stderr
    assert {'card.md', 'card.yml', 'card.txt'} <= {
        x.name for x in tmp_path.iterdir()}
    assert '| numbers | ok |' in (tmp_path / 'card.md').read_text('utf-8')
