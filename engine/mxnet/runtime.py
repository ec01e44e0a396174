"""What this build can do, in MXNet's words.

Stands on `context`. `CUDA` means any graphics processor that PyTorch finds.
Chapter: gluon-basics/use-gpu.
"""

from .base import guard, nearest
from .context import num_gpus

NAMES = '''CUDA CUDNN NCCL CUDA_RTC TENSORRT CPU_SSE CPU_SSE2 CPU_SSE3
CPU_SSE4_1 CPU_SSE4_2 CPU_SSE4A CPU_AVX CPU_AVX2 OPENMP SSE F16C JEMALLOC
BLAS_OPEN BLAS_ATLAS BLAS_MKL BLAS_APPLE LAPACK MKLDNN OPENCV CAFFE PROFILER
DIST_KVSTORE CXX14 INT64_TENSOR_SIZE SIGNAL_HANDLER DEBUG TVM_OP'''.split()


class Feature:
    """A name and whether it is enabled; prints as a tick or a cross."""

    def __init__(self, name, enabled):
        self.name, self.enabled = name, enabled

    def __repr__(self):
        return f'{"✔" if self.enabled else "✖"} {self.name}'


def feature_list():
    """Return a Feature for each name; PyTorch does what the others did."""
    true = {'OPENMP', 'LAPACK', 'DIST_KVSTORE', 'INT64_TENSOR_SIZE'}
    if num_gpus():
        true.add('CUDA')
    return [Feature(name, name in true) for name in NAMES]


class Features(dict):
    """All features by name."""

    def __init__(self):
        super().__init__((x.name, x) for x in feature_list())

    def __repr__(self):
        return str(list(self.values()))

    def is_enabled(self, feature_name):
        """Is it there?  RuntimeError for a name that MXNet does not know."""
        name = feature_name.upper()
        if name not in self:
            raise RuntimeError(f'feature {feature_name!r} is unknown'
                               f'{nearest(name, self)}')
        return self[name].enabled


__getattr__ = guard(__name__)
