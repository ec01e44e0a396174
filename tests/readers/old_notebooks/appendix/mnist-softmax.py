"""Softmax regression on digits, with MXNet's own iterator."""
# %%
import mxnet as mx
from mxnet import autograd, nd

mnist = mx.test_utils.get_mnist()
image = mnist['train_data'][0]
colour = mx.nd.tile(mx.nd.transpose(mx.nd.array(image), (1, 2, 0)), (1, 1, 3))

# %%
batch_size = 64
train_data = mx.io.NDArrayIter(
    mnist['train_data'][:19200], mnist['train_label'][:19200], batch_size,
    shuffle=True)
test_data = mx.io.NDArrayIter(
    mnist['test_data'][:2000], mnist['test_label'][:2000], batch_size)
W = nd.random_normal(shape=(784, 10))
b = nd.random_normal(shape=10)
params = [W, b]
for param in params:
    param.attach_grad()


# %%
def softmax(y_linear):
    exp = nd.exp(y_linear - nd.max(y_linear, axis=1, keepdims=True))
    return exp / nd.sum(exp, axis=1, keepdims=True)


def net(X):
    return softmax(nd.dot(X, W) + b)


def cross_entropy(yhat, y):
    return - nd.sum(y * nd.log(yhat + 1e-6), axis=0, exclude=True)


def evaluate_accuracy(data_iterator, net):
    numerator, denominator = 0., 0.
    data_iterator.reset()
    for batch in data_iterator:
        predictions = nd.argmax(net(batch.data[0].reshape((-1, 784))), axis=1)
        numerator += nd.sum(predictions == batch.label[0])
        denominator += predictions.shape[0]
    return (numerator / denominator).asscalar()


# %%
untrained, moving_loss = evaluate_accuracy(test_data, net), 0.
train_data.reset()
for i, batch in enumerate(train_data):
    data = batch.data[0].as_in_context(mx.cpu()).reshape((-1, 784))
    label_one_hot = nd.one_hot(batch.label[0], 10)
    with autograd.record():
        loss = cross_entropy(net(data), label_one_hot)
    loss.backward()
    for param in params:
        param[:] = param - .005 * param.grad
    mean = nd.mean(loss).asscalar()
    moving_loss = mean if i == 0 else .99 * moving_loss + .01 * mean

# %% What it reaches
test_accuracy = evaluate_accuracy(test_data, net)
print(untrained, moving_loss, test_accuracy)
assert untrained < .3 < .6 < test_accuracy
assert moving_loss < 4
assert image.shape == (1, 28, 28) and colour.shape == (28, 28, 3)
