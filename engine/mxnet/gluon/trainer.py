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
        for param in self._params:
            param._trainer = self
        self._contexts = self._check_contexts()
        self._init_optimizer(optimizer, optimizer_params or {})
        self._kvstore_params = kvstore, update_on_kvstore
        self._reset_kvstore()

    def _check_contexts(self):
        devices = [param.list_ctx() for param in self._params] or [[]]
        for param, own in zip(self._params, devices):
            assert own == devices[0], (
                f'{param.name} is on {own}, but {self._params[0].name} on '
                f'{devices[0]}; parameters of one trainer share all devices')
        return devices[0]

    def _init_optimizer(self, optimizer, optimizer_params):
        param_dict = dict(enumerate(self._params))
        if isinstance(optimizer, opt.Optimizer):
            assert not optimizer_params, (
                'optimizer_params are for an optimizer given by name')
            optimizer.param_dict = param_dict
        else:
            optimizer = opt.create(optimizer, param_dict=param_dict,
                                   **optimizer_params)
        self._optimizer, self._scale = optimizer, optimizer.rescale_grad
        self._updaters = [opt.get_updater(optimizer) for _ in self._contexts]

    def _reset_kvstore(self):
        """Forget the store; the next step makes a new one."""
        if getattr(self, '_kvstore', None) and 'dist' in self._kvstore.type:
            raise RuntimeError('a store of several processes keeps its '
                               'values; set_data must come before it')
        self._kv_initialized, self._kvstore = False, None
        self._update_on_kvstore = False

    def _init_kvstore(self):
        """Make the store, if there is one; it keeps all parameters."""
        if self._kv_initialized:
            return
        firsts = [p.data(self._contexts[0]) for p in self._params]
        kvstore, wanted = self._kvstore_params
        self._kvstore = make_store(kvstore, len(self._contexts))
        self._kv_initialized = True
        if self._kvstore:
            self._update_on_kvstore = wanted is not False
            if self._update_on_kvstore:
                self._kvstore.set_optimizer(self._optimizer)
            for i, (first, param) in enumerate(zip(firsts, self._params)):
                self._kvstore.broadcast(i, first, param.list_data())

    @property
    def learning_rate(self):
        """The optimiser's rate now."""
        return self._optimizer.learning_rate

    @property
    def optimizer(self):
        """The optimiser itself."""
        return self._optimizer

    def set_learning_rate(self, lr):
        """Change the rate. UserWarning if a scheduler decides it."""
        self._optimizer.set_learning_rate(lr)

    def step(self, batch_size, ignore_stale_grad=False):
        """Change all parameters by their gradients / `batch_size`.

        The sum over devices is taken first. UserWarning, as an error, for a
        gradient that no backward has renewed, unless these are to be skipped.
        """
        self._rescale(batch_size)
        self._init_kvstore()
        self._allreduce_grads()
        self._update(ignore_stale_grad)

    def allreduce_grads(self):
        """Make the gradients of all devices their sum; then `update`."""
        self._init_kvstore()
        self._refuse_in_store('allreduce_grads')
        self._allreduce_grads()

    def update(self, batch_size, ignore_stale_grad=False):
        """Take the step without adding up, after `allreduce_grads`."""
        self._init_kvstore()
        self._refuse_in_store('update')
        self._rescale(batch_size)
        self._update(ignore_stale_grad)

    def _refuse_in_store(self, name):
        assert not self._update_on_kvstore, (
            f'{name}: with several devices the step is taken in the store; '
            'make the trainer with update_on_kvstore=False')

    def _rescale(self, batch_size):
        scale = self._scale / batch_size
        if (self._update_on_kvstore and 'dist' in self._kvstore.type
                and self._optimizer.rescale_grad != scale):
            raise UserWarning(
                f'step({batch_size}): with several processes the batch size '
                'must stay what it was in the first step')
        self._optimizer.rescale_grad = scale

    def _allreduce_grads(self):
        for i, param in enumerate(self._params if self._kvstore else ()):
            if param.grad_req != 'null':
                self._kvstore.pushpull(
                    i, param.list_grad(),
                    param.list_data() if self._update_on_kvstore else None)

    def _update(self, ignore_stale_grad):
        todo = [([], [], []) for _ in self._contexts]
        for i, param in enumerate(self._params):
            if param.grad_req == 'null':
                continue
            arrays = param.list_data()
            if not ignore_stale_grad:
                for array in arrays:
                    if not array._fresh_grad:
                        raise stale(param, array)
            if self._update_on_kvstore:
                continue
            for lists, array, grad in zip(todo, arrays, param.list_grad()):
                if array._fresh_grad:
                    array._fresh_grad = False
                    for entry, entries in zip((i, grad, array), lists):
                        entries.append(entry)
        for updater, lists in zip(self._updaters, todo):
            if lists[0]:
                updater(*lists)

    def save_states(self, fname):
        """Save the optimiser with its momenta, counts and schedule."""
        self._init_kvstore()
        if self._update_on_kvstore:
            self._kvstore.save_optimizer_states(fname, dump_optimizer=True)
        else:
            with open(fname, 'wb') as file:
                file.write(self._updaters[0].get_states(dump_optimizer=True))

    def load_states(self, fname):
        """Load what `save_states` saved; a file of somebody you trust."""
        self._init_kvstore()
        if self._update_on_kvstore:
            self._kvstore.load_optimizer_states(fname)
            self._optimizer = self._kvstore._updater.optimizer
        else:
            with open(fname, 'rb') as file:
                states = file.read()
            for updater, ctx in zip(self._updaters, self._contexts):
                updater.set_states(states, ctx)
                self._optimizer = self._updaters[0].optimizer
                updater.optimizer = self._optimizer
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


def make_store(kvstore, num_devices):
    """Return a store from its name; None for a single device."""
    if isinstance(kvstore, str):
        alone = num_devices == 1 and 'dist' not in kvstore
        return None if alone else kv.create(kvstore)
    if kvstore is None or isinstance(kvstore, kv.KVStore):
        return kvstore
    raise TypeError(f'kvstore must be a name, a store or None: {kvstore!r}')


def stale(param, array):
    """Return the error for a gradient that is as old as the last step."""
    return UserWarning(
        f'step: no backward has renewed the gradient of {param.name} on '
        f'{array.ctx} since the last step. Is it a part of the loss? If it '
        'is left out on purpose, step(..., ignore_stale_grad=True) skips it.')


__getattr__ = guard(__name__)
