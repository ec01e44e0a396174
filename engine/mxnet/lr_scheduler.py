"""Schedules: the learning rate as a function of the number of updates.

Stands on nothing. A scheduler keeps the present rate in `base_lr` and, as in
MXNet, moves forward only: asked for an earlier update, it does not go back.
Chapter: optimization/momentum-and-adam-scratch.
"""

from math import cos, pi

from .base import guard


class LRScheduler:
    """A rate of your own: override `__call__(num_update)`.

    During the first `warmup_steps` updates the rate rises from
    `warmup_begin_lr` to `base_lr` ('linear'), or stays there ('constant').
    """

    def __init__(self, base_lr=0.01, warmup_steps=0, warmup_begin_lr=0,
                 warmup_mode='linear'):
        assert isinstance(warmup_steps, int), 'warmup_steps: a whole number'
        check(warmup_steps >= 0, 'warmup_steps', warmup_steps, 'at least 0')
        check(warmup_begin_lr <= base_lr, 'warmup_begin_lr', warmup_begin_lr,
              f'at most base_lr, {base_lr}')
        check(warmup_mode in ('linear', 'constant'), 'warmup_mode',
              warmup_mode, "'linear' or 'constant'")
        self.base_lr = self.warmup_final_lr = base_lr
        self.warmup_steps, self.warmup_mode = warmup_steps, warmup_mode
        self.warmup_begin_lr = warmup_begin_lr

    def get_warmup_lr(self, num_update):
        """Return the rate of an update that is still warm-up."""
        assert num_update < self.warmup_steps, 'the warm-up is over'
        if self.warmup_mode == 'constant':
            return self.warmup_begin_lr
        rise = self.warmup_final_lr - self.warmup_begin_lr
        return self.warmup_begin_lr + rise * num_update / self.warmup_steps

    def __call__(self, num_update):
        """Return the rate for the update of this number, from 1 on."""
        if num_update < self.warmup_steps:
            return self.get_warmup_lr(num_update)
        self._move_to(num_update)
        return self.base_lr

    def _move_to(self, num_update):
        raise NotImplementedError(
            f'{type(self).__name__} has no rule: override __call__')


class FactorScheduler(LRScheduler):
    """Multiply the rate by `factor` after every `step` updates."""

    def __init__(self, step, factor=1, stop_factor_lr=1e-8, base_lr=0.01,
                 warmup_steps=0, warmup_begin_lr=0, warmup_mode='linear'):
        super().__init__(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        check(step >= 1, 'step', step, 'at least 1')
        check(factor <= 1, 'factor', factor, 'at most 1')
        self.step, self.factor, self.count = step, factor, 0
        self.stop_factor_lr = stop_factor_lr

    def _move_to(self, num_update):
        while num_update > self.count + self.step:
            self.count += self.step
            self.base_lr = max(self.base_lr * self.factor,
                               self.stop_factor_lr)


class MultiFactorScheduler(LRScheduler):
    """Multiply the rate by `factor` after each number in the list `step`."""

    def __init__(self, step, factor=1, base_lr=0.01, warmup_steps=0,
                 warmup_begin_lr=0, warmup_mode='linear'):
        super().__init__(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        assert isinstance(step, list) and step, 'step: a list of numbers'
        check(step[0] >= 1 and step == sorted(set(step)), 'step', step,
              'a growing list of numbers from 1 on')
        check(factor <= 1, 'factor', factor, 'at most 1')
        self.step, self.factor, self.cur_step_ind = step, factor, 0

    def _move_to(self, num_update):
        while (self.cur_step_ind < len(self.step)
               and num_update > self.step[self.cur_step_ind]):
            self.cur_step_ind += 1
            self.base_lr *= self.factor


class PolyScheduler(LRScheduler):
    """Fall from `base_lr` to `final_lr`, as (part left) to the power pwr."""

    def __init__(self, max_update, base_lr=0.01, pwr=2, final_lr=0,
                 warmup_steps=0, warmup_begin_lr=0, warmup_mode='linear'):
        super().__init__(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        assert isinstance(max_update, int), 'max_update: a whole number'
        check(max_update >= 1, 'max_update', max_update, 'at least 1')
        self.power, self.final_lr, self.max_update = pwr, final_lr, max_update
        self.base_lr_orig, self.max_steps = base_lr, max_update - warmup_steps

    def _move_to(self, num_update):
        if num_update <= self.max_update:
            done = (num_update - self.warmup_steps) / self.max_steps
            self.base_lr = self.final_lr + self.part_left(done) * (
                self.base_lr_orig - self.final_lr)

    def part_left(self, done):
        return (1 - done) ** self.power


class CosineScheduler(PolyScheduler):
    """Fall from `base_lr` to `final_lr` along half a wave of the cosine."""

    def __init__(self, max_update, base_lr=0.01, final_lr=0, warmup_steps=0,
                 warmup_begin_lr=0, warmup_mode='linear'):
        super().__init__(max_update, base_lr, 1, final_lr, warmup_steps,
                         warmup_begin_lr, warmup_mode)

    def part_left(self, done):
        return (1 + cos(pi * done)) / 2


def check(holds, name, value, wanted):
    """Raise ValueError unless an argument is as wanted."""
    if not holds:
        raise ValueError(f'{name} is {value!r}, but must be {wanted}')


__getattr__ = guard(__name__)
