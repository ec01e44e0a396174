"""Underfitting and overfitting: a polynomial and three ways to fit it."""
# %%
import matplotlib.pyplot as plt
import mxnet as mx
from mxnet import autograd, gluon
from mxnet import ndarray as nd

num_train, num_test = 100, 100
x = nd.random_uniform(-2, 2, shape=(num_train + num_test, 1))
X = nd.concat(x, nd.power(x, 2), nd.power(x, 3), dim=1)
y = 1.2 * X[:, 0] - 3.4 * X[:, 1] + 5.6 * X[:, 2] + 5.0
y += .1 * nd.random_normal(shape=y.shape)
y_train, y_test = y[:num_train], y[num_train:]
square_loss = gluon.loss.L2Loss()


# %%
def train(X_train, X_test, y_train, y_test, epochs):
    net = gluon.nn.Sequential()
    with net.name_scope():
        net.add(gluon.nn.Dense(1))
    net.initialize()
    batch_size = min(10, y_train.shape[0])
    data_iter = gluon.data.DataLoader(
        gluon.data.ArrayDataset(X_train, y_train), batch_size, shuffle=True)
    trainer = gluon.Trainer(
        net.collect_params(), 'sgd', {'learning_rate': 0.01})
    train_loss, test_loss = [], []
    for _ in range(epochs):
        for data, label in data_iter:
            with autograd.record():
                loss = square_loss(net(data), label)
            loss.backward()
            trainer.step(batch_size)
        train_loss.append(
            square_loss(net(X_train), y_train).mean().asscalar())
        test_loss.append(square_loss(net(X_test), y_test).mean().asscalar())
    plt.plot(train_loss)
    plt.plot(test_loss)
    plt.legend(['train', 'test'])
    plt.show()
    print('learned:', net[0].weight.data(), net[0].bias.data())
    return train_loss[-1], test_loss[-1]


# %%
cubic = train(X[:100], X[100:], y_train, y_test, 40)
line = train(x[:num_train], x[num_train:], y_train, y_test, 40)
two = train(X[0:2], X[num_train:], y_train[0:2], y_test, 100)
mx.nd.waitall()

# %% What it reaches
print(cubic, line, two)
assert max(cubic) < 1 < 10 < min(line)
assert two[0] < two[1] and 5 * cubic[1] < two[1]
