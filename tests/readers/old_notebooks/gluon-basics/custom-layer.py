"""Layers of one's own, without parameters and with them."""
# %%
from mxnet import gluon
from mxnet import ndarray as nd
from mxnet.gluon import nn


class CenteredLayer(nn.Block):
    def __init__(self, **kwargs):
        super(CenteredLayer, self).__init__(**kwargs)

    def forward(self, x):
        return x - x.mean()


centered = CenteredLayer()(nd.array([1, 2, 3, 4, 5]))
net = nn.Sequential()
with net.name_scope():
    net.add(nn.Dense(128))
    net.add(nn.Dense(10))
    net.add(CenteredLayer())
net.initialize()
y = net(nd.random.uniform(shape=(4, 8)))

# %%
my_param = gluon.Parameter('my_weight', shape=(3, 3))
my_param.initialize()
pd = gluon.ParameterDict(prefix='block1_')
pd.get('my_weight', shape=(3, 3))
print(my_param.data(), my_param.grad(), pd)


# %%
class MyDense(nn.Block):
    def __init__(self, units, in_units, **kwargs):
        super(MyDense, self).__init__(**kwargs)
        with self.name_scope():
            self.weight = self.params.get('weight', shape=(in_units, units))
            self.bias = self.params.get('bias', shape=(units,))

    def forward(self, x):
        linear = nd.dot(x, self.weight.data()) + self.bias.data()
        return nd.relu(linear)


dense = MyDense(5, in_units=10, prefix='o_my_dense_')
dense.initialize()
print(dense.params)
stack = nn.Sequential()
with stack.name_scope():
    stack.add(MyDense(32, in_units=64))
    stack.add(MyDense(2, in_units=32))
stack.initialize()

# %% What it reaches
assert centered.asnumpy().tolist() == [-2, -1, 0, 1, 2]
assert abs(y.mean().asscalar()) < 1e-6
assert [*pd] == ['block1_my_weight']
assert my_param.data().shape == my_param.grad().shape == (3, 3)
assert [*dense.params] == ['o_my_dense_weight', 'o_my_dense_bias']
assert dense(nd.random.uniform(shape=(2, 10))).shape == (2, 5)
assert stack(nd.random.uniform(shape=(2, 64))).shape == (2, 2)
