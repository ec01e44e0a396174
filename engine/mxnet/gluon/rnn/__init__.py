"""Recurrent layers read a whole sequence, cells one step of it.

Both stand on `HybridBlock`; their parameters are the same, so that a cell
can go on where a layer has learned.
Chapters: recurrent-neural-networks/rnn-gluon, gru and lstm.
"""
# ruff: noqa: F401, I001

from ...base import guard
from .cell import (GRUCell, HybridRecurrentCell, LSTMCell, RecurrentCell,
                   RNNCell)
from .layer import GRU, LSTM, RNN

__getattr__ = guard(__name__)
