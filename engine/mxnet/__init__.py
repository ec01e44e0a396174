"""MXNet 1.9.1's Gluon, as far as one book uses it, on PyTorch.

`import mxnet as mx` finds this package where MXNet itself cannot be
installed. Names, numbers and errors are MXNet's; README.md says what is
there, and the tests what differs on purpose.
"""

from ._start import __version__
from . import base
from .base import MXNetError
from .context import Context, cpu, cpu_pinned, current_context, gpu
from . import autograd
from . import ndarray
from . import ndarray as nd
from .ndarray import random
from . import symbol
from . import symbol as sym
from . import initializer
from . import initializer as init
from . import optimizer, lr_scheduler, io, image, runtime, test_utils
from . import kvstore
from . import kvstore as kv
from . import gluon

__getattr__ = base.guard(__name__)
