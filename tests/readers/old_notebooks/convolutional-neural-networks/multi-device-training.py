"""Several devices: a batch is split, gradients are added, all learn."""
# %%
import sys

import mxnet as mx
from mxnet import autograd, gluon
from mxnet import ndarray as nd

sys.path.append('..')
import utils

ctx = utils.try_all_gpus()
if len(ctx) < 2:
    ctx = [mx.cpu(0), mx.cpu(1)]  # two names for the same processor

# %% A store of arrays that the devices share
kv = mx.kv.create('local')
kv.init(3, nd.ones((2, 3)))
kv.push(3, [nd.ones((2, 3), ctx=device) * 4 for device in ctx[:2]])
pulled = nd.zeros((2, 3), ctx=ctx[1])
kv.pull(3, out=pulled)

# %%
net = gluon.nn.Sequential()
with net.name_scope():
    net.add(gluon.nn.Dense(32, activation='relu'))
    net.add(gluon.nn.Dense(10))
net.initialize(ctx=ctx)
softmax_cross_entropy = gluon.loss.SoftmaxCrossEntropyLoss()
trainer = gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': 0.5},
                        kvstore='device')


def train_batch(batch):
    data, label = (gluon.utils.split_and_load(part, ctx) for part in batch)
    with autograd.record():
        losses = [softmax_cross_entropy(net(X), Y)
                  for X, Y in zip(data, label)]
    for loss in losses:
        loss.backward()
    trainer.step(batch[0].shape[0])


# %%
train_data, test_data = utils.load_data_fashion_mnist(
    256, num_train=25600, num_test=1000)
for batch in train_data:
    train_batch(batch)
nd.waitall()

# %% What it reaches
test_acc = utils.evaluate_accuracy(test_data, net, ctx)
print(test_acc)
assert test_acc > .55
assert (pulled == 8).asnumpy().all() and pulled.context == ctx[1]
left, right = (net[0].weight.data(device).asnumpy() for device in ctx[:2])
assert abs(left - right).max() < 1e-6
