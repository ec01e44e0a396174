"""Dropout from scratch, after both hidden layers."""
# %%
import sys

from mxnet import autograd, gluon
from mxnet import ndarray as nd

sys.path.append('..')
import utils


def dropout(X, drop_probability):
    keep_probability = 1 - drop_probability
    assert 0 <= keep_probability <= 1
    if keep_probability == 0:
        return X.zeros_like()
    mask = nd.random.uniform(
        0, 1.0, X.shape, ctx=X.context) < keep_probability
    return mask * X * (1 / keep_probability)


A = nd.arange(20).reshape((5, 4))
halved = dropout(A, 0.5)
print(dropout(A, 0.0), halved, dropout(A, 1.0))

# %%
batch_size = 256
train_data, test_data = utils.load_data_fashion_mnist(batch_size)
sizes = [784, 64, 64, 10]
params = []
for before, after in zip(sizes[:-1], sizes[1:]):
    params.append(nd.random_normal(shape=(before, after), scale=.05))
    params.append(nd.zeros(after))
for param in params:
    param.attach_grad()


def net(X):
    W1, b1, W2, b2, W3, b3 = params
    X = X.reshape((-1, 784))
    h1 = dropout(nd.relu(nd.dot(X, W1) + b1), 0.2)
    h2 = dropout(nd.relu(nd.dot(h1, W2) + b2), 0.5)
    return nd.dot(h2, W3) + b3


# %%
softmax_cross_entropy = gluon.loss.SoftmaxCrossEntropyLoss()
for data, label in train_data:
    with autograd.record():
        loss = softmax_cross_entropy(net(data), label)
    loss.backward()
    utils.SGD(params, .5 / batch_size)

# %% What it reaches
test_acc = utils.evaluate_accuracy(test_data, net)
print('Test acc %f' % test_acc)
assert test_acc > .6
assert (dropout(A, 0.0) == A).asnumpy().all()
assert dropout(A, 1.0).sum().asscalar() == 0
assert ((halved == 0) + (halved == 2 * A)).min().asscalar() >= 1
