"""Blocks: one's own class, one's own Sequential, and both nested."""
# %%
from mxnet import ndarray as nd
from mxnet.gluon import nn


class MLP(nn.Block):
    def __init__(self, **kwargs):
        super(MLP, self).__init__(**kwargs)
        with self.name_scope():
            self.dense0 = nn.Dense(256)
            self.dense1 = nn.Dense(10)

    def forward(self, x):
        return self.dense1(nd.relu(self.dense0(x)))


net, named = MLP(), MLP(prefix='another_mlp_')
net.initialize()
x = nd.random.uniform(shape=(4, 20))
y = net(x)
print('prefixes:', net.dense0.name, named.dense0.name)


# %%
class Sequential(nn.Block):
    def add(self, block):
        self.register_child(block)

    def forward(self, x):
        for block in self._children.values():
            x = block(x)
        return x


class FancyMLP(nn.Block):
    def __init__(self, **kwargs):
        super(FancyMLP, self).__init__(**kwargs)
        self.net = nn.Sequential()
        with self.name_scope():
            self.dense = nn.Dense(256)
            self.weight = nd.random_uniform(shape=(256, 20))
            self.net.add(nn.Dense(20, activation='relu'))

    def forward(self, x):
        x = nd.relu(self.dense(self.net(x)))
        x = nd.relu(nd.dot(x, self.weight) + 1)
        return nd.relu(self.dense(x))


nested = Sequential()
nested.add(FancyMLP())
nested.add(nn.Dense(10))
nested.initialize()
z = nested(x)
print(nested)

# %% What it reaches
assert net.dense0.name == 'mlp0_dense0'
assert named.dense0.name == 'another_mlp_dense0'
assert y.shape == z.shape == (4, 10)
assert [*nested.collect_params()] == [
    'fancymlp0_dense1_weight', 'fancymlp0_dense1_bias',
    'fancymlp0_dense0_weight', 'fancymlp0_dense0_bias',
    'dense0_weight', 'dense0_bias']
