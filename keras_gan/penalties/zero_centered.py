"""Zero-centered gradient penalties: at the equilibrium the slope is zero."""

from keras import ops

from keras_gan import gradients
from keras_gan.penalties.penalty import Penalty
from keras_gan.registry import register


def squared_norm(gradient):
    """|gradient|^2 of each sample: (batch, ...) -> (batch,)."""
    return ops.sum(ops.square(gradient), axis=tuple(range(1, len(gradient.shape))))


@register
class R1(Penalty):
    """Penalise the slope of the discriminator on real data: gamma/2 E|grad D(x)|^2.

    Makes the game converge locally where the plain one circles (Mescheder et al.,
    2018, eq. 9). No square root is taken, so a zero gradient is harmless.

    Args:
        gamma: float >= 0, the weight; the paper's image experiments use 10.
        every: int >= 1, see `Penalty`.
        name: str, its log key.

    Raises:
        ValueError: if `gamma` is negative.

    Example:

    >>> import keras
    >>> x = keras.ops.ones((4, 2))
    >>> float(R1(gamma=3.0)(lambda x: 2 * x[:, :1], x, x, None))  # 3/2 * 2^2
    6.0
    """

    def __init__(self, gamma=10.0, every=1, name=None):
        super().__init__(every, name)
        if gamma < 0:
            raise ValueError(f"R1 needs gamma >= 0. Received: gamma={gamma}.")
        self.gamma = float(gamma)

    def __call__(self, discriminate, real, fake, seed):
        slope = gradients.by_inputs(discriminate, real)
        return 0.5 * self.gamma * ops.mean(squared_norm(slope))

    def get_config(self):
        return {"gamma": self.gamma, **super().get_config()}
