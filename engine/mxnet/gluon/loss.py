"""Losses, one number for each example.

A loss takes what a network returned and the labels, and averages over all
axes but the batch's; `sample_weight` weighs entries, `weight` all of them.
Chapters: supervised-learning/linear-regression-gluon and
softmax-regression-gluon.
"""

from ..base import guard
from .hybrid import HybridBlock


class Loss(HybridBlock):
    """What all losses share: weights and the mean over an example."""

    def __init__(self, weight=None, batch_axis=0, **kwargs):
        super().__init__(**kwargs)
        self._weight, self._batch_axis = weight, batch_axis

    def _mean(self, F, loss, sample_weight, reduce='mean'):
        """Return the mean (or sum) of the weighted entries."""
        if sample_weight is not None:
            loss = F.broadcast_mul(loss, sample_weight)
        if self._weight not in (None, 1):
            loss = loss * self._weight
        return getattr(F, reduce)(loss, axis=self._batch_axis, exclude=True)

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
        loss = F.square(F.reshape_like(label, pred) - pred) / 2
        return self._mean(F, loss, sample_weight)


class L1Loss(Loss):
    """|label - pred|.  (2, 3), (2, 3) -> (2,)"""

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        loss = F.abs(F.reshape_like(label, pred) - pred)
        return self._mean(F, loss, sample_weight)


def logistic(F, x, y):
    """Return log(1 + exp(x)) - x y, which no x makes infinite."""
    return F.relu(x) - x * y + F.Activation(-F.abs(x), act_type='softrelu')


class SigmoidBinaryCrossEntropyLoss(Loss):
    """-label log p - (1 - label) log(1 - p), with p = sigmoid(pred).

    from_sigmoid=True: pred is p.  (2, 3), (2, 3) -> (2,)
    """

    def __init__(self, from_sigmoid=False, weight=None, batch_axis=0,
                 **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._from_sigmoid = from_sigmoid

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        label = F.reshape_like(label, pred)
        if self._from_sigmoid:
            loss = -(F.log(pred + 1e-12) * label
                     + F.log(1 - pred + 1e-12) * (1 - label))
        else:
            loss = logistic(F, pred, label)
        return self._mean(F, loss, sample_weight)


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


SigmoidBCELoss = SigmoidBinaryCrossEntropyLoss
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
        return self._mean(F, loss, sample_weight, 'sum')


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

    _power = 1

    def __init__(self, margin=1, weight=None, batch_axis=0, **kwargs):
        super().__init__(weight, batch_axis, **kwargs)
        self._margin = margin

    def hybrid_forward(self, F, pred, label, sample_weight=None):
        short = F.relu(self._margin - pred * F.reshape_like(label, pred))
        return self._mean(F, short ** self._power, sample_weight)


class SquaredHingeLoss(HingeLoss):
    """The square of HingeLoss, entry by entry."""

    _power = 2


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
        return self._mean(F, logistic(F, pred, label), sample_weight)


__getattr__ = guard(__name__)
