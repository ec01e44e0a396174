"""Losses, one number for each example.

A loss takes what a network returned and the labels, and averages over all
axes but the batch's; `sample_weight` weighs entries, `weight` all of them.
Chapters: supervised-learning/linear-regression-gluon and
softmax-regression-gluon.
"""

from numbers import Number

import numpy as np

from ..base import guard
from .hybrid import HybridBlock


class Loss(HybridBlock):
    """What all losses share: weights and the mean over an example."""

    def __init__(self, weight=None, batch_axis=0, **kwargs):
        super().__init__(**kwargs)
        self._weight, self._batch_axis = weight, batch_axis

    def _weighted(self, F, loss, sample_weight, factor=1):
        if sample_weight is not None:
            loss = F.broadcast_mul(loss, sample_weight)
        if self._weight is None:
            return loss
        assert isinstance(self._weight, Number), (
            f'{self.name}: weight {self._weight!r} must be a number')
        return loss * (self._weight * factor)

    def _mean(self, F, loss, sample_weight, factor=1):
        return F.mean(self._weighted(F, loss, sample_weight, factor),
                      axis=self._batch_axis, exclude=True)

    def __repr__(self):
        return (f'{type(self).__name__}(batch_axis={self._batch_axis}, '
                f'w={self._weight})')


class L2Loss(Loss):
    """weight/2 (label - pred)^2.  (2, 3), (2, 3) -> (2,)

    PyTorch's MSELoss does not halve.
    """

    def __init__(self, weight=1., batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        loss = F.square(F.reshape_like(label, pred) - pred)
        return self._mean(F, loss, sample_weight, 1 / 2)


class L1Loss(Loss):
    """|label - pred|.  (2, 3), (2, 3) -> (2,)"""

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        loss = F.abs(F.reshape_like(label, pred) - pred)
        return self._mean(F, loss, sample_weight)


class SigmoidBinaryCrossEntropyLoss(Loss):
    """-label log p - (1 - label) log(1 - p), with p = sigmoid(pred).

    from_sigmoid=True: pred is p. `pos_weight` weighs the first term.
    (2, 3), (2, 3) -> (2,)
    """

    def __init__(self, from_sigmoid=False, weight=None, batch_axis=0,
                 **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._from_sigmoid = from_sigmoid

    def hybrid_forward(self, F, pred, label, sample_weight=None,
                       pos_weight=None):
        label = F.reshape_like(label, pred)
        terms = self._of_p if self._from_sigmoid else self._of_logits
        return self._mean(F, terms(F, pred, label, pos_weight), sample_weight)

    def _of_p(self, F, p, label, pos_weight, least=1e-12):
        positive = F.log(p + least) * label
        if pos_weight is not None:
            positive = F.broadcast_mul(positive, pos_weight)
        return -(positive + F.log(1 - p + least) * (1 - label))

    def _of_logits(self, F, pred, label, pos_weight):
        small = F.Activation(-F.abs(pred), act_type='softrelu')
        if pos_weight is None:
            return F.relu(pred) - pred * label + small
        share = 1 + F.broadcast_mul(pos_weight - 1, label)
        return pred - pred * label + share * (small + F.relu(-pred))


SigmoidBCELoss = SigmoidBinaryCrossEntropyLoss


class SoftmaxCrossEntropyLoss(Loss):
    """-log softmax(pred)[label].  (2, 10), (2,) -> (2,)

    A label that is out of range counts as the nearest class. With
    sparse_label=False labels are distributions of the shape of pred;
    with from_logits=True pred is the log of a softmax already.
    """

    def __init__(self, axis=-1, sparse_label=True, from_logits=False,
                 weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._axis, self._sparse_label = axis, sparse_label
        self._from_logits = from_logits

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        if not self._from_logits:
            pred = F.log_softmax(pred, axis=self._axis)
        if self._sparse_label:
            loss = -F.pick(pred, label, axis=self._axis, keepdims=True)
        else:
            loss = -F.sum(pred * F.reshape_like(label, pred),
                          axis=self._axis, keepdims=True)
        return self._mean(F, loss, sample_weight)


SoftmaxCELoss = SoftmaxCrossEntropyLoss


class KLDivLoss(Loss):
    """Sum of label (log label - pred), pred a log.  (2, 3), (2, 3) -> (2,)

    With from_logits=False, log_softmax(pred) takes the place of pred.
    """

    def __init__(self, from_logits=True, axis=-1, weight=None, batch_axis=0,
                 **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._from_logits, self._axis = from_logits, axis

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        if not self._from_logits:
            pred = F.log_softmax(pred, axis=self._axis)
        loss = label * (F.log(label + 1e-12) - pred)
        return F.sum(self._weighted(F, loss, sample_weight),
                     axis=self._batch_axis, exclude=True)


class HuberLoss(Loss):
    """e^2 / (2 rho) for e = |label - pred| up to rho, then e - rho/2."""

    def __init__(self, rho=1, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._rho = rho

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        error = F.abs(F.reshape_like(label, pred) - pred)
        loss = F.where(error > self._rho, error - self._rho / 2,
                       F.square(error) / (2 * self._rho))
        return self._mean(F, loss, sample_weight)


class HingeLoss(Loss):
    """max(0, margin - pred label), labels -1 or 1.  (2, 3), ... -> (2,)"""

    def __init__(self, margin=1, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._margin = margin

    def _short(self, F, pred, label):
        return F.relu(self._margin - pred * F.reshape_like(label, pred))

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        return self._mean(F, self._short(F, pred, label), sample_weight)


class SquaredHingeLoss(HingeLoss):
    """The square of HingeLoss, entry by entry."""

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        return self._mean(F, F.square(self._short(F, pred, label)),
                          sample_weight)


class LogisticLoss(Loss):
    """log(1 + exp(-pred label)), labels -1 or 1; 'binary': 0 or 1."""

    def __init__(self, weight=None, batch_axis=0, label_format='signed',
                 **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        if label_format not in ('signed', 'binary'):
            raise ValueError(f'label_format {label_format!r} must be '
                             "'signed' (-1 and 1) or 'binary' (0 and 1)")
        self._label_format = label_format

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        label = F.reshape_like(label, pred)
        if self._label_format == 'signed':
            label = (label + 1) / 2
        loss = F.relu(pred) - pred * label + F.Activation(
            -F.abs(pred), act_type='softrelu')
        return self._mean(F, loss, sample_weight)


class TripletLoss(Loss):
    """max(0, |pred - positive|^2 - |pred - negative|^2 + margin).

    (2, 3), (2, 3), (2, 3) -> (2,)
    """

    def __init__(self, margin=1, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._margin = margin

    def hybrid_forward(self, F, pred, positive, negative):
        near = F.square(F.reshape_like(positive, pred) - pred)
        far = F.square(F.reshape_like(negative, pred) - pred)
        loss = F.sum(near - far, axis=self._batch_axis, exclude=True)
        return self._weighted(F, F.relu(loss + self._margin), None)


class PoissonNLLLoss(Loss):
    """exp(pred) - target pred; one number, the mean of all.  -> (1,)

    With from_logits=False pred is the rate itself; compute_full=True adds
    Stirling's approximation of log target! where target > 1.
    """

    def __init__(self, weight=None, from_logits=True, batch_axis=0,
                 compute_full=False, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._from_logits, self._full = from_logits, compute_full

    def hybrid_forward(self, F, pred, target, sample_weight=None,
                       epsilon=1e-08):
        target = F.reshape_like(target, pred)
        loss = F.exp(pred) - target * pred if self._from_logits \
            else pred - target * F.log(pred + epsilon)
        if self._full:
            stirling = (target * F.log(target) - target
                        + 0.5 * F.log(2 * np.pi * target))
            loss = loss + stirling * (target > 1)
        return F.mean(self._weighted(F, loss, sample_weight))


class CosineEmbeddingLoss(Loss):
    """1 - cos where the label is 1, max(0, cos - margin) where it is -1.

    cos is that of the angle between the rows.  (2, 3), (2, 3), (2,) -> (2, 1)
    """

    def __init__(self, weight=None, batch_axis=0, margin=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._margin = margin

    def hybrid_forward(self, F, input1, input2, label, sample_weight=None):
        input1 = F.reshape_like(input1, input2)
        lengths = F.norm(input1, axis=-1) * F.norm(input2, axis=-1)
        cos = F.sum(input1 * input2, axis=-1) / F.maximum(lengths, 1e-12)
        cos, label = cos.reshape((-1, 1)), label.reshape((-1, 1))
        loss = (1 - cos) * (label == 1) + F.relu(
            (label == -1) * (cos - self._margin))
        return self._weighted(F, loss, sample_weight)


__getattr__ = guard(__name__)
