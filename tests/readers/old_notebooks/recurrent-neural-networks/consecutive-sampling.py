"""Windows that continue one another, and a state carried between them."""
# %%
import math
import sys

import mxnet as mx
from mxnet import autograd, gluon
from mxnet import ndarray as nd

sys.path.append('..')
import utils

my_seq = list(range(30))
windows = [data for data, _ in utils.data_iter_consecutive(my_seq, 2, 3)]
for data, label in utils.data_iter_random(my_seq, batch_size=2, num_steps=3):
    print('data:', data, '\nlabel:', label)
    break

# %%
ctx = utils.try_gpu()
corpus_indices, idx_to_char, char_to_idx = utils.load_data_time_machine(5000)
vocab_size, num_hidden, batch_size, num_steps = len(idx_to_char), 64, 16, 20
rnn_layer = gluon.rnn.RNN(num_hidden, 1, activation='tanh')
decoder = gluon.nn.Dense(vocab_size)
for block in (rnn_layer, decoder):
    block.initialize(mx.init.Normal(sigma=.1), ctx=ctx)
softmax_cross_entropy = gluon.loss.SoftmaxCrossEntropyLoss()
params = rnn_layer.collect_params()
params.update(decoder.collect_params())
trainer = gluon.Trainer(params, 'sgd', {'learning_rate': .1})

# %%
for e in range(20):
    state = rnn_layer.begin_state(batch_size=batch_size, func=nd.zeros,
                                  ctx=ctx)
    total, count = 0., 0
    for data, label in utils.data_iter_consecutive(
            corpus_indices, batch_size, num_steps, ctx):
        state = [part.detach() for part in state]
        with autograd.record():
            output, state = rnn_layer(nd.one_hot(data.T, vocab_size), state)
            output = decoder(output.reshape((-3, -1)))
            loss = softmax_cross_entropy(output, label.T.reshape((-1,)))
        loss.backward()
        grads = [p.grad(ctx) for p in params.values()]
        gluon.utils.clip_global_norm(grads, 5)
        trainer.step(1)
        total, count = total + loss.sum().asscalar(), count + loss.size
    perplexity = math.exp(total / count)
    print('Epoch', e, 'perplexity', perplexity)

# %% What it reaches
assert 1.5 < perplexity < 11
joined = nd.concat(*windows, dim=1).asnumpy()
assert joined[0].tolist() == list(range(12))
assert joined[1].tolist() == list(range(14, 26))
