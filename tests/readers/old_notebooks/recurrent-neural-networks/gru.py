"""A gated recurrent unit from scratch, trained by utils."""
# %%
import sys

from mxnet import ndarray as nd

sys.path.append('..')
import utils

corpus_indices, idx_to_char, char_to_idx = utils.load_data_time_machine(2000)
vocab_size, hidden_dim = len(idx_to_char), 32
ctx = utils.try_gpu()


# %%
def get_params():
    params = []
    for _ in range(3):  # update gate, reset gate, candidate
        params += [
            nd.random_normal(scale=.1, shape=(vocab_size, hidden_dim),
                             ctx=ctx),
            nd.random_normal(scale=.1, shape=(hidden_dim, hidden_dim),
                             ctx=ctx),
            nd.zeros(hidden_dim, ctx=ctx)]
    params += [nd.random_normal(scale=.1, shape=(hidden_dim, vocab_size),
                                ctx=ctx),
               nd.zeros(vocab_size, ctx=ctx)]
    for param in params:
        param.attach_grad()
    return params


def get_inputs(data):
    return [nd.one_hot(X, vocab_size) for X in data.T]


def gru_rnn(inputs, H, *params):
    (W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hy, b_y) = params
    outputs = []
    for X in inputs:
        Z = nd.sigmoid(nd.dot(X, W_xz) + nd.dot(H, W_hz) + b_z)
        R = nd.sigmoid(nd.dot(X, W_xr) + nd.dot(H, W_hr) + b_r)
        H_tilda = nd.tanh(nd.dot(X, W_xh) + R * nd.dot(H, W_hh) + b_h)
        H = Z * H + (1 - Z) * H_tilda
        outputs.append(nd.dot(H, W_hy) + b_y)
    return (outputs, H)


# %%
params = utils.train_and_predict_rnn(
    gru_rnn, False, 6, 10, hidden_dim, 2, 1, 16, 3, 20,
    ['traveller', 'time traveller'], get_params, get_inputs, ctx,
    corpus_indices, idx_to_char, char_to_idx)

# %% What it reaches
perplexity = utils.evaluate_perplexity(
    gru_rnn, params, corpus_indices, False, 16, 10, hidden_dim, get_inputs,
    ctx)
print(perplexity)
assert 1.5 < perplexity < 18
