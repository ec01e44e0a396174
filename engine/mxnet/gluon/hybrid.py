"""HybridBlock: a block whose operators can be noted once and replayed.

Stands on symbols: `hybrid_forward(F, ...)` gets arrays and F = mx.nd, or
symbols and F = mx.sym. Replaying saves the way through the layers between
operators, and a graph can be exported. Chapter: gluon-basics/block.
"""

from .. import autograd, graph, symbol
from .. import ndarray as nd
from ..base import MXNetError
from ..ndarray import NDArray
from ..symbol import Symbol
from .block import Block
from .parameter import DeferredInitializationError, ParameterDict


def flatten(value, leaves):
    """Append the arrays in nested lists to `leaves`; return their form.

    In a form, numbers stand for leaves: [x, [y, None]] -> [0, [1, None]]
    """
    if value is None:
        return None
    if isinstance(value, Symbol) and len(value) > 1:
        value = list(value)
    if isinstance(value, (list, tuple)):
        return [flatten(x, leaves) for x in value]
    leaves.append(value)
    return len(leaves) - 1


def regroup(form, leaves):
    """Return the leaves in a form."""
    if isinstance(form, list):
        return [regroup(x, leaves) for x in form]
    return None if form is None else leaves[form]


class Cached:
    """A block's operators, noted: what `hybridize` saves.

    sources: for each variable of the plan the number of an input, or the
    parameter that it stands for.
    """

    def __init__(self, inputs, output, form):
        self.inputs, self.output, self.form = inputs, output, form
        self.plan = graph.Plan(output.heads)
        places = {x.name: i for i, x in enumerate(inputs)}
        self.sources = [node.param if node.param is not None
                        else places[node.name]
                        for node in self.plan.variables]
        self.params = [node.param for node in self.plan.variables
                       if node.param is not None]

    def run(self, leaves):
        """Compute from the input arrays, in order."""
        ctx = leaves[0].context
        arrays = [leaves[x] if isinstance(x, int) else x.data(ctx)
                  for x in self.sources]
        return regroup(self.form, self.plan.run(arrays))


class HybridBlock(Block):
    """A block that can be hybridized. Subclasses write `hybrid_forward`."""

    def __init__(self, prefix=None, params=None):
        super().__init__(prefix, params)
        self._active, self._cached = False, None

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        if isinstance(value, HybridBlock):
            self._cached = None

    def register_child(self, block, name=None):
        """Add a child, which must be a HybridBlock, too."""
        if not isinstance(block, HybridBlock):
            raise ValueError(
                f'a {type(block).__name__} cannot be a child of a '
                'HybridBlock, for it cannot be hybridized. Make it a '
                'HybridBlock, or this one a Block (nn.Sequential).')
        super().register_child(block, name)
        self._cached = None

    def hybridize(self, active=True, static_alloc=False, static_shape=False,
                  inline_limit=2, forward_bulk_size=None,
                  backward_bulk_size=None):
        """Note the operators at the next call, and replay them from then on.

        The other arguments are advice to MXNet; here there is nothing to
        advise.
        """
        self._active, self._cached = active, None
        for child in self._children.values():
            child.hybridize(active)

    def _note(self, *args):
        """Return the operators, noted with symbols in the place of args."""
        if self._cached is None:
            leaves = []
            form = flatten(list(args), leaves)
            for x in leaves:
                if not isinstance(x, NDArray):
                    raise ValueError(f'{self.name}: a graph takes arrays, '
                                     f'not {x!r}')
            names = [f'data{i}' for i in range(len(leaves))] \
                if len(leaves) > 1 else ['data']
            inputs = [symbol.var(name) for name in names]
            outputs = []
            out_form = flatten(self._symbolic(*regroup(form, inputs)),
                               outputs)
            self._cached = Cached(inputs, symbol.Group(outputs), out_form)
        return self._cached

    def _symbolic(self, *args):
        """Return what hybrid_forward makes of symbols."""
        params = {name: x.var() for name, x in self._reg_params.items()}
        with self.name_scope():
            return self.hybrid_forward(symbol, *args, **params)

    def infer_shape(self, *args):
        """Set the unknown shapes of parameters from the shapes of args."""
        cached, leaves = self._note(*args), []
        flatten(list(args), leaves)
        arrays = {x.name: leaf for x, leaf in zip(cached.inputs, leaves)}
        with autograd.pause():
            graph.fill_shapes(cached.output.heads, arrays)

    def _initialize_from(self, *args):
        """Initialise parameters that waited for the shape of the data."""
        try:
            self.infer_shape(*args)
        except Exception as error:
            shapes = [x.shape for x in args if isinstance(x, NDArray)]
            raise ValueError(
                f'{self.name}: the shapes of its parameters do not follow '
                f'from inputs of shape {shapes}: {error}') from error

    def _replay(self, *args):
        """Compute with the noted operators."""
        cached, leaves = self._note(*args), []
        flatten(list(args), leaves)
        if len(leaves) != len(cached.inputs):
            raise ValueError(
                f'{self.name} is hybridized: it takes {len(cached.inputs)} '
                'arrays, as in its first call; hybridize() begins anew')
        for _ in range(2):
            try:
                return cached.run(leaves)
            except DeferredInitializationError:
                self._initialize_from(*args)
                for param in cached.params:
                    param._finish_deferred_init()
        raise MXNetError(f'{self.name} could not be initialised')

    def forward(self, x, *args):
        """Compute with arrays, or note with symbols."""
        if isinstance(x, Symbol):
            return self._symbolic(x, *args)
        ctx = context_of(x, *args)
        with ctx:
            if self._active:
                return self._replay(x, *args)
            try:
                params = {name: p.data(ctx)
                          for name, p in self._reg_params.items()}
            except DeferredInitializationError:
                self._initialize_from(x, *args)
                for param in self.params.values():
                    param._finish_deferred_init()
                params = {name: p.data(ctx)
                          for name, p in self._reg_params.items()}
            return self.hybrid_forward(nd, x, *args, **params)

    def hybrid_forward(self, F, x, *args, **params):
        """Compute the output with operators of F; subclasses write it."""
        raise NotImplementedError(
            f'{type(self).__name__} has no hybrid_forward')

    def export(self, path, epoch=0, remove_amp_cast=True):
        """Write the graph to path-symbol.json and parameters beside it.

        The graph is in MXNet's form; SymbolBlock.imports reads it again.
        """
        if self._cached is None:
            raise RuntimeError('export needs a graph: call hybridize(), and '
                               'then the block once with data')
        files = f'{path}-symbol.json', f'{path}-{epoch:04d}.params'
        self._cached.output.save(files[0])
        moving = moving_averages(self._cached.output.heads)
        nd.save(files[1], {
            ('aux:' if x.name in moving else 'arg:') + x.name: x._reduce()
            for x in self._cached.params})
        return files


def context_of(*args):
    """Return where the first array in nested lists lies."""
    leaves = []
    flatten(list(args), leaves)
    for leaf in leaves:
        if isinstance(leaf, NDArray):
            return leaf.context
    raise ValueError('a HybridBlock wants an NDArray or a Symbol; it got '
                     f'{[type(x).__name__ for x in args]}')


def moving_averages(heads):
    """Return the names of variables that move without a gradient."""
    return {source.name for node in graph.in_order(heads)
            if node.op is not None
            for (source, _), name in zip(node.inputs, node.input_names())
            if name in ('moving_mean', 'moving_var')}


class SymbolBlock(HybridBlock):
    """A block made of a graph.  outputs, inputs: symbols"""

    def __init__(self, outputs, inputs, params=None):
        super().__init__(prefix='')
        self._params = ParameterDict('', params)
        inputs = [inputs] if isinstance(inputs, Symbol) else list(inputs)
        leaves = []
        form = flatten(outputs, leaves)
        heads = symbol.Group(leaves).heads
        names = {x.name for x in inputs}
        moving = moving_averages(heads)
        for node in graph.in_order(heads):
            if node.op is None and node.name not in names:
                node.param = self.params.get(
                    node.name, allow_deferred_init=True,
                    grad_req='null' if node.name in moving else 'write')
        self._reg_params = dict(self.params.items())
        self._cached = Cached(inputs, symbol.Group(leaves), form)

    @staticmethod
    def imports(symbol_file, input_names, param_file=None, ctx=None,
                allow_missing=False, ignore_extra=False):
        """Return the block that `export` wrote, here or with MXNet."""
        output = symbol.load(symbol_file)
        names = [input_names] if isinstance(input_names, str) \
            else input_names
        block = SymbolBlock(output, [symbol.var(name) for name in names])
        if param_file is not None:
            block.params.load(param_file, ctx, allow_missing, ignore_extra)
        return block

    def __repr__(self):
        cached = self._cached
        return (f'{type(self).__name__}(\n{cached.output} : '
                f'{len(cached.inputs)} -> {len(cached.output)}\n)')

    def hybridize(self, active=True, **kwargs):
        """Do nothing: a graph is hybridized by nature."""

    def forward(self, x, *args):
        """Compute; see HybridBlock for how to write a network."""
        return self._replay(x, *args)
