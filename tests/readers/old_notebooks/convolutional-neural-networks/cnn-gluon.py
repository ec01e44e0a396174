"""A convolutional network with Gluon, whose layers work out their sizes."""
# %%
import sys

from mxnet import autograd, gluon
from mxnet import ndarray as nd
from mxnet.gluon import nn

sys.path.append('..')
import utils

net = nn.Sequential()
with net.name_scope():
    net.add(
        nn.Conv2D(channels=8, kernel_size=5, activation='relu'),
        nn.MaxPool2D(pool_size=2, strides=2),
        nn.Conv2D(channels=16, kernel_size=3, activation='relu'),
        nn.MaxPool2D(pool_size=2, strides=2),
        nn.Flatten(),
        nn.Dense(32, activation='relu'),
        nn.Dense(10)
    )
ctx = utils.try_gpu()
net.initialize(ctx=ctx)
print('initialize weight on', ctx)

# %%
batch_size = 64
train_data, test_data = utils.load_data_fashion_mnist(
    batch_size, num_train=12800, num_test=1000)
softmax_cross_entropy = gluon.loss.SoftmaxCrossEntropyLoss()
trainer = gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': 0.3})
train_loss, train_acc = 0., 0.
for data, label in train_data:
    label = label.as_in_context(ctx)
    with autograd.record():
        output = net(data.as_in_context(ctx))
        loss = softmax_cross_entropy(output, label)
    loss.backward()
    trainer.step(batch_size)
    train_loss += nd.mean(loss).asscalar()
    train_acc += utils.accuracy(output, label)

# %% What it reaches
test_acc = utils.evaluate_accuracy(test_data, net, ctx)
print('Loss: %f, Test acc %f' % (train_loss / len(train_data), test_acc))
assert test_acc > .4 and train_acc / len(train_data) > .2
assert net[0].weight.shape == (8, 1, 5, 5)
assert net[5].weight.shape == (32, 400)
