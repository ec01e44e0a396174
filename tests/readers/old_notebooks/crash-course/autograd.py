"""Gradients: of a formula, through Python's control flow, from a head."""
# %%
import mxnet as mx
from mxnet import autograd as ag
from mxnet import ndarray as nd

x = nd.array([[1, 2], [3, 4]])
x.attach_grad()
with ag.record():
    y = x * 2
    z = y * x
z.backward()
plain = x.grad.copy()


# %% A function that decides as it goes
def grow(a):
    b = a * 2
    while nd.norm(b).asscalar() < 1000:
        b = b * 2
    return b if nd.sum(b).asscalar() > 0 else 100 * b


a = nd.random_normal(shape=3)
a.attach_grad()
with ag.record():
    c = grow(a)
c.backward()

# %% A gradient that comes from outside
with ag.record():
    y = x * 2
    z = y * x
head_gradient = nd.array([[10, 1.], [.1, .01]])
z.backward(head_gradient)
print(x.grad)

# %% Without a graph there is nothing to go back through
try:
    (x * 2).backward()
    refused = False
except mx.MXNetError:
    refused = True

# %% What it reaches
assert (plain == 4 * x).asnumpy().all()
assert nd.norm(a.grad - c / a).asscalar() < 1e-3 * nd.norm(a.grad).asscalar()
assert nd.norm(x.grad - nd.array([[40, 8], [1.2, .16]])).asscalar() < 1e-5
assert refused
