"""Activations: functions that are no straight lines, put between layers.

Each is applied to every number by itself; shapes stay as they are. They
stand on the operators `F.Activation` and `F.LeakyReLU`.
Chapter: supervised-learning/mlp-gluon.
"""

from ... import initializer
from ..hybrid import HybridBlock


class Activation(HybridBlock):
    """'relu', 'sigmoid', 'tanh', 'softrelu' or 'softsign' of each number.

    MXNetError at the first call if the name is another one.
    """

    def __init__(self, activation, **kwargs):
        self._act_type = activation  # the block's name needs it
        super().__init__(**kwargs)

    def _alias(self):
        return self._act_type

    def hybrid_forward(self, F, x):
        return F.Activation(x, act_type=self._act_type, name='fwd')

    def __repr__(self):
        return f'{type(self).__name__}({self._act_type})'


class LeakyReLU(HybridBlock):
    """x where x > 0, else alpha x.  AssertionError if alpha < 0."""

    def __init__(self, alpha, **kwargs):
        assert alpha >= 0, f'LeakyReLU: alpha = {alpha} must not be negative'
        super().__init__(**kwargs)
        self._alpha = alpha

    def hybrid_forward(self, F, x):
        return F.LeakyReLU(x, act_type='leaky', slope=self._alpha, name='fwd')

    def __repr__(self):
        return f'{type(self).__name__}({self._alpha})'


class GELU(HybridBlock):
    """x times the share of a standard normal distribution below x."""

    def hybrid_forward(self, F, x):
        return F.LeakyReLU(x, act_type='gelu', name='fwd')


class PReLU(HybridBlock):
    """A leaky ReLU that learns alpha: one, or one for each of axis 1."""

    def __init__(self, alpha_initializer=initializer.Constant(0.25),
                 in_channels=1, **kwargs):
        super().__init__(**kwargs)
        self.alpha = self.params.get('alpha', shape=(in_channels,),
                                     init=alpha_initializer)

    def hybrid_forward(self, F, x, alpha):
        return F.LeakyReLU(x, gamma=alpha, act_type='prelu', name='fwd')


class ELU(HybridBlock):
    """x where x > 0, else alpha (exp(x) - 1)."""

    def __init__(self, alpha=1.0, **kwargs):
        super().__init__(**kwargs)
        self._alpha = alpha

    def hybrid_forward(self, F, x):
        return F.LeakyReLU(x, act_type='elu', slope=self._alpha, name='fwd')


class SELU(HybridBlock):
    """1.0507 x where x > 0, else 1.7581 (exp(x) - 1)."""

    def hybrid_forward(self, F, x):
        return F.LeakyReLU(x, act_type='selu', name='fwd')


class Swish(HybridBlock):
    """x sigmoid(beta x); PyTorch's SiLU has beta = 1."""

    def __init__(self, beta=1.0, **kwargs):
        super().__init__(**kwargs)
        self._beta = beta

    def hybrid_forward(self, F, x):
        return x * F.sigmoid(self._beta * x, name='fwd')
