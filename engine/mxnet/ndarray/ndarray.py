"""The array: numbers of one type in a box with a shape, on a device.

Stands on a PyTorch tensor, and has MXNet's manners: no array without an
axis, gradients that are replaced, a way of printing.
Chapter: crash-course/ndarray.
"""

import numbers

import numpy as np
import torch

from ..autograd import ARRIVED, STATE, backward, join
from ..base import MXNetError, NotThere, nearest
from ..context import Context, current_context
from . import indexing

TORCH_TYPES = {np.dtype(name): getattr(torch, name) for name in (
    'float16', 'float32', 'float64', 'uint8', 'int8', 'int32', 'int64',
    'bool')}
NUMPY_TYPES = {value: key.type for key, value in TORCH_TYPES.items()}


def torch_type(dtype):
    """Return PyTorch's type for NumPy's; None means float32."""
    if dtype is None:
        return torch.float32
    try:
        return TORCH_TYPES[np.dtype(dtype)]
    except (KeyError, TypeError):
        names = ', '.join(x.name for x in TORCH_TYPES)
        raise TypeError(f'{dtype!r} is no type of arrays; choose from '
                        f'{names}') from None


def as_shape(shape):
    """Return a shape as a tuple: 3 -> (3,)"""
    if isinstance(shape, numbers.Integral):
        return (int(shape),)
    return tuple(int(n) for n in shape)


def linked(array):
    """Return the tensor: with its graph while recording, else without."""
    tensor = array._tensor
    if not tensor.requires_grad:
        return tensor
    if not STATE.recording:
        return tensor.detach()
    array.is_linked()  # lets go of a graph that is used up
    return array._tensor


def wrap(tensor, ctx, sources=(), out=None):
    """Return a tensor as an array, or write it to the array `out`."""
    if out is not None:
        return out._write(tensor, sources)
    array = NDArray(tensor, ctx)
    if tensor.requires_grad:
        array._tape = join(sources)
    return array


class NDArray:
    """An array. Made by nd.array, nd.zeros, ... and by operators."""

    __slots__ = ('_tensor', '_ctx', '_grad', '_tape', '_fresh', '_hook',
                 '__weakref__')
    __array_priority__ = 1000.0  # NumPy leaves arithmetic to us
    __hash__ = object.__hash__

    def __init__(self, tensor, ctx=None):
        self._tensor = tensor
        self._ctx = ctx or current_context()
        self._grad = self._tape = None

    # What it is

    @property
    def shape(self):
        return tuple(self._tensor.shape)

    @property
    def ndim(self):
        return self._tensor.dim()

    @property
    def size(self):
        return self._tensor.numel()

    @property
    def dtype(self):
        return NUMPY_TYPES[self._tensor.dtype]

    @property
    def context(self):
        return self._ctx

    ctx = context

    @property
    def tensor(self):
        """PyTorch's tensor of the same numbers: the memory is shared.

        Outside of any graph: to write to it is to change this array.
        """
        return self._tensor.data

    @property
    def T(self):
        return self.transpose()

    def __repr__(self):
        shape = 'x'.join(map(str, self.shape))
        return f'\n{self.asnumpy()}\n<NDArray {shape} @{self._ctx}>'

    def __len__(self):
        return len(self._tensor)

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __bool__(self):
        if self.size > 1:
            raise ValueError('an array with more than one entry is neither '
                             'true nor false; compare its sum, max or min')
        return bool(self.size and self.asscalar())

    def __reduce__(self):
        return from_numpy, (self.asnumpy(), self._ctx)

    def __array__(self, dtype=None, copy=None):
        return self.asnumpy().astype(dtype or self.dtype, copy=False)

    # Elsewhere, and in other forms

    def asnumpy(self):
        """Return a copy as a NumPy array; waits for a device."""
        return self.tensor.to('cpu', copy=True).numpy()

    def asscalar(self):
        """Return the only entry as a NumPy number.  ValueError if several."""
        if self.size != 1:
            raise ValueError(f'an array of shape {self.shape} is not one '
                             'number; choose an entry, or take the sum')
        return self.asnumpy().reshape(-1)[0]

    def wait_to_read(self):
        """Wait until the array is computed; on a CPU it always is."""
        wait_for(self._tensor.device)

    def copy(self):
        """Return an array of the same numbers in other memory."""
        return self.copyto(self._ctx)

    def copyto(self, other):
        """Copy to an array, or into new memory of a context."""
        if isinstance(other, Context):
            tensor = linked(self).to(other.device, copy=True)
            return wrap(tensor, other, (self,))
        if other.shape != self.shape:
            raise MXNetError(f'copyto: shape {self.shape} does not fit into '
                             f'{other.shape}')
        return other if other is self else other._write(linked(self), (self,))

    def as_in_context(self, context):
        """Return the array on a device: itself if it is there already."""
        return self if context == self._ctx else self.copyto(context)

    def astype(self, dtype, copy=True):
        """Return the array with another type of numbers."""
        new = torch_type(dtype)
        if new == self._tensor.dtype and not copy:
            return self
        return wrap(linked(self).to(new, copy=True), self._ctx, (self,))

    # Gradients

    @property
    def grad(self):
        return self._grad

    @property
    def _fresh_grad(self):
        """Whether a gradient has arrived since this was last set to False."""
        return self._grad is not None and self._grad._fresh

    @_fresh_grad.setter
    def _fresh_grad(self, fresh):
        self._grad._fresh = bool(fresh)

    def attach_grad(self, grad_req='write'):
        """Make room for a gradient, which `backward` writes or adds to.

        grad_req: 'write', 'add' or 'null'. What led here is forgotten.
        """
        if grad_req not in ('write', 'add', 'null'):
            raise KeyError(grad_req)
        zeros = torch.zeros_like(self._tensor, requires_grad=False)
        self._mark(NDArray(zeros, self._ctx), grad_req)

    def _mark(self, grad, grad_req):
        """Let gradients arrive in the array `grad`."""
        leaf = self._tensor = self._tensor.detach()
        self._grad, self._tape = grad, None
        grad._fresh = False
        if grad_req == 'null' or not leaf.is_floating_point():
            return
        leaf.requires_grad_()

        def arrive(leaf):  # PyTorch calls it when leaf.grad is complete
            if grad_req == 'add':
                grad._tensor += leaf.grad
            else:  # two of them may share their memory: x.reshape(...) + y
                new = leaf.grad
                place = new.data_ptr()
                grad._tensor = new.clone() if place in ARRIVED else new
                ARRIVED.add(place)
            leaf.grad = None
            grad._fresh = True

        self._hook = leaf.register_post_accumulate_grad_hook(arrive)

    def backward(self, out_grad=None, retain_graph=False, train_mode=True):
        """Compute the gradients of the sum of all entries."""
        backward([self], None if out_grad is None else [out_grad],
                 retain_graph, train_mode)

    def detach(self):
        """Return the same numbers, shared, as constants."""
        return NDArray(self._tensor.detach(), self._ctx)

    def is_linked(self):
        """Return whether a graph leads here; let go of it if used up."""
        if self._tape is not None and self._tape.whole().used_up:
            self._tensor, self._tape = self._tensor.detach(), None
        return self._tensor.requires_grad

    def _like(self, tensor, sources=()):
        """Return a tensor as an array beside this one."""
        return wrap(tensor, self._ctx, sources)

    # Parts

    def __getitem__(self, key):
        tensor = linked(self)
        if isinstance(key, int):
            if not -len(tensor) <= key < len(tensor):
                raise IndexError(f'index {key} is outside of an array of '
                                 f'shape {self.shape}')
            part = tensor[key]
            part = part if part.dim() else part.reshape(1)
        else:
            part = indexing.select(tensor, key)
        return wrap(part, self._ctx, (self,))

    def __setitem__(self, key, value):
        if STATE.recording and self.is_linked():
            raise in_place_while_recording(self)
        source = None
        if isinstance(value, NDArray):
            source, value = value, linked(value)
        target = self._tensor.data
        if not (isinstance(value, torch.Tensor) and value.requires_grad):
            return indexing.assign(target, key, value)
        new = target.clone()  # what is written has a graph: keep it
        indexing.assign(new, key, value)
        self._write(new, (source,))

    def _write(self, tensor, sources=()):
        """Take over the numbers of a tensor, and the graph it has."""
        if tensor.shape != self._tensor.shape:
            tensor = tensor.reshape(self._tensor.shape)
        if tensor.dtype != self._tensor.dtype:
            tensor = tensor.to(self._tensor.dtype)
        self._tensor.data.copy_(tensor.detach())
        if tensor.requires_grad:
            if self.is_linked():
                raise in_place_while_recording(self)
            self._tensor = tensor.to(self._tensor.device)
            self._tape = join(sources)
        return self

    def __getattr__(self, name):
        """Explain names that are not there; methods lie in the operators."""
        if name[:2] == '__' or name in self.__slots__:
            raise AttributeError(name)
        hint = nearest(name, [x for x in dir(type(self)) if x[0] != '_'])
        raise NotThere(f'an array has no `{name}` in this package{hint}')


def wait_for(device):
    """Wait until a device has computed what was ordered."""
    if device.type == 'cuda':
        torch.cuda.synchronize(device)
    elif device.type == 'mps':
        torch.mps.synchronize()


def in_place_while_recording(array):
    """Return the error of changing what a graph needs."""
    return MXNetError(
        f'this array of shape {array.shape} is part of what is being '
        'recorded, so it cannot be changed in place (+=, x[:] = ...): write '
        'x = x + ..., or do it outside of record()')


def from_numpy(values, ctx=None):
    """Return NumPy's array as one of ours, in other memory."""
    ctx = ctx or current_context()
    values = np.array(values, order='C')
    return NDArray(torch.from_numpy(values).to(ctx.device), ctx)
