"""Softmax regression from scratch, on what Gluon's own dataset holds."""
# %%
import sys

from mxnet import autograd, gluon
from mxnet import ndarray as nd

sys.path.append('..')
import utils


def transform(data, label):
    return data.astype('float32') / 255, label.astype('float32')


mnist_train = gluon.data.vision.FashionMNIST(train=True, transform=transform)
mnist_test = gluon.data.vision.FashionMNIST(train=False, transform=transform)
image, label = mnist_train[0]
print('shape:', image.shape, 'label:', label)
images, labels = mnist_train[0:9]
print(images.shape, utils.get_text_labels(labels))

# %% A tenth of the images, for a notebook of a few seconds
batch_size = 256
train_data = gluon.data.DataLoader(
    gluon.data.ArrayDataset(*mnist_train[0:6000]), batch_size, shuffle=True)
test_data = gluon.data.DataLoader(
    gluon.data.ArrayDataset(*mnist_test[0:1000]), batch_size, shuffle=False)

W = nd.random_normal(shape=(784, 10))
b = nd.random_normal(shape=10)
params = [W, b]
for param in params:
    param.attach_grad()


# %%
def softmax(X):
    exp = nd.exp(X - nd.max(X, axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)


def net(X):
    return softmax(nd.dot(X.reshape((-1, 784)), W) + b)


def cross_entropy(yhat, y):
    return - nd.pick(nd.log(nd.clip(yhat, 1e-10, 1)), y)


# %%
before = utils.evaluate_accuracy(test_data, net)
for epoch in range(5):
    train_loss = 0.
    for data, label in train_data:
        with autograd.record():
            loss = cross_entropy(net(data), label)
        loss.backward()
        utils.SGD(params, .1 / batch_size)
        train_loss += nd.mean(loss).asscalar()
    print('Epoch %d. Loss: %f' % (epoch, train_loss / len(train_data)))

# %% What it reaches
rows = softmax(nd.random_normal(shape=(2, 5))).sum(axis=1)
after = utils.evaluate_accuracy(test_data, net)
print(before, after)
assert before < .25 and after > .35
assert image.shape == (28, 28, 1) and images.shape == (9, 28, 28, 1)
assert nd.norm(rows - 1).asscalar() < 1e-6
