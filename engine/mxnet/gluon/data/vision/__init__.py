"""Pictures to learn from, and what is done to them first.

Chapter: supervised-learning/softmax-regression-scratch.
"""
# ruff: noqa: F401, I001

from ....base import guard
from . import transforms
from .datasets import MNIST, FashionMNIST

__getattr__ = guard(__name__)
