"""Draws after a seed, one after the other: MXNet's streams of the CPU."""

from hypothesis import strategies as st

from .table import calls, one, options

SIZES = one(1, 3, 10, 64, 65, 100, 1000, 1025, 5000, 70000, (2, 3), (40, 30),
            (256, 256), (5, 4, 3), 65536, 65537)
SEEDS = one(0, 1, 3, 42, 123456, 2**31 - 1)
LIMITS = one('', 'low=-0.07, high=0.07, ', '-1, 1, ', '0, 10, ')


def uniform(draw):
    name = draw(one('nd.random.uniform', 'nd.random.uniform',
                    'nd.random_uniform', 'nd.uniform', 'mx.random.uniform'))
    return f'{name}({draw(LIMITS)}shape={draw(SIZES)})'


def exponential(draw):
    scale = draw(one('', 'scale=2, ', '0.5, '))
    return f'nd.random.exponential({scale}shape={draw(SIZES)})'


def shuffle(draw):
    number = draw(one(2, 4, 10, 784, 3000))
    return draw(one(f'nd.random.shuffle(nd.arange({number}))',
                    f'nd.shuffle(nd.arange({number}))',
                    'nd.random.shuffle(nd.arange(20).reshape((10, 2)))'))


def multinomial(draw):
    number, shape = draw(one(2, 5, 20)), draw(one(None, 5, (2, 3), 50))
    p = f'nd.softmax(nd.arange({number}) / 5)'
    p = draw(one(p, p, f'nd.stack({p}, {p})',
                 f'nd.ones({number}) / {number}'))
    dtype = draw(one(None, None, 'float32'))
    name = draw(one('random.multinomial', 'sample_multinomial'))
    return f'nd.{name}({p}{options(shape=shape, dtype=dtype)})'


def dropout(draw):
    p, size = draw(one(0.5, 0.2, 0.9)), draw(SIZES)
    return f"nd.Dropout(nd.ones({size}), p={p}, mode='always')"


DRAWS = (uniform, exponential, shuffle, multinomial, dropout)


@calls('streams', 85)
def one_draw(draw):
    return f'seed({draw(SEEDS)})\n{draw(one(*DRAWS))(draw)}'


@calls('streams', 85)
def several_draws(draw):
    parts = [draw(one(*DRAWS))(draw) for _ in range(draw(one(2, 3, 4)))]
    return f'seed({draw(SEEDS)})\n[' + ',\n '.join(parts) + ']'


@calls('streams', 30)
def draws_of_numpy_between(draw):
    parts = [draw(one(uniform, shuffle))(draw) for _ in range(2)]
    return (f'seed({draw(SEEDS)})\n[{parts[0]}, np.random.rand(), '
            f'{parts[1]}, np.random.randint(100)]')


@calls('streams', 30)
def dropout_while_recording(draw):
    p, shape = draw(one(0.1, 0.5, 0.8, 0)), draw(one(10, (2, 3), (70, 5)))
    axes = draw(one('', '', ', axes=(0,)'))
    return (f'seed({draw(SEEDS)})\n'
            f'grad(lambda x: nd.Dropout(x, p={p}{axes}), '
            f'values{shape if isinstance(shape, tuple) else (shape,)})')


@calls('streams', 4)
def other_types(draw):
    dtype = draw(one('float64', 'float16'))
    return (f"seed({draw(SEEDS)})\n[nd.random.uniform(shape={draw(SIZES)}, "
            f"dtype='{dtype}'), nd.random.uniform(shape=3)]")


@calls('streams', 20)
def of_several_devices(draw):
    number = draw(st.integers(1, 3))
    return (f'seed({draw(SEEDS)})\n'
            f'[nd.random.uniform(shape=4, ctx=mx.cpu({number})), '
            f'nd.random.uniform(shape={draw(SIZES)})]')


@calls('normal', 70)
def normal(draw):
    name = draw(one('nd.random.normal', 'nd.random_normal', 'nd.normal',
                    'nd.random.normal'))
    given = draw(one('', 'loc=1.5, scale=0.3, ', '0, 0.01, ', 'scale=2, '))
    parts = [f'{name}({given}shape={draw(SIZES)})', uniform(draw),
             f'nd.random.normal(shape={draw(SIZES)})', shuffle(draw)]
    number = draw(one(1, 2, 3, 4))
    return f'seed({draw(SEEDS)})\n[' + ',\n '.join(parts[:number]) + ']'


@calls('normal', 20)
def randn(draw):
    shape = draw(one('3', '2, 3', '100, 7', '5, loc=2', '4, scale=0.1'))
    return f'seed({draw(SEEDS)})\nnd.random.randn({shape})'


INITIALIZERS = one(
    'init.Uniform()', 'init.Uniform(0.5)', 'init.Normal()',
    'init.Normal(0.1)', 'init.Xavier()', 'init.Zero()', 'init.One()',
    "init.Xavier(rnd_type='gaussian')", "init.Xavier(factor_type='in')",
    "init.Xavier(factor_type='out', magnitude=2)", 'init.MSRAPrelu()',
    'init.MSRAPrelu(slope=0)', 'init.Constant(2.5)',
    "init.MSRAPrelu(factor_type='in')", "'xavier'", "'zeros'", "'ones'",
    "'normal'", "'uniform'", 'init.Orthogonal()',
    "init.Xavier('uniform', 'avg', 3)")


@calls('initializers', 65)
def initializer(draw):
    layer = draw(one('nn.Dense(30, in_units=40)', 'nn.Dense(3)',
                     'nn.Conv2D(4, 3, in_channels=2)', 'nn.BatchNorm()',
                     'nn.Embedding(7, 3)', 'rnn.LSTMCell(3)', 'rnn.GRU(3)'))
    x = {'nn.D': (2, 40), 'nn.C': (1, 2, 5, 5), 'nn.B': (2, 4),
         'nn.E': (2,)}.get(layer[:4])
    call = 'net(nd.zeros({}))'.format(x)
    if layer.startswith('rnn.L'):
        call = 'net(nd.zeros((2, 4)), net.begin_state(2))'
    elif layer.startswith('rnn.G'):
        call = 'net(nd.zeros((2, 1, 4)))'
    return (f'seed({draw(SEEDS)})\nnet = {layer}\nnet.initialize('
            f'{draw(INITIALIZERS)})\n{call}\n'
            '[p.data() for p in net.collect_params().values()]')
