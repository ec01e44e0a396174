"""Operators that MXNet keeps under `nd.linalg`."""

from ..base import guard
from .operator import OPERATORS

gemm2 = OPERATORS['linalg_gemm2']

__getattr__ = guard(__name__)
