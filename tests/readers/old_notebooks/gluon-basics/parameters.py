"""Parameters: looked at, initialised, deferred and shared."""
# %%
from mxnet import gluon, init
from mxnet import ndarray as nd
from mxnet.gluon import nn


def get_net():
    net = nn.Sequential()
    with net.name_scope():
        net.add(nn.Dense(4, activation='relu'))
        net.add(nn.Dense(2))
    return net


x = nd.random.uniform(shape=(3, 5))
net = get_net()
try:
    net(x)
except RuntimeError as err:  # not initialised yet
    message = str(err)
net.initialize()
net(x)

# %%
w, b, params = net[0].weight, net[0].bias, net.collect_params()
print('weight:', w.data(), 'gradient', w.grad(), params)
found = [params[net.prefix + 'dense0_bias'], params.get('dense0_bias')]
params.initialize(init=init.Normal(sigma=0.02), force_reinit=True)
spread = w.data().abs().max().asscalar()
params.initialize(init=init.One(), force_reinit=True)
ones = w.data().sum().asscalar()


# %%
class MyInit(init.Initializer):
    seen = []

    def _init_weight(self, name, arr):
        self.seen.append(arr.shape)
        nd.random.uniform(low=5, high=10, out=arr)


late = get_net()
late.initialize(MyInit())
print(late)
before = list(MyInit.seen), late[0].weight.shape
late(x)

# %%
shared = nn.Sequential()
with shared.name_scope():
    shared.add(nn.Dense(4, in_units=4, activation='relu'))
    shared.add(nn.Dense(4, in_units=4, params=shared[-1].params))
shared.initialize(MyInit())

# %% What it reaches
assert 'initialize' in message
assert (w.shape, b.shape, net[1].weight.shape) == ((4, 5), (4,), (2, 4))
assert found == [b, b] and isinstance(w, gluon.Parameter)
assert nd.norm(w.grad()).asscalar() == 0
assert 0 < spread < .2 and ones == 20
assert before == ([], (4, 0)) and MyInit.seen == [
    (4, 5), (2, 4), (4, 4)]
assert 5 <= late[0].weight.data().min().asscalar() < 10
assert shared[0].weight is shared[1].weight
