"""Zero-centered gradient penalties: at the equilibrium the slope is zero."""

from keras import ops

from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Nest, Tensor
from keras_gan.penalties import slope
from keras_gan.penalties.penalty import SlopePenalty
from keras_gan.schedules import Schedule
from keras_gan.schedules.schedule import config_of


@register
class R1(SlopePenalty):
    """R1 penalty, on the discriminator's slope at real data: gamma/2 E|grad D(x)|^2.

    Makes the game converge locally where the plain one circles (Mescheder et al.,
    2018, eq. 9). No square root is taken, so a zero gradient is harmless.

    Args:
        gamma: float >= 0, or a schedule of such, the weight; the paper's image
            experiments use 10.
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

    at = "real"

    def __init__(
        self, gamma: float | Schedule = 10.0, every: int = 1, name: str | None = None
    ):
        super().__init__(every, name)
        self.gamma = slope.checked_weight(gamma, "gamma")

    def of_gradient(self, gradient: Nest) -> Tensor:
        weight = 0.5 * slope.weight_now(self.gamma)
        return weight * ops.mean(slope.squared_norm(gradient))

    def get_config(self) -> Config:
        return {"gamma": config_of(self.gamma), **super().get_config()}


@register
class R2(SlopePenalty):
    """R2 penalty, on the discriminator's slope at fakes: gamma/2 E|grad D(G(z))|^2.

    Like R1 it makes the game converge locally (Mescheder et al., 2018); it keeps the
    discriminator flat where the generator is, R1 where the data are. It is a term of
    the discriminator's loss only.

    Args:
        gamma: float >= 0, or a schedule of such, the weight.
        every: int >= 1, see `Penalty`.
        name: str, its log key.

    Raises:
        ValueError: if `gamma` is negative.

    Example:

    >>> import keras
    >>> x = keras.ops.ones((4, 2))
    >>> float(R2(gamma=3.0)(lambda x: 2 * x[:, :1], x, x, None))  # 3/2 * 2^2
    6.0
    """

    at = "fake"

    def __init__(
        self, gamma: float | Schedule = 10.0, every: int = 1, name: str | None = None
    ):
        super().__init__(every, name)
        self.gamma = slope.checked_weight(gamma, "gamma")

    def of_gradient(self, gradient: Nest) -> Tensor:
        weight = 0.5 * slope.weight_now(self.gamma)
        return weight * ops.mean(slope.squared_norm(gradient))

    def get_config(self) -> Config:
        return {"gamma": config_of(self.gamma), **super().get_config()}
