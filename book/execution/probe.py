"""What `utils` and MXNet say of this computer, in a process of their own.

MXNet takes seconds to be imported, and what is broken in it must not break
a build: `ask` runs this module as a program, which answers one question.
Everything is imported where it is needed; it may not be there.
"""

import json
import pathlib
import subprocess
import sys
from collections import namedtuple

# What was answered: a table, or None and why there is none
Answer = namedtuple('Answer', 'table words')


def ask(root, question, *arguments, **options):
    """Return the `Answer` to one of QUESTIONS.

    options: those of subprocess.run.
    """
    done = subprocess.run(
        [sys.executable, '-m', __name__, question, json.dumps(arguments)],
        cwd=root, stdout=subprocess.PIPE, encoding='utf-8',
        errors='replace', **options
    )
    if done.returncode == 130:
        raise KeyboardInterrupt
    try:
        return Answer(*json.loads(done.stdout.splitlines()[-1]))
    except (IndexError, TypeError, ValueError):
        return Answer(None, f'ended with status {done.returncode}')


def environment(names):
    """Return the device, and whether data sets are real, by their names.

    names: the data sets to make available; None for all there are.
    """
    import utils

    names = list(utils.DATA_SETS) if names is None else names
    return {'device': str(utils.try_gpu()),
            'data': {name: utils.find_data(name).identity for name in names}}


def mxnet():
    """Return the version of MXNet, a product it computes, and its GPU.

    Of our engine also which devices PyTorch has.
    """
    import mxnet
    from mxnet import nd

    product = nd.dot(nd.ones((2, 3)), nd.ones((3, 2))).asnumpy().tolist()
    found = {'version': mxnet.__version__, 'product': product, 'gpu': None}
    if '+torch' in mxnet.__version__:
        found['devices'] = devices()
    found['cuda'] = mxnet.runtime.Features().is_enabled('CUDA')
    if found['cuda']:
        try:
            nd.ones(1, ctx=mxnet.gpu()).wait_to_read()
            found['gpu'] = str(mxnet.gpu())
        except mxnet.MXNetError:
            pass
    return found


def devices():
    """Return the names of the devices that PyTorch can use."""
    import torch

    cards = range(torch.cuda.device_count())
    return ['cpu', *map(torch.cuda.get_device_name, cards),
            *['mps'] * torch.backends.mps.is_available()]


def data():
    """Return {data set: 'real', 'missing', or what is wrong with it}."""
    import utils_data

    return {x: state(utils_data, y) for x, y in utils_data.DATA_SETS.items()}


def state(utils_data, data_set):
    """Say whether the files of a data set are here, and are the real ones."""
    for folder in utils_data.data_set_folders(data_set, None):
        if not utils_data.missing_files(data_set, folder):
            try:
                for name, sha256 in data_set.files.items():
                    utils_data.read_verified(folder / name, sha256)
            except utils_data.DataError as error:
                return str(error)
            return 'real'
    return 'missing'


def data_files():
    """Return {path in a folder of data: where the file is}, of all sets."""
    import utils_data

    return {str(pathlib.PurePosixPath(data_set.folder, file)): str(path)
            for name, data_set in utils_data.DATA_SETS.items()
            for file, path in utils_data.find_data(name).files.items()}


QUESTIONS = {x.__name__: x for x in (environment, mxnet, data, data_files)}


def main(question, arguments):
    """Print the answer to a question as the last line."""
    try:
        answer = QUESTIONS[question](*json.loads(arguments)), ''
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        lines = str(error).splitlines() or [type(error).__name__]
        answer = None, lines[0]
    print('\n' + json.dumps(answer))


if __name__ == '__main__':
    main(*sys.argv[1:])
