"""What the chapters import: loaders, training, pictures and devices.

Gluon's own layers, losses and trainer, and NumPy, say what is right.
"""

import ast
import inspect
import io
import os
import random
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import mxnet as mx
import numpy as np
import pytest
from books import ROOT
from matplotlib import colors, font_manager
from mxnet import autograd, gluon, image, init, nd
from numpy.testing import assert_allclose, assert_array_equal

import utils
import utils_data
import utils_help
import utils_stand_ins
from book.execution import kernel

TWO = [mx.cpu(0), mx.cpu(1)]
LINE = re.compile(
    r'epoch (\d+), loss (\d+\.\d{4}), train accuracy ([01]\.\d{4}), '
    r'test accuracy ([01]\.\d{4}), time \d+\.\d sec'
)


def parameters(net, ctx=TWO[0]):
    return [param.data(ctx) for param in net.collect_params().values()]


def assert_close(left, right, **tolerance):
    """Compare two lists of NDArrays."""
    for a, b in zip(left, right, strict=True):
        assert_allclose(a.asnumpy(), b.asnumpy(), **tolerance)


# Seeds and steps


@pytest.mark.parametrize('draw', [
    pytest.param(lambda: nd.random.normal(shape=8).asnumpy(), id='mxnet'),
    pytest.param(lambda: np.random.normal(size=8), id='numpy'),
    pytest.param(lambda: [random.random() for _ in range(8)], id='python'),
])
def test_a_seed_repeats_the_draws_of(draw):
    utils.set_seed(3)
    first, next_one = list(draw()), list(draw())
    utils.set_seed(3)
    assert list(draw()) == first != next_one
    utils.set_seed(4)
    assert list(draw()) != first


def test_sgd_divided_by_the_batch_size_is_gluons_step_in_place():
    utils.set_seed()
    net = gluon.nn.Dense(1, in_units=3)
    net.initialize(init.Normal(1))
    X, y = nd.random.normal(shape=(10, 3)), nd.random.normal(shape=(10, 1))
    by_hand = [param.copy() for param in parameters(net)]
    for param in by_hand:
        param.attach_grad()
    w, b = by_hand
    trainer = gluon.Trainer(
        net.collect_params(), 'sgd', {'learning_rate': 0.1})
    for _ in range(3):
        with autograd.record():
            l = (nd.dot(X, w.T) + b - y) ** 2 / 2
        l.backward()
        utils.SGD(by_hand, 0.1 / len(X))
        with autograd.record():
            l = gluon.loss.L2Loss()(net(X), y)
        l.backward()
        trainer.step(len(X))
    assert_close(by_hand, parameters(net), rtol=1e-5, atol=1e-6)


# Loaders


def numbered(count=10):
    """Return examples that carry their number, and their number."""
    numbers = np.arange(count, dtype='float32')
    return np.stack([numbers, -numbers], axis=1), numbers


def visited(loader):
    """Return the labels of one epoch in the order in which they come."""
    return [int(y) for _, labels in loader for y in labels.asnumpy()]


@pytest.mark.parametrize('shuffle', [False, True], ids=['in order', 'mixed'])
@pytest.mark.parametrize('batch_size, sizes', [
    (5, [5, 5]), (4, [4, 4, 2]), (20, [10]),
], ids=['no rest', 'a rest', 'one short batch'])
def test_every_example_comes_once_with_its_label_and(batch_size, sizes,
                                                     shuffle):
    loader = utils.DataLoader(numbered(), batch_size, shuffle)
    assert len(loader) == len(sizes)
    for (X, y), size in zip(loader, sizes, strict=True):
        assert X.shape == (size, 2) and y.shape == (size,)
        assert_close(X.T, [y, -y])
    assert sorted(visited(loader)) == list(range(10))
    if not shuffle:
        assert visited(loader) == visited(loader) == list(range(10))


def test_a_loader_that_shuffles_has_another_order_each_epoch():
    utils.set_seed()
    loader = utils.DataLoader(numbered(100), 32, shuffle=True)
    first, second = visited(loader), visited(loader)
    assert list(range(100)) != first != second
    utils.set_seed()
    assert visited(loader) == first


@pytest.mark.parametrize('dataset', [
    pytest.param(lambda X, y: (X, y), id='a pair of numpy arrays'),
    pytest.param(lambda X, y: [nd.array(X), nd.array(y)], id='ndarrays'),
    pytest.param(
        lambda X, y: gluon.data.ArrayDataset(nd.array(X), nd.array(y)),
        id='an array dataset of ndarrays'),
    pytest.param(gluon.data.ArrayDataset, id='an array dataset of numpy'),
])
def test_a_loader_takes(dataset):
    X, y = next(iter(utils.DataLoader(dataset(*numbered()), 4, False)))
    assert isinstance(X, nd.NDArray) and isinstance(y, nd.NDArray)
    assert X.dtype == y.dtype == np.float32
    assert_close([X, y], map(nd.array, [a[:4] for a in numbered()]))


@pytest.mark.parametrize('dtype', ['uint8', 'int32', 'float32', 'float64'])
def test_a_loader_keeps_like_gluons_the_type(dtype):
    X, y = numbered()
    arrays = gluon.data.ArrayDataset(abs(X).astype(dtype), y.astype(dtype))
    ours = next(iter(utils.DataLoader(arrays, 4, shuffle=False)))
    gluons = next(iter(gluon.data.DataLoader(arrays, 4)))
    assert [part.dtype for part in ours] == [part.dtype for part in gluons]
    assert_close(ours, gluons)


NOBODY = gluon.data.DataLoader(gluon.data.ArrayDataset(*numbered(3)), 4,
                               last_batch='discard')


@pytest.mark.parametrize('use, told', [
    (lambda: utils.DataLoader(numbered(0), 4, False), 'no examples'),
    (lambda: utils.evaluate_accuracy([], None), 'are empty'),
    (lambda: utils.evaluate_accuracy(NOBODY, None), "'discard'"),
    (lambda: utils.train(iter([]), [], None, None, None, mx.cpu(), 1),
     'after one epoch'),
], ids=['a loader', 'an empty list', 'too few', 'a generator at its end'])
def test_data_without_an_example_are_told_by(use, told):
    with pytest.raises(ValueError, match=told):
        use()


def test_a_network_that_divides_by_zero_is_told_as_what_it_is():
    with pytest.raises(ZeroDivisionError):
        utils.evaluate_accuracy([numbered()], lambda X: 1 // 0)


def test_a_set_of_images_without_an_image_is_told(tiny_images):
    with pytest.raises(ValueError, match='no examples'):
        utils.load_data_mnist(20, num_test=0)


def test_a_call_that_does_not_fit_is_told_as_by_the_function_itself():
    with pytest.raises(TypeError, match=r'data_iter_random\(\) missing'):
        utils.data_iter_random([1, 2])


def test_a_transform_gets_whole_batches():
    shapes = []

    def transform(data, labels):
        shapes.append(data.shape)
        return data * 10, labels + 1

    loader = utils.DataLoader(numbered(), 4, False, transform)
    X, y = zip(*loader)
    assert shapes == [(4, 2), (4, 2), (2, 2)]
    assert nd.concat(*y, dim=0).asnumpy().tolist() == list(range(1, 11))
    assert_array_equal(nd.concat(*X, dim=0).asnumpy(), 10 * numbered()[0])


# Sets of images


@pytest.fixture
def tiny_images(monkeypatch):
    """Replace the data sets by 50 + 30 random images; returns the arrays."""
    rng = np.random.default_rng(0)
    arrays = []
    for count in (50, 30):
        arrays.append(rng.integers(0, 256, (count, 28, 28), np.uint8))
        arrays.append(rng.integers(0, 10, count, np.int32))
    for array in arrays:
        array.setflags(write=False)
    monkeypatch.setattr(utils_data, 'read_images', lambda *_: arrays)
    return arrays


LOADERS = pytest.mark.parametrize('load', [
    utils.load_data_fashion_mnist, utils.load_data_mnist])


def assert_images(batch, size, side=28):
    """Check what every batch of images promises."""
    X, y = batch
    assert X.shape == (size, 1, side, side) and y.shape == (size,)
    assert X.dtype == y.dtype == np.float32
    assert X.min().asscalar() >= 0 and X.max().asscalar() <= 1
    assert X.max().asscalar() > 0.9
    assert set(y.asnumpy()) <= set(range(10))


@LOADERS
def test_batches_of_images_have_one_channel_and_values_to_1(
        tiny_images, load):
    train, test = load(20)
    assert (len(train), len(test)) == (3, 2)
    for loader, sizes in ((train, [20, 20, 10]), (test, [20, 10])):
        for batch, size in zip(loader, sizes, strict=True):
            assert_images(batch, size)


@LOADERS
def test_only_the_training_set_is_shuffled(tiny_images, load):
    utils.set_seed()
    _, train_labels, test_images, test_labels = tiny_images
    train, test = load(30)
    assert visited(train) != train_labels.tolist()
    assert sorted(visited(train)) == sorted(train_labels)
    assert visited(test) == test_labels.tolist()
    X, _ = next(iter(test))
    assert_allclose(X.asnumpy()[:, 0], test_images / 255, rtol=1e-6)


@pytest.mark.parametrize('loader, name', utils_data.LOADERS.items())
def test_a_loader_reads_from_root_what_the_build_expects(
        monkeypatch, loader, name):
    def find_data(*asked):
        raise LookupError(asked)

    monkeypatch.setattr(utils_data, 'find_data', find_data)
    load = getattr(utils, loader)
    sizes = {'batch_size': 20} if 'batch_size' in str(
        inspect.signature(load)) else {}
    with pytest.raises(LookupError) as asked:
        load(**sizes, root='folder')
    assert asked.value.args == ((name, 'folder'),)
    assert name in utils_data.DATA_SETS


def test_the_build_knows_every_function_that_reads_data():
    readers = {'find_data', 'read_files', 'read_images'}
    functions = list(filter(inspect.isfunction, public(utils)))
    for function in 2 * functions:  # some stand above what they call
        if readers & {*function.__code__.co_names}:
            readers.add(function.__name__)
    declared = utils_data.LOADERS.keys() | {'load_images'}  # any set
    assert readers & {f.__name__ for f in functions} == declared


def test_the_build_can_read_the_loaders_without_an_import():
    table = re.search(r'^LOADERS = (\{.*?\})$',
                      inspect.getsource(utils_data), re.M | re.S)[1]
    assert ast.literal_eval(table) == utils_data.LOADERS


@LOADERS
def test_a_part_of_the_data_is_its_beginning(tiny_images, load):
    _, train_labels, _, test_labels = tiny_images
    train, test = load(20, num_train=25, num_test=5)
    assert sorted(visited(train)) == sorted(train_labels[:25])
    assert visited(test) == test_labels[:5].tolist()


@LOADERS
def test_resize_interpolates_each_image(tiny_images, load):
    """The corners of a picture stay where they are."""
    def stretched(rows):
        places = np.linspace(0, 27, 96)
        return [np.interp(places, np.arange(28), row) for row in rows]

    _, test = load(20, resize=96)
    batch = next(iter(test))
    assert_images(batch, 20, side=96)
    for X, picture in zip(batch[0].asnumpy(), tiny_images[2]):
        expected = np.transpose(stretched(np.transpose(stretched(picture))))
        assert_allclose(X[0], expected / 255, atol=1e-5)


def to_96_pixels(data, label):
    """A transform as readers of the 2017 book write it."""
    data = image.imresize(data, 96, 96)
    return utils.transform_mnist(data, label)


@LOADERS
@pytest.mark.parametrize('transform, side', [
    (utils.transform_mnist, 28), (to_96_pixels, 96)])
def test_a_function_of_one_example_may_stand_for_the_size(
        tiny_images, load, transform, side):
    train, test = load(20, transform)
    assert_images(next(iter(train)), 20, side)
    assert_images(list(test)[-1], 10, side)
    assert visited(test) == tiny_images[3].tolist()
    X, _ = next(iter(test))
    assert_allclose(X.asnumpy().mean(axis=(1, 2, 3)),
                    tiny_images[2][:20].mean(axis=(1, 2)) / 255, atol=0.01)


def test_transform_mnist_puts_the_channel_first():
    picture = np.arange(28 * 28).reshape(28, 28, 1) % 256
    X, y = utils.transform_mnist(
        nd.array(picture, dtype='uint8'), np.int32(7))
    assert X.dtype == y.dtype == np.float32 and y == 7
    assert_allclose(X.asnumpy(), picture.transpose(2, 0, 1) / 255, rtol=1e-6)


@pytest.mark.slow
@LOADERS
def test_the_sets_of_this_machine_arrive_as_promised(load):
    train, test = load(256)
    assert (len(train), len(test)) == (235, 40)
    assert_images(next(iter(train)), 256)
    assert np.bincount(visited(test)).min() > 800
    assert_images(list(test)[-1], 10000 % 256)


# Accuracy


def half_right():
    """Return scores and labels: the first four are right, the rest wrong."""
    scores = nd.array([[0, 1], [1, 0], [0, 1], [1, 0], [0, 1]])
    return scores, nd.array([1, 0, 1, 0, 0])


def test_accuracy_is_the_share_of_the_largest_at_the_label_as_in_mxnet():
    scores, labels = half_right()
    assert utils.accuracy(scores, labels) == pytest.approx(0.8)
    assert utils.accuracy(scores[4:], labels[4:]) == 0
    scores = nd.random.normal(shape=(50, 10))
    labels = nd.array(np.random.randint(0, 10, 50))
    metric = pytest.importorskip(
        'mxnet.metric', reason='needs MXNet itself').Accuracy()
    metric.update(labels, scores)
    assert utils.accuracy(scores, labels) == pytest.approx(metric.get()[1])


@pytest.mark.parametrize('loader', [
    lambda X, y: utils.DataLoader((X, y), 4, False),
    lambda X, y: gluon.data.DataLoader(gluon.data.ArrayDataset(X, y), 4),
    lambda X, y: mx.io.NDArrayIter(X, y, 4),
], ids=['our loader', 'gluons loader', 'a padded iterator'])
@pytest.mark.parametrize('ctx', [
    mx.cpu(), TWO[:1], TWO, [mx.cpu(i) for i in range(6)],
], ids=['one device', 'a list of one', 'two devices', 'six devices'])
def test_each_sample_counts_once_with(loader, ctx):
    data = loader(*half_right())
    for _ in range(2):  # an iterator is reset
        found = utils.evaluate_accuracy(data, lambda inputs: inputs, ctx)
        assert found == pytest.approx(0.8)  # the batches: 1 and 0


def test_a_network_is_evaluated_on_its_own_devices():
    net = gluon.nn.Dense(2, in_units=2)
    net.initialize(ctx=TWO)
    scores, labels = half_right()
    loader = utils.DataLoader((scores, labels), 4, shuffle=False)
    assert utils.evaluate_accuracy(loader, net, TWO) == pytest.approx(
        utils.accuracy(net(scores), labels))


# Parts of a batch


@pytest.mark.parametrize('examples, sizes', [
    (6, [3, 3]), (5, [3, 2]), (1, [1]),
], ids=['even', 'uneven', 'too few'])
def test_devices_share_a_batch_that_is(examples, sizes):
    X, y = map(nd.array, numbered(examples))
    parts = utils.split_batch((X, y), TWO)
    assert [len(data) for data, _ in parts] == sizes
    assert [len(label) for _, label in parts] == sizes
    for (data, label), device in zip(parts, TWO):
        assert data.context == label.context == device
    whole = [np.concatenate([a.asnumpy() for a in p]) for p in zip(*parts)]
    for part, array in zip(whole, numbered(examples), strict=True):
        assert_array_equal(part, array)


def test_the_padding_of_an_iterator_is_cut_off():
    last = list(mx.io.NDArrayIter(*numbered(10), 4))[-1]
    ((X, y),) = utils.split_batch(last, TWO[:1])
    assert last.data[0].shape == (4, 2) and X.shape == (2, 2)
    assert y.asnumpy().tolist() == [8, 9]


# Training


def two_clouds(count=40):
    """Return points around two centres, and which centre it is."""
    utils.set_seed()
    labels = np.arange(count) % 2
    points = np.random.normal(size=(count, 2)) + 4 * labels[:, None] - 2
    return nd.array(points), nd.array(labels)


def make_net(ctx=TWO[:1], lr=0.1, **options):
    """Return a small network, always the same, with its trainer."""
    utils.set_seed()
    net = gluon.nn.Sequential()
    net.add(gluon.nn.Dense(4, in_units=2, activation='tanh'),
            gluon.nn.Dense(2, in_units=4))
    net.initialize(init.Normal(0.5), ctx=ctx)
    trainer = gluon.Trainer(
        net.collect_params(), 'sgd', {'learning_rate': lr}, **options)
    return net, trainer


LOSS = gluon.loss.SoftmaxCrossEntropyLoss()


def trained(data, ctx=TWO[:1], num_epochs=3, lr=0.1, **options):
    """Train the small network; return it."""
    net, trainer = make_net(ctx, lr, **options)
    utils.train(data, data, net, LOSS, trainer, ctx, num_epochs)
    return net


def test_training_brings_the_loss_down_and_prints_a_line_each_epoch(capsys):
    trained(utils.DataLoader(two_clouds(), 8, shuffle=True), num_epochs=5)
    lines = capsys.readouterr().out.splitlines()
    fields = [LINE.fullmatch(line).groups() for line in lines]
    assert [int(epoch) for epoch, *_ in fields] == [1, 2, 3, 4, 5]
    losses = [float(loss) for _, loss, _, _ in fields]
    assert losses[-1] < 0.5 * losses[0]
    assert float(fields[-1][3]) > 0.9


def test_the_numbers_of_an_epoch_are_means_over_the_samples(capsys):
    X, y = two_clouds(10)
    net = trained(utils.DataLoader((X, y), 4, False), num_epochs=1, lr=0)
    _, *numbers = LINE.fullmatch(capsys.readouterr().out.strip()).groups()
    acc = utils.accuracy(net(X), y)
    assert [float(number) for number in numbers] == pytest.approx(
        [LOSS(net(X), y).mean().asscalar(), acc, acc], abs=1e-4)


def test_print_batches_reports_within_an_epoch(capsys):
    net, trainer = make_net()
    data = utils.DataLoader(two_clouds(), 8, shuffle=False)  # 5 batches
    utils.train(data, data, net, LOSS, trainer, mx.cpu(), 1, print_batches=2)
    lines = capsys.readouterr().out.splitlines()
    number = r'\d+\.\d{4}'
    batch = re.compile(rf'batch (\d), loss {number}, train accuracy {number}')
    assert [batch.fullmatch(line)[1] for line in lines[:-1]] == ['2', '4']
    assert LINE.fullmatch(lines[-1])


@pytest.mark.parametrize('options', [
    {}, {'update_on_kvstore': False},
], ids=['updated in the store', 'updated on devices'])
@pytest.mark.parametrize('batch_size', [
    10, 7, 13,
], ids=['even', 'uneven', 'a last batch smaller than the devices'])
def test_two_devices_learn_what_one_learns(batch_size, options):
    data = utils.DataLoader(two_clouds(), batch_size, shuffle=False)
    one, two = trained(data), trained(data, TWO, **options)
    for device in TWO:
        assert_close(
            parameters(one), parameters(two, device), rtol=1e-4, atol=1e-6)


def test_the_padding_of_an_iterator_is_not_learned():
    X, y = two_clouds(10)
    ours = trained(utils.DataLoader((X, y), 4, shuffle=False))
    padded = trained(mx.io.NDArrayIter(X, y, 4))
    assert_close(parameters(ours), parameters(padded), rtol=1e-6)


@pytest.mark.parametrize('devices', [TWO[:1], TWO], ids=['one', 'two'])
def test_a_step_returns_sums_and_descends_the_mean_loss(devices):
    net, trainer = make_net(devices)
    X, y = two_clouds(5)
    with autograd.record():
        output = net(X)
        l = LOSS(output, y)
    l.backward()
    expected = [param.data() - 0.1 * param.grad() / 5
                for param in net.collect_params().values()]
    sums = utils.train_batch(
        utils.split_batch((X, y), devices), net, LOSS, trainer)
    correct = (output.argmax(axis=1) == y).sum().asscalar()
    assert sums == pytest.approx((l.sum().asscalar(), correct, 5), rel=1e-5)
    assert_close(parameters(net), expected, rtol=1e-5, atol=1e-6)


def test_an_accumulator_keeps_sums():
    sums = utils.Accumulator(3)
    sums.add(1, 2.5, np.float32(4))
    sums.add(1, 0.5, 0)
    assert [sums[0], sums[1], sums[2]] == [2, 3, 4]
    sums.reset()
    assert [sums[0], sums[1], sums[2]] == [0, 0, 0]


# Pictures


@pytest.fixture
def plt(monkeypatch):
    """Draw into memory; close all figures afterwards."""
    utils.plt.switch_backend('agg')
    monkeypatch.setattr(utils.plt, 'show', lambda: None)
    yield utils.plt
    utils.plt.close('all')


@pytest.mark.parametrize('nrows, ncols, count', [
    (1, 1, 1), (1, 4, 4), (4, 1, 4), (2, 2, 4), (2, 2, 3),
])
def test_images_are_shown_in_a_grid_with_empty_places(plt, nrows, ncols,
                                                      count):
    imgs = np.random.rand(count, 6, 8)
    utils.show_images(imgs, nrows, ncols, figsize=(2, 2))
    (number,) = plt.get_fignums()
    axes = plt.figure(number).axes
    assert plt.gcf().get_size_inches().tolist() == [2, 2]
    assert axes[-1].get_subplotspec().get_geometry()[:2] == (nrows, ncols)
    shown = [axis.images[0].get_array() for axis in axes if axis.images]
    assert_array_equal(shown, imgs)
    assert not any(axis.images for axis in axes[count:])


@pytest.mark.parametrize('shape', [
    (3, 6, 8), (3, 1, 6, 8), (3, 6, 8, 1),
], ids=['no channel', 'the channel first', 'the channel last'])
@pytest.mark.parametrize('array', [
    nd.array, np.array, list, lambda imgs: [*map(nd.array, imgs)],
], ids=['ndarray', 'numpy', 'list of numpy', 'list of ndarrays'])
def test_images_are_shown_with(plt, array, shape):
    imgs = np.random.rand(*shape).astype('float32')
    utils.show_images(array(imgs), 1, 3, titles=['a', 'b', 'c'])
    axes = plt.gcf().axes
    assert [axis.get_title() for axis in axes] == ['a', 'b', 'c']
    for axis, picture in zip(axes, imgs, strict=True):
        assert_array_equal(axis.images[0].get_array(), picture.squeeze())


def test_labels_have_names():
    assert utils.get_text_labels([0, 9.0]) == ['t-shirt', 'ankle boot']
    assert utils.get_text_labels(nd.array([8])) == ['bag']
    assert len(set(utils.get_text_labels(np.arange(10)))) == 10


@pytest.fixture
def displays(plt, monkeypatch):
    """Collect what Jupyter would show: ['shown' or 'updated', ...]."""
    events = []

    class Handle:
        def update(self, figure):
            figure.canvas.draw()
            events.append('updated')

    def show(figure, display_id):
        events.append('shown')
        return Handle() if display_id else None

    monkeypatch.setattr(utils.display, 'display', show)
    return events


def curves(animator):
    """Return the points of each curve in the picture."""
    return [line.get_xydata().tolist() for axis in animator.axes
            for line in axis.lines if len(line.get_xdata())]


def test_a_growing_picture_is_shown_once_and_then_updated(displays, plt):
    animator = utils.Animator('epoch', 'loss', ['train', 'test'])
    for x in (1, 2, 3):
        animator.add(x, [1 / x, 2 / x])
    assert displays == ['shown', 'updated', 'updated', 'updated']
    assert plt.get_fignums() == []  # nothing to draw at the cell's end
    assert curves(animator) == [[[1, 1], [2, 1 / 2], [3, 1 / 3]],
                                [[1, 2], [2, 1], [3, 2 / 3]]]
    [axis] = animator.axes
    assert {text.get_text(): text.get_color() for text in axis.texts} == {
        line.get_label(): line.get_color() for line in axis.lines}


def lightness(colour):
    """Return how light a colour is: 0 is black, 100 white (CIE 1976)."""
    shares = np.array([0.2126, 0.7152, 0.0722])
    rgb = np.array(colors.to_rgb(colour))
    linear = np.where(rgb > 0.04045, ((rgb + 0.055) / 1.055) ** 2.4,
                      rgb / 12.92)
    return 116 * (linear @ shares) ** (1 / 3) - 16


def test_four_curves_can_be_told_apart_in_grey():
    greys = sorted(map(lightness, utils_help.COLOURS[:4]))
    assert np.diff(greys).min() > 9
    assert greys[-1] < 65  # seen on white paper


def test_names_of_curves_keep_apart_and_within_the_picture():
    places = {'a': 0.99, 'b': 1, 'c': 0.3, 'd': -2, 'e': 0.31}
    found = utils_help.apart(places, gap=0.1)
    assert found == pytest.approx(
        {'a': 0.9, 'b': 1, 'c': 0.3, 'd': 0, 'e': 0.4})


@pytest.mark.filterwarnings('error')
@pytest.mark.parametrize('legend, values, expected', [
    pytest.param(['each batch', 'each epoch'], [(3, None), (0, 5)],
                 [[[1, 3], [2, 0]], [[2, 5]]], id='no point for None'),
    pytest.param(['a', 'b'], [(None, None)], [], id='no curve for only None'),
    pytest.param(None, [2], [[[1, 2]]], id='one curve for a number'),
    pytest.param(None, [np.float32(2)], [[[1, 2]]], id='one for a float32'),
    pytest.param(None, [[2]], [[[1, 2]]], id='one for a list of one'),
    pytest.param(None, [range(10)], [[[1, y]] for y in range(10)],
                 id='ten curves without names'),
])
def test_a_picture_has(displays, legend, values, expected):
    animator = utils.Animator(legend=legend)
    for x, y in enumerate(values, 1):
        animator.add(x, y)
    assert curves(animator) == expected


@pytest.mark.parametrize('xs', [(1, 10), (0.1, 1)], ids=['whole', 'broken'])
@pytest.mark.parametrize('scale', ['linear', 'log'])
@pytest.mark.parametrize('name', ['xscale', 'yscale'])
def test_an_axis_keeps_its_scale_and_limits(displays, name, scale, xs):
    animator = utils.Animator(xlim=(0.5, 20), ylim=(1, 9), **{name: scale})
    for x in xs:
        animator.add(x, 2)
    [axis] = animator.axes
    assert getattr(axis, f'get_{name}')() == scale
    assert axis.get_xlim() == (0.5, 20)
    assert axis.get_ylim() == (1, 9)


def test_epochs_are_marked_by_whole_numbers(displays):
    animator = utils.Animator()
    for epoch in (1, 2):
        animator.add(epoch, 1)
    assert all(tick.is_integer() for axis in animator.axes
               for tick in axis.get_xticks())


def test_loss_and_accuracy_have_a_panel_each(displays):
    animator = utils.Animator(
        xlabel='epoch', ylabel=['loss', 'accuracy'], ylim=[None, (0, 1)],
        legend=[['train'], ['train', 'test']])
    animator.add(1, [2, 0.5, 0.4])
    animator.add(2, [1, 0.6, None])
    loss, share = animator.axes
    assert curves(animator) == [[[1, 2], [2, 1]], [[1, 0.5], [2, 0.6]],
                                [[1, 0.4]]]
    assert [len(axis.lines) for axis in (loss, share)] == [1, 2]
    assert [axis.get_ylabel() for axis in (loss, share)] == [
        'loss', 'accuracy']
    assert loss.get_ylim() != share.get_ylim() == (0, 1)


def drawn(plt, label):
    """Return a picture with a label, as SVG."""
    file = io.StringIO()
    figure, axis = plt.subplots()
    axis.plot([-1, 1])
    axis.set(xlabel=label, title=label)
    with plt.rc_context({'svg.fonttype': 'path'}):
        figure.savefig(file, format='svg', metadata={'Date': None})
    return file.getvalue()


@pytest.mark.filterwarnings('error')
def test_chinese_is_drawn_where_a_font_is_installed_and_latin_as_ever(plt):
    fonts = utils_help.chinese_fonts(font_manager)
    if not fonts:
        pytest.skip('no Chinese font is installed')
    name = font_manager.get_font(font_manager.findfont(fonts[0]))
    assert name.postscript_name in drawn(plt, '训练 −1')
    latin = drawn(plt, 'epoch é −1')
    with plt.rc_context({'font.family': ['sans-serif']}):
        assert drawn(plt, 'epoch é −1') == latin


@pytest.mark.parametrize('listed, expected', [
    (['DejaVu Sans', 'SimHei'], ['SimHei']), (['DejaVu Sans'], ['SimSun'])],
    ids=['listed', 'newer than the list'])
def test_only_fonts_that_are_installed_are_asked_for(listed, expected):
    """A font that is named and missing brings a warning for each text."""
    fonts = [SimpleNamespace(name=x, fname=f'/{x}.ttf') for x in listed]
    manager = SimpleNamespace(
        findSystemFonts=lambda: [f'/{listed[0]}.ttf', '/simsun.ttc'],
        fontManager=SimpleNamespace(
            ttflist=fonts, addfont=lambda path: fonts.append(
                SimpleNamespace(name={'/simsun.ttc': 'SimSun'}[path]))))
    assert utils_help.chinese_fonts(manager) == expected


# Names of old notebooks


@pytest.mark.parametrize('name', utils_help.OLD_NAMES)
def test_an_old_name_is_told_what_it_is_called_and_where_it_is_built(name):
    assert name not in vars(utils)
    with pytest.raises(AttributeError) as told:
        getattr(utils, name)
    here, chapter = utils_help.OLD_NAMES[name]
    assert str(told.value).count('\n') == 0
    assert f'no {name} any more: write {here}' in str(told.value)
    assert chapter in str(told.value)
    assert not chapter or (ROOT / f'chapters/en/{chapter}.md').is_file()
    for attribute in re.findall(r'utils\.(\w+)', here):
        assert attribute in vars(utils)


def test_a_name_that_never_was_is_told_where_the_names_are():
    with pytest.raises(AttributeError, match='no sdg; appendix/utils-api'):
        utils.sdg  # noqa: B018
    assert not hasattr(utils, '__path__')
    assert (ROOT / 'chapters/en/appendix/utils-api.md').is_file()


# Devices, threads and the import itself


def without_gpu_in(build):
    """Return the features of a build on a machine without a GPU."""

    class Features:
        def is_enabled(self, name):
            return build == 'GPU' and name == 'CUDA'

    return Features


@pytest.mark.skipif(mx.context.num_gpus() > 0, reason='there is a GPU')
@pytest.mark.parametrize('build', ['CPU', 'GPU'])
def test_without_a_gpu_the_device_is_the_cpu_for_a_build(monkeypatch, build):
    monkeypatch.setattr(mx.runtime, 'Features', without_gpu_in(build))
    assert utils.try_gpu() == mx.cpu()
    assert utils.try_all_gpus() == [mx.cpu()]


def test_all_gpus_are_found_up_to_sixteen(monkeypatch):
    monkeypatch.setattr(mx.runtime, 'Features', without_gpu_in('GPU'))
    monkeypatch.setattr(utils.nd, 'zeros', lambda *args, ctx: nd.array([0]))
    assert utils.try_gpu() == mx.gpu(0)
    assert utils.try_all_gpus() == [mx.gpu(i) for i in range(16)]


@pytest.mark.parametrize('ctx, variable, full', [
    (mx.cpu(), '', False), (mx.cpu(), '0', False), (mx.cpu(), '1', True),
    (mx.gpu(), '', True),
], ids=['CPU', 'CPU, BOOK_FULL=0', 'CPU, BOOK_FULL=1', 'GPU'])
def test_a_heavy_network_trains_in_full_on(monkeypatch, ctx, variable, full):
    monkeypatch.setenv('BOOK_FULL', variable)
    assert utils.is_full_run(ctx) == full


# The residual network


def random_images(*shape):
    utils.set_seed(0)
    return nd.random.normal(shape=shape)


def initialized(net):
    net.initialize()
    return net


@pytest.mark.parametrize('block, shape', [
    (lambda: utils.Residual(3), (2, 3, 7, 6)),
    (lambda: utils.Residual(5, same_shape=False), (2, 5, 4, 3)),
    (lambda: utils.resnet18(10), (2, 10)),
], ids=['kept', 'halved', 'all blocks'])
def test_the_shape_of_a_residual_output_is(block, shape):
    net = initialized(block())
    assert net(random_images(2, 3, 7, 6)).shape == shape


def test_a_residual_block_adds_its_input_and_keeps_its_channels():
    block = initialized(utils.Residual(3))
    X = random_images(2, 3, 6, 6)
    block(X)
    block.norm2.gamma.set_data(nd.zeros(3))
    assert_close([block(X)], [nd.relu(X)])
    with pytest.raises(mx.base.MXNetError):
        initialized(utils.Residual(4))(X).wait_to_read()


def test_the_residual_network_has_eighteen_layers_with_weights():
    net = utils.resnet18(10)
    shortcuts = [child for child in net
                 if isinstance(child, utils.Residual) and child.shortcut]
    assert len(shortcuts) == 3
    assert len(net.collect_params('.*weight').keys()) == 18 + len(shortcuts)


def test_a_hybridized_residual_network_computes_the_same():
    net = initialized(utils.resnet18(10))
    X = random_images(2, 1, 28, 28)
    before = net(X)
    net.hybridize()
    assert_close([net(X)], [before], rtol=1e-4, atol=1e-5)


def fresh_python(code, **variables):
    """Run code in a new process; return what it printed, errors too."""
    env = {k: v for k, v in os.environ.items() if 'OMP_' not in k}
    return subprocess.run(
        [sys.executable, '-c', code], env=env | variables, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True).stdout


NO_CHANGE = """
import os, sys
before, modules = dict(os.environ), {*sys.modules}
import utils_data
print(os.environ == before, {x.split('.')[0] for x in
      {*sys.modules} - modules} - {*sys.stdlib_module_names})"""


def test_the_data_sets_need_no_package_and_set_nothing():
    assert fresh_python(NO_CHANGE) == "True {'utils_data'}\n"


def test_without_its_other_file_utils_says_what_to_do(tmp_path):
    shutil.copy(utils.__file__, tmp_path)
    done = subprocess.run([sys.executable, '-IS', tmp_path / 'utils.py'],
                          text=True, capture_output=True)
    assert 'Copy utils_data.py into this' in done.stderr


THREADS = """
import os, utils
for name in 'OMP_NUM_THREADS', 'OMP_WAIT_POLICY', 'GOMP_SPINCOUNT':
    print(os.environ.get(name), end=' ')"""


def test_mxnet_gets_a_thread_for_each_core_unless_a_user_says_otherwise():
    """On Linux, threads wait awake for a moment; other systems differ."""
    awake = 'active 3000' if sys.platform == 'linux' else ''
    assert fresh_python(THREADS).startswith(
        f'{utils.physical_cores()} {awake}')
    assert 1 <= utils.physical_cores() <= os.cpu_count()
    told = {'OMP_NUM_THREADS': '7', 'OMP_WAIT_POLICY': 'passive'}
    asleep = awake.replace('active', 'passive')
    assert fresh_python(THREADS, **told).startswith(f'7 {asleep}')


PROBE = """
import os, utils
def test_threads():
    assert os.environ['OMP_NUM_THREADS'] == '{}'
"""


@pytest.mark.slow
def test_two_workers_of_a_test_run_share_the_cores(tmp_path):
    probe = tmp_path / 'test_probe.py'
    probe.write_text(PROBE.format(kernel.threads(2)))
    env = {k: v for k, v in os.environ.items()
           if k != 'OMP_NUM_THREADS' and 'XDIST' not in k}
    command = [sys.executable, '-m', 'pytest', '-p', 'conftest', '-n', '2']
    run = subprocess.run([*command, str(probe)], text=True,
                         env=env | {'PYTHONPATH': 'tests'},
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert run.returncode == 0, run.stdout


OFFLINE = """
import sys

def forbid(event, arguments):
    if event in ('socket.connect', 'socket.getaddrinfo'):
        raise RuntimeError(f'{event} {arguments}')

sys.addaudithook(forbid)
import utils
from book.execution import kernel
"""


def test_the_import_prints_downloads_and_writes_nothing(tmp_path):
    assert fresh_python(OFFLINE, BOOK_DATA=str(tmp_path)) == ''
    assert list(tmp_path.iterdir()) == []


def public(owner):
    """Return the functions and classes that a module or class defines."""
    return [
        value
        for name, value in vars(owner).items()
        if (inspect.isfunction(value) or inspect.isclass(value))
        and value.__module__ == getattr(owner, '__module__', owner.__name__)
        and not name.startswith('_')
    ]


def test_every_public_function_says_what_it_does():
    found = [*public(utils), *public(utils_data), *public(utils_help),
             *public(utils_stand_ins)]
    found += [m for c in found if inspect.isclass(c) for m in public(c)]
    assert len(found) > 20
    assert [f.__qualname__ for f in found if not f.__doc__] == []


def test_all_that_finds_data_is_in_utils_as_well():
    assert all(getattr(utils, f.__name__) is f for f in public(utils_data))
    assert utils.DATA_SETS is utils_data.DATA_SETS
