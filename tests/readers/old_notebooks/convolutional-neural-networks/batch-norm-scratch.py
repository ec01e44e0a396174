"""Batch normalisation from scratch, with averages kept for prediction."""
# %%
import sys

from mxnet import autograd, gluon
from mxnet import ndarray as nd

sys.path.append('..')
import utils


def batch_norm(X, gamma, beta, is_training, moving_mean, moving_variance,
               eps=1e-5, moving_momentum=0.9):
    axes = 0 if len(X.shape) == 2 else (0, 2, 3)
    shape = (1, -1) if len(X.shape) == 2 else (1, -1, 1, 1)
    moving_mean = moving_mean.reshape(shape)
    moving_variance = moving_variance.reshape(shape)
    if is_training:
        mean = X.mean(axis=axes, keepdims=True)
        variance = ((X - mean) ** 2).mean(axis=axes, keepdims=True)
        for moving, new in ((moving_mean, mean), (moving_variance, variance)):
            moving[:] = moving * moving_momentum + new * (1 - moving_momentum)
    else:
        mean, variance = moving_mean, moving_variance
    X_hat = (X - mean) / nd.sqrt(variance + eps)
    return gamma.reshape(shape) * X_hat + beta.reshape(shape)


A = nd.arange(6).reshape((3, 2))
B = nd.arange(18).reshape((1, 2, 3, 3))
averages = nd.zeros(2), nd.ones(2)
flat = batch_norm(A, nd.ones(2), nd.zeros(2), True, *averages)
spatial = batch_norm(B, nd.ones(2), nd.zeros(2), True, *averages)
print(flat, spatial, averages)  # moved twice

# %%
W1 = nd.random_normal(shape=(4, 1, 5, 5), scale=.1)
W2 = nd.random_normal(shape=(4 * 12 * 12, 10), scale=.01)
gamma, beta, b = nd.ones(4), nd.zeros(4), nd.zeros(10)
params = [W1, W2, gamma, beta, b]
for param in params:
    param.attach_grad()
moving = nd.zeros(4), nd.ones(4)


def net(X):
    h = nd.Convolution(X, W1, no_bias=True, kernel=(5, 5), num_filter=4)
    h = batch_norm(h, gamma, beta, autograd.is_training(), *moving)
    h = nd.Pooling(nd.relu(h), pool_type='max', kernel=(2, 2), stride=(2, 2))
    return nd.dot(nd.flatten(h), W2) + b


# %%
train_data, test_data = utils.load_data_fashion_mnist(
    64, num_train=3200, num_test=1000)
softmax_cross_entropy = gluon.loss.SoftmaxCrossEntropyLoss()
for data, label in train_data:
    with autograd.record():
        loss = softmax_cross_entropy(net(data), label)
    loss.backward()
    utils.SGD(params, .2 / 64)

# %% What it reaches
test_acc = utils.evaluate_accuracy(test_data, net)
print('Test acc %f' % test_acc)
assert test_acc > .55
column = nd.array([-1.22474265, 0, 1.22474265])
assert nd.norm(flat[:, 1] - column).asscalar() < 1e-5
assert abs(spatial[0, 1, 0, 1].asscalar() + 1.1618942) < 1e-5
assert abs(averages[0] - nd.array([.58, 1.57])).max().asscalar() < 1e-6
