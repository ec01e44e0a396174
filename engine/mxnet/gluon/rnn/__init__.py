"""Recurrent layers, which read a whole sequence, and cells, which read a step.

Both stand on `HybridBlock`; their parameters are the same, so that a cell
can go on where a layer has learned.
Chapters: recurrent-neural-networks/rnn-gluon, gru and lstm.
"""

from ...base import guard
from .cell import (BidirectionalCell, DropoutCell, GRUCell,
                   HybridRecurrentCell, HybridSequentialRNNCell, LSTMCell,
                   ModifierCell, RecurrentCell, ResidualCell, RNNCell,
                   SequentialRNNCell, ZoneoutCell)
from .layer import GRU, LSTM, RNN

__getattr__ = guard(__name__)
