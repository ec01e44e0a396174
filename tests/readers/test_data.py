"""How utils_data finds the data sets, downloads them, and draws a stand-in.

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
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

import utils
import utils_data
import utils_stand_ins
from utils_data import DataError, find_data, read_images

RNG = np.random.default_rng(0)
CONTENT = {
    name: utils_data.encode_idx(RNG.integers(0, 10, shape, np.uint8))
    for name, shape in zip(utils_data.IMAGE_FILES,
                           [(30, 28, 28), (30,), (20, 28, 28), (20,)],
                           strict=True)}
KNOWN = {name: utils_data.Content(
    len(content), hashlib.sha256(content).hexdigest())
    for name, content in CONTENT.items()}
PACKED = {name: gzip.compress(content) for name, content in CONTENT.items()}
FIRST = utils_data.IMAGE_FILES[0]


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
    (tmp_path / 'data').mkdir()
    monkeypatch.setenv('HOME', str(tmp_path / 'home'))
    monkeypatch.setenv('BOOK_DATA', str(tmp_path / 'data'))
    monkeypatch.setenv('NO_PROXY', '*')
    monkeypatch.delenv('BOOK_STAND_IN', raising=False)
    monkeypatch.setattr(utils_data.tempfile, 'gettempdir',
                        lambda: str(tmp_path / 'temporary'))
    utils_data.decoded_images.cache_clear()
    monkeypatch.setitem(utils_stand_ins.MAKERS, 'tiny',
                        lambda rng: list(CONTENT.values()))
    data_set = utils_data.DataSet('tiny', (), KNOWN)

    def add(*addresses, **changes):
        changed = dataclasses.replace(data_set, addresses=addresses,
                                      **changes)
        monkeypatch.setitem(utils_data.DATA_SETS, 'tiny', changed)
        return tmp_path / 'data' / 'tiny'

    add()
    yield add
    utils_data.decoded_images.cache_clear()


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
    found = find_data('tiny')
    assert found.identity == 'real' and not found.is_stand_in
    assert names(folder) == sorted(PACKED)
    assert {n: p.read_bytes() for n, p in found.files.items()} == PACKED
    assert FIRST in capsys.readouterr().err  # the progress bar


@pytest.mark.parametrize('missing', [[], [FIRST], [*PACKED][1:3]], ids=len)
def test_only_missing_files_are_downloaded(tiny, server, missing):
    folder = tiny(f'{server.url}/good/')
    put(folder, {x: PACKED[x] for x in PACKED if x not in missing})
    assert find_data('tiny').files[FIRST] == folder / FIRST
    assert server.requests == [f'/good/{name}' for name in missing]


@pytest.mark.parametrize('behaviour, reason', [
    pytest.param('missing', 'HTTP status 404', id='has no such file'),
    pytest.param('cut', 'the connection was cut', id='cuts the connection'),
    pytest.param('altered', 'other content', id='has other content'),
    pytest.param('dead', 'no connection', id='is dead'),
])
def test_the_reason_is_told_and_the_mirror_serves_when_the_first_address(
        tiny, server, dead, monkeypatch, behaviour, reason):
    monkeypatch.setenv('BOOK_STAND_IN', 'never')
    first = dead if behaviour == 'dead' else f'{server.url}/{behaviour}/'
    folder = tiny(first)
    with pytest.raises(DataError, match=reason) as error:
        find_data('tiny')
    assert first + FIRST in str(error.value)
    assert names(folder) == []  # so it can be repeated
    tiny(first, f'{server.url}/good/')
    assert not find_data('tiny').is_stand_in
    assert names(folder) == sorted(PACKED)


def test_an_interrupted_download_leaves_nothing(tiny, server, monkeypatch):
    folder = tiny(f'{server.url}/good/')

    def interrupt(*_):
        yield b'half'
        raise KeyboardInterrupt

    monkeypatch.setattr(utils_data, 'pieces', interrupt)
    with pytest.raises(KeyboardInterrupt):
        find_data('tiny')
    assert names(folder) == []


def test_two_processes_download_a_set_once(tiny, server):
    folder = tiny()
    code = ('import json, sys, utils_data\n'
            'address, files = json.loads(sys.argv[1])\n'
            'utils_data.DATA_SETS["tiny"] = utils_data.DataSet(\n'
            '    "tiny", (address,),\n'
            '    {x: utils_data.Content(*y) for x, y in files.items()})\n'
            'print("ready", flush=True); input()\n'
            'print(utils_data.find_data("tiny").identity)\n')
    task = json.dumps([f'{server.url}/slow/', KNOWN])
    processes = [subprocess.Popen(
        [sys.executable, '-c', code, task], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)]
    for process in processes:
        assert process.stdout.readline() == 'ready\n'
    for process in processes:
        process.stdin.write('\n')
        process.stdin.flush()
    assert [p.communicate(timeout=60)[0] for p in processes] == 2 * ['real\n']
    assert sorted(server.requests) == sorted(f'/slow/{n}' for n in PACKED)
    assert names(folder) == sorted(PACKED)


def test_without_network_never_names_reasons_and_ways_out(tiny, dead,
                                                          monkeypatch):
    monkeypatch.setenv('BOOK_STAND_IN', 'never')
    folder = tiny(dead)
    with pytest.raises(DataError) as error:
        find_data('tiny')
    message = str(error.value)
    for part in ['tiny', dead + FIRST, 'no connection', str(folder),
                 'network', 'BOOK_DATA', 'BOOK_STAND_IN=auto']:
        assert part in message
    assert utils_data.IMAGE_FILES[1] not in message.split('What to do')[0]


# An organisation's own certificates

@pytest.fixture(scope='module')
def certificate(tmp_path_factory):
    """Return a file with a certificate that no computer trusts, and a key."""
    if not shutil.which('openssl'):
        pytest.skip('makes a certificate with the command openssl')
    path = tmp_path_factory.mktemp('certificate') / 'both.pem'
    subprocess.run(
        ['openssl', 'req', '-x509', '-newkey', 'ec', '-nodes', '-pkeyopt',
         'ec_paramgen_curve:prime256v1', '-keyout', path, '-out', path,
         '-subj', '/CN=tests', '-addext', 'subjectAltName=IP:127.0.0.1'],
        check=True, capture_output=True)
    return path


@pytest.fixture
def opened(server, certificate, monkeypatch):
    """The address of the server behind TLS of an organisation's own."""
    for name in (*utils_data.CERTIFICATES, 'SSL_CERT_DIR'):
        monkeypatch.delenv(name, raising=False)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return f'https://127.0.0.1:{server.server_port}/good/'


def in_a_folder(certificate, folder):
    """Put a certificate where OpenSSL finds it in a folder."""
    done = subprocess.run(['openssl', 'x509', '-hash', '-noout', '-in',
                           certificate], capture_output=True, text=True)
    shutil.copy(certificate, folder / f'{done.stdout.strip()}.0')
    return folder


@pytest.mark.parametrize('name', utils_data.CERTIFICATES)
def test_certificates_are_trusted_that_are_named_in(
        tiny, opened, certificate, monkeypatch, name):
    tiny(opened)
    monkeypatch.setenv(name, str(certificate))
    assert not find_data('tiny').is_stand_in


@pytest.mark.parametrize('name', ['SSL_CERT_DIR', 'PIP_CERT'], ids=[
    "the system, which has this variable for its store", 'a variable'])
def test_certificates_are_trusted_in_a_folder_of(
        tiny, opened, certificate, tmp_path, monkeypatch, name):
    tiny(opened)
    monkeypatch.setenv(name, str(in_a_folder(certificate, tmp_path)))
    assert not find_data('tiny').is_stand_in


def test_that_certificates_are_at_fault_is_told(tiny, opened, monkeypatch,
                                                capsys):
    folder = tiny(opened)
    read_images('tiny')
    [line] = capsys.readouterr().out.splitlines()
    assert '(the download failed over certificates); to have it, set ' in line
    assert 'set SSL_CERT_FILE to the certificates of your network' in line
    monkeypatch.setenv('BOOK_STAND_IN', 'never')
    with pytest.raises(DataError) as error:
        find_data('tiny')
    assert f'{opened}{FIRST}: its certificate is not trusted' in str(
        error.value)
    assert 'What to do: set SSL_CERT_FILE ' in str(error.value)
    assert names(folder) == []


def test_a_variable_for_certificates_that_leads_nowhere_is_named(
        tiny, opened, monkeypatch, tmp_path):
    tiny(opened)
    monkeypatch.setenv('BOOK_STAND_IN', 'never')
    monkeypatch.setenv('CURL_CA_BUNDLE', str(tmp_path / 'x'))
    with pytest.raises(DataError, match=f'CURL_CA_BUNDLE={tmp_path}/x: no '):
        find_data('tiny')


def test_without_network_each_call_says_that_it_has_a_stand_in(tiny, dead,
                                                               capsys):
    tiny(dead)
    arrays, _ = read_images('tiny'), read_images('tiny')
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert all(line.startswith('STAND-IN DATA: tiny ') for line in lines)
    assert 'the download failed' in lines[0] and 'BOOK_DATA' in lines[0]
    assert_array_equal(arrays[0], utils_data.decode_idx(CONTENT[FIRST]))


def test_always_draws_a_stand_in_beside_the_real_set(tiny, monkeypatch):
    put(tiny())
    monkeypatch.setenv('BOOK_STAND_IN', 'always')
    found = find_data('tiny')
    assert found.identity == f'stand-in-{utils_data.STAND_IN_VERSION}'


def test_a_stand_in_is_drawn_once_per_machine(tiny, monkeypatch):
    first = find_data('tiny')
    monkeypatch.delitem(utils_stand_ins.MAKERS, 'tiny')
    assert find_data('tiny') == first
    assert all(path.is_file() for path in first.files.values())


FORGED = bytes(gzip.compress(utils_data.encode_idx(
    np.full((30, 28, 28), 66, np.uint8))))


def forge(folder):
    """Put other drawings where those of a user are looked for."""
    put(folder / 'tiny' / f'version-{utils_data.STAND_IN_VERSION}',
        PACKED | {FIRST: FORGED})


def belongs_to_another(folder):
    if os.geteuid() != 0:
        pytest.skip('only root can give a folder away')
    os.chown(folder, 12345, 12345)


@pytest.mark.skipif(not hasattr(os, 'getuid'), reason='Windows has one '
                    'temporary folder for each user')
@pytest.mark.parametrize('spoil', [
    pytest.param(lambda folder: folder.chmod(0o777), id='all can write to'),
    pytest.param(lambda folder: folder.chmod(0o775), id='a group can'),
    pytest.param(belongs_to_another, id='belongs to another'),
    pytest.param(lambda folder: folder.symlink_to(
        shutil.move(folder, folder.with_name('there'))), id='is a link')])
@pytest.mark.parametrize('place', ['data', 'temporary'])
def test_drawings_are_not_taken_from_a_folder_that(tiny, tmp_path, spoil,
                                                   place):
    tiny()
    own = tmp_path / 'temporary' / f'from-scratch-to-gluon-{os.getuid()}'
    first = tmp_path / 'data' / 'stand-in'
    forge(first if place == 'data' else own)
    spoil(first if place == 'data' else own)
    if place == 'temporary':
        first.write_text('no folder')
        with pytest.raises(DataError, match='the stand-in cannot be written'):
            read_images('tiny')
    else:
        assert read_images('tiny')[0].max() < 10
        assert own in find_data('tiny').files[FIRST].parents


def test_a_folder_of_drawings_is_nobody_elses(tiny, tmp_path):
    (tmp_path / 'data' / 'stand-in').write_text('no folder')
    umask = os.umask(0)
    try:
        found = find_data('tiny')
    finally:
        os.umask(umask)
    [own] = (tmp_path / 'temporary').iterdir()
    assert own in found.files[FIRST].parents
    assert own.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize('value, name, known', [
    ('sometimes', 'tiny', "'sometimes'.*auto, never"),
    ('auto', 'fashion', "'fashion'.*fashion-mnist"),
], ids=['BOOK_STAND_IN', 'a data set'])
def test_what_is_known_is_listed_in_the_error_for(tiny, monkeypatch, value,
                                                  name, known):
    monkeypatch.setenv('BOOK_STAND_IN', value)
    with pytest.raises(DataError, match=known):
        find_data(name)


@pytest.mark.parametrize('damaged, problem', [
    pytest.param(PACKED[FIRST][:-20], 'truncated gzip', id='truncated'),
    pytest.param(gzip.compress(CONTENT[FIRST][:-1] + b'!'), 'expected '
                 + KNOWN[FIRST].sha256[:12], id='of other content'),
    pytest.param(b'<html>', 'damaged gzip', id='no gzip'),
    pytest.param(b'', 'other content', id='empty'),
])
def test_a_file_is_named_and_kept_when_it_is(tiny, server, damaged, problem):
    folder = tiny(f'{server.url}/good/')
    put(folder, PACKED | {FIRST: damaged})
    with pytest.raises(DataError, match=problem) as error:
        read_images('tiny')
    assert str(error.value).startswith(f'{folder / FIRST}: ')
    assert 'move this file away' in str(error.value)
    assert (folder / FIRST).read_bytes() == damaged
    assert server.requests == []


def test_the_same_content_may_be_packed_otherwise(tiny):
    folder = tiny()
    put(folder, {name: gzip.compress(content, 1, mtime=7)
                 for name, content in CONTENT.items()})
    images, labels, _, _ = read_images('tiny')
    assert images.shape == (30, 28, 28) and labels.dtype == np.int32
    assert (folder / FIRST).read_bytes() != PACKED[FIRST]


@pytest.mark.parametrize('spoil', [
    pytest.param(lambda folder: folder.write_text('a file'), id='is a file'),
    pytest.param(
        lambda folder: folder.mkdir(mode=0o500), id='is read-only',
        marks=pytest.mark.skipif(os.geteuid() == 0, reason='root can write')),
])
def test_a_folder_is_named_that(tiny, server, monkeypatch, tmp_path, capsys,
                                spoil):
    folder = tiny(f'{server.url}/good/')
    spoil(folder)
    shutil.rmtree(tmp_path / 'data/stand-in', ignore_errors=True)
    (tmp_path / 'data/stand-in').write_text('no folder either')
    assert read_images('tiny')[0].shape == (30, 28, 28)
    line = capsys.readouterr().out
    assert f'{folder} cannot be written' in line and 'BOOK_DATA' in line
    found = find_data('tiny')
    assert found.is_stand_in
    assert tmp_path / 'temporary' in found.files[FIRST].parents
    monkeypatch.setenv('BOOK_STAND_IN', 'never')
    with pytest.raises(DataError, match='cannot be written'):
        find_data('tiny')


def test_a_set_without_a_folder_lies_in_the_data_folder(tiny, server):
    folder = tiny(f'{server.url}/good/', folder='').parent
    find_data('tiny')
    assert names(folder) == sorted(PACKED)
    assert names(folder.parent) == ['data']


@pytest.mark.parametrize('value, place', [
    pytest.param('', '~/.mxnet/datasets', id='the usual, as it is empty'),
    pytest.param('~/elsewhere', '~/.mxnet/datasets', id='the usual as well'),
    pytest.param('~/elsewhere', '~/elsewhere', id='its own, in the home'),
])
def test_the_folder_in_which_book_data_lets_search_is(tiny, monkeypatch,
                                                      value, place):
    monkeypatch.setenv('BOOK_DATA', value)
    Path('~/elsewhere').expanduser().mkdir(parents=True)
    folder = Path(place).expanduser() / 'tiny'
    put(folder)
    assert find_data('tiny').files[FIRST] == folder / FIRST


@pytest.mark.parametrize('mode', ['auto', 'never', 'always'])
@pytest.mark.parametrize('named', ['misspelt', 'file'])
def test_book_data_that_is_no_folder_is_an_error_and_nothing_is_written(
        tiny, server, monkeypatch, tmp_path, mode, named):
    tiny(f'{server.url}/good/')
    place = tmp_path / 'parent' / named
    place.parent.mkdir()
    (place.parent / 'file').write_text('')
    monkeypatch.setenv('BOOK_DATA', str(place))
    monkeypatch.setenv('BOOK_STAND_IN', mode)
    with pytest.raises(DataError) as error:
        find_data('tiny')
    assert str(error.value) == (f'BOOK_DATA={place}: no such folder; mend '
                                'the name, or make the folder')
    assert server.requests == [] and names(place.parent) == ['file']


def test_a_root_goes_before_the_environment(tiny, tmp_path):
    put(tiny())
    put(tmp_path / 'mine')
    found = find_data('tiny', str(tmp_path / 'mine'))
    assert found.files[FIRST] == tmp_path / 'mine' / FIRST


def test_real_images_are_decoded_once_cannot_be_changed_and_say_nothing(
        tiny, capsys):
    put(tiny())
    arrays, again = read_images('tiny'), read_images('tiny')
    assert all(a is b for a, b in zip(arrays, again, strict=True))
    assert not any(array.flags.writeable for array in arrays)
    assert capsys.readouterr().out == ''


def test_idx_bytes_are_what_the_format_says():
    content = bytes([0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 3, 7, 8, 9])
    assert utils_data.decode_idx(content).tolist() == [[7, 8, 9]]
    assert utils_data.encode_idx(np.array([[7, 8, 9]], np.uint8)) == content


@pytest.fixture
def only_stand_ins(tiny, monkeypatch):
    monkeypatch.setenv('BOOK_STAND_IN', 'always')


@pytest.fixture
def real(monkeypatch):
    """Let only the real sets be read; skip the test without them."""
    def need(name):
        data_set = utils_data.DATA_SETS[name]
        if all(utils_data.missing_files(data_set, folder) for folder
               in utils_data.data_set_folders(data_set, None)):
            pytest.skip(f'{name} is not in BOOK_DATA or ~/.mxnet/datasets')

    monkeypatch.setenv('BOOK_STAND_IN', 'never')
    return need


def drawn(name):
    """Return the content of the files of a stand-in."""
    return utils_stand_ins.draw(name, utils_data.STAND_IN_VERSION)


def test_stand_in_files_are_the_same_bytes_each_time(tmp_path):
    for name in ('a.gz', 'b.gz'):
        utils_data.write_file(tmp_path / name, b'content')
    assert ((tmp_path / 'a.gz').read_bytes()
            == (tmp_path / 'b.gz').read_bytes())


def test_every_data_set_has_a_stand_in():
    assert utils_stand_ins.MAKERS.keys() == utils_data.DATA_SETS.keys()


DRAWINGS = pytest.mark.parametrize('classes', [
    pytest.param(utils_stand_ins.GARMENTS, id='garments'),
    pytest.param(utils_stand_ins.DIGITS, id='digits')])


def examples(classes, count):
    return utils_stand_ins.draw_examples(classes, count,
                                         np.random.default_rng(1))


@DRAWINGS
def test_drawings_are_balanced_and_the_same_each_time(classes):
    images, labels = examples(classes, 200)
    assert images.max(axis=(1, 2)).min() > 60  # none is black
    assert np.bincount(labels).tolist() == [20] * 10
    assert (np.diff(labels.astype(int)) < 0).any()  # not in order
    assert len(np.unique(images, axis=0)) == 200
    again = examples(classes, 200)
    assert (images == again[0]).all() and (labels == again[1]).all()


@DRAWINGS
def test_a_simple_model_learns_the_drawings_but_not_all(classes):
    images, labels = examples(classes, 2000)
    images = images.reshape(2000, -1) / 255
    means = np.stack([images[:1500][labels[:1500] == label].mean(axis=0)
                      for label in range(10)])
    distances = ((images[1500:, None] - means) ** 2).sum(axis=2)
    right = (distances.argmin(axis=1) == labels[1500:]).mean()
    assert 0.6 < right < 0.9


@pytest.mark.parametrize('name', ['fashion-mnist', 'mnist'])
def test_a_stand_in_has_the_shape_of_the_real_set(only_stand_ins,
                                                  monkeypatch, name):
    monkeypatch.setattr(  # nothing to see, but in no time
        utils_stand_ins, 'draw_strokes',
        lambda strokes, count, rng: np.zeros((count, 28, 28), np.uint8))
    images, labels, test_images, test_labels = read_images(name)
    assert images.shape == (60000, 28, 28) and images.dtype == np.uint8
    assert test_images.shape == (10000, 28, 28)
    assert labels.dtype == np.int32
    assert np.bincount(labels).tolist() == [6000] * 10
    assert np.bincount(test_labels).tolist() == [1000] * 10


@pytest.mark.parametrize('name, train, test', [
    ('fashion-mnist', [9, 0, 0, 3, 0, 2, 7, 2, 5],
     [9, 2, 1, 1, 6, 1, 4, 6, 5]),
    ('mnist', [5, 0, 4, 1, 9, 2, 1, 3, 1], [7, 2, 1, 0, 4, 1, 4, 9, 5]),
])
def test_the_real_set_begins_with_its_known_labels(real, name, train, test):
    real(name)
    images, labels, test_images, test_labels = read_images(name)
    assert images.shape == (60000, 28, 28) and len(test_images) == 10000
    assert labels[:9].tolist() == train
    assert test_labels[:9].tolist() == test


@pytest.fixture(scope='module')
def drawn_houses():
    """Return the tables of the stand-in, as `load_house_prices` does."""
    return [pd.read_csv(io.BytesIO(x)) for x in drawn('house-prices')]


def test_drawn_houses_have_prices_in_the_training_file_only(drawn_houses):
    train, test = drawn_houses
    assert train.shape == (1460, 81) and test.shape == (1459, 80)
    assert set(train) - set(test) == {'SalePrice'}
    assert [*train['Id'], *test['Id']] == list(range(1, 2920))


def test_drawn_prices_go_up_with_the_columns(drawn_houses):
    train, _ = drawn_houses
    for name in ('GrLivArea', 'OverallQual', 'YearBuilt'):
        r = np.corrcoef(train[name], np.log(train['SalePrice']))[0, 1]
        assert 0.4 < r < 0.9, name


def test_a_stand_in_of_the_houses_is_loaded_and_says_so(
        only_stand_ins, drawn_houses, capsys):
    train, test = utils.load_house_prices()
    assert train.equals(drawn_houses[0]) and test.equals(drawn_houses[1])
    assert capsys.readouterr().out.startswith('STAND-IN DATA: house-prices ')


def test_drawn_houses_are_like_the_real_ones(drawn_houses, real):
    real('house-prices')
    real_houses = utils.load_house_prices()
    for drawn, true in zip(drawn_houses, real_houses, strict=True):
        assert drawn.shape == true.shape and list(drawn) == list(true)
    drawn, true = pd.concat(drawn_houses), pd.concat(real_houses)
    assert (drawn.isna().any() == true.isna().any()).all()
    for name in true:
        if pd.api.types.is_numeric_dtype(true[name]):
            values = true[name].min(), true[name].max()
            assert drawn[name].dropna().between(*values).all(), name
        else:
            assert set(drawn[name]) <= set(true[name]), name


def test_the_real_houses_begin_with_their_known_prices(real):
    real('house-prices')
    train, test = utils.load_house_prices()
    assert train.shape == (1460, 81) and test.shape == (1459, 80)
    assert train['SalePrice'][:5].tolist() == [208500, 181500, 223500,
                                               140000, 250000]


def test_a_drawn_tale_is_loaded_and_says_so(only_stand_ins, capsys):
    tale = utils.load_time_machine()
    assert capsys.readouterr().out.startswith('STAND-IN DATA: time-machine ')
    assert [tale.encode('ascii')] == drawn('time-machine')
    assert len(tale) > 178000 and max(map(len, tale.splitlines())) < 72
    assert not re.search('[A-Z]{3}', tale)  # each blank has its word


def test_a_drawn_tale_has_the_characters_of_the_novel(real):
    real('time-machine')
    novel = utils.load_time_machine()
    tale = drawn('time-machine')[0].decode('ascii')
    assert set(tale.lower()) == set(novel.lower())
    assert set(tale[:10000].lower()) == set(novel[:10000].lower())


def test_the_real_novel_begins_and_ends_as_known(real):
    real('time-machine')
    novel = utils.load_time_machine()
    assert len(novel) == 178979
    assert novel.startswith('The Time Machine, by H. G. Wells [1898]\n')
    assert novel.endswith('in the heart\nof man.\n')
