"""Stores: the sum of what several devices, or several processes, computed.

Stands on torch.distributed for 'dist_sync': the scheduler hands out ranks,
the workers add up among themselves, and a server only waits. What starts
PyTorch's programs, such as torchrun, starts workers, too, without the others.
Chapters: convolutional-neural-networks/multi-device-training,
convolutional-neural-networks/distributed-training.
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

KINDS = ('local', 'device', 'dist_sync', 'dist_device_sync')


class KVStore:
    """An array for each key. `push` puts the sum of arrays in its place.

    'local' adds in main memory, 'device' on the first device, 'dist_sync'
    over processes, which must all call it in the same order.
    """

    rank, num_workers = 0, 1

    def __init__(self, kind):
        self.type, self._arrays = kind, {}
        if 'dist' in kind:
            if not distributed.is_initialized():
                join(kind)
            self.rank = distributed.get_rank()
            self.num_workers = distributed.get_world_size()

    def init(self, key, value):
        """Store the first array of a key: that of the first process."""
        if key in self._arrays:
            raise MXNetError(f'init: there is a key {key!r} already')
        self._arrays[key] = self._home(value)
        if 'dist' in self.type:
            distributed.broadcast(self._arrays[key].tensor, 0)

    def push(self, key, value, priority=0):
        """Add up a list of arrays, or those of all processes."""
        self.total(key)
        first, *others = as_list(value)
        total = self._arrays[key] = self._home(first)
        for other in others:
            total.tensor.add_(other.as_in_context(total.ctx).tensor)
        if 'dist' in self.type:
            distributed.all_reduce(total.tensor)

    def pull(self, key, out, priority=0):
        """Copy what is stored into `out`, an array or a list of them."""
        for array in as_list(out):
            self.total(key).copyto(array)

    def total(self, key):
        """Return what is stored, itself. MXNetError if there is nothing."""
        if key not in self._arrays:
            raise MXNetError(f'there is no key {key!r}; init it first')
        return self._arrays[key]

    def _home(self, array):
        return array.copyto(array.ctx if 'device' in self.type else cpu())


def create(name='local'):
    """Return a new store. MXNetError for a kind that is not there."""
    if name not in KINDS:
        raise MXNetError(f'there is no store of kind {name!r}'
                         f'{nearest(str(name), KINDS)}; choose from {KINDS}')
    return KVStore(name)


def as_list(arrays):
    """Return a list of arrays from a list or from one."""
    return [arrays] if isinstance(arrays, NDArray) else arrays


def setting(name):
    """Return DMLC_<name> of the environment; MXNetError if it is missing."""
    if 'DMLC_' + name not in os.environ:
        raise MXNetError(
            f'dist_sync: each process of a job needs DMLC_{name} in its '
            'environment, as the chapter on several machines sets it')
    return os.environ['DMLC_' + name]


def notice_board(is_scheduler=False):
    """Return the table of counts that the scheduler keeps for all."""
    return distributed.TCPStore(
        setting('PS_ROOT_URI'), int(setting('PS_ROOT_PORT')),
        is_master=is_scheduler, wait_for_workers=False,
        use_libuv=sys.platform != 'win32')


def join(kind):
    """Become a worker of a job: take a number, and wait for the others."""
    on_cards = 'device' in kind and torch.cuda.is_available()
    backend = 'cpu:gloo,cuda:nccl' if on_cards else 'gloo'
    if 'TORCHELASTIC_RUN_ID' in os.environ:  # torchrun has given numbers
        distributed.init_process_group(backend)
        atexit.register(distributed.destroy_process_group)
        return
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
