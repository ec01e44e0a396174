"""A multilayer perceptron with Gluon: one line more than before."""
# %%
import sys

import mxnet as mx
from mxnet import gluon

sys.path.append('..')
import utils

net = gluon.nn.Sequential()
with net.name_scope():
    net.add(gluon.nn.Flatten())
    net.add(gluon.nn.Dense(64, activation='relu'))
    net.add(gluon.nn.Dense(10))
net.initialize()

# %%
batch_size = 256
train_data, test_data = utils.load_data_fashion_mnist(batch_size)
loss = gluon.loss.SoftmaxCrossEntropyLoss()
trainer = gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': 0.5})
utils.train(train_data, test_data, net, loss, trainer, mx.cpu(), 1)

# %% What it reaches
names = [name.split('_', 1)[1] for name in net.collect_params()]
test_acc = utils.evaluate_accuracy(test_data, net, ctx=[mx.cpu()])
print(names, test_acc)
assert test_acc > .65
assert names == ['dense0_weight', 'dense0_bias',
                 'dense1_weight', 'dense1_bias']
