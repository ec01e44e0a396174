"""Softmax regression with Gluon, in the few lines that utils leaves."""
# %%
import sys

import mxnet as mx
from mxnet import autograd, gluon
from mxnet import ndarray as nd

sys.path.append('..')
import utils

batch_size = 256
train_data, test_data = utils.load_data_fashion_mnist(batch_size)

# %%
net = gluon.nn.Sequential()
with net.name_scope():
    net.add(gluon.nn.Flatten())
    net.add(gluon.nn.Dense(10))
net.initialize()

softmax_cross_entropy = gluon.loss.SoftmaxCrossEntropyLoss()
trainer = gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': 0.1})

# %%
train_loss, train_acc = 0., 0.
for data, label in train_data:
    with autograd.record():
        output = net(data)
        loss = softmax_cross_entropy(output, label)
    loss.backward()
    trainer.step(batch_size)
    train_loss += nd.mean(loss).asscalar()
    train_acc += utils.accuracy(output, label)
mx.nd.waitall()

# %% What it reaches
test_acc = utils.evaluate_accuracy(test_data, net)
print('Loss: %f, Train acc %f, Test acc %f' % (
    train_loss / len(train_data), train_acc / len(train_data), test_acc))
assert .6 < train_acc / len(train_data) < test_acc
