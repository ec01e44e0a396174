"""Data: sets of examples, orders, and loaders that make batches.

Stands on `mx.nd` and NumPy's generator of random numbers.
Chapter: supervised-learning/linear-regression-gluon.
"""
# ruff: noqa: F401, I001

from ...base import guard
from . import vision
from .dataset import ArrayDataset, Dataset, SimpleDataset
from .loader import DataLoader
from .sampler import (BatchSampler, RandomSampler, Sampler,
                      SequentialSampler)

__getattr__ = guard(__name__)
