"""Batch normalisation with Gluon, between convolution and activation."""
# %%
import sys

from mxnet import gluon
from mxnet.gluon import nn

sys.path.append('..')
import utils

net = nn.Sequential()
with net.name_scope():
    net.add(nn.Conv2D(channels=8, kernel_size=5))
    net.add(nn.BatchNorm(axis=1))
    net.add(nn.Activation(activation='relu'))
    net.add(nn.MaxPool2D(pool_size=2, strides=2))
    net.add(nn.Conv2D(channels=16, kernel_size=3))
    net.add(nn.BatchNorm(axis=1))
    net.add(nn.Activation(activation='relu'))
    net.add(nn.MaxPool2D(pool_size=2, strides=2))
    net.add(nn.Flatten())
    net.add(nn.Dense(32, activation='relu'))
    net.add(nn.Dense(10))
ctx = utils.try_gpu()
net.initialize(ctx=ctx)

# %%
batch_size = 64
train_data, test_data = utils.load_data_fashion_mnist(
    batch_size, num_train=6400, num_test=1000)
softmax_cross_entropy = gluon.loss.SoftmaxCrossEntropyLoss()
trainer = gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': 0.2})
utils.train(train_data, test_data, net, softmax_cross_entropy, trainer, ctx,
            num_epochs=1, print_batches=50)

# %% What it reaches
test_acc = utils.evaluate_accuracy(test_data, net, ctx)
print(test_acc)
assert test_acc > .5
norm = net[1]
assert norm.gamma.grad_req == 'write'
assert norm.running_mean.grad_req == 'null'
assert norm.running_var.data(ctx).min().asscalar() < .9
