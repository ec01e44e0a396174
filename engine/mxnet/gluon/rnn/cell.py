"""Recurrent cells: one step of a sequence in one call.

cell(inputs, states) returns the output and the new states; `unroll` calls a
cell once for each step. They stand on `F.FullyConnected` and arithmetic, as
the book's loops do. Chapter: recurrent-neural-networks/rnn-gluon.
"""

from ... import ndarray as nd
from ... import symbol
from ...base import MXNetError
from ...ndarray import NDArray
from ...symbol import Symbol
from ..block import Block
from ..hybrid import HybridBlock
from ..nn.basic import own
from ..utils import indent


def namespace(inputs):
    """Return `nd` for arrays, `symbol` for what a graph is drawn with."""
    first = inputs[0] if isinstance(inputs, (list, tuple)) else inputs
    return symbol if isinstance(first, Symbol) else nd


def formatted(length, inputs, layout, merge):
    """Return a sequence as one array (merge=True), a list, or as it is."""
    assert inputs is not None, 'unroll: there are no inputs'
    axis, F = layout.find('T'), namespace(inputs)
    if isinstance(inputs, (list, tuple)):
        assert length in (None, len(inputs)), (
            f'unroll: length is {length}, but there are {len(inputs)} inputs')
        return F.stack(*inputs, axis=axis) if merge else inputs
    if merge is not False:
        return inputs
    if isinstance(inputs, NDArray):
        assert length in (None, inputs.shape[axis]), (
            f'unroll: length is {length}, but the inputs {inputs.shape} '
            f'({layout}) have {inputs.shape[axis]} steps')
        length = inputs.shape[axis]
    steps = F.split(inputs, num_outputs=length, axis=axis, squeeze_axis=True)
    return [steps] if length == 1 else list(steps)


def first_states(cell, inputs, layout):
    """Return zeros, as many as there are examples."""
    if namespace(inputs) is nd:
        one = inputs if isinstance(inputs, NDArray) else inputs[0]
        size = one.shape[layout.find('N') if one is inputs else 0]
        return cell.begin_state(batch_size=size, ctx=one.context)
    one = formatted(None, inputs, layout, None)
    one = one[0] if isinstance(one, list) else symbol.squeeze(
        symbol.slice_axis(one, axis=layout.find('T'), begin=0, end=1),
        axis=layout.find('T'))
    zero = symbol.zeros_like(symbol.slice_axis(one, axis=1, begin=0, end=1))
    return cell.begin_state(
        func=lambda shape: symbol.tile(zero, reps=(1, shape[1])))


def masked(F, outputs, length, valid_length, layout, merge):
    """Return outputs with 0 behind each example's end."""
    axis = layout.find('T')
    outputs = F.SequenceMask(formatted(length, outputs, layout, True),
                             sequence_length=valid_length, axis=axis,
                             use_sequence_length=True)
    return outputs if merge else formatted(length, outputs, layout, False)


def last(F, steps, valid_length):
    """Return each example's entry at its end: mask n minus mask n - 1."""
    steps = F.stack(*steps, axis=0)
    masks = [F.SequenceMask(steps, sequence_length=end,
                            use_sequence_length=True)
             for end in (valid_length, valid_length - 1)]
    return F.sum(masks[0] - masks[1], axis=0)


class RecurrentCell(Block):
    """What all cells share: states, and `unroll`."""

    def __init__(self, prefix=None, params=None):
        super().__init__(prefix=prefix, params=params)
        self._modified = False

    def reset(self):
        """Forget what a cell remembers beside its states."""
        for cell in self._children.values():
            cell.reset()

    def state_info(self, batch_size=0):
        """Return a dictionary with shape and layout for each state."""
        raise NotImplementedError

    def begin_state(self, batch_size=0, func=nd.zeros, **kwargs):
        """Return the first states, `func(shape=...)` each, zeros if None."""
        self._check_unmodified()
        return [func(**{'shape': info['shape'], **kwargs})
                for info in self.state_info(batch_size)]

    def _check_unmodified(self):
        assert not self._modified, (
            f'{self.name} has been given to a modifier, such as '
            'ResidualCell; call that one instead')

    def unroll(self, length, inputs, begin_state=None, layout='NTC',
               merge_outputs=None, valid_length=None):
        """Run through a sequence; return outputs and states.

        (N, T, C) -> a list of (N, H), one array if merge_outputs. With
        valid_length (N,), outputs are 0 behind an example's end, and the
        states are those at the end.
        """
        self.reset()
        F = namespace(inputs)
        inputs = formatted(length, inputs, layout, False)
        states = begin_state or first_states(self, inputs, layout)
        outputs, history = [], []
        for step in inputs:
            output, states = self(step, states)
            outputs.append(output)
            history.append(states)
        if valid_length is not None:
            states = [last(F, each, valid_length) for each in zip(*history)]
            outputs = masked(F, outputs, length, valid_length, layout, True)
        return formatted(length, outputs, layout, merge_outputs), states


class HybridRecurrentCell(RecurrentCell, HybridBlock):
    """A cell that can be hybridized."""


class GatedCell(HybridRecurrentCell):
    """What the three cells share: four parameters, and their products."""

    _gates, _states = 1, 1

    def __init__(self, hidden_size, i2h_weight_initializer=None,
                 h2h_weight_initializer=None, i2h_bias_initializer='zeros',
                 h2h_bias_initializer='zeros', input_size=0, prefix=None,
                 params=None):
        super().__init__(prefix=prefix, params=params)
        self._hidden_size, rows = hidden_size, self._gates * hidden_size
        own(self, 'i2h_weight', (rows, input_size), i2h_weight_initializer)
        own(self, 'h2h_weight', (rows, hidden_size), h2h_weight_initializer)
        own(self, 'i2h_bias', (rows,), i2h_bias_initializer)
        own(self, 'h2h_bias', (rows,), h2h_bias_initializer)

    def _alias(self):
        return type(self).__name__.removesuffix('Cell').lower()

    def state_info(self, batch_size=0):
        return [{'shape': (batch_size, self._hidden_size),
                 '__layout__': 'NC'} for _ in range(self._states)]

    def _products(self, F, inputs, state, weights):
        """Return W x + b and U h + c, (N, gates * hidden_size) each."""
        rows = self._gates * self._hidden_size
        return (F.FullyConnected(inputs, weights['i2h_weight'],
                                 weights['i2h_bias'], num_hidden=rows),
                F.FullyConnected(state, weights['h2h_weight'],
                                 weights['h2h_bias'], num_hidden=rows))

    def __repr__(self):
        rows, inputs = self.i2h_weight.shape
        return f'{type(self).__name__}({inputs or None} -> {rows})'


class RNNCell(GatedCell):
    """h_t = activation(W x_t + b + U h_(t-1) + c).

    (N, C), [(N, H)] -> (N, H), [(N, H)]
    Chapter: recurrent-neural-networks/rnn-scratch.
    """

    def __init__(self, hidden_size, activation='tanh', *args, **kwargs):
        super().__init__(hidden_size, *args, **kwargs)
        self._activation = activation

    def hybrid_forward(self, F, inputs, states, **weights):
        i2h, h2h = self._products(F, inputs, states[0], weights)
        output = F.Activation(F.elemwise_add(i2h, h2h),
                              act_type=self._activation)
        return output, [output]

    def __repr__(self):
        return f'{super().__repr__()[:-1]}, {self._activation})'


class LSTMCell(GatedCell):
    """One step of LSTM; states are h and c.  (N, C) -> (N, H), two (N, H)

    Chapter: recurrent-neural-networks/lstm.
    """

    _gates, _states = 4, 2

    def __init__(self, *args, activation='tanh',
                 recurrent_activation='sigmoid', **kwargs):
        super().__init__(*args, **kwargs)
        self._activation, self._gate = activation, recurrent_activation

    def hybrid_forward(self, F, inputs, states, **weights):
        i2h, h2h = self._products(F, inputs, states[0], weights)
        i, f, c, o = F.split(F.elemwise_add(i2h, h2h), num_outputs=4, axis=1)
        i, f, o = [F.Activation(x, act_type=self._gate) for x in (i, f, o)]
        c = f * states[1] + i * F.Activation(c, act_type=self._activation)
        h = o * F.Activation(c, act_type=self._activation)
        return h, [h, c]


class GRUCell(GatedCell):
    """One step of GRU, as cuDNN defines it.  (N, C) -> (N, H), [(N, H)]

    Chapter: recurrent-neural-networks/gru.
    """

    _gates = 3

    def hybrid_forward(self, F, inputs, states, **weights):
        i2h, h2h = self._products(F, inputs, states[0], weights)
        i2h_r, i2h_z, i2h = F.split(i2h, num_outputs=3, axis=1)
        h2h_r, h2h_z, h2h = F.split(h2h, num_outputs=3, axis=1)
        reset = F.sigmoid(F.elemwise_add(i2h_r, h2h_r))
        update = F.sigmoid(F.elemwise_add(i2h_z, h2h_z))
        new = F.tanh(i2h + reset * h2h)
        h = (1 - update) * new + update * states[0]
        return h, [h]


class Cells:
    """What cells made of others share: a list with the states of all."""

    def state_info(self, batch_size=0):
        return sum((cell.state_info(batch_size)
                    for cell in self._children.values()), [])

    def begin_state(self, **kwargs):
        """Return the first states of all cells in one list."""
        self._check_unmodified()
        return sum((cell.begin_state(**kwargs)
                    for cell in self._children.values()), [])

    def _each(self, states):
        """Go through pairs of a cell and its share of the states."""
        states = list(states)
        for cell in self._children.values():
            count = len(cell.state_info())
            yield cell, states[:count]
            states = states[count:]


class Stack(Cells):
    """Cells, each of which gets what the one below it returns."""

    def add(self, cell):
        """Put a cell on top."""
        self.register_child(cell)

    def __call__(self, inputs, states):
        new = []
        for cell, own_states in self._each(states):
            inputs, own_states = cell(inputs, own_states)
            new += own_states
        return inputs, new

    def hybrid_forward(self, F, inputs, states):
        return self(inputs, states)

    def unroll(self, length, inputs, begin_state=None, layout='NTC',
               merge_outputs=None, valid_length=None):
        """Unroll each cell over the outputs of the one below it."""
        self.reset()
        begin_state = begin_state or first_states(self, inputs, layout)
        top, new = list(self._children.values())[-1], []
        for cell, states in self._each(begin_state):
            inputs, states = cell.unroll(
                length, inputs, states, layout,
                merge_outputs if cell is top else None, valid_length)
            new += states
        return inputs, new

    def __repr__(self):
        lines = '\n'.join(f'({key}): {indent(repr(cell))}'
                          for key, cell in self._children.items())
        return f'{type(self).__name__}(\n{lines}\n)'

    def __getitem__(self, i):
        return self._children[str(i)]

    def __len__(self):
        return len(self._children)


class SequentialRNNCell(Stack, RecurrentCell):
    """A stack of cells."""


class HybridSequentialRNNCell(Stack, HybridRecurrentCell):
    """A stack of cells that can be hybridized."""


class BidirectionalCell(Cells, HybridRecurrentCell):
    """Two cells, from both ends; outputs side by side.  -> (N, 2 H)

    Only `unroll`; NotImplementedError for a single step.
    """

    def __init__(self, l_cell, r_cell, output_prefix='bi_'):
        super().__init__(prefix='')
        self.register_child(l_cell, 'l_cell')
        self.register_child(r_cell, 'r_cell')

    def __call__(self, inputs, states):
        raise NotImplementedError('BidirectionalCell: the way back starts at '
                                  'the end; use unroll')

    def unroll(self, length, inputs, begin_state=None, layout='NTC',
               merge_outputs=None, valid_length=None):
        """Run through a sequence from both ends, as RecurrentCell.unroll."""
        if valid_length is not None:
            raise MXNetError('BidirectionalCell: valid_length is not there; '
                             'unroll sequences of one length together')
        F = namespace(inputs)
        inputs = formatted(length, inputs, layout, False)
        begin_state = begin_state or first_states(self, inputs, layout)
        (l_cell, left), (r_cell, right) = self._each(begin_state)
        forth, left = l_cell.unroll(length, inputs, left, layout, False)
        back, right = r_cell.unroll(length, inputs[::-1], right, layout,
                                    False)
        outputs = [F.concat(*pair, dim=1) for pair in zip(forth, back[::-1])]
        return formatted(length, outputs, layout, merge_outputs), left + right

    def __repr__(self):
        l_cell, r_cell = self._children.values()
        return (f'{type(self).__name__}(forward={l_cell}, '
                f'backward={r_cell})')


class DropoutCell(HybridRecurrentCell):
    """Dropout between the cells of a stack; it has no states."""

    def __init__(self, rate, axes=(), prefix=None, params=None):
        super().__init__(prefix, params)
        assert isinstance(rate, (int, float)), f'rate {rate!r} is no number'
        self._rate, self._axes = rate, axes

    def state_info(self, batch_size=0):
        return []

    def _alias(self):
        return 'dropout'

    def hybrid_forward(self, F, inputs, states):
        if self._rate > 0:
            inputs = F.Dropout(inputs, p=self._rate, axes=self._axes)
        return inputs, states

    def unroll(self, length, inputs, begin_state=None, layout='NTC',
               merge_outputs=None, valid_length=None):
        """Drop from the whole sequence at once if it is one array."""
        inputs = formatted(length, inputs, layout, merge_outputs)
        if isinstance(inputs, (list, tuple)):
            return super().unroll(length, inputs, begin_state, layout,
                                  merge_outputs)
        return self.hybrid_forward(namespace(inputs), inputs,
                                   begin_state or [])

    def __repr__(self):
        return (f'{type(self).__name__}(rate={self._rate}, '
                f'axes={self._axes})')


class ModifierCell(HybridRecurrentCell):
    """A cell around another; from now on only this one may be called."""

    def __init__(self, base_cell):
        base_cell._check_unmodified()
        base_cell._modified = True
        super().__init__(prefix=base_cell.prefix + self._alias())
        self.base_cell = base_cell

    @property
    def params(self):
        return self.base_cell.params

    def state_info(self, batch_size=0):
        return self.base_cell.state_info(batch_size)

    def __repr__(self):
        return f'{type(self).__name__}({self.base_cell})'


class ResidualCell(ModifierCell):
    """The output of the cell inside plus its input, which must be as wide."""

    def hybrid_forward(self, F, inputs, states):
        output, states = self.base_cell(inputs, states)
        return F.elemwise_add(output, inputs), states
