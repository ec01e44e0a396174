"""The trainer: from the gradients of a network to a step of its parameters.

Stands on an optimiser, which knows the formula, and on a store, which adds
the gradients of several devices; with a single device there is no store.
Chapters: supervised-learning/linear-regression-gluon,
convolutional-neural-networks/multi-device-training.
"""

import pickle

from .. import autograd
from .. import kvstore as kv
from .. import optimizer as opt
from ..base import MXNetError, guard
from .parameter import Parameter

NEEDS = 'this wants a trainer that was made with update_on_kvstore=False'


class Trainer:
    """Apply an optimiser, e.g. 'sgd', {'learning_rate': 0.1}, to parameters.

    With a store the step is taken once and copied to all devices; if
    `update_on_kvstore` is False, each takes it by the sum of the gradients.
    """

    def __init__(self, params, optimizer, optimizer_params=None,
                 kvstore='device', update_on_kvstore=None):
        self._params = as_list(params)
        self._contexts = self._params[0].list_ctx()
        if isinstance(optimizer, str):
            optimizer = opt.create(optimizer, **optimizer_params or {})
        else:
            assert not optimizer_params, (
                'optimizer_params are for an optimizer given by its name')
        self.optimizer, self._scale = optimizer, optimizer.rescale_grad
        self._states, self._started = {}, False
        self._number_arrays()
        if isinstance(kvstore, str):
            alone = len(self._contexts) == 1 and 'dist' not in kvstore
            kvstore = None if alone else kv.create(kvstore)
        self._kvstore = kvstore
        self._once = bool(kvstore and update_on_kvstore is not False)

    def _number_arrays(self):
        """Number the copies on the first device, the second, and so on."""
        self.optimizer.param_dict = dict(enumerate(
            self._params * len(self._contexts)))

    @property
    def learning_rate(self):
        """The optimiser's rate now."""
        return self.optimizer.learning_rate

    def set_learning_rate(self, lr):
        """Change the rate. UserWarning, as an error, beside a scheduler."""
        self.optimizer.set_learning_rate(lr)

    def step(self, batch_size, ignore_stale_grad=False):
        """Change the parameters: after `backward`, outside of `record`.

        Gradients of all devices are added, and divided by `batch_size`.
        UserWarning, as an error, if a gradient was not renewed by backward
        since the last step; `ignore_stale_grad` skips its parameter instead.
        MXNetError while recording, for a step changes what a graph needs.
        """
        if autograd.is_recording():
            raise MXNetError('step: take it outside of autograd.record()')
        self.optimizer.rescale_grad = self._scale / batch_size
        self._sum_gradients()
        self._update(ignore_stale_grad)

    def allreduce_grads(self):
        """Make the gradients on all devices their sum; `update` follows."""
        assert not self._once, NEEDS
        self._sum_gradients()

    def update(self, batch_size, ignore_stale_grad=False):
        """Take the step on each device, after `allreduce_grads`."""
        assert not self._once, NEEDS
        self.optimizer.rescale_grad = self._scale / batch_size
        self._update(ignore_stale_grad)

    def _learned(self):
        return [(i, param) for i, param in enumerate(self._params)
                if param.grad_req != 'null']

    def _start(self):
        """Give all devices and processes the values of the first."""
        self._started = True
        for i, param in enumerate(self._params):
            self._kvstore.init(i, param.list_data()[0])
            self._kvstore.pull(i, out=param.list_data())

    def _sum_gradients(self):
        if self._kvstore is None:
            return
        if not self._started:
            self._start()
        for i, param in self._learned():
            self._kvstore.push(i, param.list_grad())
            if not self._once:
                self._kvstore.pull(i, out=param.list_grad())

    def _update(self, ignore_stale_grad):
        items = []
        for i, param in self._learned():
            grads = ([self._kvstore.total(i)] if self._once
                     else param.list_grad())
            for array, grad in zip(param.list_data(), grads):
                if array._fresh_grad:
                    array._fresh_grad = self._once  # as MXNet's store does
                    items.append(self._item(i, array, grad))
                elif not ignore_stale_grad:
                    raise UserWarning(
                        f'step: no backward renewed the gradient of {param} '
                        f'on {array.ctx}; ignore_stale_grad=True skips it')
                i += len(self._params)
        self.optimizer.update_many(items)
        for _, param in self._learned() if self._once else ():
            for other in param.list_data()[1:]:
                param.list_data()[0].copyto(other)

    def _item(self, index, weight, grad):
        """Return what the optimiser needs for one array."""
        if index not in self._states:
            self._states[index] = self.optimizer.create_state(index, weight)
        return (index, weight, grad.as_in_context(weight.ctx),
                self._states[index])

    def save_states(self, fname):
        """Save the optimiser with its momenta, counts and schedule."""
        with open(fname, 'wb') as file:
            pickle.dump((self._states, self.optimizer), file)

    def load_states(self, fname):
        """Load what `save_states` saved; only files that you trust."""
        with open(fname, 'rb') as file:
            states, self.optimizer = pickle.load(file)
        self._number_arrays()
        self._states = {
            i: moved(state, self._contexts[i // len(self._params)])
            for i, state in states.items()}


def as_list(params):
    """Return parameters as a list, those of a dict in order of names."""
    if isinstance(params, dict):
        params = [params[name] for name in sorted(params)]
    if not params or not isinstance(params, (list, tuple)) or not all(
            isinstance(param, Parameter) for param in params):
        raise ValueError('a trainer wants a list or dict of parameters')
    for param in params:
        assert param.list_ctx() == params[0].list_ctx(), (
            f'{param} and {params[0]} must be on the same devices')
    return list(params)


def moved(state, ctx):
    """Return what a rule remembers, on a device."""
    return [x.as_in_context(ctx) for x in state] if isinstance(
        state, list) else state


__getattr__ = guard(__name__)
