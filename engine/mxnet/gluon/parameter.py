"""Parameters: arrays with a name, a rule for their start, and a gradient.

Stands on ndarray, initializer and symbol. A parameter has a copy on each of
its devices; a shape with a 0 is filled in when the first data come.
Chapters: gluon-basics/parameters, gluon-basics/custom-layer.
"""

import warnings

import numpy as np

from .. import initializer, symbol
from .. import ndarray as nd
from ..base import MXNetError, guard
from ..context import Context, cpu, current_context
from ..graph import known
from .utils import brief, indent


class DeferredInitializationError(MXNetError):
    """A parameter still waits for data, which will tell its shape."""


class Copies:
    """An array on one device or more, each copy with its gradient."""

    _data = _grad = _ctx_list = _grad_req = _var = None
    _deferred_init = ()  # rule, devices, values of set_data

    @property
    def grad_req(self):
        """What backward does with the gradient: write, add or null."""
        return self._grad_req

    @grad_req.setter
    def grad_req(self, req):
        assert req in ('write', 'add', 'null'), (
            f'grad_req {req!r} is not one of write, add, null')
        old, self._grad_req = self._grad_req, req if self._learns else 'null'
        if self._data is not None and self._grad_req != old:
            self._init_grad()

    def _ready(self, arrays):
        """Return arrays, or say why there are none."""
        if arrays is not None:
            return arrays
        if self._data is not None:
            raise RuntimeError(f"{self.name} has no gradient: its grad_req "
                               "is 'null'")
        if self._deferred_init:
            raise DeferredInitializationError(
                f'{self.name} has no values yet: its shape {self.shape} is '
                'filled in when the first batch goes through the network. '
                'Send one, or give the layer its in_units, in_channels, ...')
        raise RuntimeError(
            f'{self.name} has no values: call initialize() of the whole '
            "network first (a block's own `params` lack its children's)")

    def _on(self, ctx, arrays):
        if ctx is None and len(arrays) == 1:
            return arrays[0]
        ctx = ctx or current_context()
        if ctx not in self._ctx_list:
            raise RuntimeError(f'{self.name} is not on {ctx}, only on '
                               f'{self._ctx_list}; `reset_ctx` moves it')
        return arrays[self._ctx_list.index(ctx)]

    def data(self, ctx=None):
        """Return the array on a device; DeferredInitializationError if none.

        `ctx` may be left out if there is one device only.
        """
        return self._on(ctx, self._ready(self._data))

    def list_data(self):
        """Return the arrays on all devices."""
        return self._ready(self._data)

    def grad(self, ctx=None):
        """Return the gradient on a device; RuntimeError if 'null'."""
        return self._on(ctx, self._ready(self._grad))

    def list_grad(self):
        """Return the gradients on all devices."""
        return self._ready(self._grad)

    def list_ctx(self):
        """Return the devices on which the parameter is, or will be."""
        if self._deferred_init:
            return self._deferred_init[1]
        return self._ready(self._ctx_list)

    def zero_grad(self):
        """Set the gradients on all devices to 0."""
        for grad in self._grad or ():
            grad.tensor.zero_()

    def _init_impl(self, data, ctx):
        self._ctx_list = list(ctx)
        self._data = [data.copyto(c) for c in ctx]
        self._init_grad()

    def _init_grad(self):
        if self.grad_req == 'null':
            self._data = [array.detach() for array in self._data]
            self._grad = None
        else:
            for array in self._data:
                array.attach_grad(self.grad_req)
            self._grad = [array.grad for array in self._data]

    def _reduce(self):
        """Return the mean over all devices, in main memory."""
        arrays = [array.copyto(cpu()) for array in self.list_data()]
        return nd.add_n(*arrays) / len(arrays) if arrays[1:] else arrays[0]


class Parameter(Copies):
    """An array that a network learns, on one device or more.

    `grad_req`: backward overwrites the gradient ('write'), adds to it ('add')
    or leaves it out ('null'). `lr_mult` and `wd_mult` are this parameter's
    factors of the optimiser's rate and decay.
    """

    def __init__(self, name, grad_req='write', shape=None, dtype=np.float32,
                 lr_mult=1.0, wd_mult=1.0, init=None,
                 allow_deferred_init=False, differentiable=True):
        self.name, self._dtype, self.init = name, dtype, init
        self.lr_mult, self.wd_mult = lr_mult, wd_mult
        self._shape = (shape,) if isinstance(shape, int) else shape
        self._may_wait, self._learns = allow_deferred_init, differentiable
        self.grad_req = grad_req

    def __repr__(self):
        return (f'{type(self).__name__} {self.name} (shape={self.shape}, '
                f'dtype={self.dtype})')

    dtype = property(lambda self: self._dtype)  # `cast` changes it

    @property
    def shape(self):
        """The shape; 0 stands for a length that is not known yet."""
        return self._shape

    @shape.setter
    def shape(self, shape):
        assert fits(self._shape, shape), (
            f'{self.name} has shape {self._shape}; {shape} does not fit it')
        self._shape = tuple(map(max, shape, self._shape or shape))

    def var(self):
        """Return the symbol that stands for this parameter in a graph."""
        if self._var is None:
            self._var = symbol.var(self.name, param=self)
        return self._var

    def initialize(self, init=None, ctx=None,
                   default_init=initializer.Uniform(), force_reinit=False):
        """Fill the arrays by `init`, else the parameter's rule, else default.

        ValueError if the shape is not known, unless it may wait for data.
        """
        if self._data is not None and not force_reinit:
            warnings.warn(f'{self.name} has values already and keeps them; '
                          'force_reinit=True replaces them', stacklevel=2)
            return
        if not known(self.shape) and not self._may_wait:
            raise ValueError(f'{self} cannot start: a length is not known, '
                             'and it has no allow_deferred_init=True')
        self._data = self._grad = None
        self._deferred_init = (init or self.init or default_init,
                               as_list(ctx), None)
        if known(self.shape):
            self._finish_deferred_init()

    def _finish_deferred_init(self):
        if not self._deferred_init:
            return
        assert known(self.shape), f'the shape of {self} is not known'
        init, ctx, data = self._deferred_init
        self._deferred_init = ()
        if data is None:
            data = nd.zeros(self.shape, dtype=self.dtype, ctx=cpu())
            initializer.create(init)._init_weight(self.name, data)
        self._init_impl(data, ctx)

    def set_data(self, data):
        """Copy an array of the same shape into the arrays of all devices."""
        self.shape = data.shape
        if self._data is None:
            assert self._deferred_init, f'initialize() {self.name} first'
            self._deferred_init = (*self._deferred_init[:2], data)
        for array in self._data or ():
            array[:] = data

    def cast(self, dtype):
        """Change the type of the numbers, e.g. to 'float16'."""
        self._dtype = dtype
        if self._data is not None:
            self._data = [array.astype(dtype) for array in self._data]
            self._init_grad()

    def reset_ctx(self, ctx):
        """Move to other devices; ValueError without values."""
        if self._data is not None:
            self._init_impl(self._reduce(), as_list(ctx))
        elif self._deferred_init:
            init, _, data = self._deferred_init
            self._deferred_init = init, as_list(ctx), data
        else:
            raise ValueError(f'reset_ctx: initialize() {self.name} first')

    def _load_init(self, data, ctx):
        """Take over an array from a file, whatever the state so far."""
        self.shape = data.shape
        assert np.dtype(self.dtype) == data.dtype, (
            f'load: {self} is {data.dtype.__name__} in the file; `cast` the '
            'network first')
        if self._data is None and not self._deferred_init:
            return self._init_impl(data, as_list(ctx or cpu()))
        assert ctx is None or set(as_list(ctx)) == set(self.list_ctx()), (
            f'load: {self.name} is on {self.list_ctx()}, not on {ctx}; '
            '`reset_ctx` moves it')
        self.set_data(data)
        self._finish_deferred_init()


class Constant(Parameter):
    """A parameter that is not learned: saved and moved with the others.

    Its grad_req is always 'null'.
    """

    def __init__(self, name, value):
        self.value = nd.array(value)
        super().__init__(name, 'null', self.value.shape, self.value.dtype,
                         init=initializer.Constant(self.value),
                         differentiable=False)


class ParameterDict(dict):
    """Parameters by name; `prefix` comes before the names in `get`.

    `shared` is another such dict, whose parameters are used if it has them.
    """

    def __init__(self, prefix='', shared=None):
        super().__init__()
        self.prefix, self._shared = prefix, shared

    def __repr__(self):
        name = self.prefix + ' ' if self.prefix else ''
        content = '\n'.join(indent(f'  {param}') for param in self.values())
        return f'{name}(\n{content}\n)'

    def _find(self, name):
        if self._shared is not None and name in self._shared:
            self.setdefault(name, self._shared[name])
        return super().get(name)

    def get(self, name, **kwargs):
        """Return the parameter prefix + name, or make it with `kwargs`.

        AssertionError if there is one that differs from `kwargs`.
        """
        name = self.prefix + name
        found, new = self._find(name), Parameter(name, **kwargs)
        if found is None:
            self[name] = found = new
        for key in kwargs if found is not new else ():
            has, wanted = getattr(found, key, None), getattr(new, key, None)
            if wanted is not None and (has is None or key == 'shape'):
                setattr(found, key, wanted)
            else:
                assert wanted in (None, has) or (
                    key == 'dtype' and np.dtype(has) == wanted), (
                    f'{name} has {key}={has!r}; {wanted!r} does not fit it')
        return found

    def get_constant(self, name, value=None):
        """Return the constant prefix + name, or make it from `value`."""
        name = self.prefix + name
        found = self._find(name)
        if found is None:
            if value is None:
                raise KeyError(f'there is no constant {name}: give its value')
            found = self[name] = Constant(name, value)
        assert value is None or (found.value == nd.array(value)).asnumpy(
            ).all(), f'the constant {name} is there with another value'
        return found

    def update(self, other):
        """Take over all parameters of another dict."""
        for name, param in other.items():
            assert self.setdefault(name, param) is param, (
                f'update: {name!r} is another parameter here')

    def initialize(self, init=initializer.Uniform(), ctx=None,
                   force_reinit=False):
        """Fill all parameters; `init` is for those without their own rule."""
        for param in self.values():
            param.initialize(None, ctx, init, force_reinit)

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
        nd.save(filename, {name.removeprefix(strip_prefix): param._reduce()
                           for name, param in self.items()})

    def load(self, filename, ctx=None, allow_missing=False,
             ignore_extra=False, restore_prefix=''):
        """Load what `save` saved. AssertionError if the names differ."""
        loaded = {restore_prefix + name.removeprefix('arg:').removeprefix(
            'aux:'): array for name, array in nd.load(filename).items()}
        missing = sorted(self.keys() - loaded)
        assert allow_missing or not missing, (
            f'load: {filename} has no {brief(missing)}, only '
            f'{brief(loaded)}; allow_missing=True leaves them as they are')
        extra = sorted(loaded.keys() - self)
        assert ignore_extra or not extra, (
            f'load: {filename} also has {brief(extra)}; ignore_extra=True '
            'passes over them')
        for name in self.keys() & loaded:
            self[name]._load_init(loaded[name], ctx)


def fits(shape, other):
    """Return whether two shapes agree where both are known."""
    return shape is None or len(shape) == len(other) and all(
        m == n or 0 in (m, n) for m, n in zip(shape, other))


def as_list(ctx):
    """Return a list of devices from a list, one, or None (the current)."""
    ctx = ctx or current_context()
    return [ctx] if isinstance(ctx, Context) else list(ctx)


__getattr__ = guard(__name__)
