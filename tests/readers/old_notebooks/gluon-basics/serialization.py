"""Saved and loaded: arrays, a list, a dictionary and a network."""
# %%
import mxnet as mx
from mxnet import ndarray as nd
from mxnet.gluon import nn

x, y = nd.ones(3), nd.zeros(4)
nd.save('x-and-y', [x, y])
a, b = nd.load('x-and-y')
nd.save('dict', {'x': x, 'y': y})
mydict = nd.load('dict')


# %%
def get_net():
    net = nn.Sequential()
    with net.name_scope():
        net.add(nn.Dense(10, activation='relu'))
        net.add(nn.Dense(2))
    return net


net = get_net()
net.initialize()
data = nd.random.uniform(shape=(2, 10))
output = net(data)

# %% As it was called in 2017, and as it is called since
copies = []
net.save_params('mlp.params')
net.save_parameters('mlp.parameters')
for name in ('params', 'parameters'):
    copy = get_net()
    getattr(copy, 'load_' + name)('mlp.' + name, mx.cpu())
    copies.append(copy)

# %% All parameters under their full names
net.collect_params().save('full.params', strip_prefix=net.prefix)
third = get_net()
third.collect_params().load(
    'full.params', mx.cpu(), restore_prefix=third.prefix)
try:
    nn.Dense(3).load_params('mlp.params', mx.cpu())
    refused = False
except (AssertionError, ValueError):
    refused = True

# %% What it reaches
assert (a == x).asnumpy().all() and (b == y).asnumpy().all()
assert sorted(mydict) == ['x', 'y'] and mydict['y'].shape == (4,)
for copy in (*copies, third):
    assert (copy(data) == output).asnumpy().all()
assert refused
