"""Convolutions by hand, then a small network of them."""
# %%
import sys

from mxnet import autograd as ag
from mxnet import gluon
from mxnet import ndarray as nd

sys.path.append('..')
import utils

w, b = nd.arange(16).reshape((2, 2, 2, 2)), nd.array([1, 2])
data = nd.arange(18).reshape((1, 2, 3, 3))
strided = nd.Convolution(data[:, :1], w[:1, :1], b[:1], kernel=w.shape[2:],
                         num_filter=1, stride=(2, 2), pad=(1, 1))
two = nd.Convolution(data, w, b, kernel=w.shape[2:], num_filter=w.shape[0])
max_pool = nd.Pooling(data=data, pool_type='max', kernel=(2, 2))
avg_pool = nd.Pooling(data=data, pool_type='avg', kernel=(2, 2))

# %%
ctx = utils.try_gpu()
shapes = [(8, 1, 5, 5), (8,), (16, 8, 3, 3), (16,), (400, 32), (32,),
          (32, 10), (10,)]
params = [nd.random_normal(shape=shape, scale=.1, ctx=ctx)
          for shape in shapes]
for param in params:
    param.attach_grad()


def net(X):
    W1, b1, W2, b2, W3, b3, W4, b4 = params
    X = X.as_in_context(W1.context)
    for W, b in ((W1, b1), (W2, b2)):
        X = nd.Convolution(data=X, weight=W, bias=b, kernel=W.shape[2:],
                           num_filter=W.shape[0])
        X = nd.Pooling(data=nd.relu(X), pool_type='max', kernel=(2, 2),
                       stride=(2, 2))
    h = nd.relu(nd.dot(nd.flatten(X), W3) + b3)
    return nd.dot(h, W4) + b4


# %%
train_data, test_data = utils.load_data_fashion_mnist(
    64, num_train=6400, num_test=1000)
softmax_cross_entropy = gluon.loss.SoftmaxCrossEntropyLoss()
for data, label in train_data:
    label = label.as_in_context(ctx)
    with ag.record():
        loss = softmax_cross_entropy(net(data), label)
    loss.backward()
    utils.SGD(params, .2 / 64)

# %% What it reaches
test_acc = utils.evaluate_accuracy(test_data, net, ctx)
print('Test acc %f' % test_acc)
assert test_acc > .5
assert strided[0, 0].asnumpy().tolist() == [[1, 9], [22, 44]]
assert two[0].asnumpy().tolist() == [
    [[269, 297], [353, 381]], [[686, 778], [962, 1054]]]
assert max_pool[0, 1].asnumpy().tolist() == [[13, 14], [16, 17]]
assert avg_pool[0, 0].asnumpy().tolist() == [[2, 3], [5, 6]]
