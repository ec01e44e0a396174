"""Data sets, found or downloaded, and the number of threads for MXNet.

`utils.py` needs this file and offers all that is in it. It needs neither
MXNet nor, as long as nothing is read, any other package; when no set can be
had, it has `utils_stand_ins.py` draw one that looks alike.
"""

import contextlib
import functools
import gzip
import hashlib
import os
import stat
import sys
import tempfile
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

USUAL_FOLDER = '~/.mxnet/datasets'
STAND_IN_VERSION = 2  # increase it when the drawings change
PIECE = 1 << 16  # bytes of a file in memory at a time
READ_SECONDS = 20  # for a connection, and from one piece to the next
SLOWEST, PATIENCE = 2000, 60  # bytes a second, after so many seconds
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

class Content(NamedTuple):
    """What is in a file, unpacked if its name ends in .gz: how many bytes."""

    size: int
    sha256: str


@dataclass(frozen=True)
class DataSet:
    """Where the files of a data set are, and how to tell them.

    folder: its folder inside the data folder; '' for the data folder.
    addresses: web folders that hold the files, tried in this order.
    files: file name -> `Content`.
    """

    folder: str
    addresses: tuple
    files: dict


HOUSE_FILES = 'kaggle_house_pred_train.csv', 'kaggle_house_pred_test.csv'

TEXT_FILE = 'timemachine.txt'

IMAGE_FILES = ('train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz',
               't10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz')
IMAGE_SIZES = 47040016, 60008, 7840016, 10008

FASHION_MNIST = DataSet(
    folder='fashion-mnist',
    addresses=(
        'https://apache-mxnet.s3-accelerate.dualstack.amazonaws.com/'
        'gluon/dataset/fashion-mnist/',
        'https://github.com/zalandoresearch/fashion-mnist/raw/master/'
        'data/fashion/',
        # Its authors' own; Amazon has no https for such a website
        'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    ),
    files=dict(zip(IMAGE_FILES, map(Content, IMAGE_SIZES, (
        'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
        'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
        '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
        '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
    )))))

MNIST = DataSet(
    folder='mnist',
    addresses=(
        'https://ossci-datasets.s3.amazonaws.com/mnist/',
        'https://storage.googleapis.com/cvdf-datasets/mnist/',
        'https://yann.lecun.com/exdb/mnist/',
    ),
    files=dict(zip(IMAGE_FILES, map(Content, IMAGE_SIZES, (
        'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
        '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
        '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
        'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    )))))

HOUSE_PRICES = DataSet(
    folder='',
    addresses=(
        'https://d2l-data.s3-accelerate.amazonaws.com/',
        'https://raw.githubusercontent.com/d2l-ai/d2l-zh/master/data/',
    ),
    files=dict(zip(HOUSE_FILES, map(Content, (460676, 451405), (
        '1e18addf81e5e4d347cc17ee6075bbe4a42b7fa26b9e5b063e8f692a5f929d41',
        '8fdd3d829d4d986b58f845c9553b225e67dd8383624d90fb6ca1d4bed5798c1e',
    )))))

TIME_MACHINE = DataSet(
    folder='',
    addresses=(
        'https://d2l-data.s3-accelerate.amazonaws.com/',
        'https://raw.githubusercontent.com/d2l-ai/d2l-zh/'
        '592fbef84a684e752393edbf267c07dbc53e082b/data/',
    ),
    files={TEXT_FILE: Content(
        178979,
        '8424dbd9532ac81f7e5f0b6add90e6952baea29158309d7d1bf3884f4e12c516')})

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
        with FileLock(folder / '.lock'):
            for path in missing_files(data_set, folder):
                download_from_any(data_set, path, trusted())
    except OSError as error:
        problem = error.strerror or error
        raise DataError(f'{folder} cannot be written ({problem}), set '
                        'BOOK_DATA to a folder of yours') from error


def download_from_any(data_set, path, certificates):
    """Download a file from the first address that has it."""
    reasons = []
    for address in data_set.addresses:
        try:
            return download(address + path.name, path,
                            data_set.files[path.name], certificates)
        except DataError as error:
            reasons.append(f'  {address}{path.name}: {error}')
    over = ' over certificates' * any('certificate' in x for x in reasons)
    raise DataError('\n'.join([f'the download failed{over}:', *reasons]))


def download(url, path, known, certificates):
    """Download a file, check its content, and only then give it its name.

    known: its `Content`. Raises DataError if the address does not have it.
    """
    with unfinished(path) as part:
        with open(part, 'xb') as file:  # never through a link of others
            for piece in pieces(url, path.name, known.size, certificates):
                file.write(piece)
        for _ in unpacked(part, path.name, known):
            pass


@contextlib.contextmanager
def unfinished(path):
    """Yield another name for a file, which gets its own when it is whole."""
    part = path.with_name(path.name + '.part')
    part.unlink(missing_ok=True)
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def pieces(url, title, size, certificates):
    """Yield the body of an answer in pieces, behind a progress bar.

    size: bytes of the content; packing adds a thousandth of it at most.
    Raises DataError for more, for less than was announced, and for a body
    that comes too slowly. Nothing is unpacked, whatever the server says.
    """
    import http.client
    import urllib.request

    from tqdm import tqdm

    most, begun = size + size // 1000 + 1000, time.monotonic()
    try:
        with urllib.request.urlopen(url, timeout=READ_SECONDS,
                                    context=certificates) as answer, tqdm(
                desc=title, total=answer.length, unit='B',
                unit_scale=True) as bar:
            for piece in iter(lambda: answer.read1(PIECE), b''):
                bar.update(len(piece))
                seconds = time.monotonic() - begun - PATIENCE
                if bar.n > most:
                    raise DataError(f'too long: more than {most} bytes')
                if bar.n < seconds * SLOWEST:
                    raise DataError(f'too slow: {bar.n} bytes in '
                                    f'{seconds + PATIENCE:.0f} s')
                yield piece
            if answer.length:
                raise DataError('the connection was cut')
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise DataError(in_words(error)) from error


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


def in_words(error):
    """Say in a few words why an address failed."""
    reason = getattr(error, 'reason', error)
    if hasattr(error, 'code'):
        return f'HTTP status {error.code}'
    if 'CERTIFICATE_VERIFY_FAILED' in str(reason):
        return 'its certificate is not trusted here'
    return f'no connection ({reason or type(error).__name__})'


def read_verified(path, known=None):
    """Return the content of a file as bytes, unpacked if it ends in .gz.

    known: its `Content`. Raises DataError, naming the file, if it is
    truncated or has another content. The file stays as it is.
    """
    try:
        return b''.join(unpacked(path, path.name, known))
    except (OSError, DataError) as error:
        raise DataError(f'{path}: {error}; move this file away '
                        'and run again') from error


def unpacked(path, name, known=None):
    """Yield the content of a file in pieces, and check it as far as known.

    What is longer is not unpacked to its end; drawings are never longer
    than the largest file of DATA_SETS.
    """
    size, sha256 = known or (max(IMAGE_SIZES), None)
    found, opened = hashlib.sha256(), gzip.open if name.endswith(
        '.gz') else open
    try:
        with opened(path, 'rb') as file:
            for piece in iter(lambda: file.read(PIECE), b''):
                size -= len(piece)
                if size < 0:
                    raise DataError('other content than expected, longer')
                found.update(piece)
                yield piece
    except EOFError as error:
        raise DataError('truncated gzip file') from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f'damaged gzip file ({error})') from error
    found = found.hexdigest()
    if sha256 not in (None, found):
        raise DataError(f'other content than expected (SHA-256 {found[:12]}'
                        f'..., expected {sha256[:12]}...)')


def find_stand_in(name, reason):
    """Return the stand-in of a data set, drawn once per machine and user."""
    identity = f'stand-in-{STAND_IN_VERSION}'
    own = f'from-scratch-to-gluon-{os.getuid()}' if hasattr(
        os, 'getuid') else 'from-scratch-to-gluon'  # Windows has one for each
    for base in (data_folder() / 'stand-in',
                 Path(tempfile.gettempdir(), own)):
        folder = base / name / f'version-{STAND_IN_VERSION}'
        try:
            base.mkdir(0o700, parents=True, exist_ok=True)
            if not is_private(base):
                continue
            write_stand_in(name, folder)
        except OSError:
            continue
        return Found(paths(DATA_SETS[name], folder), identity, reason)
    raise DataError(f'{name}: the stand-in cannot be written to '
                    f'{data_folder()} or {folder}; set BOOK_DATA to a '
                    'folder of yours')


def is_private(folder):
    """Tell whether only this user, or root, can have put files into a folder.

    There are no sums for drawings, and others may write in a temporary one.
    """
    found = os.lstat(folder)
    return stat.S_ISDIR(found.st_mode) and (
        not hasattr(os, 'getuid')
        or found.st_uid in (0, os.getuid()) and not found.st_mode & 0o022)


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
    with unfinished(path) as part:
        part.write_bytes(content)


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
                          None if found.is_stand_in else known)
            for file, known in DATA_SETS[name].files.items()]


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
