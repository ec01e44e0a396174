"""Calls of Gluon: layers, losses, optimisers, cells, schedules, iterators."""

from hypothesis import strategies as st

from .table import calls, filled, literal, one, options, shapes

ACTIVATION = one(None, None, 'relu', 'tanh', 'sigmoid', 'softrelu')
YES_OR_NO = st.booleans()


def a_dense(draw):
    return f'nn.Dense({draw(one(1, 2, 3))}' + options(
        activation=draw(ACTIVATION), use_bias=draw(one(None, False)),
        flatten=draw(one(None, False)), in_units=draw(one(None, None, 4))
    ) + ')', draw(one((2, 4), (1, 3), (2, 3, 2)))


def a_convolution(draw):
    dims = draw(one(1, 2, 2, 3))
    name = draw(one('Conv', 'Conv', f'Conv{dims}D'))[:4] + f'{dims}D'
    return f'nn.{name}({draw(one(2, 4))}, {draw(one(1, 2, 3))}' + options(
        strides=draw(one(None, 2)), padding=draw(one(None, 1)),
        activation=draw(ACTIVATION), use_bias=draw(one(None, False)),
        groups=draw(one(None, None, 2))) + ')', (2, 2, *[5] * dims)


def a_pool(draw):
    dims = draw(one(1, 2, 2, 3))
    kind = draw(one('Max', 'Avg', 'GlobalMax', 'GlobalAvg'))
    given = '' if kind[0] == 'G' else f'{draw(one(2, 3))}' + options(
        strides=draw(one(None, 1, 2)), padding=draw(one(None, 1)),
        ceil_mode=draw(one(None, True)))
    return f'nn.{kind}Pool{dims}D({given})', (1, 2, *[5] * dims)


def another(draw):
    return draw(one(
        ('nn.Flatten()', (2, 3, 2)), ('nn.Dropout(0.5)', (2, 3)),
        ('nn.BatchNorm()', (4, 3)), ('nn.BatchNorm(axis=-1)', (2, 3, 4)),
        ('nn.BatchNorm(scale=False)', (4, 3, 2, 2)),
        ('nn.BatchNorm(center=False, epsilon=1e-3, momentum=0.5)', (4, 3)),
        ('nn.LayerNorm()', (2, 3)), ('nn.LayerNorm(axis=1)', (2, 3, 4)),
        ('nn.LeakyReLU(0.1)', (2, 3)),
        ("nn.Activation('relu')", (2, 3)), ("nn.Activation('tanh')", (2, 3)),
        ('nn.PReLU()', (2, 3)), ('nn.ELU()', (2, 3)), ('nn.SELU()', (2, 3)),
        ('nn.GELU()', (2, 3)), ('nn.Swish()', (2, 3)),
        ("nn.Lambda('tanh')", (2, 3))))


LAYERS = one(a_dense, a_convolution, a_pool, another)


@calls('layers', 110)
def layer(draw):
    net, shape = draw(LAYERS)(draw)
    hybrid = '.hybridize()' if 'Lambda(\'tanh' not in net and draw(
        YES_OR_NO) else ''
    mode = draw(one('predict_mode', 'train_mode'))
    if 'Dropout' in net:
        mode = 'predict_mode'
    lines = [f'net = {net}']
    lines += [f'net{hybrid}'] if hybrid else []
    return '\n'.join([*lines, f'x = {filled(draw, shape)}', 'fill(net, x)',
                      f'with autograd.{mode}():', '    y = net(x)', 'y'])


@calls('layers', 55)
def gradients_of_a_layer(draw):
    net, shape = draw(LAYERS)(draw)
    if 'Dropout' in net:
        net = 'nn.Dropout(0)'
    hybrid = draw(one('', 'net.hybridize()\n'))
    hybrid = '' if "Lambda('tanh" in net else hybrid
    return (f'net = {net}\n{hybrid}x = {filled(draw, shape)}\nfill(net, x)\n'
            '[grad(net, x), gradients(net), weights(net)]')


@calls('names', 85)
def repr_of_a_layer(draw):
    net, shape = draw(LAYERS)(draw)
    return draw(one(
        f'net = {net}\nrepr(net)', f'net = {net}\nrepr(net.collect_params())',
        f'net = {net}\n[net.name, net.prefix, list(net.params.keys())]',
        f'net = {net}\nfill(net, {filled(draw, shape)})\n[repr(net), '
        'repr(net.collect_params())]'))


@calls('names', 40)
def names_of_a_network(draw):
    parts = [draw(one(a_dense, a_convolution, a_pool, another))(draw)[0]
             for _ in range(draw(st.integers(1, 4)))]
    parts = ', '.join(p for p in parts if 'Lambda' not in p)
    name = draw(one('Sequential', 'HybridSequential'))
    scope = draw(one('    net.add({})', 'net.add({})'))
    lead = 'with net.name_scope():\n' * scope.startswith(' ')
    given = draw(one('', "prefix='my_'"))
    return (f'net = nn.{name}({given})\n{lead}{scope.format(parts)}\n'
            '[repr(net), list(net.collect_params().keys()), len(net)]')


# Losses

@calls('losses', 90)
def loss(draw):
    shape = (draw(one(1, 2, 3)), draw(one(2, 3)))
    name = draw(one('L2Loss', 'L1Loss', 'HuberLoss', 'HingeLoss', 'KLDivLoss',
                    'SigmoidBinaryCrossEntropyLoss', 'LogisticLoss',
                    'SquaredHingeLoss'))
    given = options(weight=draw(one(None, 2, 0.5)))
    x, y = filled(draw, shape), literal(draw, shape, (0, 1, 1))
    if name == 'KLDivLoss':
        y = f'nd.softmax({x})'
        given += options(from_logits=draw(one(None, False)))
    elif name.startswith('Sigmoid'):
        given += options(from_sigmoid=draw(one(None, True)))
        x = f'nd.sigmoid({x})' if 'from' in given else x
    weight = draw(one('', '', f', {filled(draw, shape[:1] + (1,))}'))
    return (f'loss = gluon.loss.{name}({given[2:]})\n'
            f'grad(lambda x: loss(x, {y}{weight}), {x})')


@calls('losses', 50)
def cross_entropy(draw):
    shape = (*draw(one((2,), (3,), (2, 3))), draw(one(2, 3)))
    rows = shape[:-1]
    sparse, logits = draw(one(None, False)), draw(one(None, None, True))
    y = literal(draw, rows, range(shape[-1]))
    if sparse is False:
        y = f'nd.softmax({filled(draw, shape)})'
    x = filled(draw, shape)
    given = options(sparse_label=sparse, from_logits=logits,
                    weight=draw(one(None, 0.5)))
    weight = draw(one('', '', f', {filled(draw, rows + (1,), low=0)}'))
    name = draw(one('SoftmaxCrossEntropyLoss', 'SoftmaxCELoss'))
    return (f'loss = gluon.loss.{name}({given[2:]})\n'
            f'grad(lambda x: loss(x, {y}{weight}), {x})')


@calls('losses', 30)
def loss_of_pairs(draw):
    shape = (draw(one(1, 2)), 3)
    a, b = filled(draw, shape), filled(draw, shape)
    return draw(one(f'gluon.loss.L2Loss()({a}, {b}.reshape((-1,)))',
                    f'gluon.loss.L2Loss(batch_axis=1)({a}, {b})',
                    f'gluon.loss.L1Loss(batch_axis=1)({a}, {b})'))


# Optimisers

OPTIMIZERS = {
    'sgd': ('momentum=0.9', 'momentum=0.5', ''),
    'nag': ('momentum=0.9', ''), 'adam': ('beta1=0.8', 'epsilon=1e-4', ''),
    'adagrad': ('eps=1e-3', ''), 'adadelta': ('rho=0.8', ''),
    'rmsprop': ('gamma1=0.8', 'centered=True', ''),
    'adamax': ('beta1=0.8', ''), 'nadam': ('',)}
COMMON = one('', '', 'wd=0.1', 'rescale_grad=0.5', 'clip_gradient=0.5',
             'lr_scheduler=mx.lr_scheduler.FactorScheduler(2, 0.5)',
             'wd=0.01, clip_gradient=1')


@calls('optimizers', 105)
def five_steps(draw):
    name = draw(one('sgd', 'sgd', 'adam', *OPTIMIZERS))
    given = [f"'learning_rate': {draw(one(0.1, 0.01, 1))}"]
    for text in (draw(one(*OPTIMIZERS[name])), draw(COMMON)):
        given += [f"'{part.partition('=')[0]}': {part.partition('=')[2]}"
                  for part in text.split(', ') if '=' in part
                  and 'Scheduler' not in part]
        if 'Scheduler' in text:
            given.append("'lr_scheduler': "
                         'mx.lr_scheduler.FactorScheduler(2, 0.5)')
    return ('net = nn.Dense(2)\n'
            f'x, y = {filled(draw, (3, 2))}, {filled(draw, (3, 2))}\n'
            'fill(net, x)\n'
            "trainer = gluon.Trainer(net.collect_params(), "
            f"'{name}', {{{', '.join(given)}}})\n"
            f'steps(net, trainer, x, y, {draw(one(1, 3, 5))})\n'
            '[weights(net), trainer.learning_rate]')


@calls('schedules', 40)
def schedule(draw):
    warm = draw(one('', ', warmup_steps=3, warmup_begin_lr=0.001',
                    ", warmup_steps=4, warmup_mode='constant'"))
    how = draw(one(
        'FactorScheduler(step={a}, factor=0.5{base})',
        'FactorScheduler({a}, 0.1, stop_factor_lr=0.05{base})',
        'MultiFactorScheduler(step=[{a}, {b}], factor=0.5{base})',
        'PolyScheduler(max_update={b}{base}, pwr={p}, final_lr=0.01)',
        'CosineScheduler({b}{base}, final_lr=0.1)',
        'PolyScheduler({b}{base})', 'CosineScheduler({b}{base})'))
    how = how.format(a=draw(one(5, 6)), b=draw(one(9, 12)), p=draw(one(1, 2)),
                     base=draw(one('', ', base_lr=0.8')) + warm)
    return (f's = mx.lr_scheduler.{how}\n[s(t) for t in range(1, 15)]')


# Recurrent layers

@calls('recurrent', 40)
def cell(draw):
    name = draw(one('RNNCell', 'LSTMCell', 'GRUCell'))
    given = options(activation=draw(one(None, 'relu'))) \
        if name == 'RNNCell' else ''
    batch, time = draw(one(1, 2)), draw(one(1, 3))
    layout = draw(one('NTC', 'TNC'))
    shape = (batch, time, 2) if layout == 'NTC' else (time, batch, 2)
    merge = draw(one(None, True, False))
    return (f'cell = rnn.{name}(3{given})\nx = {filled(draw, shape)}\n'
            f'fill(cell, x[{":, 0" if layout == "NTC" else "0"}], '
            f'cell.begin_state({batch}))\n'
            f"cell.unroll({time}, x, layout='{layout}'"
            f'{options(merge_outputs=merge)})')


@calls('recurrent', 50)
def fused_layer(draw):
    name = draw(one('RNN', 'LSTM', 'GRU'))
    time, batch = draw(one(1, 3)), draw(one(1, 2))
    layers, both = draw(one(None, 2)), draw(one(None, True))
    layout = draw(one(None, 'NTC'))
    shape = (time, batch, 2) if layout is None else (batch, time, 2)
    given = options(num_layers=layers, bidirectional=both, layout=layout)
    if name == 'RNN':
        given += options(activation=draw(one(None, 'tanh')))
    lines = [f'net = rnn.{name}(3{given})', f'x = {filled(draw, shape)}',
             'fill(net, x)']
    if draw(YES_OR_NO):
        return '\n'.join([*lines, 'grad(net, x) + [gradients(net)]'])
    return '\n'.join([*lines, f'net(x, net.begin_state(batch_size={batch}))'])


# Data

@calls('data', 50)
def iterator(draw):
    number, batch = draw(one(4, 5, 7, 10)), draw(one(2, 3, 4))
    given = options(shuffle=draw(one(None, True)), last_batch_handle=draw(one(
        None, 'discard', 'roll_over', 'pad')))
    return (f'seed({draw(one(0, 1, 2))})\n'
            f'data = mx.io.NDArrayIter(nd.arange({number * 2})'
            f'.reshape(({number}, 2)), nd.arange({number}), {batch}{given})\n'
            'found = []\nfor _ in range(3):\n    data.reset()\n'
            '    found.append([(b.data[0], b.label[0], b.pad) for b in data])'
            '\nfound')


@calls('data', 40)
def loader(draw):
    number, batch = draw(one(4, 5, 7)), draw(one(1, 2, 3))
    given = options(shuffle=draw(one(None, True)), last_batch=draw(one(
        None, 'discard', 'keep')))
    data = draw(one('nd.arange({0})', 'nd.arange({0}), np.arange({0})',
                    'np.arange({0}, dtype="int64")',
                    'values({0}, 2), nd.arange({0})',
                    'list(range({0}))')).format(number)
    return (f'seed({draw(one(0, 1, 2))})\n'
            f'data = gluon.data.ArrayDataset({data})\n'
            f'loader = gluon.data.DataLoader(data, {batch}{given})\n'
            '[len(loader), list(loader), list(loader)]')


@calls('data', 35)
def split(draw):
    shape, parts = draw(shapes(1, 2, 7)), draw(one(1, 2, 3))
    x = filled(draw, shape)
    ctx = ', '.join(f'mx.cpu({i})' for i in range(parts))
    even = options(even_split=draw(one(None, False)))
    return draw(one(
        f'gluon.utils.split_data({x}, {parts}{even})',
        f'gluon.utils.split_and_load({x}, [{ctx}]{even})',
        f'parts = gluon.utils.split_and_load({x}, [{ctx}]{even})\n'
        '[x.context for x in parts]',
        f'x = [{x}, {filled(draw, (2,))}]\n'
        f'[gluon.utils.clip_global_norm(x, {draw(one(0.5, 1, 100))}), x]'))
