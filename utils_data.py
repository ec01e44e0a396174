"""Data sets, found or downloaded, and the number of threads for MXNet.

`utils.py` needs this file and offers all that is in it. It needs neither
MXNet nor, as long as nothing is read, any other package; when no set can be
had, it has `utils_stand_ins.py` draw one that looks alike. At the end stands
what `utils.py` needs to say that data are too few, to write Chinese, and to
help old notebooks.
"""

import contextlib
import functools
import gzip
import hashlib
import inspect
import os
import sys
import tempfile
import traceback
import zlib
from dataclasses import dataclass
from pathlib import Path

USUAL_FOLDER = '~/.mxnet/datasets'
STAND_IN_VERSION = 2  # increase it when the drawings change
CONNECT_SECONDS, READ_SECONDS = 10, 30
# What people set where an organisation's own certificates are needed
CERTIFICATES = ('SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE',
                'PIP_CERT')

# What the functions of utils read, as the build looks up for each chapter
LOADERS = {
    'load_data_fashion_mnist': 'fashion-mnist',
    'load_data_mnist': 'mnist',
    'load_house_prices': 'house-prices',
    'load_time_machine': 'time-machine',
    'load_data_time_machine': 'time-machine',
}


# Threads

def use_physical_cores():
    """Let MXNet have a thread for each core; a user's setting is kept.

    Call it before NumPy and MXNet are imported: both read the environment
    only then.
    """
    os.environ.setdefault('OMP_NUM_THREADS', str(physical_cores()))
    if sys.platform == 'linux':  # between two operations threads stay ...
        os.environ.setdefault('OMP_WAIT_POLICY', 'active')  # ... awake ...
        os.environ.setdefault('GOMP_SPINCOUNT', '3000')  # ... but not long


def physical_cores():
    """Return how many processor cores this process may use.

    Two hardware threads of one core count once: a second thread on the same
    core makes matrix products slower. The quota of a container counts, too.
    """
    if not hasattr(os, 'sched_getaffinity'):  # macOS and Windows
        return max(1, (os.cpu_count() or 1) // 2)
    cores = {core_of(cpu) for cpu in os.sched_getaffinity(0)}
    try:
        found = Path('/sys/fs/cgroup/cpu.max').read_text('ascii')
        limit, period = found.split()
        return max(1, min(len(cores), int(limit) // int(period)))
    except (OSError, ValueError):  # no container, or no limit
        return len(cores)


def core_of(cpu):
    """Return what identifies the core that a hardware thread belongs to."""
    folder = Path(f'/sys/devices/system/cpu/cpu{cpu}/topology')
    try:
        return ((folder / 'physical_package_id').read_text('ascii'),
                (folder / 'core_id').read_text('ascii'))
    except OSError:
        return cpu


# Where the data sets are, and how to tell them

@dataclass(frozen=True)
class DataSet:
    """Where the files of a data set are, and how to tell them.

    folder: its folder inside the data folder; '' for the data folder.
    addresses: web folders that hold the files, tried in this order.
    files: file name -> SHA-256 of the content (unpacked if it ends in .gz).
    """

    folder: str
    addresses: tuple
    files: dict


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
    ))))

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
    ))))

HOUSE_PRICES = DataSet(
    folder='',
    addresses=(
        'http://d2l-data.s3-accelerate.amazonaws.com/',
        'https://raw.githubusercontent.com/d2l-ai/d2l-zh/master/data/',
    ),
    files=dict(zip(HOUSE_FILES, (
        '1e18addf81e5e4d347cc17ee6075bbe4a42b7fa26b9e5b063e8f692a5f929d41',
        '8fdd3d829d4d986b58f845c9553b225e67dd8383624d90fb6ca1d4bed5798c1e',
    ))))

TIME_MACHINE = DataSet(
    folder='',
    addresses=(
        'http://d2l-data.s3-accelerate.amazonaws.com/',
        'https://raw.githubusercontent.com/d2l-ai/d2l-zh/'
        '592fbef84a684e752393edbf267c07dbc53e082b/data/',
    ),
    files={TEXT_FILE:
           '8424dbd9532ac81f7e5f0b6add90e6952baea29158309d7d1bf3884f4e12c516'})

DATA_SETS = {'fashion-mnist': FASHION_MNIST, 'mnist': MNIST,
             'house-prices': HOUSE_PRICES, 'time-machine': TIME_MACHINE}


# Found, or downloaded, or drawn

class DataError(RuntimeError):
    """A data set cannot be used: what is wrong, and what to do."""


@dataclass(frozen=True)
class Found:
    """The files of a data set on this machine: file name -> path.

    identity: 'real', or 'stand-in-2' with the version of the drawings.
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
    """Return the folder that holds the folders of all data sets.

    One that BOOK_DATA names must be there: else a misspelt name would get
    downloads and stand-ins.
    """
    named = os.environ.get('BOOK_DATA')
    folder = Path(named or USUAL_FOLDER).expanduser()
    if named and not folder.is_dir():
        raise DataError(f'BOOK_DATA={named}: no such folder; mend the name, '
                        'or make the folder')
    return folder


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
            f'What to do: {way_out(error)} and run again; '
            f'or put {files} into {folders[0]}; or set BOOK_DATA to the '
            f'folder that has {DATA_SETS[name].folder or files} in it; or '
            'set BOOK_STAND_IN=auto to go on with generated data.')


def way_out(problem):
    """Say what lets a download through."""
    if 'certificate' in str(problem):
        return 'set SSL_CERT_FILE to the certificates of your network'
    return 'connect to the network'


def download_missing(data_set, folder):
    """Download what is missing in a folder; one process at a time does it.

    Raises DataError for a file that no address has, and for a folder that
    cannot be written.
    """
    from filelock import FileLock  # here, as only a download needs it

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with session() as web, FileLock(folder / '.lock'):
            for path in missing_files(data_set, folder):
                download_from_any(data_set, path, web)
    except OSError as error:
        problem = error.strerror or error
        raise DataError(f'{folder} cannot be written ({problem}), set '
                        'BOOK_DATA to a folder of yours') from error


def download_from_any(data_set, path, web):
    """Download a file from the first address that has it."""
    reasons = []
    for address in data_set.addresses:
        try:
            return download(address + path.name, path,
                            data_set.files[path.name], web)
        except DataError as error:
            reasons.append(f'  {address}{path.name}: {error}')
    over = ' over certificates' * any('certificate' in x for x in reasons)
    raise DataError('\n'.join([f'the download failed{over}:', *reasons]))


def download(url, path, sha256, web):
    """Download a file, check its content, and only then give it its name.

    web: a session of requests. Raises DataError if the address does not
    have it.
    """
    import requests

    part = path.with_name(path.name + '.part')
    try:
        with web.get(url, stream=True,
                     headers={'Accept-Encoding': 'identity'},
                     timeout=(CONNECT_SECONDS, READ_SECONDS)) as answer:
            answer.raise_for_status()
            save(answer, part, path.name)
        unpack(part.read_bytes(), path.name, sha256)
        os.replace(part, path)
    except (requests.RequestException, ValueError) as error:
        raise DataError(in_words(error)) from error
    finally:
        part.unlink(missing_ok=True)


def session():
    """Return a session of requests that trusts whom this computer trusts.

    requests by itself knows certifi's certificates and two variables.
    """
    import requests

    class Adapter(requests.adapters.HTTPAdapter):
        def init_poolmanager(self, *args, **options):
            super().init_poolmanager(*args, **options, ssl_context=context)

        def proxy_manager_for(self, proxy, **options):
            return super().proxy_manager_for(proxy, **options,
                                             ssl_context=context)

    context, found = trusted(), requests.Session()
    found.mount('https://', Adapter())
    return found


def trusted():
    """Return the system's certificates and those that variables name."""
    import ssl

    context = ssl.create_default_context()
    # As before Python 3.13: an organisation's own are often not so strict
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    for name in CERTIFICATES:
        place = os.environ.get(name)
        kind = 'capath' if os.path.isdir(place or '') else 'cafile'
        try:
            if place:
                context.load_verify_locations(**{kind: place})
        except OSError as error:
            raise DataError(f'{name}={place}: no certificates there; mend '
                            'or unset this variable') from error
    return context


def save(answer, path, title):
    """Write the body of an answer to a file behind a progress bar."""
    from tqdm import tqdm

    size = int(answer.headers.get('Content-Length', 0)) or None
    with open(path, 'wb') as file, tqdm(
            desc=title, total=size, unit='B', unit_scale=True) as bar:
        for chunk in answer.iter_content(1 << 16):
            file.write(chunk)
            bar.update(len(chunk))


def in_words(error):
    """Say in a few words why an address failed."""
    import requests

    if isinstance(error, requests.HTTPError):
        return f'HTTP status {error.response.status_code}'
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return 'the connection was cut'
    if 'CERTIFICATE_VERIFY_FAILED' in str(error):
        return 'its certificate is not trusted here'
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
    identity = f'stand-in-{STAND_IN_VERSION}'
    for base in (data_folder(), Path(tempfile.gettempdir())):
        folder = base / 'stand-in' / name / f'version-{STAND_IN_VERSION}'
        try:
            write_stand_in(name, folder)
        except OSError:
            continue
        return Found(paths(DATA_SETS[name], folder), identity, reason)
    raise DataError(f'{name}: the stand-in cannot be written to '
                    f'{data_folder()} or {folder}; set BOOK_DATA to a '
                    'folder of yours')


def write_stand_in(name, folder):
    """Draw a stand-in into a folder unless it is there."""
    if not missing_files(DATA_SETS[name], folder):
        return
    from filelock import FileLock

    import utils_stand_ins  # not found? Copy it into this file's folder

    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(f'{folder}.lock'):
        if missing_files(DATA_SETS[name], folder):
            contents = utils_stand_ins.draw(name, STAND_IN_VERSION)
            for file, content in zip(DATA_SETS[name].files, contents):
                write_file(folder / file, content)


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
              f'({found.reason}); to have it, {way_out(found.reason)} or set '
              'BOOK_DATA')


def read_files(name, root=None):
    """Return the content of each file of a data set: a list of bytes.

    root: as in `find_data`. Says so when the data set is a stand-in. Raises
    DataError if there is no data or a file is damaged.
    """
    found = find_data(name, root)
    announce(found, name)
    return verified_contents(found, name)


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
        array = array if array.ndim == 3 else array.astype('int32')
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
    import numpy as np  # here, after MXNet's threads were set

    axes = content[3]
    shape = np.frombuffer(content, '>i4', axes, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(
        shape)


def encode_idx(array):
    """Turn a uint8 array into the bytes of an idx file."""
    shape = b''.join(length.to_bytes(4, 'big') for length in array.shape)
    return bytes([0, 0, 8, array.ndim]) + shape + array.tobytes()


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


# Chinese in pictures

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
