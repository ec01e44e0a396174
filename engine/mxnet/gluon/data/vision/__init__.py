"""Pictures to learn from, and what is done to them first.

Chapters: supervised-learning/softmax-regression-scratch,
convolutional-neural-networks/fine-tuning.
"""
# ruff: noqa: F401, I001

from ....base import guard
from . import transforms
from .datasets import MNIST, FashionMNIST, ImageFolderDataset

__getattr__ = guard(__name__)
