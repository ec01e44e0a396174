"""What the chapters share, in the order in which they build it.

A function whose docstring says `Built in PART/SLUG` is derived there line by
line; the code here is the same, below what checks its arguments. The data
sets are found by `utils_data.py`; it and `utils_help.py` belong beside this
file. Importing this module reads no data and starts no download.
"""

import io
import os
import random
import time

import utils_data  # not found? Copy utils_data.py into this file's folder
import utils_help  # not found? Copy utils_help.py into this file's folder
from utils_data import *  # noqa: F403 - utils.find_data and others

utils_data.use_physical_cores()  # before NumPy and MXNet, which ask once

import matplotlib.pyplot as plt  # noqa: E402
import mxnet as mx  # noqa: E402
import numpy as np  # noqa: E402
from IPython import display, get_ipython  # noqa: E402
from matplotlib import font_manager  # noqa: E402
from matplotlib_inline import backend_inline  # noqa: E402
from mxnet import autograd, gluon, nd  # noqa: E402
from mxnet.gluon import nn  # noqa: E402

plt.rcParams.update(utils_help.plot_style(font_manager))
if get_ipython() is not None:
    backend_inline.set_matplotlib_formats('svg')  # sharp at every size


def __getattr__(name):
    """Say what a name of an old notebook is called now."""
    raise utils_help.unknown(name)


# Crash course

def set_seed(seed=0):
    """Make the random numbers of MXNet, NumPy and Python repeatable.

    On a CPU they are the same with MXNet and with the engine on PyTorch. On
    a GPU the engine still has these, for it draws on the CPU; MXNet's differ.
    """
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
        if not len(self.labels):
            raise ValueError('the data set has no examples')
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
    X_train, y_train, X_test, y_test = utils_data.read_images(name, root)
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


def show_images(imgs, nrows, ncols, figsize=None, titles=None, signed=False):
    """Draw `nrows * ncols` grey images in a grid.

    imgs: (n, height, width), with or without an axis of length 1 for the
    channel; titles: one string for each image; signed: zero is white, below
    it blue, above it red, on one scale for all.
    """
    imgs = as_numpy(imgs)
    imgs = imgs.reshape(len(imgs), *[n for n in imgs.shape[1:] if n != 1])
    side = min(1.2, 7.2 / ncols)  # of an image; a page is 7.2 inches wide
    figsize = figsize or (side * ncols, (side + 0.4 * bool(titles)) * nrows)
    _, axes = plt.subplots(nrows, ncols, figsize=figsize, squeeze=False)
    style, limit = {'cmap': 'gray'}, abs(imgs).max()
    if signed:
        style = {'cmap': 'RdBu_r', 'vmin': -limit, 'vmax': limit}
    for i, axis in enumerate(axes.flat):
        axis.axis('off')
        if i < len(imgs):
            axis.imshow(imgs[i], **style)
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


@utils_help.needs_examples()
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
    figsize: inches. A list of labels as `ylabel` makes a panel for each;
    `legend` is then a list of lists, and `ylim` a list.
    """

    def __init__(self, xlabel=None, ylabel=None, legend=None, xlim=None,
                 ylim=None, xscale='linear', yscale='linear',
                 fmts=('C0-', 'C1--', 'C2-.', 'C3:'), figsize=None):
        if not isinstance(ylabel, list):
            ylabel, legend, ylim = [ylabel], [legend], [ylim]
        figsize = figsize or ((5.6, 3.2) if len(ylabel) == 1 else (7.2, 2.8))
        self.figure, [self.axes] = plt.subplots(
            1, len(ylabel), squeeze=False, figsize=figsize, tight_layout=True)
        plt.close(self.figure)  # shown by `add`, not at the end of the cell
        self.lines = []  # one for each curve
        for i, axis in enumerate(self.axes):
            axis.set(xscale=xscale, yscale=yscale,
                     xlabel=xlabel or '', ylabel=ylabel[i] or '')
            axis.set(**{} if xlim is None else {'xlim': xlim})
            axis.set(**{'ylim': ylim[i]} if ylim and ylim[i] else {})
            axis.grid()
            for j, name in enumerate(legend[i] or [None] * 10):
                self.lines += axis.plot([], [], fmts[j % len(fmts)],
                                        marker='.', label=name)
        self.shown = display.display(self.figure, display_id=True)

    def add(self, x, y):
        """Add a point to each curve and redraw.

        y: a number, or one for each curve, those of the first panel first;
        None adds no point.
        """
        for i, value in enumerate(y if np.iterable(y) else [y]):
            if value is not None:
                xs, ys = self.lines[i].get_data()
                self.lines[i].set_data([*xs, x], [*ys, float(value)])
        whole = all(float(x).is_integer() for line in self.lines
                    for x in line.get_xdata())
        for axis in self.axes:
            if axis.get_xscale() == 'linear':
                axis.locator_params(axis='x', integer=whole)
            axis.relim()
            axis.autoscale_view()
            utils_help.name_curves(axis)
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

    return tuple(pd.read_csv(io.BytesIO(content))
                 for content in utils_data.read_files('house-prices', root))


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


@utils_help.needs_examples()
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
    """Two 3x3 convolutions, and a shortcut around them.

    (batch, channels, height, width) keeps its shape, and other channels
    raise MXNetError; without `same_shape` any number of channels will do,
    and height and width are halved, rounded up.
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
            self.shortcut = nn.HybridSequential()  # empty: hands X on
            if not same_shape:
                self.shortcut.add(nn.Conv2D(channels, 1, strides,
                                            use_bias=False), nn.BatchNorm())

    def hybrid_forward(self, F, X):
        """Return what the convolutions make of X, plus X."""
        Y = F.relu(self.norm1(self.conv1(X)))
        Y = self.norm2(self.conv2(Y))
        return F.relu(Y + self.shortcut(X))


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
    [content] = utils_data.read_files('time-machine', root)
    return content.decode('ascii')


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


@utils_help.checked(utils_help.fills_a_window)
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


@utils_help.checked(utils_help.fills_a_batch)
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


@utils_help.checked(utils_help.has_a_start)
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


@utils_help.checked(utils_help.tell_of_the_mean)
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
