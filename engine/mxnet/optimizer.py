"""Optimisers: from gradients to a step of the weights, by MXNet's formulas.

Stands on PyTorch's in-place operations; a rule's `settings` are its arguments
with their defaults, and `formula` changes one weight `w` by its gradient `g`.
Chapter: supervised-learning/linear-regression-gluon.
"""

import math

import numpy as np
import torch

from .base import guard, nearest
from .ndarray import NDArray

LARGE = 2 ** 15  # numbers in an array that takes its step alone
REGISTRY = {}


def register(klass):
    """Make `create` know a class by its name in small letters."""
    REGISTRY[klass.__name__.lower()] = klass
    return klass


def create(name, **kwargs):
    """Return a new optimiser; ValueError if nobody registered it."""
    if name.lower() not in REGISTRY:
        raise ValueError(f'there is no optimizer {name!r}'
                         f'{nearest(name, REGISTRY)}')
    return REGISTRY[name.lower()](**kwargs)


class Optimizer:
    """What all optimisers share; one of your own overrides `update`.

    The gradient is multiplied by `rescale_grad` and cut to the range
    [-clip_gradient, clip_gradient]; `wd` is the decay of weights.
    """

    def __init__(self, *, rescale_grad=1.0, wd=0.0, clip_gradient=None,
                 learning_rate=None, lr_scheduler=None):
        self.rescale_grad, self.wd = rescale_grad, wd
        self.clip_gradient, self.lr_scheduler = clip_gradient, lr_scheduler
        self.lr = 0.01 if learning_rate is None else learning_rate
        if lr_scheduler and learning_rate is not None:
            lr_scheduler.base_lr = learning_rate
        self.num_update, self._counts, self.param_dict = 0, {}, {}

    register = staticmethod(register)

    def __getstate__(self):
        return {**self.__dict__, 'param_dict': {}}

    @property
    def learning_rate(self):
        """The rate now, from the scheduler if there is one."""
        schedule = self.lr_scheduler
        return schedule(self.num_update) if schedule else self.lr

    def set_learning_rate(self, lr):
        """Change the rate. UserWarning if a scheduler decides it."""
        if self.lr_scheduler:
            raise UserWarning(f'set_learning_rate({lr}): the lr_scheduler '
                              'decides the rate; change its base_lr')
        self.lr = lr

    def _update_count(self, index):
        self._counts[index] = self._counts.get(index, 0) + 1
        self.num_update = max(self.num_update, self._counts[index])

    def _get_lr(self, index):
        return self.learning_rate * getattr(
            self.param_dict.get(index), 'lr_mult', 1)

    def _get_wd(self, index):
        return self.wd * getattr(self.param_dict.get(index), 'wd_mult', 1)

    def create_state(self, index, weight):
        """Return what to remember for a weight: here, nothing."""

    def update_many(self, items):
        """Update all of a list of (index, weight, grad, state)."""
        for item in items:
            self.update(*item)


class Rule(Optimizer):
    """An optimiser of MXNet: a formula with its settings."""

    settings = {}  # the rule's own arguments and their defaults
    rate = None  # the default of `learning_rate`
    num_arrays = 0  # how many it remembers for each weight
    decays_gradient = False  # does wd * w join the gradient, before the cut?

    def __init__(self, **settings):
        for name, default in self.settings.items():
            setattr(self, name, settings.pop(name, default))
        super().__init__(**{'learning_rate': self.rate, **settings})

    def create_state(self, index, weight):
        """Return arrays of zeros for the rule to remember."""
        return [NDArray(torch.zeros_like(weight.tensor), weight.ctx)
                for _ in range(self.num_arrays)]

    def update(self, index, weight, grad, state):
        """Change `weight` in place by one step."""
        self.update_many([(index, weight, grad, state)])

    def update_many(self, items):
        """Update all of a list of (index, weight, grad, state).

        Small arrays with the same rate, decay and count take a step together,
        since many small operations cost more than a few on lists.
        """
        groups = {}
        for index, weight, grad, state in items:
            self._update_count(index)
            key = (self._get_lr(index), self._get_wd(index),
                   self._counts[index], weight.dtype, weight.ctx,
                   index if weight.size > LARGE else 'small')
            groups.setdefault(key, []).append((
                weight.tensor, grad.tensor, [x.tensor for x in state]))
        for (lr, wd, t, *_), group in groups.items():
            self.formulas(*map(list, zip(*group)), lr, wd, t)

    def formulas(self, weights, grads, states, lr, wd, t):
        """Change weights of equal rate and decay; t counts from 1."""
        grads, scale = self.prepare(weights, grads, wd)
        for w, g, state in zip(weights, grads, states):
            self.formula(w, g * scale, *state, lr=lr, wd=wd, t=t)

    def prepare(self, weights, grads, wd):
        """Return gradients, cut and with the decay, and their factor."""
        wd = wd if self.decays_gradient else 0
        if not wd and not self.clip_gradient:
            return grads, self.rescale_grad
        grads = torch._foreach_mul(grads, self.rescale_grad)
        if wd:
            torch._foreach_add_(grads, weights, alpha=wd)
        if self.clip_gradient:
            torch._foreach_clamp_min_(grads, -self.clip_gradient)
            torch._foreach_clamp_max_(grads, self.clip_gradient)
        return grads, 1


class SGD(Rule):
    """v <- momentum v - lr (g + wd w);  w <- w + v.

    The rate stands inside the velocity, unlike in PyTorch.
    """

    settings = {'momentum': 0.0}
    num_arrays = property(lambda self: int(self.momentum != 0))

    def formulas(self, weights, grads, states, lr, wd, t):
        grads, scale = self.prepare(weights, grads, wd)
        if not self.momentum:
            if wd:
                torch._foreach_mul_(weights, 1 - lr * wd)
            torch._foreach_add_(weights, grads, alpha=-lr * scale)
            return
        v = [v for v, in states]
        torch._foreach_mul_(v, self.momentum)
        if wd:
            torch._foreach_add_(v, weights, alpha=-lr * wd)
        torch._foreach_add_(v, grads, alpha=-lr * scale)
        torch._foreach_add_(weights, v)


class NAG(Rule):
    """v <- momentum v - lr (g + wd w);  w <- w + momentum v - lr (g + wd w).

    Nesterov's momentum. MXNet's v takes the decay from the new w, not the
    old.
    """

    settings = {'momentum': 0.0}
    num_arrays = 1

    def formula(self, w, g, v, *, lr, wd, t):
        v.mul_(self.momentum).sub_(g, alpha=lr)
        decay = w * (lr * wd * (1 + self.momentum))
        w.add_(v, alpha=self.momentum).sub_(g, alpha=lr).sub_(decay)
        v.sub_(w, alpha=lr * wd)


class Adam(Rule):
    """m, v: moving averages of g and g^2;  w <- w - lr_t m / (sqrt v + eps).

    lr_t = lr sqrt(1 - beta2^t) / (1 - beta1^t): epsilon comes before the
    correction, unlike in the paper and in PyTorch; the decay is part of g.
    """

    rate = 0.001
    settings = {'beta1': 0.9, 'beta2': 0.999, 'epsilon': 1e-8}
    num_arrays = 2
    decays_gradient = True

    def formulas(self, weights, grads, states, lr, wd, t):
        g, scale = self.prepare(weights, grads, wd)
        m, v = map(list, zip(*states))
        torch._foreach_mul_(m, self.beta1)
        torch._foreach_add_(m, g, alpha=rest(self.beta1) * scale)
        torch._foreach_mul_(v, self.beta2)
        torch._foreach_addcmul_(v, g, g, value=rest(self.beta2) * scale ** 2)
        lr *= math.sqrt(1 - self.beta2 ** t) / (1 - self.beta1 ** t)
        size = torch._foreach_sqrt(v)
        torch._foreach_add_(size, self.epsilon)
        torch._foreach_addcdiv_(weights, m, size, value=-lr)


def rest(beta):
    """Return 1 - beta in 32 bits, like MXNet: 0.999 -> 0.00099998713"""
    return float(1 - np.float32(beta))


class AdaGrad(Rule):
    """h <- h + g^2;  w <- w - lr (g / sqrt(h + eps) + wd w)."""

    settings = {'eps': 1e-7}
    num_arrays = 1

    def formula(self, w, g, h, *, lr, wd, t):
        h.addcmul_(g, g)
        w.sub_((g / (h + self.eps).sqrt_()).add_(w, alpha=wd), alpha=lr)


class RMSProp(Rule):
    """n: moving average of g^2;  w <- w - lr g / sqrt(n + eps)."""

    rate = 0.001
    settings = {'gamma1': 0.9, 'epsilon': 1e-8}
    num_arrays = 1
    decays_gradient = True

    def formula(self, w, g, n, *, lr, wd, t):
        n.mul_(self.gamma1).addcmul_(g, g, value=1 - self.gamma1)
        w.addcdiv_(g, (n + self.epsilon).sqrt_(), value=-lr)


class AdaDelta(Rule):
    """d = g sqrt(D + eps) / sqrt(n + eps);  w <- w - d - wd w.

    n and D: moving averages of g^2 and d^2. It uses no learning rate.
    """

    settings = {'rho': 0.9, 'epsilon': 1e-5}
    num_arrays = 2

    def formula(self, w, g, n, D, *, lr, wd, t):
        n.mul_(self.rho).addcmul_(g, g, value=1 - self.rho)
        d = ((D + self.epsilon) / (n + self.epsilon)).sqrt_().mul_(g)
        D.mul_(self.rho).addcmul_(d, d, value=1 - self.rho)
        w.sub_(d.add_(w, alpha=wd))


class Adamax(Rule):
    """m: moving average of g;  u <- max(beta2 u, |g|);  w <- w - lr_t m / u.

    lr_t = lr / (1 - beta1^t). nan (0 / 0) where g was never but 0.
    """

    rate = 0.002
    settings = {'beta1': 0.9, 'beta2': 0.999}
    num_arrays = 2
    decays_gradient = True

    def formula(self, w, g, m, u, *, lr, wd, t):
        m.mul_(self.beta1).add_(g, alpha=1 - self.beta1)
        torch.maximum(u.mul_(self.beta2), g.abs(), out=u)
        w.addcdiv_(m, u, value=-lr / (1 - self.beta1 ** t))


class Nadam(Rule):
    """Adam with Nesterov's look ahead, and a momentum that warms up.

    MXNet's `m_schedule` moves on with each array, not with each step.
    """

    rate = 0.001
    settings = {'beta1': 0.9, 'beta2': 0.999,
                'epsilon': 1e-8, 'schedule_decay': 0.004}
    num_arrays = 2
    decays_gradient = True
    m_schedule = 1.0

    def formula(self, w, g, m, v, *, lr, wd, t):
        now, soon = (self.beta1 * (1 - 0.5 * 0.96 ** (
            step * self.schedule_decay)) for step in (t, t + 1))
        self.m_schedule *= now
        m.mul_(self.beta1).add_(g, alpha=1 - self.beta1)
        v.mul_(self.beta2).addcmul_(g, g, value=1 - self.beta2)
        ahead = g.mul_((1 - now) / (1 - self.m_schedule)).add_(
            m, alpha=soon / (1 - self.m_schedule * soon))
        size = (v / (1 - self.beta2 ** t)).sqrt_().add_(self.epsilon)
        w.addcdiv_(ahead, size, value=-lr)


REGISTRY.update((rule.__name__.lower(), rule) for rule in (
    SGD, NAG, Adam, AdaGrad, RMSProp, AdaDelta, Adamax, Nadam))
__getattr__ = guard(__name__)
