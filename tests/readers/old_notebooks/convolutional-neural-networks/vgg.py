"""VGG: a network from a function and a loop."""
# %%
import sys

from mxnet import gluon, init
from mxnet import ndarray as nd
from mxnet.gluon import nn

sys.path.append('..')
import utils


def vgg_block(num_convs, channels):
    out = nn.Sequential()
    for _ in range(num_convs):
        out.add(nn.Conv2D(channels=channels, kernel_size=3, padding=1,
                          activation='relu'))
    out.add(nn.MaxPool2D(pool_size=2, strides=2))
    return out


def vgg_stack(architecture):
    out = nn.Sequential()
    for (num_convs, channels) in architecture:
        out.add(vgg_block(num_convs, channels))
    return out


block = vgg_block(2, 128)
block.initialize()
shape = block(nd.random.uniform(shape=(2, 3, 16, 16))).shape

# %%
architecture = ((1, 8), (1, 16), (2, 16), (2, 32), (2, 32))
net = nn.Sequential()
with net.name_scope():
    net.add(vgg_stack(architecture))
    net.add(nn.Flatten())
    net.add(nn.Dense(64, activation='relu'))
    net.add(nn.Dropout(.5))
    net.add(nn.Dense(10))

# %%
train_data, test_data = utils.load_data_fashion_mnist(
    batch_size=32, resize=32, num_train=3200, num_test=500)
ctx = utils.try_gpu()
net.initialize(ctx=ctx, init=init.Xavier())
loss = gluon.loss.SoftmaxCrossEntropyLoss()
trainer = gluon.Trainer(net.collect_params(), 'adam', {'learning_rate': .002})
utils.train(train_data, test_data, net, loss, trainer, ctx, num_epochs=1)

# %% What it reaches
test_acc = utils.evaluate_accuracy(test_data, net, ctx)
print(shape, test_acc)
assert test_acc > .3
assert shape == (2, 128, 8, 8)
assert len(net[0]) == 5 and len(net[0][4]) == 3
