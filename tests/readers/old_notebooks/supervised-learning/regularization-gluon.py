"""Weight decay with Gluon: the same penalty, as an option of the trainer."""
# %%
from mxnet import autograd, gluon
from mxnet import ndarray as nd

num_train, num_test, num_inputs = 20, 100, 200
X = nd.random.normal(shape=(num_train + num_test, num_inputs))
y = nd.dot(X, nd.ones((num_inputs, 1)) * .01) + .05
y += .01 * nd.random.normal(shape=y.shape)
X_train, X_test = X[:num_train], X[num_train:]
y_train, y_test = y[:num_train], y[num_train:]
data_iter_train = gluon.data.DataLoader(
    gluon.data.ArrayDataset(X_train, y_train), 1, shuffle=True)
square_loss = gluon.loss.L2Loss()


# %%
def train(weight_decay):
    net = gluon.nn.Sequential()
    with net.name_scope():
        net.add(gluon.nn.Dense(1))
    net.collect_params().initialize()
    trainer = gluon.Trainer(net.collect_params(), 'sgd', {
        'learning_rate': .005, 'wd': weight_decay})
    for _ in range(10):
        for data, label in data_iter_train:
            with autograd.record():
                loss = square_loss(net(data), label)
            loss.backward()
            trainer.step(1)
    print('learned w[:10]:', net[0].weight.data()[:, :10],
          'b:', net[0].bias.data())
    return [square_loss(net(X), y).mean().asscalar()
            for X, y in ((X_train, y_train), (X_test, y_test))]


# %% What it reaches
plain, decayed = train(0), train(5)
print(plain, decayed)
assert plain[0] < 1e-6 < decayed[0] < .01
assert decayed[1] < .03 < plain[1]
