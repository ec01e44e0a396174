"""Block: a network, or a part of one, with its parameters and children.

Stands on parameter.py for the parameters, and on arrays for the rest. What
is assigned to an attribute is found again: blocks become children,
parameters are registered. Chapter: gluon-basics/block.
"""

import re
import warnings
from collections import OrderedDict, defaultdict

from .. import initializer
from .. import ndarray as nd
from ..base import NameManager
from .parameter import Parameter, ParameterDict
from .utils import brief, indent


class Scope:
    """Where the names of blocks made inside `with name_scope():` begin."""

    _current = None

    def __init__(self, block):
        self.block, self.counts, self.entered = block, {}, []

    def __enter__(self):
        if self.block._empty_prefix:
            return self
        names = NameManager(self.block.prefix)
        self.entered.append((Scope._current, names.__enter__()))
        Scope._current = self
        return self

    def __exit__(self, *error):
        if not self.block._empty_prefix:
            Scope._current, names = self.entered.pop()
            names.__exit__()

    def number(self, hint):
        """Return the hint with the next number: 'dense' -> 'dense0_'."""
        count = self.counts.get(hint, 0)
        self.counts[hint] = count + 1
        return f'{hint}{count}_'


def prefix_and_params(prefix, params, hint):
    """Return the prefix of a new block's names, and its ParameterDict.

    params: None, or the ParameterDict of a block to share parameters with.
    """
    scope = Scope._current
    if prefix is None:
        prefix = scope.number(hint) if scope else \
            NameManager.name(hint) + '_'
    if params is not None:
        params = ParameterDict(params.prefix, params)
    elif scope:
        outer = scope.block.params
        params = ParameterDict(outer.prefix + prefix, outer._shared)
    else:
        params = ParameterDict(prefix)
    return (scope.block.prefix if scope else '') + prefix, params


class Hook:
    """What register_forward_hook returns; `detach` takes the hook away."""

    def __init__(self, hooks, hook):
        self._hooks, self._hook = hooks, hook
        hooks.append(hook)

    def detach(self):
        if self._hook in self._hooks:
            self._hooks.remove(self._hook)


class Block:
    """A network, or a part of one. Subclasses write `forward`."""

    def __init__(self, prefix=None, params=None):
        self._empty_prefix = prefix == ''
        self._prefix, self._params = prefix_and_params(
            prefix, params, self._alias())
        self._scope = Scope(self)
        self._children, self._reg_params = OrderedDict(), {}
        self._forward_hooks, self._forward_pre_hooks = [], []

    def _alias(self):
        """What its names begin with."""
        return type(self).__name__.lower()

    def __repr__(self):
        children = ((name, x) for name, x in self.__dict__.items()
                    if isinstance(x, Block))
        return described(self, children)

    def __setattr__(self, name, value):
        """Register a child or a parameter that becomes an attribute."""
        old = self.__dict__.get(name)
        if isinstance(old, (Parameter, Block)) \
                and not isinstance(value, type(old)):
            raise TypeError(f'{name} is a {type(old).__name__}; it cannot '
                            f'become a {type(value).__name__}')
        if isinstance(value, Block):
            self.register_child(value, name)
        elif isinstance(value, Parameter):
            assert name not in self._reg_params, (
                f'{name} is a parameter already; to share the parameters of '
                'another block give `params` when the block is made')
            self._reg_params[name] = value
        super().__setattr__(name, value)

    @property
    def prefix(self):
        """What the names of its parameters begin with."""
        return self._prefix

    @property
    def name(self):
        """The prefix without its last underscore."""
        return self._prefix.removesuffix('_')

    @property
    def params(self):
        """Its own parameters, without those of its children."""
        return self._params

    def name_scope(self):
        """Return what to make children in, so that names are told apart."""
        return self._scope

    def register_child(self, block, name=None):
        """Add a child; its parameters count as this block's."""
        self._children[str(len(self._children)) if name is None
                       else name] = block

    def register_forward_hook(self, hook):
        """Call hook(block, inputs, output) after each forward."""
        return Hook(self._forward_hooks, hook)

    def register_forward_pre_hook(self, hook):
        """Call hook(block, inputs) before each forward."""
        return Hook(self._forward_pre_hooks, hook)

    def apply(self, fn):
        """Call fn for every block in it, children first; return itself."""
        for child in self._children.values():
            child.apply(fn)
        fn(self)
        return self

    def collect_params(self, select=None):
        """Return its parameters and all of its children's.

        select: a regular expression that names must begin with.
        """
        self._warn_of_lists()
        found = ParameterDict(self._params.prefix)
        pattern = re.compile(select or '')
        found.update({name: x for name, x in self.params.items()
                      if pattern.match(name)})
        for child in self._children.values():
            found.update(child.collect_params(select))
        return found

    def _warn_of_lists(self):
        """Warn of blocks in lists and dicts, which are not children."""
        children = set(self._children.values())
        for key, value in self.__dict__.items():
            if isinstance(value, (list, tuple, dict)) \
                    and key != '_children' and holds_other(value, children):
                warnings.warn(
                    f'{type(self).__name__}.{key} holds blocks that are not '
                    'children: their parameters are not found. Register '
                    'each with register_child(), or use nn.Sequential.',
                    stacklevel=3)

    def _collect_params_with_prefix(self, prefix=''):
        """Return {path of attributes: parameter}, as files name them."""
        prefix = prefix + '.' if prefix else ''
        found = {prefix + key: x for key, x in self._reg_params.items()}
        for name, child in self._children.items():
            found.update(child._collect_params_with_prefix(prefix + name))
        return found

    def initialize(self, init=initializer.Uniform(), ctx=None,
                   force_reinit=False):
        """Give all parameters their first values.

        Those whose shape is unknown get them when data first comes through.
        """
        self.collect_params().initialize(init, ctx, force_reinit)

    def hybridize(self, active=True, **kwargs):
        """Hybridize the children that can be; see HybridBlock."""
        for child in self._children.values():
            child.hybridize(active, **kwargs)

    def cast(self, dtype):
        """Turn all parameters into another type of numbers."""
        self.apply(lambda block: [x.cast(dtype)
                                  for x in block.params.values()])

    def save_parameters(self, filename, deduplicate=False):
        """Write the parameters to a file; shared ones once, if asked to."""
        params = self._collect_params_with_prefix()
        if deduplicate:  # the last name of each is kept
            names = {x: name for name, x in params.items()}
            params = {name: x for x, name in names.items()}
        nd.save(filename, {name: x._reduce() for name, x in params.items()})

    def load_parameters(self, filename, ctx=None, allow_missing=False,
                        ignore_extra=False):
        """Read the parameters from a file that save_parameters wrote."""
        loaded = nd.load(filename)
        params = self._collect_params_with_prefix()
        if not loaded and not params:
            return
        if not any('.' in name for name in loaded):
            self.collect_params().load(filename, ctx, allow_missing,
                                       ignore_extra, self.prefix)
            return
        if not allow_missing:
            check_complete(params, loaded, filename)
        for name, array in loaded.items():
            if name in params:
                params[name]._load_init(array, ctx)
            elif not ignore_extra:
                raise ValueError(
                    f'{filename} has {name!r}, which this block does not: it '
                    f'has {brief(params)}. With ignore_extra=True it is '
                    'passed over.')

    def save_params(self, filename):
        """What save_parameters was called in 2017; names have the prefix."""
        warnings.warn('save_params is the name of 2017; use save_parameters',
                      stacklevel=2)
        self.collect_params().save(filename, strip_prefix=self.prefix)

    def load_params(self, filename, ctx=None, allow_missing=False,
                    ignore_extra=False):
        """What load_parameters was called in 2017."""
        warnings.warn('load_params is the name of 2017; use load_parameters',
                      stacklevel=2)
        self.load_parameters(filename, ctx, allow_missing, ignore_extra)

    def __call__(self, *args):
        """Compute `forward`, with the hooks around it."""
        for hook in self._forward_pre_hooks:
            hook(self, args)
        out = self.forward(*args)
        for hook in self._forward_hooks:
            hook(self, args, out)
        return out

    def forward(self, *args):
        """Compute the output; subclasses write it."""
        raise NotImplementedError(f'{type(self).__name__} has no forward')


def described(block, children):
    """Return a block and its children, one to a line."""
    lines = '\n'.join(f'  ({name}): {indent(repr(child))}'
                      for name, child in children)
    return f'{type(block).__name__}(\n{lines}\n)'


def holds_other(value, children):
    """Return whether lists and dicts hold blocks beside these."""
    if isinstance(value, (list, tuple)):
        return any(holds_other(x, children) for x in value)
    if isinstance(value, dict):
        return any(holds_other(x, children) for x in value.values())
    return isinstance(value, Block) and value not in children


def check_complete(params, loaded, filename):
    """Raise AssertionError unless a file has every parameter once."""
    names = defaultdict(list)
    for name, param in params.items():
        names[param].append(name)
    for name, param in params.items():
        assert any(x in loaded for x in names[param]), (
            f'{filename} does not have {name!r}; it has {brief(loaded)}. '
            'With allow_missing=True it keeps its values.')
