"""Linear regression with Gluon: dataset, loader, layer, loss and trainer."""
# %%
from mxnet import autograd, gluon
from mxnet import ndarray as nd

X = nd.random_normal(shape=(1000, 2))
y = 2 * X[:, 0] - 3.4 * X[:, 1] + 4.2
y += .01 * nd.random_normal(shape=y.shape)

batch_size = 10
dataset = gluon.data.ArrayDataset(X, y)
data_iter = gluon.data.DataLoader(dataset, batch_size, shuffle=True)
for data, label in data_iter:
    print(data.shape, label.shape)
    break

# %%
net = gluon.nn.Sequential()
with net.name_scope():
    net.add(gluon.nn.Dense(1))
print(net)
net.initialize()
square_loss = gluon.loss.L2Loss()
trainer = gluon.Trainer(
    net.collect_params(), 'sgd', {'learning_rate': 0.1})

# %%
for e in range(3):
    total_loss = 0
    for data, label in data_iter:
        with autograd.record():
            output = net(data)
            loss = square_loss(output, label)
        loss.backward()
        trainer.step(batch_size)
        total_loss += nd.sum(loss).asscalar()
    print('Epoch %d, average loss: %f' % (e, total_loss / len(dataset)))

# %% What it reaches
dense = net[0]
assert total_loss / len(dataset) < .0002
assert nd.norm(dense.weight.data() - nd.array([[2, -3.4]])).asscalar() < .01
assert abs(dense.bias.data().asscalar() - 4.2) < .01
assert dense.weight.grad().shape == (1, 2)
assert dense.weight.name == 'sequential0_dense0_weight'
