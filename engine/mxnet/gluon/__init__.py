"""mx.gluon: networks, their parameters, their training.

Written in arrays (mx.nd) and symbols throughout, as a reader would write
it; PyTorch is named in mx.nd and below. Part of the book: gluon-basics.
"""

from ..base import guard
from . import data, loss, nn, parameter, rnn, utils
from .block import Block
from .hybrid import HybridBlock, SymbolBlock
from .parameter import Constant, Parameter, ParameterDict
from .trainer import Trainer

__getattr__ = guard(__name__)
