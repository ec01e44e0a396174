"""Automatic differentiation of NumPy arrays, in about eighty lines.

The chapter crash-course/autograd-scratch builds this engine, step by step;
a test sees to it that the code is the same.

    from from_scratch_to_gluon.tape import Array, record, total

    x = Array([1, 2, 3])
    x.attach_grad()
    with record():
        z = total(x * x)
    z.backward()
    x.grad  # array([2., 4., 6.])
"""

from contextlib import contextmanager

import numpy as np

running = []  # the tapes that are being written


@contextmanager
def record():
    """Note the operations inside a `with` block on a tape."""
    running.append(running[-1] if running else [])
    try:
        yield
    finally:
        running.pop()


def noted(value, *shares):
    """Return an Array of a value; note how it came about.

    shares: for each parent (parent, function); the function turns the
    gradient at the result into what the parent gets, before `fit`.
    """
    result = Array(value)
    shares = [(parent, share) for parent, share in shares
              if parent.tape is not None or parent.grad is not None]
    if running and shares:
        result.tape = running[-1]
        result.tape.append((result, shares))
    return result


class Array:
    """A NumPy array `value` of float64, and perhaps its gradient `grad`.

    Do not assign to parts of `value` while a tape is written.
    """

    __array_ufunc__ = None  # NumPy leaves + and * between the two to us

    def __init__(self, value):
        self.value = np.array(value, dtype=float)
        self.grad = self.tape = None

    def attach_grad(self):
        """Ask for the gradient with respect to this array."""
        self.grad = np.zeros_like(self.value)

    def backward(self):
        """Unwind the tape; write the gradients of the sum of the entries.

        They replace those of before. Raises ValueError when an array's part
        of the tape is used up, as by an earlier call.
        """
        tills = {self: np.ones_like(self.value)}
        while self.tape:
            result, shares = self.tape.pop()
            if result in tills:
                grad = tills.pop(result)
                for parent, share in shares:
                    paid = fit(share(grad), parent.value.shape)
                    tills[parent] = tills.get(parent, 0) + paid
        for array, grad in tills.items():
            if array.tape is not None:
                raise ValueError('the notes on this array are used up')
            array.grad = grad


def fit(grad, shape):
    """Sum a gradient over the copies that broadcasting made of an array."""
    added = tuple(range(grad.ndim - len(shape)))
    grad = grad.sum(axis=added)  # the axes that were put in front
    stretched = tuple(i for i, n in enumerate(shape) if n == 1)
    return grad.sum(axis=stretched, keepdims=True)


def add(a, b):
    """Return a + b, broadcast."""
    a, b = as_array(a), as_array(b)
    return noted(a.value + b.value, (a, lambda grad: grad),
                 (b, lambda grad: grad))


def mul(a, b):
    """Return a * b, entry by entry, broadcast."""
    a, b = as_array(a), as_array(b)
    return noted(a.value * b.value, (a, lambda grad: grad * b.value),
                 (b, lambda grad: grad * a.value))


def sub(a, b):
    """Return a - b, broadcast."""
    return add(a, mul(b, -1))


def dot(a, b):
    """Return the product of two matrices: (n, k), (k, m) -> (n, m)."""
    return noted(a.value @ b.value, (a, lambda grad: grad @ b.value.T),
                 (b, lambda grad: a.value.T @ grad))


def as_array(x):
    """Return x itself or, of numbers, an Array that nobody differentiates."""
    return x if isinstance(x, Array) else Array(x)


def relu(a):
    """Return the entries with 0 for the negative ones; at 0 the slope is 0.
    """
    positive = a.value > 0
    return noted(a.value * positive, (a, lambda grad: grad * positive))


def tanh(a):
    """Return the hyperbolic tangent of the entries."""
    result = np.tanh(a.value)
    return noted(result, (a, lambda grad: grad * (1 - result * result)))


def total(a):
    """Return the sum of all entries: any shape -> ()."""
    return noted(a.value.sum(),
                 (a, lambda grad: grad * np.ones_like(a.value)))


Array.__add__ = Array.__radd__ = add
Array.__mul__ = Array.__rmul__ = mul
Array.__sub__ = sub
Array.__rsub__ = lambda a, b: sub(b, a)
