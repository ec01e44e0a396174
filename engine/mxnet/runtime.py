"""What this build can do, in MXNet's words.

Stands on `context`. `CUDA` means any graphics processor that PyTorch finds.
Chapter: gluon-basics/use-gpu.
"""

from .base import guard
from .context import num_gpus


class Features(dict):
    """Of MXNet's features those that the book asks for: True or False."""

    def __init__(self):
        super().__init__(CUDA=num_gpus() > 0, DIST_KVSTORE=True)

    def is_enabled(self, feature_name):
        """Is it there?  RuntimeError for another name."""
        if feature_name.upper() not in self:
            raise RuntimeError(f'{feature_name}: only {list(self)} are known')
        return self[feature_name.upper()]


__getattr__ = guard(__name__)
