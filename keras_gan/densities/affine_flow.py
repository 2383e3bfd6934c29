"""The affine flow, whose base is normal or logistic."""

import numpy as np
from keras import ops

from keras_gan.core import randomness
from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.core.typing import Tensor
from keras_gan.densities.bijections import Triangular, UnitUpper
from keras_gan.densities.density import standard_normal
from keras_gan.densities.flow import Flow


def logistic(z: Tensor) -> Tensor:
    """Log density of independent standard logistic numbers: (batch, dim) -> (batch,).

    >>> float(logistic(np.float32([[0.0]]))[0])  # log(1/4)
    -1.3862943...
    """
    return -ops.sum(ops.softplus(z) + ops.softplus(-z), axis=-1)


BASES = {"normal": standard_normal, "logistic": logistic}


@register
class AffineFlow(Flow):
    """Affine flow density: z = L U x + b, of any matrix that LU factors: -> log p(x).

    L is lower triangular with a positive diagonal and U upper triangular with ones on
    it; at first z = x. With a normal base it is a Gaussian, written in another way.
    With a logistic one it is independent component analysis by maximum likelihood
    (MacKay, 1996): the rows of `unmixing` find sources that are not Gaussian.

    Args:
        dim: int >= 1, the numbers of one sample.
        base: "normal" or "logistic", the density of each z_i.

    Raises:
        ValueError: for another dim or base.

    Example:

    >>> density = AffineFlow(2, base="logistic")
    >>> density.log_prob([[0.0, 0.0]]).round(4)  # 2 log(1/4)
    array([-2.7726], dtype=float32)
    """

    def __init__(self, dim: int, base: str = "normal", name: str | None = None):
        dim = check_integer(dim, "dim", 1)
        if base not in BASES:
            raise ValueError(f"base is one of {tuple(BASES)}. Received: {base!r}.")
        upper = [UnitUpper(dim, name="upper")] if dim > 1 else []
        bijections = [*upper, Triangular(dim, name="lower")]
        super().__init__(dim, bijections, BASES[base], name=name, base=base)

    @property
    def unmixing(self) -> np.ndarray:
        """L U, by which x becomes z: float64 array (dim, dim)."""
        upper, lower = self.bijections[:-1], self.bijections[-1]
        matrix = np.float64(lower.factor())
        return matrix @ np.float64(upper[0].factor()) if upper else matrix

    def draw_latents(self, rows: int | Tensor, seed: Tensor) -> Tensor:
        """Latents of the base density: float32 tensor (rows, dim)."""
        if self.base == "normal":
            return super().draw_latents(rows, seed)
        share = randomness.uniform((rows, self.dim), seed, 2.0**-24, 1 - 2.0**-24)
        return ops.log(share) - ops.log1p(-share)
