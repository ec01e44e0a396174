"""Products of vectors and matrices.

Stands on PyTorch's matrix products; `transpose_a` and `transpose_b` take an
argument the other way round. Chapters: crash-course/ndarray,
supervised-learning/linear-regression-scratch.
"""

import torch

from ..base import MXNetError
from .operator import at_least_1d, operator


@operator(method=False)
def dot(lhs, rhs, transpose_a=False, transpose_b=False):
    """Sums of products over the last axis of lhs and the first of rhs.

    (2, 3) and (3, 4) -> (2, 4); two vectors -> (1,)
    """
    lhs = lhs.movedim(0, -1) if transpose_a else lhs
    rhs = rhs.movedim(-1, 0) if transpose_b else rhs
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
    if lhs.shape[:-2] != rhs.shape[:-2] or lhs.shape[-1] != rhs.shape[-2]:
        raise MXNetError(f'batch_dot: {tuple(lhs.shape)} and '
                         f'{tuple(rhs.shape)} do not fit')
    return lhs @ rhs
