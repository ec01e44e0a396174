"""Residual blocks from utils, in a network that is hybridized."""
# %%
import sys

import mxnet as mx
from mxnet import gluon, init
from mxnet import ndarray as nd
from mxnet.gluon import nn

sys.path.append('..')
import utils

same, down = utils.Residual(3), utils.Residual(8, same_shape=False)
X = nd.random.uniform(shape=(4, 3, 6, 6))
shapes = []
for block in (same, down):
    block.initialize()
    shapes.append(block(X).shape)
full = utils.resnet18(10)
full.initialize(init=init.Xavier())
full_shape = full(nd.zeros((1, 1, 28, 28))).shape

# %%
net = nn.HybridSequential()
with net.name_scope():
    net.add(nn.Conv2D(8, kernel_size=3, strides=2, padding=1))
    net.add(nn.BatchNorm())
    net.add(nn.Activation('relu'))
    net.add(utils.Residual(8))
    net.add(utils.Residual(16, same_shape=False))
    net.add(nn.GlobalAvgPool2D())
    net.add(nn.Dense(10))
ctx = utils.try_gpu()
net.initialize(ctx=ctx, init=init.Xavier())
sample = nd.random.uniform(shape=(2, 1, 28, 28), ctx=ctx)
plain = net(sample)
net.hybridize()
hybrid = net(sample)
symbol = net(mx.sym.var('data'))

# %%
train_data, test_data = utils.load_data_fashion_mnist(
    64, num_train=3200, num_test=640)
loss = gluon.loss.SoftmaxCrossEntropyLoss()
trainer = gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': 0.2})
utils.train(train_data, test_data, net, loss, trainer, ctx, num_epochs=2)

# %% What it reaches
test_acc = utils.evaluate_accuracy(test_data, net, ctx)
print(test_acc)
assert test_acc > .35
assert shapes == [(4, 3, 6, 6), (4, 8, 3, 3)] and full_shape == (1, 10)
assert nd.norm(plain - hybrid).asscalar() < 1e-5
assert symbol.list_arguments()[0] == 'data'
assert symbol.list_outputs()[0].endswith('dense0_fwd_output')
