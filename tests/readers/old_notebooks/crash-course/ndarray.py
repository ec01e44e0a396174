"""Arrays: made, combined, broadcast, converted and changed in place."""
# %%
import mxnet as mx
from mxnet import ndarray as nd

mx.random.seed(0)
x = nd.ones((3, 4))
y = nd.random_normal(0, 1, shape=(3, 4))
print(nd.array([[1, 2], [2, 3]]), x.shape, x.size)

# %%
product = nd.dot(x, y.T)
grown = nd.power(nd.exp(x), 2) + nd.flatten(y) * 0
shares = nd.random_uniform(low=0, high=1, shape=(1000,))
table = nd.arange(3).reshape((3, 1)) + nd.arange(2).reshape((1, 2))
limited = nd.clip(nd.arange(6), 1, 4)
print(product, table, limited)

# %% To NumPy and back
a = x.asnumpy()
b = nd.array(a)

# %% Four ways to keep a sum
before = id(y)
y = y + x
moved = id(y) != before

z = nd.zeros_like(x)
places = [id(z)]
z[:] = x + y
places.append(id(z))
nd.elemwise_add(x, y, out=z)
places.append(id(z))
x += y
total = x

# %% What it reaches
first = y[0, 0].asscalar() - 1
assert abs(first - 2.2122064) < 1e-6  # the first draw of every old page
assert (product[0] == product[2]).asnumpy().all()
assert abs(grown[0, 0].asscalar() - 7.389056) < 1e-5
assert abs(nd.mean(shares).asscalar() - 0.5) < 0.05
assert table.asnumpy().tolist() == [[0, 1], [1, 2], [2, 3]]
assert limited.asnumpy().tolist() == [1, 1, 2, 3, 4, 4]
assert type(a).__name__ == 'ndarray' and b.dtype == a.dtype == 'float32'
assert moved and len(set(places)) == 1
assert abs(nd.norm(total - z).asscalar()) == 0
