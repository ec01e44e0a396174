"""Layers, the bricks of a network.

`basic` holds those of every network, `activations` the functions between
them, `convolution` those for pictures. They stand on `HybridBlock` and
compute with F, which is `mx.nd`, or `mx.sym` while a graph is drawn.
Chapter: gluon-basics/block.
"""
# ruff: noqa: F401, I001

from ...base import guard
from ..block import Block
from ..hybrid import HybridBlock, SymbolBlock
from .activations import (ELU, GELU, SELU, Activation, LeakyReLU, PReLU,
                          Swish)
from .basic import (BatchNorm, Dense, Dropout, Embedding, Flatten,
                    HybridSequential, Lambda, LayerNorm, Sequential)
from .convolution import (AvgPool1D, AvgPool2D, AvgPool3D, Conv1D, Conv2D,
                          Conv3D, GlobalAvgPool1D, GlobalAvgPool2D,
                          GlobalAvgPool3D, GlobalMaxPool1D, GlobalMaxPool2D,
                          GlobalMaxPool3D, MaxPool1D, MaxPool2D, MaxPool3D)

__getattr__ = guard(__name__)
