"""What helps whoever calls `utils.py`: too few data, pictures, old notebooks.

`utils.py` needs this file; nothing in it reads data or needs a package.
"""

import contextlib
import functools
import inspect
import traceback

# Too few data

def checked(check):
    """Return a decorator: `check` sees the arguments of each call first.

    So the code of a function stays that of its chapter. Arguments that do
    not fit are left to the function itself, which says so.
    """
    def decorate(function):
        @functools.wraps(function)
        def call(*args, **kwargs):
            with contextlib.suppress(TypeError):
                given = inspect.signature(function).bind(*args, **kwargs)
                check(**given.arguments)
            return function(*args, **kwargs)
        return call
    return decorate


def fills_a_window(corpus_indices, num_steps, **_):
    """Raise ValueError for a text without one window and its label."""
    need_length(corpus_indices, num_steps + 1, f'a window of {num_steps}',
                'num_steps')


def fills_a_batch(corpus_indices, batch_size, num_steps, **_):
    """Raise ValueError for a text without a window for each stream."""
    need_length(corpus_indices, batch_size * num_steps + 1,
                f'{batch_size} streams with a window of {num_steps} each',
                'num_steps or batch_size')


def has_a_start(prefix, **_):
    """Raise ValueError for a text to go on with that is empty."""
    if not prefix:
        raise ValueError('the prefix is empty: it needs one character')


def need_length(corpus_indices, least, what, smaller):
    """Raise ValueError for a text of fewer than `least` characters."""
    if len(corpus_indices) < least:
        raise ValueError(
            f'the text has {len(corpus_indices)} characters, {what} and the '
            f'label after it need at least {least}: take a longer text, or '
            f'a smaller {smaller}')


@contextlib.contextmanager
def needs_examples():
    """Let a function that divides by the number of examples ask for one.

    What a network of the reader's divides stays that network's error.
    """
    try:
        yield
    except ZeroDivisionError as error:
        *_, (frame, _) = traceback.walk_tb(error.__traceback__)
        if frame.f_globals['__name__'] != 'utils':
            raise
        raise ValueError(
            'not one example came: the data are empty, are fewer than a '
            "batch while last_batch is 'discard', or come from a generator, "
            'which ends after one epoch') from error


# Pictures

# Blue, orange, green, purple and so on: told apart without colour vision; the
# first four also in grey. The eighth is for what others are compared with.
COLOURS = ('#173f78', '#e07b2a', '#21866b', '#9c3376', '#63a8d8', '#8a6a1c',
           '#6d5fb0', '#808894')


def plot_style(font_manager):
    """Return the settings of matplotlib that all pictures share.

    Letters stay letters in SVG, so that they can be searched and translated.
    """
    colours = ', '.join(f"'{colour}'" for colour in COLOURS)
    return {
        'figure.figsize': (5.6, 3.2),  # inches; the page is 7.2 wide
        'axes.prop_cycle': f"cycler('color', [{colours}])",
        'axes.spines.top': False, 'axes.spines.right': False,
        'grid.color': '0.85', 'grid.linewidth': 0.6, 'legend.frameon': False,
        'svg.fonttype': 'none', 'svg.hashsalt': 'book',
        'font.family': ['sans-serif', *chinese_fonts(font_manager)],
    }


def name_curves(axis):
    """Write the name of each curve beside its end."""
    for text in [*axis.texts]:
        text.remove()
    to_share = axis.transData + axis.transAxes.inverted()  # of the height
    named = {line: to_share.transform(line.get_xydata()[-1])[1]
             for line in axis.lines if len(line.get_xdata())
             and not line.get_label().startswith('_')}
    gap = 12 / (axis.bbox.height * 72 / axis.figure.dpi)  # 12 points
    for line, place in apart(named, gap).items():
        axis.text(1.02, place, line.get_label(), color=line.get_color(),
                  transform=axis.transAxes, va='center')


def apart(places, gap, highest=1):
    """Return the places, moved so that no two are nearer than `gap`.

    places: thing -> height; upwards first, and from the top down again.
    """
    things = sorted(places, key=places.get)
    found, lowest = {}, -gap
    for thing in things:
        found[thing] = lowest = max(places[thing], lowest + gap)
    for thing in reversed(things):
        found[thing] = min(found[thing], highest)
        highest = found[thing] - gap
    return found


CHINESE_FONTS = (  # of Linux, macOS and Windows
    'Noto Sans CJK SC', 'Noto Sans CJK JP',  # JP: how matplotlib lists both
    'Noto Sans SC', 'Source Han Sans SC', 'Source Han Sans CN',
    'WenQuanYi Micro Hei', 'WenQuanYi Zen Hei', 'Droid Sans Fallback',
    'PingFang SC', 'PingFang HK', 'Hiragino Sans GB', 'Heiti SC', 'Heiti TC',
    'STHeiti', 'Songti SC', 'Arial Unicode MS', 'Microsoft YaHei',
    'DengXian', 'SimHei', 'SimSun', 'Microsoft JhengHei', 'Noto Sans TC',
    'Noto Serif CJK SC', 'Noto Serif CJK JP', 'AR PL UMing CN',
    'AR PL UKai CN', 'AR PL SungtiL GB')


def chinese_fonts(font_manager):
    """Return the names of installed fonts that have Chinese characters.

    font_manager: that of matplotlib, which lists fonts once per machine.
    """
    found = fonts_in(font_manager.fontManager)
    if not found:  # or installed after that
        known = {font.fname for font in font_manager.fontManager.ttflist}
        for path in {*font_manager.findSystemFonts()} - known:
            with contextlib.suppress(Exception):  # no font that it can read
                font_manager.fontManager.addfont(path)
        found = fonts_in(font_manager.fontManager)
    return found


def fonts_in(manager):
    """Return the names of CHINESE_FONTS in matplotlib's list."""
    names = {font.name for font in manager.ttflist}
    return [name for name in CHINESE_FONTS if name in names]


# Old notebooks

def tell_of_the_mean(num_steps, learning_rate, clipping_norm, batch_size,
                     **_):
    """Say when the settings are those for a summed loss, as in 2017.

    Clipping at more than ten times the learning rate never acts on the
    gradients of a mean, and such a small rate alone learns next to nothing.
    """
    if clipping_norm is not None and 0 < learning_rate < clipping_norm / 10:
        count = batch_size * num_steps
        print(f'learning_rate={learning_rate:g} is too small: the loss is '
              f'the mean of {count} characters now, and was their sum in '
              f'2017. To learn as then: learning_rate='
              f'{learning_rate * count:.3g}, clipping_norm='
              f'{clipping_norm / count:.3g}')


LINEAR = 'supervised-learning/linear-regression-scratch'
SOFTMAX = 'supervised-learning/softmax-regression-scratch'
DEVICES = 'convolutional-neural-networks/multi-device-training'
CHARACTERS = 'recurrent-neural-networks/rnn-scratch'
LAYERS = 'recurrent-neural-networks/rnn-gluon'
TRAIN = 'utils.train(train_data, test_data, net, loss, trainer, ctx, epochs)'
SIZE = "plt.rcParams['figure.figsize'] = (3.5, 2.5)"

# What utils had in 2017 and 2018 -> what to write now, and who builds it
OLD_NAMES = {
    'sgd': ('utils.SGD(params, lr / batch_size)', LINEAR),
    'linreg': ('nd.dot(X, w) + b', LINEAR),
    'squared_loss': ('(y_hat - y.reshape(y_hat.shape)) ** 2 / 2', LINEAR),
    'data_iter': ('utils.DataLoader((X, y), batch_size, shuffle=True)',
                  LINEAR),
    'load_array': ('utils.DataLoader((X, y), batch_size, shuffle=True)',
                   LINEAR),
    'synthetic_data': ('nd.dot(X, w) + b + noise', LINEAR),
    'set_fig_size': (SIZE, ''),
    'set_figsize': (SIZE, ''),
    'use_svg_display': ('nothing, utils sees to it when imported', ''),
    'get_fashion_mnist_labels': ('utils.get_text_labels(labels)', SOFTMAX),
    'show_fashion_mnist': ('utils.show_images(images, 1, n, titles=titles)',
                           SOFTMAX),
    'softmax': ('nd.softmax(scores)', SOFTMAX),
    'cross_entropy': ('gluon.loss.SoftmaxCrossEntropyLoss()', SOFTMAX),
    'predict_ch3': ('utils.show_images(images, 1, n, titles=titles)',
                    SOFTMAX),
    'train_cpu': (TRAIN, SOFTMAX),
    'train_ch3': (TRAIN, SOFTMAX),
    'train_gpu': (TRAIN, DEVICES),
    'train_ch5': (TRAIN, DEVICES),
    'train_ch6': (TRAIN, DEVICES),
    'evaluate_accuracy_gpu': ('utils.evaluate_accuracy(data, net, ctx)',
                              SOFTMAX),
    '_get_batch': ('utils.split_batch(batch, devices)', DEVICES),
    'try_gpus': ('utils.try_all_gpus()', DEVICES),
    'semilogy': ('plt.semilogy(x, y)', ''),
    'corr2d': ('nd.Convolution', 'convolutional-neural-networks/cnn-scratch'),
    'to_onehot': ('[nd.one_hot(x, vocab_size) for x in X.T]', CHARACTERS),
    'load_data_jay_lyrics': ('utils.load_data_time_machine()', CHARACTERS),
    'load_corpus_time_machine': ('utils.load_data_time_machine()',
                                 CHARACTERS),
    'RNNModel': ('class CharacterModel', LAYERS),
    'predict_rnn_gluon': ('write(net, prefix, num_chars)', LAYERS),
    'train_and_predict_rnn_gluon': ('train_epoch(net, trainer)', LAYERS),
}


def unknown(name):
    """Return the error for a name that utils does not have."""
    if name not in OLD_NAMES:
        return AttributeError(
            f'utils has no {name}; appendix/utils-api lists what it has')
    here, chapter = OLD_NAMES[name]
    where = f', see the chapter {chapter}' if chapter else ''
    return AttributeError(
        f'utils has no {name} any more: write {here}{where}')
