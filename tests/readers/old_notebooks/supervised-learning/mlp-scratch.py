"""A multilayer perceptron from scratch; the loss is borrowed from Gluon."""
# %%
import sys

from mxnet import autograd as ag
from mxnet import gluon
from mxnet import ndarray as nd

sys.path.append('..')
import utils

batch_size, num_inputs, num_hidden, num_outputs = 256, 28 * 28, 64, 10
train_data, test_data = utils.load_data_fashion_mnist(batch_size)

# %%
weight_scale = .01
W1 = nd.random_normal(shape=(num_inputs, num_hidden), scale=weight_scale)
b1 = nd.zeros(num_hidden)
W2 = nd.random_normal(shape=(num_hidden, num_outputs), scale=weight_scale)
b2 = nd.zeros(num_outputs)
params = [W1, b1, W2, b2]
for param in params:
    param.attach_grad()


def relu(X):
    return nd.maximum(X, 0)


def net(X):
    X = X.reshape((-1, num_inputs))
    h1 = relu(nd.dot(X, W1) + b1)
    return nd.dot(h1, W2) + b2


# %%
softmax_cross_entropy = gluon.loss.SoftmaxCrossEntropyLoss()
train_loss = 0.
for data, label in train_data:
    with ag.record():
        output = net(data)
        loss = softmax_cross_entropy(output, label)
    loss.backward()
    utils.SGD(params, .5 / batch_size)
    train_loss += nd.mean(loss).asscalar()

# %% What it reaches
test_acc = utils.evaluate_accuracy(test_data, net)
print('Loss: %f, Test acc %f' % (train_loss / len(train_data), test_acc))
assert train_loss / len(train_data) < 1.2 and test_acc > .65
