"""Layers, the bricks of a network.

`basic` holds those of every network, `activations` what bends straight
lines, `convolution` those for pictures. They stand on `HybridBlock` and
compute with F, which is `mx.nd`, or `mx.sym` while a graph is drawn.
Chapter: gluon-basics/block.
"""
# ruff: noqa: F401, I001

from ...base import guard
from ..block import Block
from ..hybrid import HybridBlock, SymbolBlock
from .activations import (ELU, GELU, PReLU, SELU, Activation, LeakyReLU,
                          Swish)
from .basic import (BatchNorm, Dense, Dropout, Embedding, Flatten, GroupNorm,
                    HybridLambda, HybridSequential, InstanceNorm, Lambda,
                    LayerNorm, Sequential)
from .convolution import (AvgPool1D, AvgPool2D, AvgPool3D, Conv1D,
                          Conv1DTranspose, Conv2D, Conv2DTranspose, Conv3D,
                          Conv3DTranspose, GlobalAvgPool1D, GlobalAvgPool2D,
                          GlobalAvgPool3D, GlobalMaxPool1D, GlobalMaxPool2D,
                          GlobalMaxPool3D, MaxPool1D, MaxPool2D, MaxPool3D,
                          ReflectionPad2D)

__getattr__ = guard(__name__)
