"""Dropout with Gluon, whose layer knows when a network is trained."""
# %%
import sys

from mxnet import autograd, gluon
from mxnet import ndarray as nd
from mxnet.gluon import nn

sys.path.append('..')
import utils

net = nn.Sequential()
drop_prob1, drop_prob2 = 0.2, 0.5
with net.name_scope():
    net.add(nn.Flatten())
    net.add(nn.Dense(64, activation='relu'))
    net.add(nn.Dropout(drop_prob1))
    net.add(nn.Dense(64, activation='relu'))
    net.add(nn.Dropout(drop_prob2))
    net.add(nn.Dense(10))
net.initialize()

# %%
batch_size = 256
train_data, test_data = utils.load_data_fashion_mnist(batch_size)
softmax_cross_entropy = gluon.loss.SoftmaxCrossEntropyLoss()
trainer = gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': 0.5})
train_acc = 0.
for data, label in train_data:
    with autograd.record():
        output = net(data)
        loss = softmax_cross_entropy(output, label)
    loss.backward()
    trainer.step(batch_size)
    train_acc += utils.accuracy(output, label)

# %%
with autograd.train_mode():
    noisy = nd.norm(net(data) - net(data)).asscalar()
still = nd.norm(net(data) - net(data)).asscalar()

# %% What it reaches
test_acc = utils.evaluate_accuracy(test_data, net)
print('Train acc %f, Test acc %f' % (train_acc / len(train_data), test_acc))
assert .5 < train_acc / len(train_data) < test_acc and test_acc > .65
assert noisy > 1 and still == 0
