"""Products of vectors and matrices.

Stands on PyTorch's matrix products; `transpose_a` and `transpose_b` take an
argument the other way round. Chapters: crash-course/ndarray,
supervised-learning/linear-regression-scratch.
"""

import torch

from ..base import MXNetError
from .operator import at_least_1d, operator


def turned_left(data):
    """Return an array with its first axis last."""
    return data.movedim(0, -1) if data.dim() > 1 else data


def turned_right(data):
    """Return an array with its last axis first."""
    return data.movedim(-1, 0) if data.dim() > 1 else data


@operator()
def dot(lhs, rhs, transpose_a=False, transpose_b=False):
    """Sums of products over the last axis of lhs and the first of rhs.

    (2, 3) and (3, 4) -> (2, 4); two vectors -> (1,)
    """
    lhs = turned_left(lhs) if transpose_a else lhs
    rhs = turned_right(rhs) if transpose_b else rhs
    if not lhs.is_floating_point():
        raise MXNetError('dot: only of float32 and float64; use astype()')
    if lhs.shape[-1] != rhs.shape[0]:
        raise MXNetError(
            f'dot: {tuple(lhs.shape)} and {tuple(rhs.shape)} do not fit: the '
            f'last axis of the first has length {lhs.shape[-1]}, the first '
            f'of the second {rhs.shape[0]}')
    if lhs.dim() <= 2 and rhs.dim() <= 2:
        return at_least_1d(lhs @ rhs)
    return torch.tensordot(lhs, rhs, 1)


@operator()
def batch_dot(lhs, rhs, transpose_a=False, transpose_b=False):
    """A matrix product for each example.  (5, 2, 3), (5, 3, 4) -> (5, 2, 4)

    There may be several axes before the last two.
    """
    lhs = lhs.transpose(-1, -2) if transpose_a else lhs
    rhs = rhs.transpose(-1, -2) if transpose_b else rhs
    if lhs.dim() != rhs.dim() or lhs.shape[:-2] != rhs.shape[:-2] \
            or lhs.dim() < 3 or lhs.shape[-1] != rhs.shape[-2]:
        raise MXNetError(f'batch_dot: {tuple(lhs.shape)} and '
                         f'{tuple(rhs.shape)} do not fit')
    return lhs @ rhs


@operator(method=False)
def linalg_gemm2(A, B, transpose_a=False, transpose_b=False, alpha=1.0):
    """alpha A B, of matrices or batches of them."""
    A = A.transpose(-1, -2) if transpose_a else A
    B = B.transpose(-1, -2) if transpose_b else B
    return alpha * (A @ B)


@operator(method=False)
def L2Normalization(data, eps=1e-10, mode='instance'):
    """Each example divided by its length; or each 'channel', 'spatial'."""
    if mode not in ('instance', 'channel', 'spatial'):
        raise MXNetError(f'L2Normalization: no mode {mode!r}')
    axes = {'instance': tuple(range(1, data.dim())), 'channel': (1,),
            'spatial': tuple(range(2, data.dim()))}[mode]
    return data / (data.square().sum(axes, keepdim=True) + eps).sqrt()
