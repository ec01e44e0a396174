"""Stores: the sum of gradients of several devices or several processes.

Stands on PyTorch's distributed engine for 'dist_sync': the scheduler process
hands out ranks, and the workers add up among themselves, so that a server
has nothing to do. Chapter: convolutional-neural-networks/
multi-device-training.
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
    """An array for each key; `push` gives it the sum of many.

    With an updater (of `set_optimizer`) the sum is a gradient, by which the
    array is changed. 'local' adds in main memory, 'device' on the first one.
    """

    rank, num_workers = 0, 1

    def __init__(self, kind):
        self.type, self._arrays, self._updater = kind, {}, None

    def init(self, key, value):
        """Store the first array of one key, or of each in a list."""
        for key, (value, *_) in pairs(key, value):
            if key in self._arrays:
                raise MXNetError(f'init: key {key!r} is there already')
            self._arrays[key] = self._first(self._at_home(value))

    def push(self, key, value, priority=0):
        """Add up arrays; the sum takes the place of what is stored."""
        for key, values in pairs(key, value):
            stored = self._find(key)
            total = self._at_home(values[0])
            for other in values[1:]:
                total.tensor.add_(other.as_in_context(total.ctx).tensor)
            self._sum_of_workers(total)
            if self._updater is None:
                self._arrays[key] = total
            else:
                self._updater(key, total, stored)

    def pull(self, key, out=None, priority=0, ignore_sparse=True):
        """Copy what is stored into `out`, an array or a list of them."""
        assert out is not None, 'pull: give arrays to copy into as `out`'
        for key, arrays in pairs(key, out):
            for array in arrays:
                self._find(key).copyto(array)

    def pushpull(self, key, value, out=None, priority=0):
        """Push `value`, then pull into `out`, or into `value` itself."""
        self.push(key, value)
        self.pull(key, value if out is None else out)

    def broadcast(self, key, value, out, priority=0):
        """Store an array, that of worker 0, and copy it into `out`."""
        self.init(key, value)
        self.pull(key, out)

    def set_optimizer(self, optimizer):
        """Let `push` change what is stored by an optimiser."""
        self._updater = get_updater(optimizer)

    def is_capable(self, capability):
        """Return whether the store can do 'optimizer': yes."""
        return capability == 'optimizer'

    def save_optimizer_states(self, fname, dump_optimizer=False):
        """Save what the optimiser remembers."""
        with open(fname, 'wb') as file:
            file.write(self._updater.get_states(dump_optimizer))

    def load_optimizer_states(self, fname):
        """Load what `save_optimizer_states` saved; only from friends."""
        with open(fname, 'rb') as file:
            self._updater.set_states(file.read())

    def _at_home(self, array):
        return array.copyto(array.ctx if 'device' in self.type else cpu())

    def _find(self, key):
        if key not in self._arrays:
            raise MXNetError(f'there is no key {key!r}; init it first')
        return self._arrays[key]

    def _first(self, array):
        return array

    def _sum_of_workers(self, array):
        pass

    def _barrier(self):
        pass


class DistKVStore(KVStore):
    """A store of several processes, in step: all must do the same calls."""

    def __init__(self, kind):
        super().__init__(kind)
        if not distributed.is_initialized():
            join('cpu:gloo,cuda:nccl' if 'device' in kind
                 and torch.cuda.is_available() else 'gloo')
        self.rank = distributed.get_rank()
        self.num_workers = distributed.get_world_size()

    def _first(self, array):
        distributed.broadcast(array.tensor, 0)
        return array

    def _sum_of_workers(self, array):
        distributed.all_reduce(array.tensor)

    def _barrier(self):
        distributed.barrier()


def pairs(key, value):
    """Yield (key, list of arrays) from one key or a list of keys."""
    if not isinstance(key, (list, tuple)):
        key, value = [key], [value]
    for one, arrays in zip(key, value):
        yield one, [arrays] if isinstance(arrays, NDArray) else arrays


def create(name='local'):
    """Return a new store. MXNetError for a kind that is not there."""
    if not isinstance(name, str):
        raise TypeError(f'the kind of a store is a name, not {name!r}')
    if name.lower() not in KINDS:
        raise MXNetError(f'no store of kind {name!r}{nearest(name, KINDS)}; '
                         f'choose from {", ".join(KINDS)}')
    return (DistKVStore if 'dist' in name else KVStore)(name.lower())


def setting(name):
    """Return DMLC_<name>, by which the processes of a job are told."""
    if 'DMLC_' + name not in os.environ:
        raise MXNetError(
            f"dist_sync: the environment has no DMLC_{name}. Start "
            'scheduler, servers and workers with DMLC_ROLE, '
            'DMLC_PS_ROOT_URI, DMLC_PS_ROOT_PORT, DMLC_NUM_WORKER and '
            'DMLC_NUM_SERVER.')
    return os.environ['DMLC_' + name]


def meeting_point(is_scheduler=False):
    """Return the table in the scheduler's memory that all can reach."""
    return distributed.TCPStore(
        setting('PS_ROOT_URI'), int(setting('PS_ROOT_PORT')),
        is_master=is_scheduler, wait_for_workers=False,
        use_libuv=sys.platform != 'win32')


def join(backend):
    """Become a worker of the job: take a rank, and wait for the others."""
    table = meeting_point()
    distributed.init_process_group(
        backend, store=table, rank=table.add('workers', 1) - 1,
        world_size=int(setting('NUM_WORKER')))
    atexit.register(leave, table)


def leave(table):
    """End the part of a worker, also after an error."""
    distributed.destroy_process_group()
    table.add('left', 1)


def serve():
    """Do the duty of a scheduler or a server until all workers have left.

    Called by `import mxnet`; it does not return there. Nothing for workers.
    """
    role = os.environ.get('DMLC_ROLE', 'worker')
    if role == 'worker':
        return
    table = meeting_point(role == 'scheduler')
    members = int(setting('NUM_WORKER'))
    if role == 'scheduler':
        members += int(setting('NUM_SERVER'))
    while table.add('left', 0) < members:
        time.sleep(0.05)
    if role == 'server':
        table.add('left', 1)
    sys.exit()


__getattr__ = guard(__name__)
