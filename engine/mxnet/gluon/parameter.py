"""Parameters: arrays with a name, a rule for their start, and a gradient.

Stands on ndarray, initializer and symbol. A parameter has a copy on each of
its devices; a shape with a 0 is filled in when the first data come.
Chapters: gluon-basics/parameters, gluon-basics/custom-layer.
"""

import logging
import warnings

import numpy as np

from .. import autograd, initializer, symbol
from .. import ndarray as nd
from ..base import MXNetError, guard
from ..context import Context, cpu, current_context
from .utils import brief, indent


class DeferredInitializationError(MXNetError):
    """A parameter still waits for data, which will tell its shape."""


class Parameter:
    """An array that a network learns, on one device or more.

    `grad_req`: backward overwrites the gradient ('write'), adds to it ('add')
    or leaves it out ('null'). `lr_mult` and `wd_mult` are factors of the
    optimiser's rate and decay for this parameter.
    """

    def __init__(self, name, grad_req='write', shape=None, dtype=np.float32,
                 lr_mult=1.0, wd_mult=1.0, init=None,
                 allow_deferred_init=False, differentiable=True):
        self.name, self._dtype, self.init = name, dtype, init
        self.lr_mult, self.wd_mult = lr_mult, wd_mult
        self._shape = (shape,) if isinstance(shape, int) else shape
        self._allow_deferred_init = allow_deferred_init
        self._differentiable = differentiable
        self._data = self._grad = self._ctx_list = None  # a list: devices
        self._var = self._trainer = self._grad_req = None
        self._deferred_init = ()
        self.grad_req = grad_req

    def __repr__(self):
        return (f'{type(self).__name__} {self.name} (shape={self.shape}, '
                f'dtype={self.dtype})')

    @property
    def grad_req(self):
        """What backward does with the gradient: write, add or null."""
        return self._grad_req

    @grad_req.setter
    def grad_req(self, req):
        assert req in ('write', 'add', 'null'), (
            f"grad_req of {self.name} must be 'write', 'add' or 'null', not "
            f'{req!r}')
        req = req if self._differentiable else 'null'
        if req == self._grad_req:
            return
        self._grad_req = req
        if self._data is not None:
            if req == 'null':
                self._data = [array.detach() for array in self._data]
            self._init_grad()

    @property
    def dtype(self):
        """The type of the numbers; to set it is to `cast`."""
        return self._dtype

    @dtype.setter
    def dtype(self, dtype):
        self.cast(dtype)

    @property
    def shape(self):
        """The shape; 0 stands for a length that is not known yet."""
        return self._shape

    @shape.setter
    def shape(self, shape):
        if self._shape is not None:
            assert len(shape) == len(self._shape) and all(
                old in (new, 0, -1)
                for new, old in zip(shape, self._shape)), (
                f'{self.name} has shape {self._shape}; {tuple(shape)} does '
                'not fit it')
        self._shape = tuple(shape)

    def var(self):
        """Return the symbol that stands for this parameter in a graph."""
        if self._var is None:
            self._var = symbol.var(self.name, param=self)
        return self._var

    def _get(self, arrays, ctx):
        if arrays is None:
            self._complain()
        if ctx is None:
            if len(arrays) == 1:
                return arrays[0]
            ctx = current_context()
        for own, array in zip(self._ctx_list, arrays):
            if own == ctx:
                return array
        raise RuntimeError(f'{self.name} is not on {ctx}, only on '
                           f'{self._ctx_list}; `reset_ctx` moves it')

    def _complain(self):
        if self._data is not None:
            raise RuntimeError(f'{self.name} has no gradient, since its '
                               "grad_req is 'null'")
        if self._deferred_init:
            raise DeferredInitializationError(
                f'{self.name} has no values yet: its shape {self.shape} is '
                'filled in when the first batch goes through the network. '
                'Send one, or give the layer its number of inputs (in_units, '
                'in_channels, ...).')
        raise RuntimeError(
            f'{self.name} has no values: call initialize() of the network '
            'first. (A block keeps its own parameters in `params`; '
            '`collect_params()` has those of its children, too.)')

    def data(self, ctx=None):
        """Return the array on a device; `ctx` may be left out if only one.

        DeferredInitializationError while the shape is not known.
        """
        return self._get(self._data, ctx)

    def list_data(self):
        """Return the arrays on all devices."""
        return self._complain() if self._data is None else self._data

    def grad(self, ctx=None):
        """Return the gradient on a device. RuntimeError if 'null'."""
        return self._get(self._grad, ctx)

    def list_grad(self):
        """Return the gradients on all devices."""
        return self._complain() if self._grad is None else self._grad

    def list_ctx(self):
        """Return the devices on which the parameter is, or will be."""
        if self._deferred_init:
            return self._deferred_init[1]
        return self._complain() if self._data is None else self._ctx_list

    def zero_grad(self):
        """Set the gradients on all devices to 0."""
        for grad in self._grad or ():
            grad.tensor.zero_()

    def initialize(self, init=None, ctx=None,
                   default_init=initializer.Uniform(), force_reinit=False):
        """Fill the arrays by `init`, else the parameter's, else the default.

        With an unknown shape it waits, if `allow_deferred_init`; else
        ValueError.
        """
        if self._data is not None and not force_reinit:
            warnings.warn(f'{self.name} has values already and keeps them; '
                          'force_reinit=True replaces them', stacklevel=2)
            return
        if not known(self.shape) and not self._allow_deferred_init:
            raise ValueError(f'{self.name} cannot start: its shape is '
                             f'{self.shape}, and it may not wait for data '
                             '(allow_deferred_init=False)')
        self._data = self._grad = None
        init = init or self.init or default_init
        self._deferred_init = (init, contexts(ctx), default_init, None)
        if known(self.shape):
            self._finish_deferred_init()

    def _finish_deferred_init(self):
        if not self._deferred_init:
            return
        init, ctx, default_init, data = self._deferred_init
        self._deferred_init = ()
        assert known(self.shape), (
            f'{self.name} cannot start: its shape is {self.shape}. Give the '
            'layer its number of inputs (in_units, in_channels, ...).')
        with autograd.pause():
            if data is None:
                data = nd.zeros(self.shape, dtype=self.dtype, ctx=cpu())
                desc = initializer.InitDesc(self.name, {'__init__': init})
                initializer.create(default_init)(desc, data)
            self._init_impl(data, ctx)

    def _init_impl(self, data, ctx):
        self._ctx_list = list(ctx)
        self._data = [data.copyto(c) for c in ctx]
        self._init_grad()

    def _init_grad(self):
        self._grad = None
        if self.grad_req != 'null':
            for array in self._data:
                array.attach_grad(self.grad_req)
            self._grad = [array.grad for array in self._data]

    def set_data(self, data):
        """Copy an array of the same shape into the arrays of all devices."""
        self.shape = data.shape
        if self._data is None:
            assert self._deferred_init, (
                f'set_data: {self.name} has no values to replace; call '
                'initialize() first')
            self._deferred_init = (*self._deferred_init[:3], data)
            return
        if self._trainer is not None and self._trainer._update_on_kvstore:
            self._trainer._reset_kvstore()
        for array in self._data:
            array[:] = data

    def _reduce(self):
        """Return the mean over all devices, on the CPU."""
        arrays = [array.copyto(cpu()) for array in self.list_data()]
        return nd.add_n(*arrays) / len(arrays) if arrays[1:] else arrays[0]

    def reset_ctx(self, ctx):
        """Move to other devices; ValueError without values."""
        if self._data is not None:
            with autograd.pause():
                self._init_impl(self._reduce(), contexts(ctx))
        elif self._deferred_init:
            init, _, default_init, data = self._deferred_init
            self._deferred_init = init, contexts(ctx), default_init, data
        else:
            raise ValueError(f'reset_ctx: {self.name} has no values to move; '
                             'call initialize() first')

    def cast(self, dtype):
        """Change the type of the numbers, e.g. to 'float16'."""
        self._dtype = dtype
        if self._data is not None:
            with autograd.pause():
                self._data = [array.astype(dtype) for array in self._data]
                self._init_grad()

    def _load_init(self, data, ctx, cast_dtype=False, dtype_source='current'):
        """Take over a loaded array, whatever the state so far."""
        asked = f'load {self.name}: the file has'
        assert not self.shape or len(self.shape) == len(data.shape) and all(
            own in (0, new) for own, new in zip(self.shape, data.shape)), (
            f'{asked} shape {data.shape}, the network {self.shape}')
        if np.dtype(self.dtype) != np.dtype(data.dtype):
            assert cast_dtype, (
                f'{asked} {np.dtype(data.dtype)}, the network '
                f'{np.dtype(self.dtype)}; cast_dtype=True converts')
            if dtype_source == 'current':
                data = data.astype(self.dtype)
            else:
                self.cast(data.dtype)
        ready = self._data is not None or self._deferred_init
        assert ctx is None or not ready or (
            set(contexts(ctx)) == set(self.list_ctx())), (
            f'load {self.name}: to {ctx}, but it is on {self.list_ctx()}; '
            '`reset_ctx` moves it')
        self._shape = tuple(data.shape)
        if self._data is None:
            self._init_impl(data, self.list_ctx() if ready
                            else contexts(ctx or cpu()))
        else:
            self.set_data(data)
        self._deferred_init = ()


class Constant(Parameter):
    """A parameter that is not learned: saved and moved with the others."""

    def __init__(self, name, value):
        if not isinstance(value, nd.NDArray):
            value = nd.array(value)
        self.value = value
        super().__init__(name, grad_req='null', shape=value.shape,
                         dtype=value.dtype, init=initializer.Constant(value))

    @property
    def grad_req(self):
        """Always 'null'; a UserWarning says so if it is set to another."""
        return 'null'

    @grad_req.setter
    def grad_req(self, req):
        if req != 'null':
            warnings.warn(f'{self.name} is a Constant: its grad_req stays '
                          f"'null' and does not become {req!r}",
                          stacklevel=2)


class ParameterDict:
    """Parameters by name; `prefix` comes before the names in `get`.

    `shared`: another such dict, whose parameters are used where it has them.
    """

    def __init__(self, prefix='', shared=None):
        self.prefix, self._shared = prefix, shared
        self._params = {}

    def __repr__(self):
        name = self.prefix + ' ' if self.prefix else ''
        content = '\n'.join(indent(f'  {param}') for param in self.values())
        return f'{name}(\n{content}\n)'

    def __getitem__(self, key):
        return self._params[key]

    def __iter__(self):
        return iter(self._params)

    def items(self):
        """Return pairs (name, parameter)."""
        return self._params.items()

    def keys(self):
        """Return the names."""
        return self._params.keys()

    def values(self):
        """Return the parameters."""
        return self._params.values()

    def _find(self, name):
        if name not in self._params and self._shared is not None and (
                name in self._shared._params):
            self._params[name] = self._shared._params[name]
        return self._params.get(name)

    def get(self, name, **kwargs):
        """Return the parameter prefix + name, or make it with `kwargs`.

        AssertionError if there is one that differs from `kwargs`.
        """
        name = self.prefix + name
        found, new = self._find(name), Parameter(name, **kwargs)
        if found is None:
            self._params[name] = found = new
        for key in kwargs if found is not new else ():
            wanted, has = getattr(new, key, None), getattr(found, key, None)
            if key == 'shape' and fits(wanted, has):
                found._shape = tuple(map(max, wanted, has))
            elif has is None:
                setattr(found, key, wanted)
            else:
                assert wanted in (None, has) or (
                    key == 'dtype' and np.dtype(wanted) == np.dtype(has)), (
                    f'{name} is there with {key}={has!r}, but {wanted!r} is '
                    'asked for')
        return found

    def get_constant(self, name, value=None):
        """Return the constant prefix + name, or make it from `value`."""
        name = self.prefix + name
        found = self._find(name)
        if found is None:
            if value is None:
                raise KeyError(f'no constant {name!r}; give a value for it')
            found = self._params[name] = Constant(name, value)
        elif value is not None:
            assert isinstance(found, Constant), f'{name} is no constant'
            value = getattr(value, 'asnumpy', lambda: np.array(value))()
            assert np.array_equal(found.value.asnumpy(), value), (
                f'constant {name} is there with another value')
        return found

    def update(self, other):
        """Take over all parameters of another dict."""
        for name, param in other.items():
            assert self._params.get(name, param) is param, (
                f'update: {name!r} names another parameter here')
        self._params.update(other.items())

    def initialize(self, init=initializer.Uniform(), ctx=None, verbose=False,
                   force_reinit=False):
        """Fill all parameters; `init` is for those that have no rule."""
        for param in self.values():
            param.initialize(None, ctx, init, force_reinit)
            if verbose:
                logging.info('initialized %s by %s', param,
                             param.init or init)

    def zero_grad(self):
        """Set all gradients to 0."""
        for param in self.values():
            param.zero_grad()

    def reset_ctx(self, ctx):
        """Move all parameters to other devices."""
        for param in self.values():
            param.reset_ctx(ctx)

    def list_ctx(self):
        """Return all devices on which parameters are."""
        return list(dict.fromkeys(ctx for param in self.values()
                                  for ctx in param.list_ctx()))

    def setattr(self, name, value):
        """Set an attribute of all parameters, e.g. grad_req to 'null'."""
        for param in self.values():
            setattr(param, name, value)

    def save(self, filename, strip_prefix=''):
        """Save all parameters, without `strip_prefix` before the names."""
        for name in self.keys():
            if not name.startswith(strip_prefix):
                raise ValueError(f'save: the name {name!r} does not begin '
                                 f'with {strip_prefix!r}')
        nd.save(filename, {name[len(strip_prefix):]: param._reduce()
                           for name, param in self.items()})

    def load(self, filename, ctx=None, allow_missing=False,
             ignore_extra=False, restore_prefix='', cast_dtype=False,
             dtype_source='current'):
        """Load what `save` saved. AssertionError if the names differ."""
        self.load_dict(nd.load(filename), ctx, allow_missing, ignore_extra,
                       restore_prefix, filename, cast_dtype, dtype_source)

    def load_dict(self, param_dict, ctx=None, allow_missing=False,
                  ignore_extra=False, restore_prefix='', filename=None,
                  cast_dtype=False, dtype_source='current'):
        """Take over arrays from a dict name -> NDArray."""
        loaded = {restore_prefix + name.removeprefix('arg:').removeprefix(
            'aux:'): array for name, array in param_dict.items()}
        source = f'file {filename}' if filename else 'param_dict'
        missing = [name for name in self.keys() if name not in loaded]
        assert allow_missing or not missing, (
            f'load: {brief(missing)} not in {source}, which has '
            f'{brief(loaded)}; is it of another network?')
        extra = [name for name in loaded if name not in self._params]
        assert ignore_extra or not extra, (
            f'load: {source} has {brief(extra)}, the network has only '
            f'{brief(self.keys())}; ignore_extra=True skips them')
        for name in loaded.keys() & self._params.keys():
            self[name]._load_init(loaded[name], ctx, cast_dtype,
                                  dtype_source)


def known(shape):
    """Return whether no length of a shape is left open."""
    return shape is not None and all(n > 0 for n in shape)


def fits(shape, other):
    """Return whether two shapes agree where both are known."""
    return shape and other and len(shape) == len(other) and all(
        m == n or m <= 0 or n <= 0 for m, n in zip(shape, other))


def contexts(ctx):
    """Return a list of devices from one, a list, or None (the current)."""
    if ctx is None:
        return [current_context()]
    return [ctx] if isinstance(ctx, Context) else list(ctx)


__getattr__ = guard(__name__)
