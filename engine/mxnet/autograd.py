"""What is recorded, and the way back.

PyTorch keeps the graph of what was computed and follows it backwards; this
module decides when it does, and when a graph has served. After `backward`
what it went through becomes constants: a recurrent state may go on into the
next batch without `detach`. Chapter: crash-course/autograd.
"""

import threading

import torch

from .base import MXNetError, guard


class State(threading.local):
    """What holds at this moment, for each thread of its own."""

    recording = False
    training = False


STATE = State()
ARRIVED = set()  # where gradients of this way back lie in memory


class Tape:
    """A connected part of what was recorded; `backward` uses it up.

    Where two tapes meet in an operation they become one: `joined` leads
    from one to the other.
    """

    __slots__ = ('joined', 'used_up')

    def __init__(self):
        self.joined = None
        self.used_up = False

    def whole(self):
        """Return the tape that this one has become part of."""
        tape = self
        while tape.joined is not None:
            tape = tape.joined
        return tape


def join(arrays):
    """Return the tape of what is computed from arrays (and numbers)."""
    found = None
    for array in arrays:
        tape = getattr(array, '_tape', None)
        if tape is not None and tape is not found:
            tape = tape.whole()
            if found is not None and tape is not found:
                tape.joined = found
            else:
                found = tape
    return found or Tape()


class Scope:
    """Sets what holds inside a `with`, and restores it."""

    def __init__(self, recording, training):
        self._new = recording, training

    def __enter__(self):
        self._old = STATE.recording, STATE.training
        recording, training = self._new
        if recording is not None:
            STATE.recording = recording
        if training is not None:
            STATE.training = training

    def __exit__(self, *error):
        STATE.recording, STATE.training = self._old


def record(train_mode=True):
    """Record what is computed inside `with autograd.record():`."""
    return Scope(True, train_mode)


def pause(train_mode=False):
    """Do not record inside this `with`: its results are constants."""
    return Scope(False, train_mode)


def train_mode():
    """Let dropout and batch normalisation behave as in training."""
    return Scope(None, True)


def predict_mode():
    """Let dropout and batch normalisation behave as in prediction."""
    return Scope(None, False)


def is_recording():
    """Return whether what is computed now is recorded."""
    return STATE.recording


def is_training():
    """Return whether dropout and batch normalisation are in training."""
    return STATE.training


def mark_variables(variables, gradients, grad_reqs='write'):
    """Let gradients with respect to `variables` arrive in `gradients`."""
    if not isinstance(variables, (list, tuple)):
        variables, gradients = [variables], [gradients]
    if isinstance(grad_reqs, str):
        grad_reqs = [grad_reqs] * len(variables)
    for variable, gradient, req in zip(variables, gradients, grad_reqs):
        variable._mark(gradient, req)


def not_recorded(array):
    """Return the error of an array to which no graph leads."""
    return MXNetError(
        f'backward: no graph leads to this array of shape {array.shape}. '
        'Compute it inside `with autograd.record():` from arrays on which '
        'attach_grad() was called, and go back once per graph, or pass '
        'retain_graph=True the first time.')


def prepare(heads, head_grads):
    """Return the tensors to start from and the gradients to start with."""
    if not isinstance(heads, (list, tuple)):
        heads = [heads]
    if head_grads is None:
        head_grads = [None] * len(heads)
    elif not isinstance(head_grads, (list, tuple)):
        head_grads = [head_grads]
    if len(heads) != len(head_grads):
        raise MXNetError(f'backward: {len(heads)} arrays, but '
                         f'{len(head_grads)} gradients to start with')
    tensors, starts = [], []
    for head, grad in zip(heads, head_grads):
        if not head._tensor.requires_grad:
            raise not_recorded(head)
        if grad is not None and grad.shape != head.shape:
            raise MXNetError(f'backward: the array has shape {head.shape}, '
                             f'the gradient to start with {grad.shape}')
        tensors.append(head._tensor)
        starts.append(torch.ones_like(head._tensor) if grad is None
                      else grad.tensor)
    return heads, tensors, starts


def go_back(function, *args, **options):
    """Call PyTorch's way back; its errors become MXNetError."""
    try:
        return function(*args, **options)
    except RuntimeError as error:
        raise MXNetError(f'backward: {error}') from error


def backward(heads, head_grads=None, retain_graph=False, train_mode=True):
    """Compute the gradients of the sum of all entries of `heads`.

    They arrive in `.grad` of the arrays on which attach_grad() was called,
    and replace what was there; PyTorch adds them to it.
    """
    heads, tensors, starts = prepare(heads, head_grads)
    ARRIVED.clear()
    ARRIVED.update(start.data_ptr() for start in starts)
    go_back(torch.autograd.backward, tensors, starts, retain_graph)
    if not retain_graph:  # what they were computed from becomes constant
        for head in heads:
            if head._tape is not None:
                head._tape.whole().used_up = True
                head.is_linked()  # it lets go of the graph


def grad(heads, variables, head_grads=None, retain_graph=None,
         create_graph=False, train_mode=True):
    """Return the gradients with respect to a list of variables instead.

    create_graph: record the way back, too, so that it has gradients.
    """
    heads, tensors, starts = prepare(heads, head_grads)
    variables = variables if isinstance(variables, (list, tuple)) \
        else [variables]
    retain_graph = create_graph if retain_graph is None else retain_graph
    found = go_back(
        torch.autograd.grad, tensors, [x._tensor for x in variables], starts,
        retain_graph, create_graph, allow_unused=True, materialize_grads=True)
    return [x._like(g, heads) for x, g in zip(variables, found)]


__getattr__ = guard(__name__)
