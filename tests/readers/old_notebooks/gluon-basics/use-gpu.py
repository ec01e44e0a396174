"""Devices: where arrays and networks are, and what crosses the border."""
# %%
import mxnet as mx
from mxnet import gluon
from mxnet import ndarray as nd

print([mx.cpu(), mx.gpu(), mx.gpu(1)])
try:
    ctx = mx.gpu()
    _ = nd.array([0], ctx=ctx)
except mx.MXNetError:
    ctx = mx.cpu(1)  # without a card, a second name for the processor

# %%
x = nd.array([1, 2, 3])
a = nd.array([1, 2, 3], ctx=ctx)
b = nd.zeros((3, 2), ctx=ctx)
try:
    nd.array([1, 2, 3], ctx=mx.gpu(10))
    refused = False
except mx.MXNetError as err:
    refused = True
    print(err)

# %%
y = x.copyto(ctx)
z = x.as_in_context(ctx)
same = z.as_in_context(ctx) is z
copied = z.copyto(ctx) is not z
result = nd.exp(z + 2) * y

# %%
net = gluon.nn.Sequential()
net.add(gluon.nn.Dense(1))
net.initialize(ctx=ctx)
data = nd.random.uniform(shape=[3, 2], ctx=ctx)
output = net(data)
output.wait_to_read()
nd.waitall()

# %% What it reaches
assert str(mx.cpu()) == 'cpu(0)' and str(mx.gpu(1)) == 'gpu(1)'
assert x.context == mx.cpu() and refused
assert a.context == b.context == result.context == output.context == ctx
assert same and copied and z.sum().asscalar() == 6
expected = nd.array([20.08553696, 109.19629669, 445.23950195])
assert nd.norm(result.as_in_context(mx.cpu()) - expected).asscalar() < 1e-3
assert net[0].weight.data().context == ctx
