"""Devices: where an array lies, and where the next one will.

Stands on PyTorch's devices. All of `cpu(0)`, `cpu(1)`, ... are the same
memory under other labels, as in MXNet: with them, programs for several
devices run on a computer that has one. `gpu(i)` is a card that CUDA knows,
or `gpu(0)` the graphics processor of an Apple computer.
Chapter: gluon-basics/use-gpu.
"""

import threading

import torch

from .base import MXNetError


class Entered(threading.local):
    """The contexts of the `with` we are in, for each thread of its own."""

    stack = ()


ENTERED = Entered()


class Context:
    """A device; `with mx.gpu():` makes it the place of new arrays."""

    devtype2str = {1: 'cpu', 2: 'gpu', 3: 'cpu_pinned', 5: 'cpu_shared'}
    devstr2type = {name: number for number, name in devtype2str.items()}

    def __init__(self, device_type, device_id=0):
        if isinstance(device_type, Context):
            device_type, device_id = (device_type.device_type,
                                      device_type.device_id)
        if device_type not in self.devstr2type:
            raise KeyError(f'{device_type!r} is no type of device; choose '
                           f'from {", ".join(self.devstr2type)}')
        self.device_type, self.device_id = device_type, device_id
        self.device_typeid = self.devstr2type[device_type]
        self._device = None

    def __eq__(self, other):
        return self is other or (
            isinstance(other, Context)
            and self.device_type == other.device_type
            and self.device_id == other.device_id)

    def __hash__(self):
        return hash((self.device_type, self.device_id))

    def __repr__(self):
        return f'{self.device_type}({self.device_id})'

    def __enter__(self):
        ENTERED.stack += (self,)
        return self

    def __exit__(self, *error):
        ENTERED.stack = ENTERED.stack[:-1]

    @property
    def device(self):
        """PyTorch's device. MXNetError if this computer has no such one."""
        if self._device is None:
            self._device = find_device(self)
        return self._device

    def empty_cache(self):
        """Give memory that no array uses back to the graphics card."""
        if self.device.type == 'cuda':
            torch.cuda.empty_cache()


def find_device(context):
    """Return PyTorch's device for a context."""
    if context.device_type != 'gpu':
        return torch.device('cpu')
    if context.device_id >= num_gpus():
        raise MXNetError(
            f'{context} is not there: PyTorch {torch.__version__} finds '
            f'{num_gpus()} graphics processors{why_none()}. Use mx.cpu(), or '
            'utils.try_gpu(), which takes what there is.')
    if torch.cuda.is_available():
        return torch.device('cuda', context.device_id)
    return torch.device('mps')


def why_none():
    """Say why there may be none although the computer has one."""
    if num_gpus():
        return ''
    if torch.version.cuda is None:
        return ' (this build of PyTorch is for processors only)'
    return (f' (this PyTorch is built for CUDA {torch.version.cuda}, which '
            "needs a card and a driver for it; try `nvidia-smi`)")


def num_gpus():
    """Return how many graphics processors PyTorch can use."""
    if torch.cuda.is_available():
        return torch.cuda.device_count()
    return int(torch.backends.mps.is_available())


def cpu(device_id=0):
    """Return the context of the main memory."""
    return Context('cpu', device_id)


def cpu_pinned(device_id=0):
    """Return the main memory's context; nothing is pinned here."""
    return Context('cpu_pinned', device_id)


def gpu(device_id=0):
    """Return the context of a graphics processor."""
    return Context('gpu', device_id)


DEFAULT = cpu()


def current_context():
    """Return where new arrays are made."""
    return ENTERED.stack[-1] if ENTERED.stack else DEFAULT
