"""gluon.loss: each loss against its formula."""

import mxnet as mx
import numpy as np
import pytest
from mxnet import autograd, nd
from mxnet.gluon import loss as gloss

PRED = np.array([[0.5, -1.0, 2.0], [1.5, 0.0, -0.5]], np.float32)
LABEL = np.array([[1.0, -1.0, 0.5], [0.0, 2.0, -1.5]], np.float32)
SIGN = np.array([[1, -1, 1], [-1, 1, 1]], np.float32)
P = np.array([[0.2, 0.5, 0.3], [0.9, 0.05, 0.05]], np.float32)


def check(loss, want, *arrays):
    """Compare, as it is and hybridized."""
    arrays = [nd.array(x) for x in arrays]
    for _ in range(2):
        np.testing.assert_allclose(loss(*arrays).asnumpy(), want, 1e-4, 1e-6)
        loss.hybridize()


def log_softmax(x):
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_l2_halves():
    check(gloss.L2Loss(), ((PRED - LABEL) ** 2).mean(1) / 2, PRED, LABEL)


def test_l1():
    check(gloss.L1Loss(), np.abs(PRED - LABEL).mean(1), PRED, LABEL)


def test_labels_take_the_shape_of_predictions():
    check(gloss.L1Loss(), np.abs(PRED - LABEL).mean(1), PRED, LABEL.ravel())


def test_softmax_cross_entropy():
    want = -log_softmax(PRED)[[0, 1], [2, 0]]
    check(gloss.SoftmaxCrossEntropyLoss(), want, PRED, [2, 0])
    check(gloss.SoftmaxCELoss(sparse_label=False), want, PRED,
          np.eye(3)[[2, 0]])
    check(gloss.SoftmaxCELoss(from_logits=True), want, log_softmax(PRED),
          [2, 0])


def test_softmax_cross_entropy_gradient_is_p_minus_q():
    pred = nd.array(PRED)
    pred.attach_grad()
    with autograd.record():
        gloss.SoftmaxCELoss()(pred, nd.array([2, 0])).backward()
    np.testing.assert_allclose(
        pred.grad.asnumpy(), np.exp(log_softmax(PRED)) - np.eye(3)[[2, 0]],
        1e-4, 1e-6)


def test_weights():
    error = np.abs(PRED - LABEL)
    check(gloss.L1Loss(weight=3), 3 * error.mean(1), PRED, LABEL)
    weights = np.array([[2], [0.5]])
    check(gloss.L1Loss(), (error * weights).mean(1), PRED, LABEL, weights)
    check(gloss.L1Loss(batch_axis=1), error.mean(0), PRED, LABEL)


def test_binary_cross_entropy():
    p, label = sigmoid(PRED), P
    want = -(label * np.log(p) + (1 - label) * np.log(1 - p))
    check(gloss.SigmoidBCELoss(), want.mean(1), PRED, label)
    check(gloss.SigmoidBCELoss(from_sigmoid=True), want.mean(1), p, label)


def test_kl_divergence():
    want = (P * (np.log(P) - log_softmax(PRED))).sum(1)
    check(gloss.KLDivLoss(), want, log_softmax(PRED), P)
    check(gloss.KLDivLoss(from_logits=False), want, PRED, P)


def test_huber():
    error = np.abs(PRED - LABEL)
    want = np.where(error > 1, error - 0.5, error ** 2 / 2)
    check(gloss.HuberLoss(), want.mean(1), PRED, LABEL)


def test_hinge():
    short = np.maximum(0, 1 - PRED * SIGN)
    check(gloss.HingeLoss(), short.mean(1), PRED, SIGN)
    check(gloss.SquaredHingeLoss(), (short ** 2).mean(1), PRED, SIGN)


def test_logistic():
    want = np.log(1 + np.exp(-PRED * SIGN)).mean(1)
    check(gloss.LogisticLoss(), want, PRED, SIGN)
    check(gloss.LogisticLoss(label_format='binary'), want, PRED, SIGN > 0)
    with pytest.raises(ValueError, match='signed'):
        gloss.LogisticLoss(label_format='words')


def test_shapes_that_do_not_fit():
    with pytest.raises(mx.MXNetError):
        gloss.L2Loss()(nd.ones((2, 2)), nd.ones((3,)))
    with pytest.raises(mx.MXNetError):
        gloss.SoftmaxCELoss()(nd.ones((2, 3)), nd.ones((3,)))


def test_print():
    assert repr(gloss.L2Loss()) == 'L2Loss(batch_axis=0, w=1.0)'
