"""L2 regularisation from scratch: a penalty closes a gap."""
# %%
import random

from mxnet import autograd
from mxnet import ndarray as nd

num_train, num_test, num_inputs = 20, 100, 200
X = nd.random_normal(shape=(num_train + num_test, num_inputs))
y = nd.dot(X, nd.ones((num_inputs, 1)) * .01) + .05
y += .01 * nd.random_normal(shape=y.shape)
X_train, X_test = X[:num_train], X[num_train:]
y_train, y_test = y[:num_train], y[num_train:]


# %%
def data_iter(num_examples):
    idx = list(range(num_examples))
    random.shuffle(idx)
    for i in idx:
        yield X_train.take(nd.array([i])), y_train.take(nd.array([i]))


def L2_penalty(w, b):
    return (w ** 2).sum() + b ** 2


def net(X, w, b):
    return nd.dot(X, w) + b


def square_loss(yhat, y):
    return (yhat - y.reshape(yhat.shape)) ** 2


# %%
def fit(lambd, learning_rate=.002, epochs=10):
    w = nd.random_normal(scale=.1, shape=(num_inputs, 1))
    b = nd.zeros((1,))
    for param in (w, b):
        param.attach_grad()
    for _ in range(epochs):
        for data, label in data_iter(num_train):
            with autograd.record():
                loss = square_loss(net(data, w, b), label)
                loss = loss + lambd * L2_penalty(w, b)
            loss.backward()
            for param in (w, b):
                param[:] = param - learning_rate * param.grad
    print('learned w[:10]:', w[:10], 'b:', b)
    return [nd.mean(square_loss(net(X, w, b), y)).asscalar()
            for X, y in ((X_train, y_train), (X_test, y_test))]


# %% What it reaches
plain, penalised = fit(0), fit(2)
print(plain, penalised)
assert plain[0] < 1e-4 < penalised[0] < .01
assert penalised[1] < .3 < plain[1]
