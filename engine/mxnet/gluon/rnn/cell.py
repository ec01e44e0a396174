"""Recurrent cells: one step of a sequence in one call.

cell(inputs, states) returns the output and the new states; `unroll` calls a
cell once for each step. They stand on `F.FullyConnected` and arithmetic, as
the book's loops do. Chapter: recurrent-neural-networks/rnn-gluon.
"""

from ... import ndarray as nd
from ... import symbol
from ...symbol import Symbol
from ..block import Block
from ..hybrid import HybridBlock
from ..nn.basic import own


def own_gates(block, prefix, rows, input_size, initializers, **more):
    """Give a block the weights and biases of one step."""
    names = 'i2h_weight', 'h2h_weight', 'i2h_bias', 'h2h_bias'
    shapes = (rows, input_size), (rows, block._hidden_size), (rows,), (rows,)
    for name, shape, init in zip(names, shapes, initializers):
        own(block, prefix + name, shape, init, **more)


def namespace(x):
    """Return `symbol` for what a graph is drawn with, `nd` for arrays."""
    return symbol if isinstance(x, Symbol) else nd


class Stateful:
    """What cells and layers share: states, described by `state_info`."""

    def begin_state(self, batch_size=0, func=nd.zeros, **kwargs):
        """Return the first states, `func(shape=...)` each: zeros."""
        return [func(**{key: x for key, x in {**info, **kwargs}.items()
                        if key != '__layout__'})
                for info in self.state_info(batch_size)]

    def _zeros_for(self, x, layout):
        """Return states of zeros for a batch of any size, in a graph, too."""
        F = namespace(x)
        for axis, letter in enumerate(layout):
            if letter != 'N':
                x = F.slice_axis(x, axis=axis, begin=0, end=1)
        zero = F.zeros_like(F.reshape(x, shape=(-1, 1)))  # (N, 1)
        return self.begin_state(func=lambda shape, **_: F.tile(
            zero, reps=(*shape[:-2], 1, shape[-1])))


class RecurrentCell(Stateful, Block):
    """What all cells share; one's own needs `state_info` and `forward`."""

    def unroll(self, length, inputs, begin_state=None, layout='NTC',
               merge_outputs=None):
        """Run through a sequence; return outputs and states.

        (N, T, C), or a list of (N, C) -> a list of (N, H), or one array if
        merge_outputs.
        """
        axis = layout.find('T')
        if not isinstance(inputs, (list, tuple)):
            inputs = steps_of(inputs, length, axis)
        assert len(inputs) == length, (
            f'unroll: length is {length}, but there are {len(inputs)} steps')
        states = begin_state or self._zeros_for(inputs[0], 'NC')
        outputs = []
        for step in inputs:
            output, states = self(step, states)
            outputs.append(output)
        if merge_outputs:
            outputs = namespace(output).stack(*outputs, axis=axis)
        return outputs, states


def steps_of(inputs, length, axis):
    """Cut a sequence into its steps; a graph does not know how many."""
    F = namespace(inputs)
    length = inputs.shape[axis] if F is nd else length
    steps = F.split(inputs, num_outputs=length, axis=axis, squeeze_axis=True)
    return [steps] if length == 1 else list(steps)


class HybridRecurrentCell(RecurrentCell, HybridBlock):
    """A cell that can be hybridized."""


class GatedCell(HybridRecurrentCell):
    """What the three cells share: four parameters, and their products."""

    _gates, _states = 1, 1

    def __init__(self, hidden_size, i2h_weight_initializer=None,
                 h2h_weight_initializer=None, i2h_bias_initializer='zeros',
                 h2h_bias_initializer='zeros', input_size=0, **kwargs):
        super().__init__(**kwargs)
        self._hidden_size, self._rows = hidden_size, self._gates * hidden_size
        own_gates(self, '', self._rows, input_size, (
            i2h_weight_initializer, h2h_weight_initializer,
            i2h_bias_initializer, h2h_bias_initializer))

    def _alias(self):
        return type(self).__name__.removesuffix('Cell').lower()

    def state_info(self, batch_size=0):
        return [{'shape': (batch_size, self._hidden_size),
                 '__layout__': 'NC'}] * self._states

    def _products(self, F, x, h, i2h_weight, h2h_weight, i2h_bias, h2h_bias):
        """Return W x + b and U h + c, (N, gates * hidden_size) each."""
        return (F.FullyConnected(x, i2h_weight, i2h_bias,
                                 num_hidden=self._rows),
                F.FullyConnected(h, h2h_weight, h2h_bias,
                                 num_hidden=self._rows))

    def __repr__(self):
        inputs = self.i2h_weight.shape[1] or None
        return f'{type(self).__name__}({inputs} -> {self._rows})'


class RNNCell(GatedCell):
    """h_t = activation(W x_t + b + U h_(t-1) + c).

    (N, C), [(N, H)] -> (N, H), [(N, H)]
    Chapter: recurrent-neural-networks/rnn-scratch.
    """

    def __init__(self, hidden_size, activation='tanh', *args, **kwargs):
        super().__init__(hidden_size, *args, **kwargs)
        self._activation = activation

    def hybrid_forward(self, F, inputs, states, **weights):
        i2h, h2h = self._products(F, inputs, states[0], **weights)
        h = F.Activation(i2h + h2h, act_type=self._activation)
        return h, [h]

    def __repr__(self):
        return f'{super().__repr__()[:-1]}, {self._activation})'


class LSTMCell(GatedCell):
    """One step of LSTM; states are h and c.  (N, C) -> (N, H), two (N, H)

    Chapter: recurrent-neural-networks/lstm.
    """

    _gates, _states = 4, 2

    def hybrid_forward(self, F, inputs, states, **weights):
        i2h, h2h = self._products(F, inputs, states[0], **weights)
        i, f, c, o = F.split(i2h + h2h, num_outputs=4, axis=1)
        c = F.sigmoid(f) * states[1] + F.sigmoid(i) * F.tanh(c)
        h = F.sigmoid(o) * F.tanh(c)
        return h, [h, c]


class GRUCell(GatedCell):
    """One step of GRU, as cuDNN defines it.  (N, C) -> (N, H), [(N, H)]

    Chapter: recurrent-neural-networks/gru.
    """

    _gates = 3

    def hybrid_forward(self, F, inputs, states, **weights):
        i2h, h2h = self._products(F, inputs, states[0], **weights)
        i2h_r, i2h_z, i2h = F.split(i2h, num_outputs=3, axis=1)
        h2h_r, h2h_z, h2h = F.split(h2h, num_outputs=3, axis=1)
        reset, update = F.sigmoid(i2h_r + h2h_r), F.sigmoid(i2h_z + h2h_z)
        new = F.tanh(i2h + reset * h2h)
        h = (1 - update) * new + update * states[0]
        return h, [h]
