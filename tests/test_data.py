"""How utils finds the data sets, downloads them, and draws a stand-in.

No test leaves this machine: a small data set is served from 127.0.0.1.
"""

import dataclasses
import gzip
import hashlib
import http.server
import io
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from mxnet import autograd, gluon, init, nd

import utils

RNG = np.random.default_rng(0)
CONTENT = {
    name: utils.encode_idx(RNG.integers(0, 10, shape, np.uint8))
    for name, shape in zip(utils.IMAGE_FILES,
                           [(30, 28, 28), (30,), (20, 28, 28), (20,)],
                           strict=True)}
HASHES = {name: hashlib.sha256(content).hexdigest()
          for name, content in CONTENT.items()}
PACKED = {name: gzip.compress(content) for name, content in CONTENT.items()}
FIRST = utils.IMAGE_FILES[0]


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves /BEHAVIOUR/FILE: good, slow, altered, cut or missing."""

    def do_GET(self):
        behaviour, name = self.path.strip('/').split('/')
        self.server.requests.append(self.path)
        if behaviour == 'missing':
            return self.send_error(404)
        body = PACKED[name]
        if behaviour == 'altered':
            body = gzip.compress(CONTENT[name] + b'!')
        if behaviour == 'slow':
            time.sleep(0.2)
        self.send_response(200)
        self.send_header('Content-Length', len(body))
        self.end_headers()
        self.wfile.write(body[:100] if behaviour == 'cut' else body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    """A web server in a thread; `requests` lists what was asked for."""
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler) as web:
        web.requests = []
        web.url = f'http://127.0.0.1:{web.server_port}'
        threading.Thread(target=web.serve_forever, args=(0.02,),
                         daemon=True).start()
        yield web
        web.shutdown()


@pytest.fixture
def dead():
    """An address at which nobody answers."""
    with socket.socket() as unused:
        unused.bind(('127.0.0.1', 0))
        port = unused.getsockname()[1]
    return f'http://127.0.0.1:{port}/'


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    """Add a data set `tiny` and empty folders; returns tiny(addresses)."""
    monkeypatch.setenv('HOME', str(tmp_path / 'home'))
    monkeypatch.setenv('BOOK_DATA', str(tmp_path / 'data'))
    monkeypatch.setenv('NO_PROXY', '*')
    monkeypatch.delenv('BOOK_STAND_IN', raising=False)
    monkeypatch.setattr(utils.tempfile, 'gettempdir',
                        lambda: str(tmp_path / 'temporary'))
    utils.decoded_images.cache_clear()
    data_set = utils.DataSet('tiny', (), HASHES, lambda: dict(CONTENT))

    def add(*addresses, **changes):
        changed = dataclasses.replace(data_set, addresses=addresses,
                                      **changes)
        monkeypatch.setitem(utils.DATA_SETS, 'tiny', changed)
        return tmp_path / 'data' / 'tiny'

    add()
    yield add
    utils.decoded_images.cache_clear()


def put(folder, files=PACKED):
    """Write the files of the tiny set into a folder."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def names(folder):
    """Return the names of the files in a folder but for its lock."""
    return sorted(path.name for path in folder.iterdir()
                  if path.name != '.lock')


def test_a_set_that_is_nowhere_is_downloaded(tiny, server, capsys):
    folder = tiny(f'{server.url}/good/')
    found = utils.find_data('tiny')
    assert found.identity == 'real' and not found.is_stand_in
    assert names(folder) == sorted(PACKED)
    assert {n: p.read_bytes() for n, p in found.files.items()} == PACKED
    assert FIRST in capsys.readouterr().err  # the progress bar


def test_a_set_that_is_there_is_not_downloaded(tiny, server):
    folder = tiny(f'{server.url}/good/')
    put(folder)
    assert utils.find_data('tiny').files[FIRST] == folder / FIRST
    assert server.requests == []


def test_only_missing_files_are_downloaded(tiny, server):
    folder = tiny(f'{server.url}/good/')
    put(folder)
    (folder / FIRST).unlink()
    utils.find_data('tiny')
    assert server.requests == [f'/good/{FIRST}']


@pytest.mark.parametrize('behaviour', [
    pytest.param('missing', id='has no such file'),
    pytest.param('cut', id='cuts the connection'),
    pytest.param('altered', id='has other content'),
])
def test_the_mirror_serves_when_the_first_address(tiny, server, behaviour):
    folder = tiny(f'{server.url}/{behaviour}/', f'{server.url}/good/')
    assert not utils.find_data('tiny').is_stand_in
    assert names(folder) == sorted(PACKED)


def test_the_mirror_serves_when_the_first_address_is_dead(tiny, server,
                                                          dead):
    tiny(dead, f'{server.url}/good/')
    assert not utils.find_data('tiny').is_stand_in


@pytest.mark.parametrize('behaviour, reason', [
    pytest.param('missing', 'HTTP status 404', id='no such file'),
    pytest.param('cut', 'the connection was cut', id='cut connection'),
    pytest.param('altered', 'other content', id='other content'),
])
def test_a_failed_download_leaves_nothing_and_can_be_repeated(
        tiny, server, monkeypatch, behaviour, reason):
    monkeypatch.setenv('BOOK_STAND_IN', 'never')
    folder = tiny(f'{server.url}/{behaviour}/')
    with pytest.raises(utils.DataError, match=reason) as error:
        utils.find_data('tiny')
    assert f'{server.url}/{behaviour}/{FIRST}' in str(error.value)
    assert names(folder) == []
    tiny(f'{server.url}/good/')
    assert not utils.find_data('tiny').is_stand_in


def test_an_interrupted_download_leaves_nothing(tiny, server, monkeypatch):
    folder = tiny(f'{server.url}/good/')

    def interrupt(answer, path, title):
        path.write_bytes(b'half')
        raise KeyboardInterrupt

    monkeypatch.setattr(utils, 'save', interrupt)
    with pytest.raises(KeyboardInterrupt):
        utils.find_data('tiny')
    assert names(folder) == []


def test_two_processes_download_a_set_once(tiny, server):
    folder = tiny()
    code = ('import json, sys, utils\n'
            'address, hashes = json.loads(sys.argv[1])\n'
            'utils.DATA_SETS["tiny"] = utils.DataSet(\n'
            '    "tiny", (address,), hashes, None)\n'
            'print("ready", flush=True); input()\n'
            'print(utils.find_data("tiny").identity)\n')
    task = json.dumps([f'{server.url}/slow/', HASHES])
    processes = [subprocess.Popen(
        [sys.executable, '-c', code, task], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)]
    for process in processes:
        assert process.stdout.readline() == 'ready\n'
    for process in processes:
        process.stdin.write('\n')
        process.stdin.flush()
    assert [p.communicate(timeout=60)[0] for p in processes] == 2 * [
        'real\n']
    assert sorted(server.requests) == sorted(f'/slow/{n}' for n in PACKED)
    assert names(folder) == sorted(PACKED)


def test_without_network_never_names_reasons_and_ways_out(tiny, dead,
                                                          monkeypatch):
    monkeypatch.setenv('BOOK_STAND_IN', 'never')
    folder = tiny(dead)
    with pytest.raises(utils.DataError) as error:
        utils.find_data('tiny')
    message = str(error.value)
    for part in ['tiny', dead + FIRST, 'no connection', str(folder),
                 'network', 'BOOK_DATA', 'BOOK_STAND_IN=auto']:
        assert part in message
    assert utils.IMAGE_FILES[1] not in message.split('What to do')[0]


def test_without_network_a_stand_in_is_used_and_says_so_once(tiny, dead,
                                                             capsys):
    tiny(dead)
    arrays = utils.read_images('tiny')
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith('STAND-IN DATA: tiny ')
    assert 'the download failed' in lines[0] and 'BOOK_DATA' in lines[0]
    np.testing.assert_array_equal(
        arrays[0], utils.decode_idx(CONTENT[FIRST]))


def test_each_call_of_the_loader_says_that_it_is_a_stand_in(tiny, capsys):
    utils.read_images('tiny')
    utils.read_images('tiny')
    out = capsys.readouterr().out
    assert out.count('STAND-IN DATA: ') == len(out.splitlines()) == 2


def test_real_data_says_nothing(tiny, capsys):
    put(tiny())
    utils.read_images('tiny')
    assert capsys.readouterr().out == ''


def test_always_draws_a_stand_in_beside_the_real_set(tiny, monkeypatch):
    put(tiny())
    monkeypatch.setenv('BOOK_STAND_IN', 'always')
    found = utils.find_data('tiny')
    assert found.identity == f'stand-in-{utils.STAND_IN_VERSION}'


def test_a_stand_in_is_drawn_once_per_machine(tiny):
    calls = []
    tiny(make=lambda: calls.append(1) or dict(CONTENT))
    first, second = utils.find_data('tiny'), utils.find_data('tiny')
    assert calls == [1] and first == second
    assert all(path.is_file() for path in first.files.values())


def test_an_unknown_value_of_book_stand_in_is_an_error(tiny, monkeypatch):
    monkeypatch.setenv('BOOK_STAND_IN', 'sometimes')
    with pytest.raises(utils.DataError, match="'sometimes'.*auto, never"):
        utils.find_data('tiny')


def test_an_unknown_data_set_is_an_error_that_lists_the_known(tiny):
    with pytest.raises(utils.DataError, match="'fashion'.*fashion-mnist"):
        utils.find_data('fashion')


def cut_file(content):
    return gzip.compress(content)[:-20]


def other_file(content):
    return gzip.compress(content[:-1] + b'!')


@pytest.mark.parametrize('damage, problem', [
    pytest.param(cut_file, 'truncated gzip', id='truncated'),
    pytest.param(other_file, 'expected ' + HASHES[FIRST][:12],
                 id='of other content'),
    pytest.param(lambda content: b'<html>', 'damaged gzip', id='no gzip'),
    pytest.param(lambda content: b'', 'other content', id='empty'),
])
def test_a_file_is_named_and_kept_when_it_is(tiny, server, damage, problem):
    folder = tiny(f'{server.url}/good/')
    damaged = damage(CONTENT[FIRST])
    put(folder, PACKED | {FIRST: damaged})
    with pytest.raises(utils.DataError, match=problem) as error:
        utils.read_images('tiny')
    assert str(error.value).startswith(f'{folder / FIRST}: ')
    assert 'move this file away' in str(error.value)
    assert (folder / FIRST).read_bytes() == damaged
    assert server.requests == []


def test_the_same_content_may_be_packed_otherwise(tiny):
    folder = tiny()
    put(folder, {name: gzip.compress(content, 1, mtime=7)
                 for name, content in CONTENT.items()})
    images, labels, _, _ = utils.read_images('tiny')
    assert images.shape == (30, 28, 28) and labels.dtype == np.int32
    assert (folder / FIRST).read_bytes() != PACKED[FIRST]


def test_a_folder_that_cannot_be_written_is_named(tiny, server, monkeypatch,
                                                  tmp_path, capsys):
    folder = tiny(f'{server.url}/good/')
    (tmp_path / 'data').write_text('a file where the folder should be')
    assert utils.read_images('tiny')[0].shape == (30, 28, 28)
    line = capsys.readouterr().out
    assert f'{folder} cannot be written' in line and 'BOOK_DATA' in line
    found = utils.find_data('tiny')
    assert tmp_path / 'temporary' in found.files[FIRST].parents
    monkeypatch.setenv('BOOK_STAND_IN', 'never')
    with pytest.raises(utils.DataError, match='cannot be written'):
        utils.find_data('tiny')


def test_a_set_without_a_folder_lies_in_the_data_folder(tiny, server):
    folder = tiny(f'{server.url}/good/', folder='').parent
    utils.find_data('tiny')
    assert names(folder) == sorted(PACKED)
    assert names(folder.parent) == ['data']


@pytest.mark.skipif(os.geteuid() == 0, reason='root can write anywhere')
def test_a_read_only_folder_is_named(tiny, server, tmp_path):
    folder = tiny(f'{server.url}/good/')
    (tmp_path / 'data').mkdir(mode=0o500)
    found = utils.find_data('tiny')
    assert found.is_stand_in
    assert f'{folder} cannot be written' in found.reason


@pytest.mark.parametrize('value', [
    pytest.param('', id='empty'),
    pytest.param('~/elsewhere', id='a folder without the set'),
])
def test_the_usual_folder_is_searched_when_book_data_is(tiny, monkeypatch,
                                                        value):
    monkeypatch.setenv('BOOK_DATA', value)
    usual = Path('~/.mxnet/datasets/tiny').expanduser()
    put(usual)
    assert utils.find_data('tiny').files[FIRST] == usual / FIRST


def test_a_home_in_book_data_is_expanded(tiny, monkeypatch):
    monkeypatch.setenv('BOOK_DATA', '~/elsewhere')
    folder = Path('~/elsewhere/tiny').expanduser()
    put(folder)
    assert utils.find_data('tiny').files[FIRST] == folder / FIRST


def test_a_root_goes_before_the_environment(tiny, tmp_path):
    put(tiny())
    put(tmp_path / 'mine')
    found = utils.find_data('tiny', str(tmp_path / 'mine'))
    assert found.files[FIRST] == tmp_path / 'mine' / FIRST


def test_images_are_decoded_once_and_cannot_be_changed(tiny):
    put(tiny())
    arrays = utils.read_images('tiny')
    assert all(a is b for a, b in zip(arrays, utils.read_images('tiny'),
                                      strict=True))
    assert not any(array.flags.writeable for array in arrays)


def test_idx_bytes_are_what_the_format_says():
    content = bytes([0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 3, 7, 8, 9])
    assert utils.decode_idx(content).tolist() == [[7, 8, 9]]
    assert utils.encode_idx(np.array([[7, 8, 9]], np.uint8)) == content


DRAWINGS = pytest.mark.parametrize('draw', [
    pytest.param(utils.draw_garments, id='garments'),
    pytest.param(utils.draw_digits, id='digits'),
])


@DRAWINGS
def test_drawn_classes_are_balanced(draw):
    images, labels = utils.draw_examples(draw, 200,
                                         np.random.default_rng(1))
    assert images.shape == (200, 28, 28) and images.dtype == np.uint8
    assert np.bincount(labels).tolist() == [20] * 10
    assert (np.diff(labels.astype(int)) < 0).any()  # not in order


@DRAWINGS
def test_drawings_are_the_same_each_time(draw):
    first, again = (utils.draw_examples(draw, 100, np.random.default_rng(1))
                    for _ in range(2))
    assert first[0].tobytes() == again[0].tobytes()
    assert first[1].tobytes() == again[1].tobytes()


@DRAWINGS
@pytest.mark.parametrize('label', range(10))
def test_each_drawing_shows_another_object_on_black(draw, label):
    images = draw(label, 50, np.random.default_rng(1))
    assert len(np.unique(images, axis=0)) == 50
    lit = (images > 60).mean(axis=(1, 2))
    assert lit.min() > 0.01 and lit.max() < 0.7
    assert images[:, [0, 0, -1, -1], [0, -1, 0, -1]].mean() < 10


def test_stand_in_files_are_the_same_bytes_each_time(tmp_path):
    for name in ('a.gz', 'b.gz'):
        utils.write_file(tmp_path / name, b'content')
    assert ((tmp_path / 'a.gz').read_bytes()
            == (tmp_path / 'b.gz').read_bytes())


@pytest.mark.slow
@pytest.mark.parametrize('name', ['fashion-mnist', 'mnist'])
def test_a_stand_in_has_the_shape_of_the_real_set(tiny, monkeypatch, name):
    monkeypatch.setenv('BOOK_STAND_IN', 'always')
    images, labels, test_images, test_labels = utils.read_images(name)
    assert images.shape == (60000, 28, 28) and images.dtype == np.uint8
    assert test_images.shape == (10000, 28, 28)
    assert labels.shape == (60000,) and labels.dtype == np.int32
    assert np.bincount(labels).tolist() == [6000] * 10
    assert np.bincount(test_labels).tolist() == [1000] * 10


@pytest.mark.slow
def test_a_linear_model_knows_fewer_garments_than_a_small_cnn():
    rng = np.random.default_rng(1)
    train = utils.draw_examples(utils.draw_garments, 10000, rng)
    test = utils.draw_examples(utils.draw_garments, 2000, rng)
    linear, cnn = linear_model(), small_cnn()
    fit(linear, train, num_epochs=10)
    fit(cnn, train, num_epochs=2)
    assert 0.7 < score(linear, test) < 0.88
    assert score(cnn, test) > score(linear, test) + 0.04


def linear_model():
    return initialized(gluon.nn.Dense(10))


def small_cnn():
    nn = gluon.nn
    net = nn.HybridSequential()
    net.add(nn.Conv2D(16, 5, activation='relu'), nn.MaxPool2D(2),
            nn.Conv2D(32, 3, activation='relu'), nn.MaxPool2D(2),
            nn.Dense(10))
    return initialized(net)


def initialized(net):
    net.initialize(init.Xavier())
    return net


def fit(net, examples, num_epochs, batch_size=128):
    images, labels = as_arrays(examples)
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    trainer = gluon.Trainer(net.collect_params(), 'adam',
                            {'learning_rate': 0.003})
    for _ in range(num_epochs):
        for start in range(0, len(labels), batch_size):
            X = images[start:start + batch_size]
            with autograd.record():
                l = loss(net(X), labels[start:start + batch_size])
            l.backward()
            trainer.step(len(X))


def score(net, examples):
    """Return the share of examples that a net gets right."""
    images, labels = as_arrays(examples)
    return (net(images).argmax(axis=1) == labels).mean().asscalar()


def as_arrays(examples):
    images, labels = examples
    return nd.array(images[:, None]) / 255, nd.array(labels)


@pytest.fixture(scope='module')
def drawn_houses():
    """Return the tables of the stand-in, as `load_house_prices` does."""
    return [pd.read_csv(io.BytesIO(content))
            for content in utils.make_houses().values()]


@pytest.fixture
def real_houses(monkeypatch):
    skip_unless_here('house-prices')
    monkeypatch.setenv('BOOK_STAND_IN', 'never')
    return utils.load_house_prices()


def test_drawn_houses_are_the_same_each_time():
    assert utils.make_houses() == utils.make_houses()


def test_drawn_houses_have_prices_in_the_training_file_only(drawn_houses):
    train, test = drawn_houses
    assert train.shape == (1460, 81) and test.shape == (1459, 80)
    assert set(train) - set(test) == {'SalePrice'}
    assert [*train['Id'], *test['Id']] == list(range(1, 2920))


@pytest.mark.parametrize('name, low', [
    ('GrLivArea', 0.6), ('OverallQual', 0.6), ('YearBuilt', 0.4),
    ('PoolArea', 0)])
def test_drawn_prices_go_up_with(drawn_houses, name, low):
    train, _ = drawn_houses
    r = np.corrcoef(train[name], np.log(train['SalePrice']))[0, 1]
    assert low < r < 0.9


def test_a_stand_in_of_the_houses_is_loaded_and_says_so(tiny, monkeypatch,
                                                        drawn_houses,
                                                        capsys):
    monkeypatch.setenv('BOOK_STAND_IN', 'always')
    train, test = utils.load_house_prices()
    assert train.equals(drawn_houses[0]) and test.equals(drawn_houses[1])
    assert capsys.readouterr().out.startswith('STAND-IN DATA: house-prices ')


def test_drawn_houses_have_the_columns_of_the_real_ones(drawn_houses,
                                                        real_houses):
    for drawn, real in zip(drawn_houses, real_houses, strict=True):
        assert drawn.shape == real.shape and list(drawn) == list(real)
        assert (drawn.isna().mean() - real.isna().mean()).abs().max() < 0.04
    drawn, real = pd.concat(drawn_houses), pd.concat(real_houses)
    assert (drawn.isna().any() == real.isna().any()).all()
    for name in real:
        assert is_text(drawn[name]) == is_text(real[name]), name


def test_drawn_houses_have_values_that_real_ones_have(drawn_houses,
                                                      real_houses):
    drawn, real = pd.concat(drawn_houses), pd.concat(real_houses)
    for name in real:
        if is_text(real[name]):
            assert set(drawn[name]) <= set(real[name]), name
        else:
            assert drawn[name].min() >= real[name].min(), name
            assert drawn[name].max() <= real[name].max(), name


def is_text(column):
    return not pd.api.types.is_numeric_dtype(column)


def test_the_real_houses_begin_with_their_known_prices(real_houses):
    train, test = real_houses
    assert train.shape == (1460, 81) and test.shape == (1459, 80)
    assert train['SalePrice'][:5].tolist() == [208500, 181500, 223500,
                                               140000, 250000]


@pytest.fixture
def tale():
    return utils.make_tale()[utils.TEXT_FILE].decode('ascii')


def test_a_drawn_tale_is_the_same_each_time(tale):
    assert utils.make_tale() == {utils.TEXT_FILE: tale.encode('ascii')}
    assert len(tale) > 178000 and max(map(len, tale.splitlines())) < 72
    assert not re.search('[A-Z]{3}', tale)  # each blank has its word


def test_a_drawn_tale_has_the_characters_of_the_novel(tale, monkeypatch):
    skip_unless_here('time-machine')
    monkeypatch.setenv('BOOK_STAND_IN', 'never')
    novel = utils.load_time_machine()
    assert set(tale.lower()) == set(novel.lower())
    assert set(tale[:10000].lower()) == set(novel[:10000].lower())


def test_a_stand_in_of_the_novel_is_loaded_and_says_so(tiny, monkeypatch,
                                                       tale, capsys):
    monkeypatch.setenv('BOOK_STAND_IN', 'always')
    assert utils.load_time_machine() == tale
    assert capsys.readouterr().out.startswith('STAND-IN DATA: time-machine ')


def test_the_real_novel_begins_and_ends_as_known(monkeypatch):
    skip_unless_here('time-machine')
    monkeypatch.setenv('BOOK_STAND_IN', 'never')
    novel = utils.load_time_machine()
    assert len(novel) == 178979
    assert novel.startswith('The Time Machine, by H. G. Wells [1898]\n')
    assert novel.endswith('in the heart\nof man.\n')


def skip_unless_here(name):
    data_set = utils.DATA_SETS[name]
    folders = utils.data_set_folders(data_set, None)
    if all(utils.missing_files(data_set, folder) for folder in folders):
        pytest.skip(f'{name} is not in BOOK_DATA or ~/.mxnet/datasets')


@pytest.mark.parametrize('name, train, test', [
    ('fashion-mnist', [9, 0, 0, 3, 0, 2, 7, 2, 5],
     [9, 2, 1, 1, 6, 1, 4, 6, 5]),
    ('mnist', [5, 0, 4, 1, 9, 2, 1, 3, 1], [7, 2, 1, 0, 4, 1, 4, 9, 5]),
])
def test_the_real_set_begins_with_its_known_labels(monkeypatch, name, train,
                                                   test):
    monkeypatch.delenv('BOOK_STAND_IN', raising=False)
    skip_unless_here(name)
    images, labels, test_images, test_labels = utils.read_images(name)
    assert images.shape == (60000, 28, 28) and len(test_images) == 10000
    assert labels[:9].tolist() == train
    assert test_labels[:9].tolist() == test
