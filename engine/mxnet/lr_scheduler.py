"""Schedules: the learning rate as a function of the number of updates.

Stands on nothing. A scheduler keeps the present rate in `base_lr` and, as in
MXNet, moves forward only: asked for an earlier update, it does not go back.
Chapter: supervised-learning/linear-regression-gluon.
"""

from math import cos, pi

from .base import guard


class LRScheduler:
    """A rate of your own: override `__call__(num_update)`.

    During the first `warmup_steps` updates the rate rises from
    `warmup_begin_lr` to `base_lr`.
    """

    def __init__(self, base_lr=0.01, warmup_steps=0, warmup_begin_lr=0):
        self.base_lr = self.warmup_final_lr = base_lr
        self.warmup_begin_lr = warmup_begin_lr
        self.warmup_steps = warmup_steps

    def __call__(self, num_update):
        """Return the rate for the update of this number, from 1 on."""
        if num_update < self.warmup_steps:
            begin, part = self.warmup_begin_lr, num_update / self.warmup_steps
            return begin + part * (self.warmup_final_lr - begin)
        self._move_to(num_update)
        return self.base_lr


class FactorScheduler(LRScheduler):
    """Multiply the rate by `factor` after every `step` updates."""

    def __init__(self, step, factor=1, stop_factor_lr=1e-8, base_lr=0.01,
                 **warmup):
        super().__init__(base_lr, **warmup)
        if step < 1:
            raise ValueError(f'step must be 1 or more, not {step}')
        self.step, self.factor, self.count = step, factor, 0
        self.stop_factor_lr = stop_factor_lr

    def _move_to(self, num_update):
        while num_update > self.count + self.step:
            self.count += self.step
            self.base_lr = max(self.base_lr * self.factor,
                               self.stop_factor_lr)


class MultiFactorScheduler(LRScheduler):
    """Multiply the rate by `factor` after each number in the list `step`."""

    def __init__(self, step, factor=1, base_lr=0.01, **warmup):
        super().__init__(base_lr, **warmup)
        if step != sorted(set(step)):
            raise ValueError(f'the numbers in step must grow: {step}')
        self.step, self.factor, self.cur_step_ind = step, factor, 0

    def _move_to(self, num_update):
        while (self.cur_step_ind < len(self.step)
               and num_update > self.step[self.cur_step_ind]):
            self.cur_step_ind += 1
            self.base_lr *= self.factor


class PolyScheduler(LRScheduler):
    """Fall from `base_lr` to `final_lr`, as (part left) to the power pwr."""

    def __init__(self, max_update, base_lr=0.01, pwr=2, final_lr=0, **warmup):
        super().__init__(base_lr, **warmup)
        self.max_update, self.power, self.final_lr = max_update, pwr, final_lr

    def _move_to(self, num_update):
        if num_update <= self.max_update:
            done = (num_update - self.warmup_steps) / (
                self.max_update - self.warmup_steps)
            self.base_lr = self.final_lr + self.part_left(done) * (
                self.warmup_final_lr - self.final_lr)

    def part_left(self, done):
        return (1 - done) ** self.power


class CosineScheduler(PolyScheduler):
    """Fall from `base_lr` to `final_lr` along half a wave of the cosine."""

    def __init__(self, max_update, base_lr=0.01, final_lr=0, **warmup):
        super().__init__(max_update, base_lr, 1, final_lr, **warmup)

    def part_left(self, done):
        return (1 + cos(pi * done)) / 2


__getattr__ = guard(__name__)
