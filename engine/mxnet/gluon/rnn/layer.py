"""Recurrent layers: a whole sequence in one call.

They stand on one operator, `F._rnn_layer`, which runs through all steps and
layers without coming back to Python.
Chapter: recurrent-neural-networks/rnn-gluon.
"""

import re

from ... import ndarray as nd
from ...ndarray import NDArray
from ..hybrid import HybridBlock
from ..nn.basic import own

GATES = {'rnn_relu': 1, 'rnn_tanh': 1, 'lstm': 4, 'gru': 3}


class RecurrentLayer(HybridBlock):
    """What the three share.  (T, N, C) -> (T, N, hidden_size)

    Twice as wide if bidirectional; layout='NTC' has the batch first. Each
    state is (num_layers, N, hidden_size), twice as many if bidirectional;
    without states they start at 0, and only the output is returned.
    """

    _mode = None

    def __init__(self, hidden_size, num_layers=1, layout='TNC', dropout=0,
                 bidirectional=False, input_size=0,
                 i2h_weight_initializer=None, h2h_weight_initializer=None,
                 i2h_bias_initializer='zeros', h2h_bias_initializer='zeros',
                 dtype='float32', **kwargs):
        super().__init__(**kwargs)
        assert layout in ('TNC', 'NTC'), (
            f"layout {layout!r} must be 'TNC' or 'NTC'")
        self._hidden_size, self._num_layers = hidden_size, num_layers
        self._layout, self._dropout, self._dtype = layout, dropout, dtype
        self._gates, self._dir = GATES[self._mode], 1 + bool(bidirectional)
        for number in range(num_layers):
            for direction in 'lr'[:self._dir]:
                self._own_weights(f'{direction}{number}_', input_size, (
                    i2h_weight_initializer, h2h_weight_initializer,
                    i2h_bias_initializer, h2h_bias_initializer))
            input_size = hidden_size * self._dir

    def _own_weights(self, prefix, input_size, initializers):
        size, rows = self._hidden_size, self._gates * self._hidden_size
        shapes = (rows, input_size), (rows, size), (rows,), (rows,)
        names = 'i2h_weight', 'h2h_weight', 'i2h_bias', 'h2h_bias'
        for name, shape, init in zip(names, shapes, initializers):
            own(self, prefix + name, shape, init, dtype=self._dtype)

    def _collect_params_with_prefix(self, prefix=''):
        """Name parameters in files as a stack of cells would."""
        cell = '.{}_cell' if self._dir == 2 else ''
        return {re.sub(r'^([lr])(\d+)_', lambda found: (
            f'{prefix and prefix + "."}_unfused.{found[2]}'
            f'{cell.format(found[1])}.'), name): parameter
            for name, parameter in self._reg_params.items()}

    def cast(self, dtype):
        super().cast(dtype)
        self._dtype = dtype

    def state_info(self, batch_size=0):
        """Return a dictionary with shape, layout and type for each state."""
        return [{'shape': (self._num_layers * self._dir, batch_size,
                           self._hidden_size),
                 '__layout__': 'LNC', 'dtype': self._dtype}
                for _ in range(2 if self._mode == 'lstm' else 1)]

    def begin_state(self, batch_size=0, func=nd.zeros, **kwargs):
        """Return the first states, `func(shape=..., dtype=...)` each."""
        return [func(**{'shape': info['shape'], 'dtype': info['dtype'],
                        **kwargs}) for info in self.state_info(batch_size)]

    def __call__(self, inputs, states=None):
        if states is None:
            start = self.begin_state(  # a graph starts at 0 by itself
                inputs.shape[self._layout.find('N')], ctx=inputs.context,
                dtype=inputs.dtype) if isinstance(inputs, NDArray) else []
            return super().__call__(inputs, start)[0]
        if not isinstance(states, (list, tuple)):
            states = [states]
        return super().__call__(inputs, states)

    def infer_shape(self, inputs, states=()):
        """Set the width of the first layer's input."""
        for name in ('l0_i2h_weight', 'r0_i2h_weight')[:self._dir]:
            weight = self._reg_params[name]
            weight.shape = (weight.shape[0], inputs.shape[-1])

    def hybrid_forward(self, F, inputs, states, **weights):
        if F is nd:
            self._check(inputs, states)
        if self._layout == 'NTC':
            inputs = F.swapaxes(inputs, 0, 1)
        outputs, *states = F._rnn_layer(
            inputs, *(states or self._zeros(F, inputs)), *weights.values(),
            mode=self._mode, num_layers=self._num_layers,
            bidirectional=self._dir == 2, p=self._dropout)
        if self._layout == 'NTC':
            outputs = F.swapaxes(outputs, 0, 1)
        return outputs, states

    def _zeros(self, F, inputs):
        """Return first states in a graph, which knows no batch size."""
        row = F.slice_axis(F.slice_axis(inputs, axis=0, begin=0, end=1),
                           axis=2, begin=0, end=1)  # (1, N, 1)
        return [F.tile(F.zeros_like(row), reps=(shape[0], 1, shape[2]))
                for shape in (info['shape'] for info in self.state_info())]

    def _check(self, inputs, states):
        """ValueError if a state's shape does not fit the batch."""
        wanted = self.state_info(inputs.shape[self._layout.find('N')])
        shapes = [state.shape for state in states]
        if shapes != [info['shape'] for info in wanted]:
            raise ValueError(
                f'{self.name}: for inputs {inputs.shape} it takes states of '
                f'the shapes {[info["shape"] for info in wanted]}, not '
                f'{shapes}; begin_state(batch_size) makes such')

    def __repr__(self):
        rows, inputs = self.l0_i2h_weight.shape
        words = [f'{inputs or None} -> {rows // self._gates}', self._layout]
        if self._num_layers != 1:
            words.append(f'num_layers={self._num_layers}')
        if self._dropout:
            words.append(f'dropout={self._dropout}')
        words += ['bidirectional'] * (self._dir - 1)
        return f'{type(self).__name__}({", ".join(words)})'


class RNN(RecurrentLayer):
    """h_t = activation(W x_t + b + U h_(t-1) + c), 'relu' or 'tanh'.

    The default is 'relu', PyTorch's is 'tanh'. See RecurrentLayer.
    """

    def __init__(self, hidden_size, num_layers=1, activation='relu',
                 layout='TNC', dropout=0, bidirectional=False, **kwargs):
        self._mode = f'rnn_{activation}'
        super().__init__(hidden_size, num_layers, layout, dropout,
                         bidirectional, **kwargs)


class LSTM(RecurrentLayer):
    """Two states, h and c; gates in the order input, forget, cell, output.

    See RecurrentLayer. Chapter: recurrent-neural-networks/lstm.
    """

    _mode = 'lstm'


class GRU(RecurrentLayer):
    """Gates in the order reset, update, new; reset acts on U h + c.

    See RecurrentLayer. Chapter: recurrent-neural-networks/gru.
    """

    _mode = 'gru'
