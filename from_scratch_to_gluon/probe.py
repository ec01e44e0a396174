"""What `utils`, the engine and Jupyter say, in a process of their own.

An engine takes seconds to be imported, and what is broken in it must break
neither a build nor the doctor: `ask` runs this module as a program, which
answers one question. Everything is imported where it is needed; it may not
be there.
"""

import json
import os
import pathlib
import sys
from collections import namedtuple
from importlib import util
from importlib.machinery import PathFinder

from from_scratch_to_gluon import programs

NAME = 'from_scratch_to_gluon.probe'  # __name__ is another in the program
KERNEL = 'python3'  # that of the notebooks

# What was answered: a table, or None and why there is none
Answer = namedtuple('Answer', 'table words')


def ask(root, question, *arguments, **options):
    """Return the `Answer` to one of QUESTIONS.

    options: those of subprocess.run.
    """
    done = programs.run([sys.executable, '-m', NAME, question,
                         json.dumps(arguments)], cwd=str(root), **options)
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
    """Return the version of the engine, a product it computes, and its GPU.

    Of ours also which PyTorch it has, and what devices that can use.
    """
    import mxnet
    from mxnet import nd

    product = nd.dot(nd.ones((2, 3)), nd.ones((3, 2))).asnumpy().tolist()
    found = {'version': mxnet.__version__, 'product': product, 'gpu': None}
    if '+torch' in mxnet.__version__:
        found['torch'], found['devices'] = pytorch(), devices()
    found['cuda'] = mxnet.runtime.Features().is_enabled('CUDA')
    if found['cuda']:
        try:
            nd.ones(1, ctx=mxnet.gpu()).wait_to_read()
            found['gpu'] = str(mxnet.gpu())
        except mxnet.MXNetError:
            pass
    return found


def pytorch():
    """Say which PyTorch this is, and for which devices it was built."""
    import torch

    cuda, rocm = torch.version.cuda, getattr(torch.version, 'hip', None)
    build = f'CUDA {cuda}' if cuda else f'ROCm {rocm}' if rocm else 'the CPU'
    if torch.backends.mps.is_built():
        build = 'Apple silicon'
    return f'PyTorch {torch.__version__.split("+")[0]} for {build}'


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


def cores():
    """Return how many processor cores there are."""
    import utils_data

    return utils_data.physical_cores()


def kernel():
    """Return the file that says what the kernel of notebooks is; its Python.

    own: whether that is this Python, and can be a kernel.
    """
    from jupyter_client.kernelspec import KernelSpecManager

    manager = KernelSpecManager()
    try:
        found = manager.get_kernel_spec(KERNEL)
        python = found.argv[0]
    except (IndexError, ValueError) as error:
        raise ValueError(f'{manager.find_kernel_specs()[KERNEL]}/kernel.json '
                         f'is damaged: {error}') from error
    if python in names_of_python():  # then Jupyter takes its own
        python = sys.executable
    own = (folder_of(python) == folder_of(sys.executable)
           and util.find_spec('ipykernel') is not None)
    return {'file': os.path.join(found.resource_dir, 'kernel.json'),
            'python': python, 'own': own}


def names_of_python():
    major, minor = sys.version_info[:2]
    return 'python', f'python{major}', f'python{major}.{minor}'


def folder_of(path):
    return os.path.normcase(os.path.realpath(os.path.dirname(path)))


def modules():
    """Return the files that `import utils` finds: here, and elsewhere."""
    return [file_of('utils', path) for path in (sys.path, sys.path[1:])]


def file_of(name, path):
    """Return where a module or package is on a path; None if it is not."""
    spec = PathFinder.find_spec(name, path)
    if spec is None:
        return None
    return spec.origin or next(iter(spec.submodule_search_locations))


QUESTIONS = {x.__name__: x for x in (
    environment, mxnet, data, data_files, cores, kernel, modules)}


def main(question, arguments):
    """Print the answer to a question as the last line."""
    try:
        answer = QUESTIONS[question](*json.loads(arguments)), ''
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        answer = None, in_words(error)
    print('\n' + json.dumps(answer))


def in_words(error):
    """Return the first line of an error; all of one of utils_data."""
    kind = type(error).__name__
    if kind == 'DataError':
        return str(error)
    return (str(error).splitlines() or [kind])[0]


if __name__ == '__main__':
    main(*sys.argv[1:])
