"""What must be so before anything else is imported.

One package of this name, a PyTorch that is new enough, PyTorch's own way
round operations that an Apple processor lacks, and numbers that print as
they did in MXNet's time.
"""

import importlib.metadata
import os

__version__ = '1.9.1+torch1'
OLDEST_TORCH = (2, 4)


def only_one():
    """Raise ImportError if MXNet is installed into the same environment."""
    for name in ('mxnet', 'mxnet-cu112', 'mxnet-cu117'):
        try:
            importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        raise ImportError(
            f'both {name} and gluon-on-torch are installed here, and both '
            'are imported as mxnet; remove one of them: `pip uninstall '
            f'{name}` or `pip uninstall gluon-on-torch`')


def check_torch():
    """Raise ImportError without PyTorch, or with one that is too old."""
    try:
        import torch
    except ImportError as error:
        raise ImportError('gluon-on-torch needs PyTorch: `pip install '
                          f'torch` ({error})') from error
    version = tuple(map(int, torch.__version__.split('.')[:2]))
    if version < OLDEST_TORCH:
        raise ImportError(
            f'gluon-on-torch needs PyTorch {OLDEST_TORCH[0]}.'
            f'{OLDEST_TORCH[1]} or newer, and found {torch.__version__}: '
            '`pip install --upgrade torch`')


def print_as_before():
    """Let NumPy 2 print `1.5`, where it would print `np.float32(1.5)`."""
    import numpy

    if int(numpy.__version__.split('.')[0]) >= 2:
        numpy.set_printoptions(legacy='1.25')


# An operation that Apple's graphics processors lack is done on the CPU, and
# PyTorch says so in one line; it reads this when it is imported.
os.environ.setdefault('PYTORCH_ENABLE_MPS_FALLBACK', '1')
only_one()
check_torch()
print_as_before()
