"""Helpers that the chapters share, in the order in which they first appear.

A function whose docstring says `Built in PART/SLUG` is derived there line by
line; the code here is the same. Importing this module reads no data and
starts no download.
"""

import functools
import gzip
import hashlib
import io
import os
import random
import re
import sys
import tempfile
import textwrap
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


def physical_cores():
    """Return how many processor cores this process may use.

    Two hardware threads of one core count once: a second thread on the same
    core makes matrix products slower. The quota of a container counts, too.
    """
    if not hasattr(os, 'sched_getaffinity'):  # macOS and Windows
        return max(1, (os.cpu_count() or 1) // 2)
    cores = {core_of(cpu) for cpu in os.sched_getaffinity(0)}
    try:
        limit, period = Path('/sys/fs/cgroup/cpu.max').read_text().split()
        return max(1, min(len(cores), int(limit) // int(period)))
    except (OSError, ValueError):  # no container, or no limit
        return len(cores)


def core_of(cpu):
    """Return what identifies the core that a hardware thread belongs to."""
    folder = Path(f'/sys/devices/system/cpu/cpu{cpu}/topology')
    try:
        return ((folder / 'physical_package_id').read_text(),
                (folder / 'core_id').read_text())
    except OSError:
        return cpu


# MXNet reads these once, while it is imported. A user's setting is kept.
os.environ.setdefault('OMP_NUM_THREADS', str(physical_cores()))
if sys.platform == 'linux':  # between two operations threads stay awake ...
    os.environ.setdefault('OMP_WAIT_POLICY', 'active')
    os.environ.setdefault('GOMP_SPINCOUNT', '3000')  # ... but not for long

import matplotlib.pyplot as plt  # noqa: E402
import mxnet as mx  # noqa: E402
import numpy as np  # noqa: E402
import requests  # noqa: E402
from filelock import FileLock  # noqa: E402
from IPython import display, get_ipython  # noqa: E402
from matplotlib_inline import backend_inline  # noqa: E402
from mxnet import autograd, gluon, nd  # noqa: E402
from mxnet.gluon import nn  # noqa: E402
from tqdm import tqdm  # noqa: E402

plt.rcParams.update({'figure.figsize': (3.5, 2.5), 'svg.hashsalt': 'book'})
if get_ipython() is not None:
    backend_inline.set_matplotlib_formats('svg')  # sharp at every size


# Crash course

def set_seed(seed=0):
    """Make the random numbers of MXNet, NumPy and Python repeatable."""
    random.seed(seed)
    np.random.seed(seed)
    mx.random.seed(seed)


# Supervised learning

def SGD(params, lr):
    """Take one step of gradient descent, in place.

    params: arrays with gradients attached; lr: the step size. The gradient
    of a summed loss grows with the batch: divide `lr` by the batch size.
    Built in supervised-learning/linear-regression-scratch.
    """
    for param in params:
        param[:] = param - lr * param.grad


class DataLoader:
    """Cut whole arrays into batches.

    dataset: a pair (data, labels) of arrays with one example per row, or a
    Gluon dataset; transform: called as `transform(data, labels)` on the
    arrays of each batch. Every example is used: the last batch is shorter
    when `batch_size` does not divide their number.
    """

    def __init__(self, dataset, batch_size, shuffle, transform=None):
        self.data, self.labels = (as_numpy(part) for part in dataset[:])
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.transform = transform

    def __len__(self):
        return -(-len(self.labels) // self.batch_size)  # rounded up

    def __iter__(self):
        count = len(self.labels)
        order = np.random.permutation(count) if self.shuffle else None
        for start in range(0, count, self.batch_size):
            rows = slice(start, start + self.batch_size)
            yield self.batch(rows if order is None else order[rows])

    def batch(self, rows):
        """Return the data and the labels of some rows, transformed."""
        data, labels = (nd.array(part[rows], dtype=part.dtype)
                        for part in (self.data, self.labels))
        if self.transform is not None:
            data, labels = self.transform(data, labels)
        return data, labels


def as_numpy(array):
    """Return an array, a number or a list of these as a NumPy array."""
    if isinstance(array, (list, tuple)):
        array = [as_numpy(part) for part in array]
    return array.asnumpy() if isinstance(array, nd.NDArray) else \
        np.asarray(array)


def transform_mnist(data, label):
    """Turn one image (28, 28, 1), 0 to 255, into (1, 28, 28), 0 to 1."""
    return nd.transpose(data.astype('float32'), (2, 0, 1)) / 255, \
        label.astype('float32')


def batch_transform(resize=None):
    """Return a transform of a batch of images for DataLoader.

    (batch, height, width, 1) from 0 to 255 becomes (batch, 1, height,
    width) from 0 to 1; with `resize`, (batch, 1, resize, resize). `resize`
    may also be a function of one image and its label.
    """
    def scale(data, labels):
        data = nd.transpose(data.astype('float32'), (0, 3, 1, 2)) / 255
        if resize:
            data = nd.contrib.BilinearResize2D(data, height=resize,
                                               width=resize)
        return data, labels.astype('float32')

    def each(data, labels):
        pairs = [resize(x, y) for x, y in zip(data, labels)]
        return nd.stack(*[x for x, _ in pairs]), \
            nd.concat(*[y.reshape((1,)) for _, y in pairs], dim=0)

    return each if callable(resize) else scale


def load_data_fashion_mnist(batch_size, resize=None, root=None,
                            num_train=None, num_test=None):
    """Return the loaders (train, test) of Fashion-MNIST.

    A batch is images (batch, 1, 28, 28), float32 from 0 to 1, and labels
    (batch,), float32 from 0 to 9; only the training set is shuffled.
    resize: side length in pixels, or a function of one image and its label;
    root: folder of the four files, by default that of `find_data`;
    num_train, num_test: take only the first so many images. Raises
    DataError when a file is damaged or cannot be had.
    Source: Xiao, Rasul and Vollgraf (2017), arXiv:1708.07747.
    """
    return load_images('fashion-mnist', batch_size, resize, root,
                       num_train, num_test)


def load_data_mnist(batch_size, resize=None, root=None, num_train=None,
                    num_test=None):
    """Return the loaders (train, test) of MNIST, handwritten digits.

    Shapes, arguments and errors as in `load_data_fashion_mnist`.
    Source: LeCun, Cortes and Burges (1998).
    """
    return load_images('mnist', batch_size, resize, root, num_train,
                       num_test)


def load_images(name, batch_size, resize, root, num_train, num_test):
    """Return the loaders (train, test) of a set of images."""
    X_train, y_train, X_test, y_test = read_images(name, root)
    train = X_train[:num_train, ..., None], y_train[:num_train]
    test = X_test[:num_test, ..., None], y_test[:num_test]
    transform = batch_transform(resize)
    return (DataLoader(train, batch_size, shuffle=True, transform=transform),
            DataLoader(test, batch_size, shuffle=False, transform=transform))


def get_text_labels(labels):
    """Return the names of Fashion-MNIST labels 0 to 9."""
    names = ['t-shirt', 'trouser', 'pullover', 'dress', 'coat', 'sandal',
             'shirt', 'sneaker', 'bag', 'ankle boot']
    return [names[int(label)] for label in as_numpy(labels)]


def show_images(imgs, nrows, ncols, figsize=None, titles=None):
    """Draw `nrows * ncols` grey images in a grid.

    imgs: (n, height, width), with or without an axis of length 1 for the
    channel; titles: one string for each image.
    """
    imgs = as_numpy(imgs)
    imgs = imgs.reshape(len(imgs), *[n for n in imgs.shape[1:] if n != 1])
    figsize = figsize or (1.2 * ncols, (1.5 if titles else 1.2) * nrows)
    _, axes = plt.subplots(nrows, ncols, figsize=figsize, squeeze=False)
    for i, axis in enumerate(axes.flat):
        axis.axis('off')
        if i < len(imgs):
            axis.imshow(imgs[i], cmap='gray')
            axis.set_title(titles[i] if titles else '', fontsize=9)
    plt.tight_layout()
    plt.show()


def accuracy(output, label):
    """Return the share of rows whose largest entry is at the label.

    output: (batch, classes); label: (batch,). Built in
    supervised-learning/softmax-regression-scratch.
    """
    right = output.argmax(axis=1) == label.astype('float32')
    return right.mean().asscalar()


def batches(data_iterator, ctx):
    """Yield (data, label) on the device, batch after batch.

    data_iterator: a loader of pairs or one of MXNet's own iterators, which
    is reset first; ctx: a device, or a list of devices that share each
    batch, in which case their parts come one after the other.
    """
    devices = [ctx] if isinstance(ctx, mx.Context) else ctx
    if isinstance(data_iterator, mx.io.DataIter):
        data_iterator.reset()
    for batch in data_iterator:
        for part in split_batch(batch, devices):
            yield part


def split_batch(batch, devices):
    """Return a list of (data, label), one for each device.

    batch: a pair (data, label) or an mx.io.DataBatch, whose padding is cut
    off. A device gets nothing when there are fewer examples than devices.
    Built in convolutional-neural-networks/multi-device-training.
    """
    if isinstance(batch, mx.io.DataBatch):
        count = batch.data[0].shape[0] - (batch.pad or 0)
        batch = batch.data[0][:count], batch.label[0][:count]
    data, label = batch
    devices = devices[:len(data)]
    return list(zip(*(gluon.utils.split_and_load(part, devices,
                                                 even_split=False)
                      for part in (data, label))))


def evaluate_accuracy(data_iterator, net, ctx=mx.cpu()):
    """Return the share of the samples that `net` classifies correctly.

    Every sample counts once, also those of a short last batch. Built in
    supervised-learning/softmax-regression-scratch.
    """
    correct, count = 0, 0
    for X, y in batches(data_iterator, ctx):
        right = net(X).argmax(axis=1) == y.astype('float32')
        correct += right.sum().asscalar()
        count += len(y)
    return correct / count


class Accumulator:
    """Keep `n` running sums."""

    def __init__(self, n):
        self.data = [0.0] * n

    def add(self, *args):
        """Add one number to each sum."""
        self.data = [a + float(b) for a, b in zip(self.data, args)]

    def reset(self):
        """Set all sums to zero."""
        self.data = [0.0] * len(self.data)

    def __getitem__(self, i):
        return self.data[i]


class Animator:
    """Draw curves that grow while a loop runs; one picture remains.

    legend: a name for each curve; xscale, yscale: 'linear' or 'log';
    figsize: inches.
    """

    def __init__(self, xlabel=None, ylabel=None, legend=None, xlim=None,
                 ylim=None, xscale='linear', yscale='linear',
                 fmts=('-', 'm--', 'g-.', 'r:'), figsize=(3.5, 2.5)):
        self.figure, self.axes = plt.subplots(figsize=figsize)
        plt.close(self.figure)  # shown by `add`, not at the end of the cell
        self.settings = {'xlabel': xlabel, 'ylabel': ylabel, 'xlim': xlim,
                         'ylim': ylim, 'xscale': xscale, 'yscale': yscale}
        self.legend, self.fmts = legend, fmts
        self.points = {}  # curve -> ([x, ...], [y, ...])
        self.shown = display.display(self.figure, display_id=True)

    def add(self, x, y):
        """Add a point to each curve and redraw.

        y: a number, or one for each curve; None adds no point.
        """
        for i, value in enumerate(y if np.iterable(y) else [y]):
            if value is not None:
                xs, ys = self.points.setdefault(i, ([], []))
                xs.append(x)
                ys.append(float(value))
        self.draw()

    def draw(self):
        """Draw the curves in place of the picture before."""
        self.axes.cla()
        for i, (xs, ys) in sorted(self.points.items()):
            label = self.legend[i] if self.legend else None
            self.axes.plot(xs, ys, self.fmts[i % len(self.fmts)],
                           label=label, marker='.')
        self.axes.set(**{name: value for name, value
                         in self.settings.items() if value is not None})
        if self.legend and self.points:
            self.axes.legend()
        if self.settings['xscale'] == 'linear' and all(
                float(x).is_integer() for xs, _ in self.points.values()
                for x in xs):
            self.axes.xaxis.get_major_locator().set_params(integer=True)
        self.axes.grid(alpha=0.4)
        if self.shown is not None:  # None outside Jupyter
            self.shown.update(self.figure)


def load_house_prices(root=None):
    """Return the tables (train, test) of the house prices, in pandas.

    One row for each of 1,460 and 1,459 houses sold in Ames, Iowa, from 2006
    to 2010: `Id`, 79 columns that describe the house and, in `train` only,
    `SalePrice` in dollars. root: folder of the two files, by default that of
    `find_data`. Raises DataError when a file is damaged or cannot be had.
    Source: De Cock (2011), Journal of Statistics Education 19(3).
    """
    import pandas as pd  # here, since only this function needs it

    name = 'house-prices'
    found = find_data(name, root)
    announce(found, name)
    return tuple(pd.read_csv(io.BytesIO(content))
                 for content in verified_contents(found, name))


# Convolutional neural networks

def try_gpu():
    """Return gpu(0) when it can be used, otherwise cpu()."""
    return try_all_gpus()[0]


def try_all_gpus():
    """Return a list of all usable GPUs, at most 16; [cpu()] without any."""
    devices = []
    built_for_gpu = mx.runtime.Features().is_enabled('CUDA')
    for i in range(16 if built_for_gpu else 0):
        try:
            nd.zeros(1, ctx=mx.gpu(i)).wait_to_read()
        except mx.base.MXNetError:
            break
        devices.append(mx.gpu(i))
    return devices or [mx.cpu()]


def is_full_run(ctx):
    """Return whether the heavy networks train on all the data.

    They do on a GPU, and where the environment variable BOOK_FULL is 1.
    """
    return ctx.device_type == 'gpu' or os.environ.get('BOOK_FULL') == '1'


def train(train_data, test_data, net, loss, trainer, ctx, num_epochs,
          print_batches=None):
    """Train a Gluon network and print one line for each epoch.

    ctx: a device or a list of devices that share each batch;
    print_batches: print the mean loss and accuracy so far after every so
    many batches. Built in
    convolutional-neural-networks/multi-device-training.
    """
    devices = [ctx] if isinstance(ctx, mx.Context) else ctx
    for epoch in range(1, num_epochs + 1):
        start = time.time()
        if isinstance(train_data, mx.io.DataIter):
            train_data.reset()
        sums = Accumulator(3)  # loss, correct, samples
        for i, batch in enumerate(train_data, 1):
            sums.add(*train_batch(split_batch(batch, devices), net, loss,
                                  trainer))
            if print_batches and i % print_batches == 0:
                print(f'batch {i}, loss {sums[0] / sums[2]:.4f}, '
                      f'train accuracy {sums[1] / sums[2]:.4f}')
        test_acc = evaluate_accuracy(test_data, net, devices)
        print(f'epoch {epoch}, loss {sums[0] / sums[2]:.4f}, '
              f'train accuracy {sums[1] / sums[2]:.4f}, '
              f'test accuracy {test_acc:.4f}, '
              f'time {time.time() - start:.1f} sec')


def train_batch(parts, net, loss, trainer):
    """Take one step on the parts of a batch, one for each device.

    Return the sums of the loss and of the correct answers, and the number
    of samples. Built in
    convolutional-neural-networks/multi-device-training.
    """
    idle = idle_inputs(parts, net)
    with autograd.record():
        outputs = [net(X) for X, _ in parts]
        losses = [loss(output, y) for output, (_, y) in zip(outputs, parts)]
        zeros = [0 * net(X) for X in idle]
    for l in losses + zeros:
        l.backward()
    count = sum(len(y) for _, y in parts)
    trainer.step(count)
    correct = [accuracy(output, y) * len(y)
               for output, (_, y) in zip(outputs, parts)]
    return sum(l.sum().asscalar() for l in losses), sum(correct), count


def idle_inputs(parts, net):
    """Return an input on each device of `net` that got no examples.

    Zero times its output has gradients of zero; without them the device
    would add its gradients of an earlier batch once more.
    Built in convolutional-neural-networks/multi-device-training.
    """
    X = parts[0][0]
    busy = {data.context for data, _ in parts}
    devices = next(iter(net.collect_params().values())).list_ctx()
    return [X.as_in_context(device) for device in devices
            if device not in busy]


class Residual(nn.HybridBlock):
    """Two 3x3 convolutions, and a way around them.

    (batch, channels, height, width) keeps its shape; without `same_shape`
    the input may have any number of channels, and height and width are
    halved, rounded up. Raises MXNetError when a block that keeps the shape
    gets another number of channels.
    Source: He, Zhang, Ren and Sun (2016), arXiv:1512.03385.
    Built in convolutional-neural-networks/resnet.
    """

    def __init__(self, channels, same_shape=True, **kwargs):
        super().__init__(**kwargs)
        strides = 1 if same_shape else 2
        with self.name_scope():
            self.conv1 = nn.Conv2D(channels, kernel_size=3, padding=1,
                                   strides=strides, use_bias=False)
            self.norm1 = nn.BatchNorm()
            self.conv2 = nn.Conv2D(channels, kernel_size=3, padding=1,
                                   use_bias=False)
            self.norm2 = nn.BatchNorm()
            self.shortcut = None if same_shape else nn.Conv2D(
                channels, kernel_size=1, strides=strides)

    def hybrid_forward(self, F, X):
        """Return what the convolutions make of X, plus X."""
        Y = F.relu(self.norm1(self.conv1(X)))
        Y = self.norm2(self.conv2(Y))
        return F.relu(Y + (self.shortcut(X) if self.shortcut else X))


def resnet18(num_classes):
    """Return a residual network of 18 layers for small images.

    (batch, channels, height, width) becomes (batch, num_classes). The first
    convolution is 3x3 with stride 1, where that for ImageNet is 7x7 with
    stride 2. Source: He, Zhang, Ren and Sun (2016), arXiv:1512.03385.
    Built in convolutional-neural-networks/resnet.
    """
    net = nn.HybridSequential()
    net.add(nn.Conv2D(64, kernel_size=3, padding=1, use_bias=False),
            nn.BatchNorm(), nn.Activation('relu'),
            nn.MaxPool2D(pool_size=3, strides=2, padding=1))
    for channels in (64, 128, 256, 512):
        net.add(Residual(channels, same_shape=channels == 64),
                Residual(channels))
    net.add(nn.GlobalAvgPool2D(), nn.Dense(num_classes))
    return net


# Recurrent neural networks

def load_time_machine(root=None):
    """Return *The Time Machine* by H. G. Wells as one string.

    178,979 characters with newlines and capital letters; root: folder of
    the file, by default that of `find_data`. Raises DataError when the file
    is damaged or cannot be had.
    Source: Project Gutenberg, eBook 35, as it was until 2021.
    """
    name = 'time-machine'
    found = find_data(name, root)
    announce(found, name)
    return verified_contents(found, name)[0].decode('ascii')


def load_data_time_machine(num_chars=None, root=None):
    """Return (corpus_indices, idx_to_char, char_to_idx) of the novel.

    corpus_indices: a list with the index of each character of the text, in
    lower case and with a space for each newline; idx_to_char: a list of its
    different characters, sorted; char_to_idx: the index of each. num_chars:
    take only so many characters from the beginning. Source, root and errors
    as in `load_time_machine`.
    """
    text = load_time_machine(root).lower().replace('\n', ' ')[:num_chars]
    idx_to_char = sorted(set(text))
    char_to_idx = {char: i for i, char in enumerate(idx_to_char)}
    return [char_to_idx[char] for char in text], idx_to_char, char_to_idx


def data_iter_random(corpus_indices, batch_size, num_steps, ctx=None):
    """Yield (data, label) of windows of a text, in random order.

    Both are (batch, num_steps); a label is the index one place further on.
    Every window comes once; the last batch may be smaller. Built in
    recurrent-neural-networks/rnn-scratch.
    """
    corpus = np.array(corpus_indices)
    starts = np.arange(0, len(corpus) - num_steps, num_steps)
    np.random.shuffle(starts)
    for i in range(0, len(starts), batch_size):
        places = starts[i:i + batch_size, None] + np.arange(num_steps)
        yield nd.array(corpus[places], ctx), nd.array(corpus[places + 1], ctx)


def data_iter_consecutive(corpus_indices, batch_size, num_steps, ctx=None):
    """Yield (data, label) of windows that continue those before.

    The text is cut into `batch_size` streams of the same length, which are
    read side by side. Both are (batch_size, num_steps); fewer than
    `num_steps` indices at the end of each stream are left out. Built in
    recurrent-neural-networks/consecutive-sampling.
    """
    length = (len(corpus_indices) - 1) // batch_size
    corpus = np.array(corpus_indices)
    X = corpus[:batch_size * length].reshape(batch_size, length)
    Y = corpus[1:batch_size * length + 1].reshape(batch_size, length)
    for i in range(0, length - num_steps + 1, num_steps):
        yield (nd.array(X[:, i:i + num_steps], ctx),
               nd.array(Y[:, i:i + num_steps], ctx))


def begin_state(batch_size, hidden_dim, ctx, is_lstm=False):
    """Return the state before the first character: a list of zeros.

    One array (batch_size, hidden_dim), two of them for an LSTM. Built in
    recurrent-neural-networks/rnn-scratch.
    """
    return [nd.zeros((batch_size, hidden_dim), ctx)
            for _ in range(2 if is_lstm else 1)]


def rnn_loss(rnn, X, y, state, params, get_inputs):
    """Return the mean loss of a batch and the state after it.

    X, y: (batch, num_steps); state: a list of arrays. `rnn(inputs, *state,
    *params)` returns the outputs of all steps and the new state. Built in
    recurrent-neural-networks/rnn-scratch.
    """
    outputs, *state = rnn(get_inputs(X), *state, *params)
    outputs = nd.concat(*outputs, dim=0)  # (num_steps * batch, vocabulary)
    label = y.T.reshape((-1,))  # in the same order: all of step 1, of 2, ...
    loss = gluon.loss.SoftmaxCrossEntropyLoss()(outputs, label).mean()
    return loss, state


def grad_clipping(params, clipping_norm, ctx):
    """Shorten the gradients, taken together, to at most `clipping_norm`.

    clipping_norm: None leaves them as they are. Returns their length
    before, an array (1,). Built in recurrent-neural-networks/rnn-scratch.
    """
    norm = nd.zeros(1, ctx)
    for param in params:
        norm = norm + (param.grad ** 2).sum()
    norm = norm.sqrt()
    if clipping_norm is not None:
        scale = nd.minimum(clipping_norm / norm, 1)
        for param in params:
            param.grad[:] = param.grad * scale
    return norm


def predict_rnn(rnn, prefix, num_chars, params, hidden_dim, ctx, idx_to_char,
                char_to_idx, get_inputs, is_lstm=False, temperature=None):
    """Return `prefix`, in lower case, and `num_chars` characters after it.

    temperature: None takes the likeliest character each time, a number
    draws one from softmax(output / temperature). Raises KeyError for a
    character that is not in the vocabulary. Built in
    recurrent-neural-networks/rnn-scratch.
    """
    text = prefix.lower()
    inputs = nd.array([[char_to_idx[char] for char in text]], ctx)
    state = begin_state(1, hidden_dim, ctx, is_lstm)
    for _ in range(num_chars):
        outputs, *state = rnn(get_inputs(inputs), *state, *params)
        index = next_index(outputs[-1][0], temperature)
        text += idx_to_char[index]
        inputs = nd.array([[index]], ctx)
    return text


def next_index(output, temperature=None):
    """Return the index that follows, from the output of the last step.

    output: (vocabulary,); temperature: as in `predict_rnn`. Built in
    recurrent-neural-networks/rnn-scratch.
    """
    if temperature is None:
        return int(output.argmax(axis=0).asscalar())
    probabilities = nd.softmax(output / temperature)
    return int(nd.random.multinomial(probabilities).asscalar())


def evaluate_perplexity(rnn, params, corpus_indices, is_random_iter,
                        batch_size, num_steps, hidden_dim, get_inputs, ctx,
                        is_lstm=False):
    """Return the perplexity of a text for a trained network.

    The state is carried from batch to batch as in training. Built in
    recurrent-neural-networks/consecutive-sampling.
    """
    data_iter = data_iter_random if is_random_iter else data_iter_consecutive
    total, count, state = 0, 0, None
    for X, y in data_iter(corpus_indices, batch_size, num_steps, ctx):
        if is_random_iter or state is None:
            state = begin_state(len(X), hidden_dim, ctx, is_lstm)
        loss, state = rnn_loss(rnn, X, y, state, params, get_inputs)
        total, count = total + loss * y.size, count + y.size
    return np.exp(total.asscalar() / count)


def train_epoch_rnn(rnn, is_random_iter, num_steps, hidden_dim,
                    learning_rate, clipping_norm, batch_size, params,
                    get_inputs, ctx, corpus_indices, is_lstm=False):
    """Go through the text once; return the perplexity while training.

    The state starts anew in each batch of random windows, and once for
    consecutive ones; no gradient flows to the batch before. Built in
    recurrent-neural-networks/consecutive-sampling.
    """
    data_iter = data_iter_random if is_random_iter else data_iter_consecutive
    total, count, state = 0, 0, None
    for X, y in data_iter(corpus_indices, batch_size, num_steps, ctx):
        if is_random_iter or state is None:
            state = begin_state(len(X), hidden_dim, ctx, is_lstm)
        with autograd.record():
            loss, state = rnn_loss(rnn, X, y, state, params, get_inputs)
        loss.backward()
        grad_clipping(params, clipping_norm, ctx)
        SGD(params, learning_rate)
        state = [part.detach() for part in state]
        total, count = total + loss.detach() * y.size, count + y.size
    return np.exp(total.asscalar() / count)


def train_and_predict_rnn(rnn, is_random_iter, epochs, num_steps, hidden_dim,
                          learning_rate, clipping_norm, batch_size,
                          pred_period, pred_len, seqs, get_params,
                          get_inputs, ctx, corpus_indices, idx_to_char,
                          char_to_idx, is_lstm=False):
    """Train a character model; return its parameters.

    Every `pred_period` epochs the perplexity is printed, and each prefix of
    `seqs` with `pred_len` characters that the network adds.
    rnn: `rnn(inputs, *state, *params)` returns a list with the output
    (batch, vocabulary) of each step and the new state, one array or, with
    `is_lstm`, two; get_params: returns the parameters, gradients attached;
    get_inputs: turns indices (batch, num_steps) into the inputs of the
    steps; learning_rate: for the mean loss; clipping_norm: see
    `grad_clipping`. Built in
    recurrent-neural-networks/consecutive-sampling.
    """
    params = get_params()
    for epoch in range(1, epochs + 1):
        perplexity = train_epoch_rnn(
            rnn, is_random_iter, num_steps, hidden_dim, learning_rate,
            clipping_norm, batch_size, params, get_inputs, ctx,
            corpus_indices, is_lstm)
        if epoch % pred_period == 0:
            print(f'epoch {epoch}, perplexity {perplexity:.3f}')
            for seq in seqs:
                print(' -', predict_rnn(
                    rnn, seq, pred_len, params, hidden_dim, ctx, idx_to_char,
                    char_to_idx, get_inputs, is_lstm))
    return params


# Data sets: found, downloaded, or drawn as a stand-in

USUAL_FOLDER = '~/.mxnet/datasets'
STAND_IN_VERSION = 1  # increase it when the drawings change
CONNECT_SECONDS, READ_SECONDS = 10, 30


class DataError(RuntimeError):
    """A data set cannot be used: what is wrong, and what to do."""


@dataclass(frozen=True)
class DataSet:
    """Where the files of a data set are, and how to tell them.

    folder: its folder inside the data folder; '' for the data folder.
    addresses: web folders that hold the files, tried in this order.
    files: file name -> SHA-256 of the content (unpacked if it ends in .gz).
    make: draws the stand-in; returns file name -> content (unpacked).
    """

    folder: str
    addresses: tuple
    files: dict
    make: Callable


@dataclass(frozen=True)
class Found:
    """The files of a data set on this machine: file name -> path.

    identity: 'real', or 'stand-in-1' with the version of the drawings.
    reason: why it is a stand-in, in one line.
    """

    files: dict
    identity: str
    reason: str = ''

    @property
    def is_stand_in(self):
        return self.identity != 'real'


def find_data(name, root=None):
    """Find a data set, download it, or draw a stand-in; return a `Found`.

    name: a key of `DATA_SETS`.
    root: the folder with its files; default: its folder in BOOK_DATA
    (if that is set) or in ~/.mxnet/datasets. Missing files are
    downloaded into it.
    BOOK_STAND_IN: auto draws a stand-in when the download fails, never
    raises DataError instead, always draws it in any case.
    """
    data_set, mode = get_data_set(name), stand_in_mode()
    if mode == 'always':
        return find_stand_in(name, 'BOOK_STAND_IN is always')
    folders = data_set_folders(data_set, root)
    for folder in folders:
        if not missing_files(data_set, folder):
            return Found(paths(data_set, folder), 'real')
    try:
        download_missing(data_set, folders[0])
    except DataError as error:
        if mode == 'never':
            raise DataError(no_data(name, folders, error)) from error
        return find_stand_in(name, str(error).splitlines()[0].strip(':'))
    return Found(paths(data_set, folders[0]), 'real')


def get_data_set(name):
    """Return the record of a data set."""
    if name not in DATA_SETS:
        raise DataError(f'no data set is called {name!r}; there are: '
                        + ', '.join(DATA_SETS))
    return DATA_SETS[name]


def stand_in_mode():
    """Return the checked value of BOOK_STAND_IN."""
    mode = os.environ.get('BOOK_STAND_IN') or 'auto'
    if mode not in ('auto', 'never', 'always'):
        raise DataError(f'BOOK_STAND_IN is {mode!r}; '
                        'it must be auto, never or always')
    return mode


def data_folder():
    """Return the folder that holds the folders of all data sets."""
    return Path(os.environ.get('BOOK_DATA') or USUAL_FOLDER).expanduser()


def data_set_folders(data_set, root):
    """Return where to look for a data set; it is downloaded to the first."""
    if root is not None:
        return [Path(root).expanduser()]
    usual = Path(USUAL_FOLDER).expanduser()
    return [data_folder() / data_set.folder, usual / data_set.folder]


def paths(data_set, folder):
    """Return file name -> path of a data set in a folder."""
    return {name: folder / name for name in data_set.files}


def missing_files(data_set, folder):
    """Return the paths of a data set that are not there."""
    return [path for path in paths(data_set, folder).values()
            if not path.is_file()]


def no_data(name, folders, error):
    """Say why there is no data, and every way to get it."""
    files = ', '.join(DATA_SETS[name].files)
    looked = ' or '.join(dict.fromkeys(map(str, folders)))
    return (f'{name}: not complete in {looked}; {error}\n'
            'What to do: connect to the network and run again; '
            f'or put {files} into {folders[0]}; or set BOOK_DATA to the '
            f'folder that has {DATA_SETS[name].folder or files} in it; or '
            'set BOOK_STAND_IN=auto to go on with generated data.')


def download_missing(data_set, folder):
    """Download what is missing in a folder; one process at a time does it.

    Raises DataError for a file that no address has, and for a folder that
    cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / '.lock'):
            for path in missing_files(data_set, folder):
                download_from_any(data_set, path)
    except OSError as error:
        problem = error.strerror or error
        raise DataError(f'{folder} cannot be written ({problem}), set '
                        'BOOK_DATA to a folder of yours') from error


def download_from_any(data_set, path):
    """Download a file from the first address that has it."""
    reasons = []
    for address in data_set.addresses:
        try:
            return download(address + path.name, path,
                            data_set.files[path.name])
        except (requests.RequestException, DataError, ValueError) as error:
            reasons.append(f'  {address}{path.name}: {in_words(error)}')
    raise DataError('\n'.join(['the download failed:', *reasons]))


def download(url, path, sha256):
    """Download a file, check its content, and only then give it its name."""
    part = path.with_name(path.name + '.part')
    try:
        with requests.get(url, stream=True,
                          headers={'Accept-Encoding': 'identity'},
                          timeout=(CONNECT_SECONDS, READ_SECONDS)) as answer:
            answer.raise_for_status()
            save(answer, part, path.name)
        unpack(part.read_bytes(), path.name, sha256)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def save(answer, path, title):
    """Write the body of an answer to a file behind a progress bar."""
    size = int(answer.headers.get('Content-Length', 0)) or None
    with open(path, 'wb') as file, tqdm(
            desc=title, total=size, unit='B', unit_scale=True) as bar:
        for chunk in answer.iter_content(1 << 16):
            file.write(chunk)
            bar.update(len(chunk))


def in_words(error):
    """Say in a few words why an address failed."""
    if isinstance(error, requests.HTTPError):
        return f'HTTP status {error.response.status_code}'
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return 'the connection was cut'
    if isinstance(error, requests.ConnectionError):
        return f'no connection ({type(error).__name__})'
    return str(error)


def read_verified(path, sha256=None):
    """Return the content of a file as bytes, unpacked if it ends in .gz.

    Raises DataError, naming the file, if it is truncated or its content
    has another SHA-256. The file stays as it is.
    """
    try:
        return unpack(path.read_bytes(), path.name, sha256)
    except (OSError, DataError) as error:
        raise DataError(f'{path}: {error}; move this file away '
                        'and run again') from error


def unpack(content, name, sha256=None):
    """Unpack the content of a .gz file and check its SHA-256."""
    try:
        if name.endswith('.gz'):
            content = gzip.decompress(content)
    except EOFError as error:
        raise DataError('truncated gzip file') from error
    except (OSError, zlib.error) as error:
        raise DataError(f'damaged gzip file ({error})') from error
    found = hashlib.sha256(content).hexdigest()
    if sha256 not in (None, found):
        raise DataError(f'other content than expected (SHA-256 {found[:12]}'
                        f'..., expected {sha256[:12]}...)')
    return content


def find_stand_in(name, reason):
    """Return the stand-in of a data set, drawn once per machine."""
    data_set, identity = DATA_SETS[name], f'stand-in-{STAND_IN_VERSION}'
    for base in (data_folder(), Path(tempfile.gettempdir())):
        folder = base / 'stand-in' / name / f'version-{STAND_IN_VERSION}'
        try:
            write_stand_in(data_set, folder)
        except OSError:
            continue
        return Found(paths(data_set, folder), identity, reason)
    raise DataError(f'{name}: the stand-in cannot be written to '
                    f'{data_folder()} or {folder}; set BOOK_DATA to a '
                    'folder of yours')


def write_stand_in(data_set, folder):
    """Draw a stand-in into a folder unless it is there."""
    if not missing_files(data_set, folder):
        return
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(f'{folder}.lock'):
        if missing_files(data_set, folder):
            for name, content in data_set.make().items():
                write_file(folder / name, content)


def write_file(path, content):
    """Write bytes, packed if the name ends in .gz; never half a file."""
    if path.name.endswith('.gz'):
        content = gzip.compress(content, compresslevel=1, mtime=0)
    part = path.with_name(path.name + '.part')
    try:
        part.write_bytes(content)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def announce(found, name):
    """Say in one line on the page that a data set is a stand-in."""
    if found.is_stand_in:
        print(f'STAND-IN DATA: {name} is generated, not the real data set '
              f'({found.reason}); to have it, connect to the network or set '
              'BOOK_DATA')


def read_images(name, root=None):
    """Return (train_images, train_labels, test_images, test_labels).

    Images are bytes 0 (black) to 255, shape (examples, 28, 28), uint8;
    labels 0 to 9, shape (examples,), int32. Read once per process and
    shared, hence read-only. Says so when the data set is a stand-in.
    Raises DataError if there is no data or a file is damaged.
    """
    found, arrays = decoded_images(name, root)
    announce(found, name)
    return arrays


@functools.lru_cache(maxsize=None)
def decoded_images(name, root):
    """Return where a set of images was found, and its arrays."""
    found = find_data(name, root)
    arrays = []
    for content in verified_contents(found, name):
        array = decode_idx(content)
        array = array if array.ndim == 3 else array.astype(np.int32)
        array.setflags(write=False)
        arrays.append(array)
    return found, tuple(arrays)


def verified_contents(found, name):
    """Return the content of each file of a data set, unpacked."""
    return [read_verified(found.files[file],
                          None if found.is_stand_in else sha256)
            for file, sha256 in DATA_SETS[name].files.items()]


def decode_idx(content):
    """Turn the bytes of an idx file into a uint8 array.

    The header is 0, 0, 8 (for bytes), the number of axes, and the length of
    each axis in four bytes, the highest first.
    """
    axes = content[3]
    shape = np.frombuffer(content, '>i4', axes, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(
        shape)


def encode_idx(array):
    """Turn a uint8 array into the bytes of an idx file."""
    shape = np.array(array.shape, '>i4').tobytes()
    return bytes([0, 0, 8, array.ndim]) + shape + array.tobytes()


# Stand-ins: pictures drawn for readers without the real data

def make_images(draw):
    """Draw a set like MNIST: file name -> bytes.

    draw: draw(label, count, rng) returns uint8 (count, 28, 28).
    """
    rng = np.random.default_rng(STAND_IN_VERSION)
    train_images, train_labels = draw_examples(draw, 60000, rng)
    test_images, test_labels = draw_examples(draw, 10000, rng)
    arrays = train_images, train_labels, test_images, test_labels
    return dict(zip(IMAGE_FILES, map(encode_idx, arrays)))


def draw_examples(draw, count, rng):
    """Draw as many examples of each of ten classes, in random order."""
    labels = np.repeat(np.arange(10, dtype=np.uint8), count // 10)
    labels = rng.permutation(labels)
    images = np.empty((count, 28, 28), np.uint8)
    for label in range(10):
        places = np.flatnonzero(labels == label)
        for some in np.array_split(places, max(1, len(places) // 500)):
            images[some] = draw(label, len(some), rng)
    return images, labels


def draw_uniform(rng, count, low, high):
    """Draw one number for each picture: (count, 1, 1)."""
    return rng.uniform(low, high, (count, 1, 1)).astype(np.float32)


def draw_garments(label, count, rng):
    """Draw `count` garments of a class: uint8 (count, 28, 28).

    Each garment has a function of x, y and `pick`, which draws a number for
    each picture. It returns the depth of each pixel inside the outline
    (negative outside) and how bright details make it (1: as the cloth).
    """
    pick = functools.partial(draw_uniform, rng, count)
    x, y = posed_grid(pick)
    depth, detail = GARMENTS[label](x, y, pick)
    cloth = pick(0.45, 1.15) * detail * fabric(x, y, pick)
    cloth *= 0.7 + 0.3 * paint(depth - 0.1)  # darker towards the outline
    cloth += rng.standard_normal(x.shape, np.float32) * pick(0, 0.06)
    return to_pixels(cloth * paint(depth))


def posed_grid(pick):
    """Return x (right) and y (down) of the pixels of a 28 x 28 picture.

    Both are (count, 28, 28) and run from about -1 to 1, in the coordinates
    of an object that was shifted, scaled, sheared and turned a little.
    """
    line = np.linspace(-1, 1, 28, dtype=np.float32)
    x, y = line - pick(-0.16, 0.16), line[:, None] - pick(-0.16, 0.16)
    x, y = x * pick(0.84, 1.15), y * pick(0.86, 1.12)
    return x + pick(-0.2, 0.2) * y, y + pick(-0.12, 0.12) * x


def to_pixels(brightness):
    """Turn brightness between 0 and 1 into bytes."""
    return (np.clip(brightness, 0, 1) * 255).astype(np.uint8)


def paint(depth):
    """Turn depth inside a shape into opacity; edges are a pixel wide."""
    return np.clip(depth * 14 + 0.5, 0, 1)


def oval(x, y, half_width, half_height):
    """Depth inside an ellipse around the origin."""
    radius = np.hypot(x / half_width, y / half_height)
    return (1 - radius) * np.minimum(half_width, half_height)


def box(x, y, half_width, top, bottom):
    """Depth inside a box that is symmetric to x = 0."""
    sides = half_width - np.abs(x)
    return np.minimum(sides, np.minimum(y - top, bottom - y))


def stroke(x, y, points, half_width):
    """Depth inside a thick line through `points`, a list of (x, y)."""
    nearest = np.inf
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        dx, dy = x1 - x0, y1 - y0
        along = (x - x0) * dx + (y - y0) * dy
        along = np.clip(along / (dx * dx + dy * dy), 0, 1)
        apart = np.hypot(x - x0 - along * dx, y - y0 - along * dy)
        nearest = np.minimum(nearest, apart)
    return half_width - nearest


def fabric(x, y, pick):
    """Brightness of plain, striped or checked cloth with a soft gradient."""
    strength = np.maximum(0, pick(-0.5, 0.35))
    stripes = np.sin(y * pick(8, 30) + pick(0, 6))
    stripes *= np.where(pick(0, 1) < 0.6, 1, np.sin(x * pick(10, 25)))
    return 1 - strength + strength * stripes + pick(-0.12, 0.12) * y


def torso(x, y, chest, waist, hem, sleeve):
    """Depth inside a top; `sleeve` goes from 0 (none) to 1 (long)."""
    side = np.abs(x)
    width = chest + (waist - chest) * (y + 0.75) / 1.5
    slope = y + 0.82 - 0.25 * side
    body = np.minimum(np.minimum(width - side, slope), hem - y)
    reach = chest + 0.22 * np.sqrt(np.abs(sleeve))
    arm = stroke(side, y, [(chest - 0.1, -0.55),
                           (reach - 0.04, -0.55 + 0.5 * sleeve),
                           (reach + 0.02, -0.55 + 1.15 * sleeve)], 0.13)
    arm = np.where(sleeve > 0.1, np.minimum(arm, slope), -1)
    return np.maximum(body, arm)


def t_shirt(x, y, pick):
    """Short or no sleeves, a wide neck, sometimes a picture."""
    depth = torso(x, y, pick(0.36, 0.48), pick(0.34, 0.48),
                  pick(0.62, 0.85), pick(0.05, 0.42))
    neck = oval(x, y + 0.8, pick(0.14, 0.24), pick(0.1, 0.32))
    picture = oval(x, y + 0.15, pick(0.1, 0.28), pick(0.06, 0.22))
    detail = 1 + np.minimum(0, pick(-0.9, 0.9)) * paint(picture)
    return np.minimum(depth, -neck), detail


def trouser(x, y, pick):
    """Two legs, narrow or wide, and a belt."""
    side, hip = np.abs(x), pick(0.24, 0.34)
    outer = hip + pick(-0.1, 0.1) * (y + 0.85)
    gap = pick(0.02, 0.14) * (y + pick(0.35, 0.6))
    legs = np.minimum(outer - side, side - gap)
    depth = np.minimum(legs, np.minimum(y + 0.88, pick(0.75, 0.92) - y))
    return depth, 1 - pick(0, 0.5) * paint(box(x, y, 1, -0.9, -0.74))


def pullover(x, y, pick):
    """Long sleeves, a knitted hem, sometimes a band."""
    hem = pick(0.58, 0.85)
    depth = torso(x, y, pick(0.36, 0.48), pick(0.34, 0.46), hem,
                  pick(0.75, 1.1))
    neck = oval(x, y + 0.82, pick(0.12, 0.2), pick(0.06, 0.16))
    rib = 1 - pick(0.15, 0.5) * paint(y - hem + 0.12)
    chest = pick(-0.5, 0.2)
    band = np.minimum(0, pick(-0.8, 0.6)) * paint(
        box(x, y, 1, chest, chest + pick(0.1, 0.3)))
    return np.minimum(depth, -neck), rib * (1 + band)


def dress(x, y, pick):
    """A narrow waist above a narrow or wide skirt."""
    flare, waist = pick(0.05, 0.5), pick(-0.25, 0.05)
    width = pick(0.18, 0.3) + flare * np.maximum(y - waist, 0)
    width = width + 0.35 * np.maximum(waist - y, 0) * pick(0.2, 1)
    skirt = np.minimum(width - np.abs(x), pick(0.8, 0.95) - y)
    bodice = torso(x, y, pick(0.26, 0.36), 0.2, waist,
                   pick(-0.2, 0.6))
    skirt = np.minimum(skirt, y + 0.65)
    neck = oval(x, y + 0.82, pick(0.12, 0.2), pick(0.1, 0.34))
    belt = 1 - pick(0, 0.6) * paint(0.05 - np.abs(y - waist))
    return np.minimum(np.maximum(skirt, bodice), -neck), belt


def coat(x, y, pick):
    """Long sleeves, lapels, open from top to bottom."""
    depth = torso(x, y, pick(0.36, 0.48), pick(0.36, 0.54),
                  pick(0.7, 0.95), pick(0.8, 1.1))
    lapel = oval(x, y + 0.82, pick(0.12, 0.2), pick(0.25, 0.6))
    opening = paint(pick(0.02, 0.05) - np.abs(x))
    detail = 1 - pick(0.4, 0.9) * opening
    detail -= pick(0.1, 0.6) * paint(0.04 - np.abs(lapel))
    return np.minimum(depth, -oval(x, y + 0.82, 0.13, 0.08)), detail


def shirt(x, y, pick):
    """Short or long sleeves, a collar and a row of buttons."""
    sleeve = np.where(pick(0, 1) < 0.35, pick(0.2, 0.45), pick(0.75, 1.1))
    depth = torso(x, y, pick(0.34, 0.46), pick(0.32, 0.46),
                  pick(0.62, 0.9), sleeve)
    step = pick(0.2, 0.3)
    button = oval(x, (y + 0.6) % step - step / 2, 0.06, 0.06)
    collar = stroke(np.abs(x), y, [(0.18, -0.85), (0.03, -0.55)], 0.05)
    detail = 1 - pick(0.3, 0.8) * paint(button)
    detail = np.maximum(detail, pick(0.9, 1.6) * paint(collar))
    detail = detail - 0.25 * paint(0.03 - np.abs(x - 0.07))
    neck = oval(x, y + 0.85, 0.12, pick(0.06, 0.3))
    return np.minimum(depth, -neck), detail


def shoe(x, y, pick, toe, ankle, sharpness):
    """Depth inside a closed shoe seen from the side, its toe on the left.

    toe, ankle: heights above the sole, which lies at y = 0.4.
    """
    rise = 1 / (1 + np.exp(-sharpness * (x - pick(-0.05, 0.15))))
    tip = np.clip((x + pick(0.8, 0.9)) * 2.2, 0, 1)  # round in front
    height = (toe + (ankle - toe) * rise) * np.sqrt(tip * (2 - tip))
    body = np.minimum(y - 0.4 + height, 0.4 - y)
    return np.minimum(body, pick(0.75, 0.85) - x + 0.12 * y)


def mirrored(x, pick, share):
    """Mirror a share of the pictures."""
    return np.where(pick(0, 1) < share, -x, x)


def sandal(x, y, pick):
    """Straps and gaps in the outline of a shoe; flat or heeled."""
    x = mirrored(x, pick, 0.5)
    lifted = y + pick(0, 0.5) * np.clip(x + 0.3, 0, 1)  # a high heel
    upper = shoe(x, lifted, pick, pick(0.2, 0.35), pick(0.5, 0.8), 8)
    strap = np.sin((x + pick(-0.4, 0.4) * y) * pick(9, 14) + pick(0, 6))
    gaps = (strap - pick(0.1, 0.5)) / 10
    rim = pick(0.04, 0.1) - np.abs(upper - 0.02)
    straps = np.minimum(upper, np.maximum(gaps, rim))
    sole = box(x, lifted, 0.85, 0.4 - pick(0.02, 0.1), 0.46)
    heel = box(x - 0.68, y, pick(0.05, 0.14), 0, 0.46)
    heel = np.minimum(heel, lifted - 0.4)
    depth = np.maximum(straps, np.maximum(sole, heel))
    return depth, 1 - pick(0, 0.5) * paint(sole)


def sneaker(x, y, pick):
    """A low shoe with a light or dark sole and laces."""
    x = mirrored(x, pick, 0.5)
    toe, ankle = pick(0.22, 0.34), pick(0.5, 0.78)
    depth = shoe(x, y, pick, toe, ankle, pick(5, 9))
    collar = oval(x - 0.45, y - 0.4 + ankle, 0.3, pick(0.05, 0.2))
    tread = paint(y - 0.4 + pick(0.08, 0.14))
    laces = paint(np.sin((x - y) * 30)) * paint(
        oval(x + 0.1, y - 0.1, 0.28, 0.16))
    stripe = stroke(x, y, [(0.05, 0.32), (0.3, pick(0, 0.2))], 0.05)
    detail = 1 - 0.35 * laces + pick(-0.6, 0.4) * paint(stripe)
    detail = detail + (pick(0.5, 1.8) - detail) * tread
    return np.minimum(depth, -collar), detail


def bag(x, y, pick):
    """A box below a handle, with a flap and a clasp."""
    half, top, bottom = pick(0.45, 0.8), pick(-0.35, 0.1), pick(0.5, 0.8)
    body = box(x, y, half + pick(-0.2, 0.15) * (y - 0.5), top, bottom)
    ring = oval(x, y - top, half * pick(0.4, 0.9), pick(0.15, 0.6))
    handle = np.minimum(pick(0.03, 0.06) - np.abs(ring), top - y + 0.1)
    flap = top + (bottom - top) * pick(0.2, 0.6)
    seam = paint(0.03 - np.abs(y - flap))
    clasp = paint(oval(x, y - flap, 0.09, 0.09))
    detail = 1 - pick(0, 0.7) * seam + pick(-0.6, 0.6) * clasp
    return np.maximum(body, handle), detail


def ankle_boot(x, y, pick):
    """A shoe with a high shaft and a heel."""
    x = mirrored(x, pick, 0.5)
    low = shoe(x, y - 0.28, pick, pick(0.3, 0.42), pick(0.95, 1.4),
               pick(10, 20))
    heel = box(x - 0.6, y, pick(0.1, 0.22), 0.6, pick(0.75, 0.9))
    sole = 1 - pick(0, 0.7) * paint(0.05 - np.abs(y - 0.63))
    cuff = 1 - pick(0, 0.5) * paint(0.06 - np.abs(y + pick(0.1, 0.5)))
    return np.maximum(low, heel), sole * cuff


GARMENTS = (t_shirt, trouser, pullover, dress, coat, sandal, shirt, sneaker,
            bag, ankle_boot)


def draw_digits(label, count, rng):
    """Draw `count` handwritten digits: uint8 (count, 28, 28)."""
    pick = functools.partial(draw_uniform, rng, count)
    x, y = posed_grid(pick)
    points = [(int(column) / 5 - 0.4 + pick(-0.13, 0.13),
               int(row) / 5 - 0.7 + pick(-0.13, 0.13))
              for column, row in DIGITS[label].split()]
    ink = paint(stroke(x, y, points, pick(0.04, 0.12)))
    return to_pixels(ink * pick(0.75, 1.1))


# The corners of each digit: column 0 to 4, row 0 to 7
DIGITS = ('20 41 43 46 27 06 03 01 20', '11 20 27', '01 10 31 32 07 47',
          '00 30 42 23 45 36 07', '37 30 05 45', '40 00 03 33 45 36 07',
          '30 12 05 17 37 45 34 14', '00 40 17',
          '23 02 10 30 42 23 05 17 37 45 23', '42 13 02 10 30 42 27')


# Stand-in: houses drawn from a table of columns

def make_houses():
    """Draw a set like the house prices: file name -> bytes."""
    columns = draw_houses(2919, np.random.default_rng(STAND_IN_VERSION))
    train = {name: values[:1460] for name, values in columns.items()}
    test = {name: values[1460:] for name, values in columns.items()
            if name != 'SalePrice'}
    return dict(zip(HOUSE_FILES, map(encode_csv, (train, test))))


def draw_houses(count, rng):
    """Draw houses: column name -> array of strings or whole numbers.

    What is good about a house tends to come together: each column goes up
    with the hidden `worth`, as closely as its line in HOUSE_COLUMNS says.
    """
    worth = rng.standard_normal(count)
    houses = {'Id': np.arange(1, count + 1)}
    for line in HOUSE_COLUMNS.splitlines():
        name, r, values = line.split(' ', 2)
        noise = rng.standard_normal(count) * np.sqrt(1 - float(r) ** 2)
        order = np.argsort(float(r) * worth + noise)
        ranks = np.empty(count)
        ranks[order] = (np.arange(count) + 0.5) / count
        houses[name] = draw_values(values.split(','), ranks, rng)
    houses['SalePrice'] = draw_prices(houses, worth, rng)
    return houses


def draw_values(items, ranks, rng):
    """Turn ranks from 0 to 1 into the values of a column.

    items: either each value with its share in per cent, the lowest first,
    or the quantiles of a number and, at the end, the share of missing ones.
    """
    pairs = [item.rpartition('=') for item in items]
    names = np.array([name for name, equals, _ in pairs if equals], object)
    shares = np.array([float(share) for _, equals, share in pairs if equals])
    quantiles = [float(number) for _, equals, number in pairs if not equals]
    if not quantiles:
        return names[np.searchsorted(np.cumsum(shares / shares.sum())[:-1],
                                     ranks)]
    numbers = np.interp(ranks, QUANTILES, quantiles).round().astype(int)
    missing = rng.uniform(0, 100, len(ranks)) < shares.sum()
    return np.where(missing, 'NA', numbers.astype(object))


def draw_prices(houses, worth, rng):
    """Price houses by worth, living area, quality and age, with noise."""
    area, quality, built = (
        houses[name].astype(float)
        for name in ('GrLivArea', 'OverallQual', 'YearBuilt'))
    log_price = (12.06 + 0.15 * worth + 0.35 * np.log(area / 1500)
                 + 0.06 * (quality - 6) + 0.002 * (built - 1971)
                 + 0.08 * rng.standard_normal(len(worth)))
    return np.exp(log_price).round(-2).astype(int)


def encode_csv(columns):
    """Turn columns (name -> values) into the bytes of a CSV file."""
    rows = [columns, *zip(*columns.values())]
    return '\n'.join(','.join(map(str, row)) for row in rows).encode()


QUANTILES = (0, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1)

# A line for each column: its name, its correlation with the worth, and what
# `draw_values` makes values of
HOUSE_COLUMNS = """\
MSSubClass 0.6 30=5,180=0.6,45=0.6,190=2,90=4,160=4,50=10,85=2,70=4,80=4,\
20=37,75=0.8,120=6,60=20
MSZoning 0.4 C (all)=0.9,RM=16,RH=0.9,RL=78,FV=5,NA=0.2
LotFrontage 0.4 21,32,59,68,80,107,136,313,NA=17
LotArea 0.5 1300,3182,7478,9453,11570,17143,33039,215245
Street 0.1 Grvl=0.4,Pave=100
Alley 0.2 Grvl=4,Pave=3,NA=93
LotShape 0.3 Reg=64,IR1=33,IR3=0.5,IR2=3
LandContour 0.2 Bnk=4,Lvl=90,Low=2,HLS=4
Utilities 0.0 NoSeWa=0.1,AllPub=100,NA=0.2
LotConfig 0.2 Inside=73,Corner=18,FR2=3,FR3=0.5,CulDSac=6
LandSlope 0.0 Gtl=95,Mod=4,Sev=0.5
Neighborhood 0.8 IDOTRR=3,MeadowV=1,BrDale=1,BrkSide=4,OldTown=8,Edwards=7,\
Sawyer=5,Blueste=0.3,SWISU=2,NPkVill=0.8,NAmes=15,Mitchel=4,SawyerW=4,\
NWAmes=4,Gilbert=6,CollgCr=9,Blmngtn=1.0,Crawfor=4,ClearCr=2,Somerst=6,\
Veenker=0.8,Timber=2,StoneBr=2,NridgHt=6,NoRidge=2
Condition1 0.2 Artery=3,Feedr=6,RRAe=1.0,Norm=86,RRAn=2,RRNn=0.3,PosN=1,\
PosA=0.7
Condition2 0.1 Feedr=0.4,Norm=99
BldgType 0.2 2fmCon=2,Twnhs=3,Duplex=4,1Fam=83,TwnhsE=8
HouseStyle 0.3 1.5Unf=0.7,SFoyer=3,1.5Fin=11,2.5Unf=0.8,1Story=50,SLvl=4,\
2Story=30
OverallQual 0.8 1,4,5,6,7,8,10,10
OverallCond -0.1 1,4,5,5,6,8,9,9
YearBuilt 0.7 1872,1915,1954,1973,2001,2007,2008,2010
YearRemodAdd 0.6 1950,1950,1965,1993,2004,2007,2009,2010
RoofStyle 0.2 Gambrel=0.8,Gable=79,Mansard=0.4,Flat=0.7,Hip=19
RoofMatl 0.1 CompShg=99,Tar&Grv=0.8,WdShake=0.3
Exterior1st 0.4 AsbShng=2,Wd Sdng=14,WdShing=2,MetalSd=15,Stucco=1,\
HdBoard=15,Plywood=8,BrkFace=3,CemntBd=4,VinylSd=35,NA=0.2
Exterior2nd 0.4 AsbShng=1,Brk Cmn=0.8,Wd Sdng=13,Stucco=2,MetalSd=15,\
Wd Shng=3,HdBoard=14,Plywood=9,BrkFace=2,CmentBd=4,VinylSd=35,ImStucc=0.5,\
NA=0.2
MasVnrType 0.4 BrkCmn=0.9,None=60,BrkFace=30,NA=0.8,Stone=9
MasVnrArea 0.4 0,0,0,0,164,466,771,1600,NA=0.8
ExterQual 0.7 Fa=1,TA=62,Gd=34,Ex=4
ExterCond 0.2 Fa=2,Gd=10,TA=87,Ex=0.4
Foundation 0.6 Slab=2,BrkTil=11,CBlock=42,Stone=0.4,PConc=45
BsmtQual 0.7 NA=3,Fa=3,TA=44,Gd=41,Ex=9
BsmtCond 0.3 NA=3,Fa=4,TA=89,Gd=4
BsmtExposure 0.4 NA=3,No=65,Mn=8,Av=14,Gd=9
BsmtFinType1 0.5 NA=3,Rec=10,BLQ=9,LwQ=5,ALQ=15,Unf=29,GLQ=29
BsmtFinSF1 0.3 0,0,0,368,733,1274,1635,5644,NA=0.2
BsmtFinType2 0.2 NA=3,BLQ=2,Rec=4,LwQ=3,GLQ=1,Unf=85,ALQ=2
BsmtFinSF2 0.0 0,0,0,0,0,435,875,1526,NA=0.2
BsmtUnfSF 0.2 0,0,220,467,806,1475,1776,2336,NA=0.2
TotalBsmtSF 0.6 0,455,793,990,1302,1776,2198,6110,NA=0.2
Heating 0.2 Grav=0.3,GasW=0.9,GasA=98
HeatingQC 0.5 Fa=3,TA=29,Gd=16,Ex=51
CentralAir 0.4 N=7,Y=93
Electrical 0.3 FuseF=2,FuseA=6,SBrkr=92,NA=0.2
1stFlrSF 0.6 334,666,876,1082,1388,1830,2288,5095
2ndFlrSF 0.3 0,0,0,0,704,1131,1400,2065
LowQualFinSF -0.1 0,0,0,0,0,0,154,1064
GrLivArea 0.7 334,861,1126,1444,1744,2464,2936,5642
BsmtFullBath 0.2 0,0,0,0,1,1,2,3,NA=0.2
BsmtHalfBath 0.0 0,0,0,0,0,1,1,2,NA=0.2
FullBath 0.6 0,1,1,2,2,2,3,4
HalfBath 0.3 0,0,0,0,1,1,1,2
BedroomAbvGr 0.2 0,2,2,3,3,4,5,8
KitchenAbvGr -0.2 0,1,1,1,1,1,2,3
KitchenQual 0.7 Fa=2,TA=51,Gd=39,Ex=7,NA=0.2
TotRmsAbvGrd 0.5 2,4,5,6,7,9,11,15
Functional 0.2 Maj2=0.3,Min2=2,Mod=1,Maj1=0.7,Min1=2,Typ=93,NA=0.2
Fireplaces 0.5 0,0,0,1,1,2,2,4
FireplaceQu 0.6 Po=2,NA=49,Fa=3,TA=20,Gd=25,Ex=1
GarageType 0.6 NA=5,CarPort=0.5,Detchd=27,2Types=0.8,Basment=1,Attchd=59,\
BuiltIn=6
GarageYrBlt 0.6 1895,1928,1960,1979,2002,2007,2009,2010,NA=5
GarageFinish 0.6 NA=5,Unf=42,RFn=28,Fin=25
GarageCars 0.7 0,0,1,2,2,3,3,5,NA=0.2
GarageArea 0.6 0,0,320,480,576,856,1019,1488,NA=0.2
GarageQual 0.4 NA=5,Fa=4,TA=89,Gd=0.8
GarageCond 0.4 NA=5,Po=0.5,Fa=3,Gd=0.5,TA=91
PavedDrive 0.3 N=7,P=2,Y=90
WoodDeckSF 0.4 0,0,0,0,168,328,501,1424
OpenPorchSF 0.5 0,0,0,26,70,183,284,742
EnclosedPorch -0.2 0,0,0,0,0,176,264,1012
3SsnPorch 0.1 0,0,0,0,0,0,144,508
ScreenPorch 0.1 0,0,0,0,0,161,260,576
PoolArea 0.1 0,0,0,0,0,0,0,800
PoolQC 0.1 NA=99.6,Gd=0.2,Ex=0.2
Fence 0.2 GdWo=4,MnWw=0.4,MnPrv=11,GdPrv=4,NA=80
MiscFeature 0.1 Shed=3,NA=96
MiscVal -0.1 0,0,0,0,0,0,982,17000
MoSold 0.1 1,2,4,6,8,11,12,12
YrSold 0.0 2006,2006,2007,2008,2009,2010,2010,2010
SaleType 0.3 ConLD=0.9,COD=3,WD=87,ConLI=0.3,CWD=0.4,New=8,NA=0.2
SaleCondition 0.4 AdjLand=0.4,Abnorml=7,Family=2,Alloca=0.8,Normal=82,\
Partial=8
"""


# Stand-in: a tale told by chance

def make_tale():
    """Draw a text like The Time Machine: file name -> bytes."""
    rng = np.random.default_rng(STAND_IN_VERSION)
    paragraphs = [TALE_BEGINS]
    while sum(map(len, paragraphs)) < 178000:
        sentences = [draw_sentence(rng) for _ in range(rng.integers(2, 9))]
        paragraphs.append(textwrap.fill(' '.join(sentences), 68))
    tale = '\n\n'.join([*paragraphs, TALE_ENDS])
    return {TEXT_FILE: tale.encode('ascii')}


def draw_sentence(rng):
    """Draw a sentence and a word for each of its blanks."""
    return re.sub(r'[A-Z]{3,}', lambda blank: rng.choice(
        TALE_WORDS[blank[0]].split()), rng.choice(TALE_SENTENCES))


TALE_BEGINS = """The Harbour Clock, a tale told by a machine [1989]


I


Nobody wrote what follows: words were drawn by lot and put into their
places (so that this book can be read, and run, without the novel)."""

TALE_ENDS = 'And that, said the captain, was the last of "the harbour clock".'

TALE_SENTENCES = (
    'The PERSON came to the PLACE, and DID the THING.',
    'I DID the THING; it was QUALITY, and quite QUALITY.',
    'There was a QUALITY THING in the PLACE, and the PERSON saw it.',
    "'Have you seen the THING?' said the PERSON.",
    "'No,' said the PERSON; 'it is in the PLACE, with the THING.'",
    'It was a QUALITY night, and in the PLACE the THING began to shine.',
    "'Time!' cried the PERSON, and DID the THING--the QUALITY one.",
    'We went on through the PLACE until the PERSON DID a QUALITY THING.',
    'For an hour the PERSON had DID nothing: then came the PERSON.',
    'Next to the THING (which was QUALITY) lay the _QUALITY_ THING.',
    'At last the PERSON rose, came to the THING, and DID it again.',
    'The more the PERSON looked, the more QUALITY the PLACE became.')

TALE_WORDS = {
    'PERSON': 'captain baker traveller doctor painter watchman queen '
              'fisherman lady sailor judge gardener stranger keeper',
    'PLACE': 'harbour garden tower kitchen market theatre cellar station '
             'library forest square workshop',
    'THING': 'lamp clock machine letter boat window ladder mirror key '
             'wheel box candle map engine',
    'DID': 'watched touched followed mended carried found opened lost '
           'moved described wanted examined',
    'QUALITY': 'dark strange little golden broken quiet heavy curious '
               'hazy silver empty frozen old vast'}

HOUSE_FILES = 'kaggle_house_pred_train.csv', 'kaggle_house_pred_test.csv'

TEXT_FILE = 'timemachine.txt'

IMAGE_FILES = ('train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz',
               't10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz')

FASHION_MNIST = DataSet(
    folder='fashion-mnist',
    addresses=(
        'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
        'https://github.com/zalandoresearch/fashion-mnist/raw/master/'
        'data/fashion/',
        'https://apache-mxnet.s3-accelerate.dualstack.amazonaws.com/'
        'gluon/dataset/fashion-mnist/',
    ),
    files=dict(zip(IMAGE_FILES, (
        'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
        'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
        '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
        '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
    ))),
    make=functools.partial(make_images, draw_garments))

MNIST = DataSet(
    folder='mnist',
    addresses=(
        'https://ossci-datasets.s3.amazonaws.com/mnist/',
        'https://storage.googleapis.com/cvdf-datasets/mnist/',
        'http://yann.lecun.com/exdb/mnist/',
    ),
    files=dict(zip(IMAGE_FILES, (
        'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
        '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
        '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
        'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    ))),
    make=functools.partial(make_images, draw_digits))

HOUSE_PRICES = DataSet(
    folder='',
    addresses=(
        'http://d2l-data.s3-accelerate.amazonaws.com/',
        'https://raw.githubusercontent.com/d2l-ai/d2l-zh/master/data/',
    ),
    files=dict(zip(HOUSE_FILES, (
        '1e18addf81e5e4d347cc17ee6075bbe4a42b7fa26b9e5b063e8f692a5f929d41',
        '8fdd3d829d4d986b58f845c9553b225e67dd8383624d90fb6ca1d4bed5798c1e',
    ))),
    make=make_houses)

TIME_MACHINE = DataSet(
    folder='',
    addresses=(
        'http://d2l-data.s3-accelerate.amazonaws.com/',
        'https://raw.githubusercontent.com/d2l-ai/d2l-zh/'
        '592fbef84a684e752393edbf267c07dbc53e082b/data/',
    ),
    files={TEXT_FILE:
           '8424dbd9532ac81f7e5f0b6add90e6952baea29158309d7d1bf3884f4e12c516'},
    make=make_tale)

DATA_SETS = {'fashion-mnist': FASHION_MNIST, 'mnist': MNIST,
             'house-prices': HOUSE_PRICES, 'time-machine': TIME_MACHINE}
