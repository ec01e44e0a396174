"""Recurrent layers: a whole sequence in one call.

They stand on one operator, `F._rnn_layer`, which runs through all steps and
layers without coming back to Python.
Chapter: recurrent-neural-networks/rnn-gluon.
"""

import re

from ... import ndarray as nd
from ..hybrid import HybridBlock
from .cell import Stateful, own_gates

GATES = {'rnn_relu': 1, 'rnn_tanh': 1, 'lstm': 4, 'gru': 3}


class RecurrentLayer(Stateful, HybridBlock):
    """What the three share.  (T, N, C) -> (T, N, hidden_size)

    Twice as wide if bidirectional; layout='NTC' has the batch first. Each
    state is (num_layers, N, hidden_size), twice as many if bidirectional;
    without states they start at 0, and only the output is returned.
    """

    def __init__(self, hidden_size, num_layers=1, layout='TNC', dropout=0,
                 bidirectional=False, input_size=0,
                 i2h_weight_initializer=None, h2h_weight_initializer=None,
                 i2h_bias_initializer='zeros', h2h_bias_initializer='zeros',
                 dtype='float32', **kwargs):
        super().__init__(**kwargs)
        assert layout in ('TNC', 'NTC'), (
            f"layout {layout!r} must be 'TNC' or 'NTC'")
        self._hidden_size, self._num_layers = hidden_size, num_layers
        self._layout, self._dropout = layout, dropout
        self._dir = 1 + bool(bidirectional)
        initializers = (i2h_weight_initializer, h2h_weight_initializer,
                        i2h_bias_initializer, h2h_bias_initializer)
        rows = GATES[self._mode] * hidden_size
        for number in range(num_layers):
            for side in 'lr'[:self._dir]:
                own_gates(self, f'{side}{number}_', rows, input_size,
                          initializers, dtype=dtype)
            input_size = hidden_size * self._dir

    def _collect_params_with_prefix(self, prefix=''):
        """Name parameters in files as a stack of cells would."""
        cell = r'.\1_cell' if self._dir == 2 else ''
        prefix = prefix and prefix + '.'
        return {re.sub(r'^([lr])(\d+)_', rf'{prefix}_unfused.\2{cell}.',
                       name): param
                for name, param in self._reg_params.items()}

    def state_info(self, batch_size=0):
        """Return a dictionary with shape, layout and type for each state."""
        shape = self._num_layers * self._dir, batch_size, self._hidden_size
        info = {'shape': shape, '__layout__': 'LNC',
                'dtype': self.l0_i2h_weight.dtype}
        return [info] * (2 if self._mode == 'lstm' else 1)

    def __call__(self, inputs, states=None):
        if states is None:
            states = self._zeros_for(inputs, self._layout)
            return super().__call__(inputs, states)[0]
        if not isinstance(states, (list, tuple)):
            states = [states]
        return super().__call__(inputs, states)

    def hybrid_forward(self, F, inputs, states, **weights):
        if F is nd:
            n = inputs.shape[self._layout.find('N')]
            wanted = [info['shape'] for info in self.state_info(n)]
            shapes = [state.shape for state in states]
            if shapes != wanted:
                raise ValueError(f'{self.name}: the states have the shapes '
                                 f'{shapes}; begin_state({n}) makes {wanted}')
        if self._layout == 'NTC':
            inputs = F.swapaxes(inputs, 0, 1)
        outputs, *states = F._rnn_layer(
            inputs, *states, *weights.values(), mode=self._mode,
            num_layers=self._num_layers, bidirectional=self._dir == 2,
            p=self._dropout)
        if self._layout == 'NTC':
            outputs = F.swapaxes(outputs, 0, 1)
        return outputs, states

    def __repr__(self):
        width = self.l0_i2h_weight.shape[1] or None
        words = [f'{width} -> {self._hidden_size}', self._layout]
        words += [f'num_layers={self._num_layers}'] * (self._num_layers > 1)
        words += [f'dropout={self._dropout}'] * (self._dropout > 0)
        words += ['bidirectional'] * (self._dir == 2)
        return f'{type(self).__name__}({", ".join(words)})'


class RNN(RecurrentLayer):
    """h_t = activation(W x_t + b + U h_(t-1) + c), 'relu' or 'tanh'.

    The default is 'relu', PyTorch's is 'tanh'. See RecurrentLayer.
    """

    def __init__(self, hidden_size, num_layers=1, activation='relu',
                 *args, **kwargs):
        self._mode = f'rnn_{activation}'
        super().__init__(hidden_size, num_layers, *args, **kwargs)


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
