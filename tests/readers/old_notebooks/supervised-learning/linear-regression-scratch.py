"""Linear regression from scratch: data, batches, model, loss and descent."""
# %%
import random

from mxnet import autograd as ag
from mxnet import ndarray as nd

num_inputs, num_examples, batch_size = 2, 1000, 10
true_w, true_b = [2, -3.4], 4.2
X = nd.random_normal(shape=(num_examples, num_inputs))
y = true_w[0] * X[:, 0] + true_w[1] * X[:, 1] + true_b
y += .01 * nd.random_normal(shape=y.shape)


# %%
def data_iter():
    idx = list(range(num_examples))
    random.shuffle(idx)
    for i in range(0, num_examples, batch_size):
        j = nd.array(idx[i:min(i + batch_size, num_examples)])
        yield nd.take(X, j), nd.take(y, j)


# %%
w = nd.random_normal(shape=(num_inputs, 1))
b = nd.zeros((1,))
params = [w, b]
for param in params:
    param.attach_grad()


def net(X):
    return nd.dot(X, w) + b


def square_loss(yhat, y):
    return (yhat - y.reshape(yhat.shape)) ** 2


def SGD(params, lr):
    for param in params:
        param[:] = param - lr * param.grad


# %%
for e in range(5):
    total_loss = 0
    for data, label in data_iter():
        with ag.record():
            loss = square_loss(net(data), label)
        loss.backward()
        SGD(params, .001)
        total_loss += nd.sum(loss).asscalar()
    print('epoch', e, 'average loss', total_loss / num_examples)

# %% What it reaches
assert .00005 < total_loss / num_examples < .0004
assert nd.norm(w - nd.array([[2], [-3.4]])).asscalar() < .01
assert abs(b.asscalar() - true_b) < .01
