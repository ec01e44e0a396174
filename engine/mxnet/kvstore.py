"""Stores: the sum of what several devices, or several processes, computed.

Stands on PyTorch's distributed engine for 'dist_sync': the scheduler hands
out ranks, the workers add up among themselves, and a server only waits.
Chapter: convolutional-neural-networks/multi-device-training.
"""

import atexit
import os
import sys
import time

import torch
from torch import distributed

from .base import MXNetError, guard, nearest
from .context import cpu
from .ndarray import NDArray
from .optimizer import get_updater

KINDS = ('local', 'device', 'dist_sync', 'dist_device_sync')


class KVStore:
    """An array for each key. `push` puts the sum of arrays in its place.

    After `set_optimizer` the sum is a gradient, by which the array changes.
    'local' adds in main memory, 'device' on the first device.
    """

    rank, num_workers = 0, 1

    def __init__(self, kind):
        self.type, self._arrays, self._updater = kind, {}, None

    def init(self, key, value):
        """Store the first array of a key, or of each key in a list."""
        for k, (first, *_) in pairs(key, value):
            if k in self._arrays:
                raise MXNetError(f'init: there is a key {k!r} already')
            self._arrays[k] = self._from_first_worker(self._home(first))

    def push(self, key, value, priority=0):
        """Add up arrays, of one key or of each in a list."""
        for k, (first, *others) in pairs(key, value):
            stored, total = self._find(k), self._home(first)
            for other in others:
                total.tensor.add_(other.as_in_context(total.ctx).tensor)
            self._over_all_workers(total)
            if self._updater is None:
                self._arrays[k] = total
            else:
                self._updater(k, total, stored)

    def pull(self, key, out=None, priority=0, ignore_sparse=True):
        """Copy what is stored into `out`, an array or a list of them."""
        assert out is not None, 'pull: `out` must be arrays to copy into'
        for k, arrays in pairs(key, out):
            for array in arrays:
                self._find(k).copyto(array)

    def pushpull(self, key, value, out=None, priority=0):
        """Push `value`, then pull into `out`, or into `value` itself."""
        self.push(key, value)
        self.pull(key, value if out is None else out)

    def broadcast(self, key, value, out, priority=0):
        """Store an array, with several processes the first one's; pull it."""
        self.init(key, value)
        self.pull(key, out)

    def set_optimizer(self, optimizer):
        """Let `push` change what is stored by an optimiser."""
        self._updater = get_updater(optimizer)

    def _home(self, array):
        return array.copyto(array.ctx if 'device' in self.type else cpu())

    def _find(self, key):
        if key not in self._arrays:
            raise MXNetError(f'there is no key {key!r}; init it first')
        return self._arrays[key]

    def _from_first_worker(self, array):
        return array

    def _over_all_workers(self, array):
        """With one process there is nothing to add."""

    def _barrier(self):
        """With one process there is nobody to wait for."""


class DistKVStore(KVStore):
    """A store of several processes, which all call it in the same order."""

    def __init__(self, kind):
        super().__init__(kind)
        if not distributed.is_initialized():
            join('cpu:gloo,cuda:nccl' if 'device' in kind
                 and torch.cuda.is_available() else 'gloo')
        self.rank = distributed.get_rank()
        self.num_workers = distributed.get_world_size()

    def _from_first_worker(self, array):
        distributed.broadcast(array.tensor, 0)
        return array

    def _over_all_workers(self, array):
        distributed.all_reduce(array.tensor)

    def _barrier(self):
        distributed.barrier()


def create(name='local'):
    """Return a new store. MXNetError for a kind that is not there."""
    if not isinstance(name, str):
        raise TypeError(f'the kind of a store is a name, not {name!r}')
    name = name.lower()
    if name not in KINDS:
        raise MXNetError(f'there is no store of kind {name!r}'
                         f'{nearest(name, KINDS)}; choose from '
                         f'{", ".join(KINDS)}')
    return DistKVStore(name) if 'dist' in name else KVStore(name)


def pairs(key, value):
    """Yield (key, list of arrays) from one key or from a list of keys."""
    if not isinstance(key, (list, tuple)):
        key, value = [key], [value]
    for one, arrays in zip(key, value):
        yield one, [arrays] if isinstance(arrays, NDArray) else arrays


def setting(name):
    """Return DMLC_<name> of the environment; MXNetError if it is missing."""
    if 'DMLC_' + name not in os.environ:
        raise MXNetError(
            f'dist_sync: DMLC_{name} is not in the environment. Each process '
            'of a job is told DMLC_ROLE, DMLC_PS_ROOT_URI, '
            'DMLC_PS_ROOT_PORT, DMLC_NUM_SERVER and DMLC_NUM_WORKER.')
    return os.environ['DMLC_' + name]


def notice_board(is_scheduler=False):
    """Return the table of counts that the scheduler keeps for all."""
    return distributed.TCPStore(
        setting('PS_ROOT_URI'), int(setting('PS_ROOT_PORT')),
        is_master=is_scheduler, wait_for_workers=False,
        use_libuv=sys.platform != 'win32')


def join(backend):
    """Become a worker of a job: take a number, and wait for the others."""
    board = notice_board()
    distributed.init_process_group(
        backend, store=board, rank=board.add('joined', 1) - 1,
        world_size=int(setting('NUM_WORKER')))
    atexit.register(leave, board)


def leave(board):
    """End a worker's part in a job, also after an error."""
    distributed.destroy_process_group()
    board.add('left', 1)


def serve():
    """Do a scheduler's or a server's duty till all workers have left; exit.

    In a worker, or without a job, it does nothing.
    """
    role = os.environ.get('DMLC_ROLE', 'worker')
    if role == 'worker':
        return
    board, others = notice_board(role == 'scheduler'), setting('NUM_WORKER')
    others = int(others) + (role == 'scheduler') * int(setting('NUM_SERVER'))
    while board.add('left', 0) < others:
        time.sleep(0.05)
    if role == 'server':
        board.add('left', 1)
    sys.exit()


serve()  # a scheduler and a server get no further than `import mxnet`
__getattr__ = guard(__name__)
