"""Long short-term memory: a layer of Gluon, and its gates by hand."""
# %%
import sys

import mxnet as mx
from mxnet import autograd, gluon
from mxnet import ndarray as nd

sys.path.append('..')
import utils

corpus_indices, idx_to_char, char_to_idx = utils.load_data_time_machine(4000)
vocab_size, hidden_dim = len(idx_to_char), 48
ctx = utils.try_gpu()


# %%
class RNNModel(gluon.Block):
    def __init__(self, **kwargs):
        super(RNNModel, self).__init__(**kwargs)
        with self.name_scope():
            self.rnn = gluon.rnn.LSTM(hidden_dim, num_layers=1,
                                      input_size=vocab_size)
            self.decoder = gluon.nn.Dense(vocab_size, in_units=hidden_dim)

    def forward(self, data, state):
        output, state = self.rnn(nd.one_hot(data.T, vocab_size), state)
        return self.decoder(output.reshape((-1, hidden_dim))), state


model = RNNModel()
model.collect_params().initialize(mx.init.Xavier(), ctx=ctx)
trainer = gluon.Trainer(model.collect_params(), 'adam',
                        {'learning_rate': .01})
loss = gluon.loss.SoftmaxCrossEntropyLoss()
for e in range(20):
    for data, label in utils.data_iter_random(corpus_indices, 16, 20, ctx):
        state = model.rnn.begin_state(batch_size=data.shape[0], ctx=ctx)
        with autograd.record():
            output, state = model(data, state)
            l = loss(output, label.T.reshape((-1,))).mean()
        l.backward()
        trainer.step(1)
    perplexity = nd.exp(l).asscalar()
    print('Epoch', e, 'perplexity', perplexity)

# %% One step by hand, from the weights of the layer
Wx, Wh, bx, bh = (model.rnn.params.get('l0_' + name).data(ctx) for name in (
    'i2h_weight', 'h2h_weight', 'i2h_bias', 'h2h_bias'))
X = nd.one_hot(nd.array([0, 1], ctx=ctx), vocab_size)
H, C = (nd.random_uniform(shape=(2, hidden_dim), ctx=ctx) for _ in range(2))
gates = nd.dot(X, Wx.T) + bx + nd.dot(H, Wh.T) + bh
I, F, G, O = nd.split(gates, num_outputs=4, axis=1)
C_next = nd.sigmoid(F) * C + nd.sigmoid(I) * nd.tanh(G)
H_next = nd.sigmoid(O) * nd.tanh(C_next)
_, state = model.rnn(X.expand_dims(0), [H.expand_dims(0), C.expand_dims(0)])

# %% What it reaches
assert 1.5 < perplexity < 9
assert nd.norm(state[0][0] - H_next).asscalar() < 1e-4
assert nd.norm(state[1][0] - C_next).asscalar() < 1e-4
