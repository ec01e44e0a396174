"""mx.io, and the small modules beside it."""

import mxnet as mx
import numpy as np
import pytest
from mxnet import nd
from mxnet.io import DataBatch, DataIter, NDArrayIter

X, Y = np.arange(10).reshape(5, 2), np.arange(5)


def labels(iterator):
    """Return the labels of each batch of one epoch."""
    return [batch.label[0].asnumpy().tolist() for batch in iterator]


def test_batches():
    iterator = NDArrayIter(X, Y, batch_size=2)
    batches = list(iterator)
    assert [batch.pad for batch in batches] == [0, 0, 1]
    assert batches[0].data[0].asnumpy().tolist() == [[0, 1], [2, 3]]
    assert list(iterator) == []  # until it is reset
    iterator.reset()
    assert len(list(iterator)) == 3


@pytest.mark.parametrize('handle, epochs', [
    ('pad', [[[0, 1], [2, 3], [4, 0]]] * 2),
    ('discard', [[[0, 1], [2, 3]]] * 2),
    ('roll_over', [[[0, 1], [2, 3]], [[4, 0], [1, 2], [3, 4]]])])
def test_last_batch(handle, epochs):
    iterator = NDArrayIter(X, Y, 2, last_batch_handle=handle)
    for epoch in epochs:
        assert labels(iterator) == epoch
        iterator.reset()


def test_filling_may_go_round_twice():
    assert labels(NDArrayIter(X, Y, 12)) == [[0, 1, 2, 3, 4] * 2 + [0, 1]]


def test_shuffles_are_composed():
    np.random.seed(0)
    iterator = NDArrayIter(X, Y, 5, shuffle=True)
    found = [labels(iterator)[0]]
    iterator.reset()
    found += labels(iterator)
    np.random.seed(0)
    index = np.arange(5)
    np.random.shuffle(index)
    first = Y[index]
    np.random.shuffle(index)  # the index, not 0, 1, 2, ... is shuffled again
    assert found == [first.tolist(), first[index].tolist()]


def test_rows_stay_together():
    iterator = NDArrayIter(X, Y, 5, shuffle=True)
    batch = iterator.next()
    assert (batch.data[0][:, 0] == 2 * batch.label[0]).asnumpy().all()


def test_own_iterator():
    class Countdown(DataIter):
        count = 3

        def next(self):
            self.count -= 1
            if not self.count:
                raise StopIteration
            return DataBatch([nd.array([self.count])])

    found = [batch.data[0].asscalar() for batch in Countdown()]
    assert found == [2, 1]


def test_batches_are_lists():
    assert str(DataBatch([nd.ones((2, 3))], [nd.ones(2)])) == (
        'DataBatch: data shapes: [(2, 3)] label shapes: [(2,)]')
    with pytest.raises(AssertionError, match='list'):
        DataBatch(nd.ones(3))


@pytest.mark.parametrize('data, error', [
    (None, AssertionError), ([], AssertionError), ('text', TypeError),
    ({'a': X}, TypeError)])
def test_what_is_no_data(data, error):
    with pytest.raises(error):
        NDArrayIter(data)


def test_features():
    features = mx.runtime.Features()
    assert features.is_enabled('dist_kvstore')
    assert features.is_enabled('CUDA') == bool(mx.context.num_gpus())
    with pytest.raises(RuntimeError, match='CUDA'):
        features.is_enabled('CUDDA')


def test_names_that_are_not_there():
    for module, name in ((mx.io, 'CSVIter'), (mx.image, 'imdecode'),
                         (mx.gluon.rnn, 'ConvLSTMCell'),
                         (mx.gluon.loss, 'CTCLoss'),
                         (mx.gluon.data.vision, 'CIFAR10'),
                         (mx.test_utils, 'assert_almost_equal')):
        with pytest.raises(AttributeError, match=f'{name}.*not in this'):
            getattr(module, name)
