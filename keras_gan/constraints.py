"""Weight constraints of the discriminator, applied after each of its updates."""

import keras
from keras import ops

from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Tensor

__all__ = ["WeightClipping"]


@register
class WeightClipping(keras.constraints.Constraint):
    """Weight clipping to [-limit, limit], which bounds the slope of D (WGAN).

    A discriminator whose weights lie in a compact set is K-Lipschitz for some K that
    depends on the set only (Arjovsky et al., 2017). Pass it to `compile` as
    `discriminator_constraint`: it is applied to each variable of the discriminator,
    biases included, after each of its moves.

    Args:
        limit: float > 0; the paper's is 0.01.

    Raises:
        ValueError: if `limit` is not positive.

    Example:

    >>> import keras
    >>> float(WeightClipping(0.5)(keras.ops.array(-3.0)))
    -0.5
    """

    def __init__(self, limit: float = 0.01):
        if not limit > 0:
            raise ValueError(
                "limit is the largest absolute value of a weight and is positive. "
                f"Received: limit={limit}."
            )
        self.limit = float(limit)

    def __call__(self, value: Tensor | keras.Variable) -> Tensor:
        return ops.clip(value, -self.limit, self.limit)

    def get_config(self) -> Config:
        return {"limit": self.limit}
