"""gluon.data: data sets, orders, loaders, pictures."""

import gzip
import hashlib
import http.server
import itertools
import random
import threading
import time

import mxnet as mx
import numpy as np
import pytest
from mxnet import nd
from mxnet.gluon import data as gdata
from mxnet.gluon.data.vision import (
    MNIST,
    FashionMNIST,
    ImageFolderDataset,
    datasets,
    transforms,
)

X, Y = nd.arange(10).reshape((5, 2)), nd.arange(5)


def test_examples_by_number():
    dataset = gdata.ArrayDataset(X, Y)
    assert len(dataset) == 5
    x, y = dataset[1]
    assert x.asnumpy().tolist() == [2, 3] and y == 1
    assert not isinstance(y, nd.NDArray)  # one axis: NumPy's numbers
    with pytest.raises(AssertionError, match=r'\[5, 4\]'):
        gdata.ArrayDataset(X, Y[:4])


def test_sets_made_from_one():
    dataset = gdata.SimpleDataset(range(10))
    assert list(dataset.transform(lambda x: x * x))[3] == 9
    pairs = gdata.ArrayDataset([1, 2], [3, 4])
    assert list(pairs.transform(lambda x, y: x * y)) == [3, 8]
    assert list(pairs.transform_first(lambda x: -x)) == [(-1, 3), (-2, 4)]


def test_transform_now_or_later():
    calls = []
    dataset = gdata.SimpleDataset([1, 2])
    dataset.transform(calls.append)
    assert not calls
    dataset.transform(calls.append, lazy=False)
    assert calls == [1, 2]


@pytest.mark.parametrize('last_batch, epochs, count', [
    ('keep', [[[0, 1], [2, 3], [4]]] * 2, 3),
    ('discard', [[[0, 1], [2, 3]]] * 2, 2)])
def test_last_batch(last_batch, epochs, count):
    sampler = gdata.BatchSampler(gdata.SequentialSampler(5), 2, last_batch)
    assert len(sampler) == count
    assert [list(sampler) for _ in epochs] == epochs


def test_shuffling_is_numpys():
    np.random.seed(1)
    found = list(gdata.RandomSampler(9))
    np.random.seed(1)
    assert sorted(found) == list(range(9))
    assert found == np.random.permutation(9).tolist()


def test_loader():
    loader = gdata.DataLoader(gdata.ArrayDataset(X, Y), 2)
    assert len(loader) == 3
    (x, y), *_, (last, _) = loader
    assert x.shape == (2, 2) and y.asnumpy().tolist() == [0, 1]
    assert last.shape == (1, 2)


def test_types_of_batches():
    def batch(data):
        return next(iter(gdata.DataLoader(data, 2)))

    assert batch([1, 2]).dtype == np.int64
    assert batch([1.0, 2]).dtype == np.float64
    assert batch([np.float32(1), np.float32(2)]).dtype == np.float32
    assert batch([[1, 2], [3, 4]]).shape == (2, 2)
    assert isinstance(batch([(1, 2), (3, 4)]), list)


def test_workers_return_the_same():
    loader = gdata.DataLoader(gdata.ArrayDataset(X, Y), 2, num_workers=2)
    for _ in range(2):
        found = [y.asnumpy().tolist() for _, y in loader]
        assert found == [[0, 1], [2, 3], [4]]


def test_own_orders():
    dataset = gdata.ArrayDataset(X, Y)
    loader = gdata.DataLoader(dataset, 2, sampler=[4, 0, 2])
    assert [y.asnumpy().tolist() for _, y in loader] == [[4, 0], [2]]
    loader = gdata.DataLoader(dataset, batch_sampler=[[4, 0, 2], [1]])
    assert [y.asnumpy().tolist() for _, y in loader] == [[4, 0, 2], [1]]


@pytest.mark.parametrize('arguments, error', [
    ({}, ValueError),
    ({'batch_size': 2, 'shuffle': True,
      'sampler': gdata.SequentialSampler(3)}, ValueError),
    ({'batch_size': 2, 'batch_sampler': [[0]]}, ValueError),
    ({'batch_size': 2, 'last_batch': 'burn'}, ValueError),
    ({'batch_sampler': [[0]], 'shuffle': True}, ValueError),
    ({'batch_size': 2, 'workers': 2}, TypeError)])
def test_arguments_that_do_not_fit(arguments, error):
    with pytest.raises(error):
        gdata.DataLoader(gdata.ArrayDataset(X), **arguments)


# Pictures

PICTURE = nd.array(np.arange(24).reshape(2, 4, 3), dtype='uint8')


def test_to_tensor():
    y = transforms.ToTensor()(PICTURE)
    assert y.shape == (3, 2, 4) and y.dtype == np.float32
    np.testing.assert_allclose(
        y.asnumpy(), PICTURE.asnumpy().transpose(2, 0, 1) / 255, 1e-6)
    assert transforms.ToTensor()(PICTURE.expand_dims(0)).shape == (1, 3, 2, 4)
    with pytest.raises(mx.MXNetError):
        transforms.ToTensor()(PICTURE.reshape((2, 12)))


def test_normalize():
    x = nd.ones((3, 2, 2))
    y = transforms.Normalize((1, 2, 3), (1, 2, 4))(x).asnumpy()
    assert y[:, 0, 0].tolist() == [0, -0.5, -0.5]
    y = transforms.Normalize(0.5, 2)(x).asnumpy()
    assert y[:, 0, 0].tolist() == [0.25] * 3
    with pytest.raises(mx.MXNetError):
        transforms.Normalize((1, 2))(x)


def test_resize():
    assert transforms.Resize((3, 5))(PICTURE).shape == (5, 3, 3)
    assert transforms.Resize(4)(PICTURE).shape == (4, 4, 3)


def test_imresize_blends():
    mxnets = [[[0, 1, 2], [5, 6, 7], [9, 10, 11]],
              [[12, 13, 14], [17, 18, 19], [21, 22, 23]]]
    y = mx.image.imresize(PICTURE, 3, 2)
    assert y.dtype == np.uint8
    np.testing.assert_allclose(y.asnumpy(), mxnets, atol=1)
    y = mx.image.imresize(PICTURE.astype('float32'), 2, 1).asnumpy()
    np.testing.assert_allclose(y[0, :, 0], [7.5, 13.5])


def test_compose():
    chain = transforms.Compose([transforms.Resize(4), transforms.ToTensor(),
                                transforms.Normalize(0.5, 0.5)])
    assert chain(PICTURE).shape == (3, 4, 4)
    dataset = gdata.ArrayDataset(PICTURE.expand_dims(0), [1])
    x, y = dataset.transform_first(chain)[0]
    assert x.shape == (3, 4, 4) and y == 1


def test_middles():
    column = nd.arange(4).reshape((1, 4, 1)).tile((2, 1, 3))
    assert transforms.CenterCrop(2)(column)[0, :, 0].asnumpy().tolist() == [
        1, 2]
    assert transforms.CenterCrop((2, 1))(PICTURE).shape == (1, 2, 3)
    assert transforms.CenterCrop(6)(PICTURE).shape == (6, 6, 3)


def test_pieces_are_those_of_mxnet():
    x = nd.arange(100).reshape((10, 10, 1))
    random.seed(0)
    y = transforms.RandomResizedCrop(8, (0.6, 0.7), (1, 1))(x)
    assert y.shape == (8, 8, 1)
    assert y.asnumpy()[[0, -1], [0, -1], 0].tolist() == [1, 78]
    y = transforms.RandomResizedCrop((3, 5), (9, 9))(x)  # never fits
    assert y.shape == (5, 3, 1)
    assert y[[0, -1], 1, 0].asnumpy().tolist() == [24, 64]


@pytest.mark.parametrize('flip, axis', [
    (transforms.RandomFlipLeftRight(), 1),
    (transforms.RandomFlipTopBottom(), 0)])
def test_flips(flip, axis):
    x = PICTURE.asnumpy()
    random.seed(1)
    found = [flip(PICTURE).asnumpy() for _ in range(100)]
    turned = [(y == np.flip(x, axis)).all() for y in found]
    assert 30 < sum(turned) < 70
    assert all((y == x).all() for y, t in zip(found, turned) if not t)


# Folders

@pytest.fixture
def folder(tmp_path):
    """Write a picture of each of two classes, and what is none."""
    Image = pytest.importorskip('PIL.Image')
    for name, grey in ('cat', 7), ('ant', 9):
        (tmp_path / name).mkdir()
        Image.new('L', (3, 2), grey).save(tmp_path / name / 'a.PNG')
    Image.new('RGBA', (3, 2), (255, 0, 0, 0)).save(
        tmp_path / 'cat' / 'b.png')
    (tmp_path / 'cat' / 'notes.txt').write_text('not a picture')
    (tmp_path / 'notes.txt').write_text('not a folder')
    return tmp_path


def test_pictures_in_folders(folder):
    with pytest.warns(UserWarning, match=r'notes\.txt is no') as found:
        dataset = ImageFolderDataset(str(folder), flag=0)
    assert len(found) == 2
    assert dataset.synsets == ['ant', 'cat'] and len(dataset) == 3
    assert dataset.items[0] == (str(folder / 'ant' / 'a.PNG'), 0)
    x, y = dataset[1]
    assert x.shape == (2, 3, 1) and x.dtype == np.uint8 and y == 1
    assert (x == 7).asnumpy().all()
    assert dataset[2][0][0, 0, 0].asscalar() == 76  # 0.299 of the red


@pytest.mark.filterwarnings('ignore:.*notes')
def test_pictures_have_three_channels_unless_told(folder):
    x, y = ImageFolderDataset(str(folder), transform=lambda x, y: (x, -y))[2]
    assert x[0, 0].asnumpy().tolist() == [255, 0, 0] and y == -1


def test_no_picture(folder):
    with pytest.raises(mx.MXNetError, match='imread'):
        mx.image.imread(str(folder / 'cat' / 'notes.txt'))
    with pytest.raises(mx.MXNetError, match='imread'):
        mx.image.imread(str(folder / 'missing.png'))


# Files

@pytest.fixture(scope='module')
def files(tmp_path_factory):
    """Write files in MNIST's form: picture i is grey i, its label i % 10."""
    folder = tmp_path_factory.mktemp('mnist')
    for part, count in ('train', 60000), ('t10k', 10000):
        grey = (np.arange(count) % 256).astype(np.uint8)
        with gzip.open(folder / f'{part}-images-idx3-ubyte.gz', 'wb',
                       1) as file:
            file.write(b'.' * 16 + grey.repeat(784).tobytes())
        with gzip.open(folder / f'{part}-labels-idx1-ubyte.gz',
                       'wb') as file:
            file.write(b'.' * 8 + (grey % 10).tobytes())
    return folder


def test_mnist(files):
    dataset = MNIST(root=str(files), train=False)
    assert len(dataset) == 10000
    picture, label = dataset[13]
    assert picture.shape == (28, 28, 1) and picture.dtype == np.uint8
    assert (picture == 13).asnumpy().all()
    assert label == 3 and label.dtype == np.int32
    pictures, labels = dataset[3:5]
    assert pictures.shape == (2, 28, 28, 1) and labels.tolist() == [3, 4]


def test_transform_of_2017(files):
    def transform(data, label):
        return data.astype(np.float32) / 255, label.astype(np.float32)

    dataset = FashionMNIST(root=str(files), train=False, transform=transform)
    x, y = next(iter(gdata.DataLoader(dataset, 4)))
    assert x.shape == (4, 28, 28, 1) and x.dtype == np.float32
    assert y.asnumpy().tolist() == [0, 1, 2, 3]


def test_files_that_are_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(MNIST, '_address', (tmp_path / 'no').as_uri())
    with pytest.raises(mx.MXNetError, match='root='):
        MNIST(root=str(tmp_path), train=False)
    (tmp_path / 't10k-labels-idx1-ubyte.gz').write_bytes(b'half of a file')
    with pytest.raises(mx.MXNetError, match='not whole'):
        MNIST(root=str(tmp_path), train=False)


def test_files_are_fetched(files, tmp_path, monkeypatch):
    monkeypatch.setattr(MNIST, '_address', files.as_uri() + '/')
    monkeypatch.setattr(MNIST, '_sums', {
        x.name: hashlib.sha256(gzip.decompress(x.read_bytes())).hexdigest()
        for x in files.glob('t10k-*')})
    assert len(MNIST(root=str(tmp_path / 'new' / 'folder'), train=False))


def test_get_mnist(files, monkeypatch):
    monkeypatch.setattr(MNIST.__init__, '__defaults__',
                        (str(files), True, None))
    found = mx.test_utils.get_mnist()
    assert found['train_data'].shape == (60000, 1, 28, 28)
    assert found['test_data'].max() == 1 and found['test_label'][12] == 2


# What a server sends

class Server(http.server.BaseHTTPRequestHandler):
    """Sends what `body` yields, or the small file that is wanted."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        for piece in self.server.body:
            self.wfile.write(piece)
            self.server.sent += len(piece)

    def log_message(self, *words):
        pass


@pytest.fixture
def server(monkeypatch):
    """Return a server that has all files of MNIST, as `body` says."""
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Server) as web:
        web.sent, web.handle_error = 0, lambda *words: None
        monkeypatch.setenv('NO_PROXY', '*')
        monkeypatch.setattr(MNIST, '_address',
                            f'http://127.0.0.1:{web.server_port}/')
        threading.Thread(target=web.serve_forever, args=(0.02,),
                         daemon=True).start()
        yield web
        web.shutdown()


LABELS = 't10k-labels-idx1-ubyte.gz'
SIZE = 10008  # bytes, unpacked


@pytest.mark.parametrize('body, problem', [
    pytest.param(itertools.repeat(bytes(2 ** 16)), 'too long', id='no end'),
    pytest.param([gzip.compress(bytes(2 ** 23))], 'not 10008 bytes',
                 id='a bomb'),
    pytest.param([gzip.compress(bytes(SIZE))], 'another', id='other content'),
    pytest.param([b'<html>'], 'gzip', id='a page')])
def test_a_file_is_not_taken_from_a_server_that_sends(tmp_path, server, body,
                                                      problem):
    server.body = body
    with pytest.raises(mx.MXNetError, match=problem):
        MNIST(root=str(tmp_path), train=False)
    assert list(tmp_path.iterdir()) == []
    assert server.sent < 2 ** 24


def test_a_body_that_drips_is_not_waited_for(tmp_path, server, monkeypatch):
    def drops():
        while True:
            time.sleep(0.05)
            yield b'.'

    monkeypatch.setattr(datasets, 'PATIENCE', 0.3)
    server.body = drops()
    with pytest.raises(mx.MXNetError, match='too slowly'):
        MNIST(root=str(tmp_path), train=False)


def test_a_file_with_the_right_content_is_kept(tmp_path, server, monkeypatch):
    content = bytes(8) + bytes(range(10)) * 1000
    packed = gzip.compress(content)
    monkeypatch.setitem(MNIST._sums, LABELS,
                        hashlib.sha256(content).hexdigest())
    server.body = [packed]
    with pytest.raises(mx.MXNetError, match='images'):  # not these bytes
        MNIST(root=str(tmp_path), train=False)
    assert (tmp_path / LABELS).read_bytes() == packed
    assert [x.name for x in tmp_path.iterdir()] == [LABELS]
