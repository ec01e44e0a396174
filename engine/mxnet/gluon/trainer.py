"""The trainer: from the gradients of a network to a step of its parameters.

Stands on an optimiser, which knows the formula, and on a store, which adds
the gradients of several devices; with a single device there is no store.
Chapter: convolutional-neural-networks/multi-device-training.
"""

from .. import kvstore as kv
from .. import optimizer as opt
from ..base import MXNetError, guard
from .parameter import Parameter, ParameterDict


class Trainer:
    """Apply an optimiser, e.g. 'sgd', {'learning_rate': 0.1}, to parameters.

    `update_on_kvstore`: the step is taken once, in the store, and handed to
    all devices (the default if there is a store), or on each of them.
    """

    def __init__(self, params, optimizer, optimizer_params=None,
                 kvstore='device', compression_params=None,
                 update_on_kvstore=None):
        if compression_params:
            raise MXNetError('gradients cannot be compressed here; leave '
                             'compression_params out')
        self._params = as_list(params)
        self._contexts = common_contexts(self._params)
        for param in self._params:
            param._trainer = self
        self._optimizer = make_optimizer(optimizer, optimizer_params or {})
        self._optimizer.param_dict = dict(enumerate(self._params))
        self._scale = self._optimizer.rescale_grad
        self._updaters = [opt.get_updater(self._optimizer)
                          for _ in self._contexts]
        self._kvstore_params = kvstore, update_on_kvstore
        self._kvstore, self._update_on_kvstore = None, False
        self._kv_initialized = False

    def _reset_kvstore(self):
        """Forget the store, whose parameters are outdated."""
        if 'dist' in self._kvstore.type:
            raise RuntimeError('the store of several processes keeps its '
                               'values; set_data must come before it')
        self._kvstore, self._update_on_kvstore = None, False
        self._kv_initialized = False

    def _init_kvstore(self, in_store=None):
        """Make the store, if there is one, and give it the parameters."""
        if not self._kv_initialized:
            firsts = [p.data(self._contexts[0]) for p in self._params]
            kvstore, update_on_kvstore = self._kvstore_params
            self._kvstore = make_store(kvstore, len(self._contexts))
            if self._kvstore and update_on_kvstore is not False:
                self._update_on_kvstore = True
                self._kvstore.set_optimizer(self._optimizer)
            for i, param in enumerate(self._params if self._kvstore else ()):
                self._kvstore.broadcast(i, firsts[i], param.list_data())
            self._kv_initialized = True
        assert not (in_store and self._update_on_kvstore), (
            f'{in_store}: this trainer takes its steps in the store; make it '
            'with update_on_kvstore=False')

    @property
    def learning_rate(self):
        """The optimiser's rate now."""
        return self._optimizer.learning_rate

    @property
    def optimizer(self):
        """The optimiser itself."""
        return self._optimizer

    def set_learning_rate(self, lr):
        """Change the rate. UserWarning, as an error, beside a scheduler."""
        self._optimizer.set_learning_rate(lr)

    def step(self, batch_size, ignore_stale_grad=False):
        """Add up the gradients of all devices, divide, change parameters.

        UserWarning, as an error, if a gradient was not renewed by backward
        since the last step; `ignore_stale_grad` skips its parameter instead.
        """
        self._rescale(batch_size)
        self._init_kvstore()
        self._allreduce_grads()
        self._update(ignore_stale_grad)

    def allreduce_grads(self):
        """Make the gradients on all devices their sum; `update` follows."""
        self._init_kvstore(in_store='allreduce_grads')
        self._allreduce_grads()

    def update(self, batch_size, ignore_stale_grad=False):
        """Take the step on each device, after `allreduce_grads`."""
        self._init_kvstore(in_store='update')
        self._rescale(batch_size)
        self._update(ignore_stale_grad)

    def _rescale(self, batch_size):
        scale = self._scale / batch_size
        if self._update_on_kvstore and 'dist' in self._kvstore.type and (
                self._optimizer.rescale_grad != scale):
            raise UserWarning(
                f'step({batch_size}): with several processes the batch size '
                'must stay that of the first step')
        self._optimizer.rescale_grad = scale

    def _allreduce_grads(self):
        for i, param in enumerate(self._params if self._kvstore else ()):
            if param.grad_req != 'null':
                self._kvstore.pushpull(
                    i, param.list_grad(),
                    param.list_data() if self._update_on_kvstore else None)

    def _update(self, ignore_stale_grad):
        todo = [[] for _ in self._updaters]
        for i, param in enumerate(self._params):
            if param.grad_req == 'null':
                continue
            arrays = param.list_data()
            if not ignore_stale_grad:
                for array in arrays:
                    if not array._fresh_grad:
                        raise stale(param.name, array.ctx)
            if self._update_on_kvstore:
                continue
            for items, grad, array in zip(todo, param.list_grad(), arrays):
                if array._fresh_grad:
                    array._fresh_grad = False
                    items.append((i, grad, array))
        for updater, items in zip(self._updaters, todo):
            if items:
                updater(*zip(*items))

    def _all_updaters(self):
        self._init_kvstore()
        if self._update_on_kvstore:
            return [self._kvstore._updater]
        return self._updaters

    def save_states(self, fname):
        """Save the optimiser with its momenta, counts and schedule."""
        with open(fname, 'wb') as file:
            file.write(self._all_updaters()[0].get_states(True))

    def load_states(self, fname):
        """Load what `save_states` saved; only files that you trust."""
        with open(fname, 'rb') as file:
            states = file.read()
        updaters = self._all_updaters()
        for updater, ctx in zip(updaters, self._contexts):
            updater.set_states(states, ctx)
            updater.optimizer = updaters[0].optimizer
        self._optimizer = updaters[0].optimizer
        self._optimizer.param_dict = dict(enumerate(self._params))


def as_list(params):
    """Return parameters as a list, those of a dict in order of names."""
    if isinstance(params, (dict, ParameterDict)):
        params = [params[name] for name in sorted(params.keys())]
    if not isinstance(params, (list, tuple)):
        raise ValueError('a trainer wants a list or dict of parameters, '
                         f'not {type(params)}')
    for param in params:
        if not isinstance(param, Parameter):
            raise ValueError('a trainer wants parameters; there is a '
                             f'{type(param)} among them')
    return list(params)


def common_contexts(params):
    """Return the devices of parameters, which must be the same."""
    for param in params:
        assert param.list_ctx() == params[0].list_ctx(), (
            f'{param.name} is on {param.list_ctx()}, but {params[0].name} on '
            f'{params[0].list_ctx()}; a trainer wants all on the same')
    return params[0].list_ctx() if params else []


def make_optimizer(optimizer, optimizer_params):
    """Return an optimiser from its name, or as it is."""
    if not isinstance(optimizer, opt.Optimizer):
        return opt.create(optimizer, **optimizer_params)
    assert not optimizer_params, (
        'optimizer_params are for an optimizer that is given by its name')
    return optimizer


def make_store(kvstore, num_devices):
    """Return a store from its name; None for a single device."""
    if isinstance(kvstore, str):
        alone = num_devices <= 1 and 'dist' not in kvstore
        return None if alone else kv.create(kvstore)
    if kvstore is None or isinstance(kvstore, kv.KVStore):
        return kvstore
    raise TypeError(f'kvstore is a name, a store or None, not {kvstore!r}')


def stale(name, ctx):
    """Return the error for a gradient that is as old as the last step."""
    return UserWarning(
        f'step: no backward has renewed the gradient of {name} on {ctx} '
        'since the last step. Is it part of the loss? If it is left out on '
        'purpose, step(..., ignore_stale_grad=True) skips it.')


__getattr__ = guard(__name__)
