"""A recurrent network from scratch that learns the letters of a novel."""
# %%
import math
import sys

from mxnet import autograd, gluon
from mxnet import ndarray as nd

sys.path.append('..')
import utils

with open('../data/timemachine.txt') as f:
    text = f.read().lower().replace('\n', ' ')[:4000]
character_list = sorted(set(text))
character_dict = {char: i for i, char in enumerate(character_list)}
vocab_size, num_hidden = len(character_list), 64
corpus_indices = [character_dict[char] for char in text]

# %%
Wxh = nd.random_normal(shape=(vocab_size, num_hidden), scale=.1)
Whh = nd.random_normal(shape=(num_hidden, num_hidden), scale=.1)
Why = nd.random_normal(shape=(num_hidden, vocab_size), scale=.1)
bh, by = nd.zeros(num_hidden), nd.zeros(vocab_size)
params = [Wxh, Whh, Why, bh, by]
for param in params:
    param.attach_grad()


def rnn(data, H):
    outputs = []
    for X in [nd.one_hot(column, vocab_size) for column in data.T]:
        H = nd.tanh(nd.dot(X, Wxh) + nd.dot(H, Whh) + bh)
        outputs.append(nd.dot(H, Why) + by)
    return (outputs, H)


def grad_clipping(params, theta):
    norm = nd.array([0.0])
    for p in params:
        norm += nd.sum(p.grad ** 2)
    norm = nd.sqrt(norm).asscalar()
    if norm > theta:
        for p in params:
            p.grad[:] *= theta / norm


# %%
softmax_cross_entropy = gluon.loss.SoftmaxCrossEntropyLoss()
for e in range(10):
    train_loss, num_examples = 0, 0
    for data, label in utils.data_iter_random(corpus_indices, 16, 20):
        with autograd.record():
            outputs, _ = rnn(data, nd.zeros((data.shape[0], num_hidden)))
            outputs = nd.concat(*outputs, dim=0)
            loss = softmax_cross_entropy(outputs, label.T.reshape((-1,)))
        loss.backward()
        grad_clipping(params, 5)
        utils.SGD(params, .1)
        train_loss += nd.sum(loss).asscalar()
        num_examples += loss.size
    perplexity = math.exp(train_loss / num_examples)
    print('Epoch', e, 'perplexity', perplexity)

# %% What it reaches
assert 1.5 < perplexity < 14
outputs, state = rnn(nd.arange(15).reshape((3, 5)), nd.zeros((3, num_hidden)))
assert len(outputs) == 5 and outputs[0].shape == (3, vocab_size)
assert state.shape == (3, num_hidden)
