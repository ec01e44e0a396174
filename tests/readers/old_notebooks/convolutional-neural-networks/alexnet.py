"""AlexNet on enlarged images; a narrow one, for it must run in seconds."""
# %%
import sys

from mxnet import gluon, image, init
from mxnet import ndarray as nd
from mxnet.gluon import nn

sys.path.append('..')
import utils


def alexnet(part):
    net = nn.Sequential()
    with net.name_scope():
        net.add(nn.Conv2D(96 // part, kernel_size=11, strides=4,
                          activation='relu'),
                nn.MaxPool2D(pool_size=3, strides=2),
                nn.Conv2D(256 // part, kernel_size=5, padding=2,
                          activation='relu'),
                nn.MaxPool2D(pool_size=3, strides=2))
        for channels in (384, 384, 256):
            net.add(nn.Conv2D(channels // part, kernel_size=3, padding=1,
                              activation='relu'))
        net.add(nn.MaxPool2D(pool_size=3, strides=2), nn.Flatten())
        for _ in range(2):
            net.add(nn.Dense(4096 // part, activation='relu'),
                    nn.Dropout(.5))
        net.add(nn.Dense(10))
    return net


# %%
def transform(data, label):
    data = image.imresize(data, 96, 96)  # height, width, channel
    return utils.transform_mnist(data, label)


batch_size = 16
train_data, test_data = utils.load_data_fashion_mnist(
    batch_size, transform, num_train=1280, num_test=500)
ctx = utils.try_gpu()
net = alexnet(part=8)
net.initialize(ctx=ctx, init=init.Xavier())
loss = gluon.loss.SoftmaxCrossEntropyLoss()
trainer = gluon.Trainer(net.collect_params(), 'adam', {'learning_rate': .001})
utils.train(train_data, test_data, net, loss, trainer, ctx, num_epochs=1)

# %% What it reaches
test_acc = utils.evaluate_accuracy(test_data, net, ctx)
print(test_acc)
assert test_acc > .25
X, sides = nd.zeros((1, 1, 224, 224), ctx=ctx), []
for layer in net[:8]:
    X = layer(X)
    sides.append(X.shape[2])
assert sides == [54, 26, 26, 12, 12, 12, 12, 5]
