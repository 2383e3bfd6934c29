"""The mixture of Gaussian densities, each with a covariance of its own."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from keras_gan.core import randomness
from keras_gan.core.arguments import check_integer, is_number
from keras_gan.core.registry import register
from keras_gan.core.typing import Tensor
from keras_gan.densities.density import Density, solved, standard_normal, triangular


@register
class GaussianMixture(Density):
    """Gaussian mixture density: samples -> log sum_k w_k N(x; mu_k, Sigma_k).

    At first the weights are equal, the covariances spread^2 I, and the means are drawn
    from N(0, spread^2 I) by Keras' seed (`keras.utils.set_random_seed`). Its likelihood
    has no maximum: a component that shrinks onto one sample makes it as large as one
    likes. What is meant, and found from a wide start, is a local maximum.

    Args:
        dim: int >= 1, the numbers of one sample.
        components: int >= 1, the number of k.
        spread: float > 0, about the standard deviation of the data.

    Raises:
        ValueError: for an argument out of its range.

    Example:

    >>> keras.utils.set_random_seed(0)
    >>> density = GaussianMixture(2, components=3, spread=2.0)
    >>> density.mixture_weights.round(4).tolist()
    [0.3333, 0.3333, 0.3333]
    >>> density.log_prob(density.sample(5, seed=0)).shape
    (5,)
    """

    def __init__(
        self, dim: int, components: int, spread: float = 1.0, name: str | None = None
    ):
        dim = check_integer(dim, "dim", 1)
        components = check_integer(components, "components", 1)
        if not is_number(spread) or spread <= 0:
            raise ValueError(
                "spread is a number above 0, about the standard deviation of the data. "
                f"Received: spread={spread!r}."
            )
        inputs = keras.Input((dim,), name="samples")
        mixture = _Mixture(dim, components, float(spread), name="mixture")
        super().__init__(
            inputs,
            mixture(inputs),
            name=name,
            dim=dim,
            components=components,
            spread=float(spread),
        )
        self.mixture = mixture

    @property
    def mixture_weights(self) -> np.ndarray:
        """w: float64 array (components,), of sum 1."""
        logits = np.float64(self.mixture.logits.numpy())
        shares = np.exp(logits - logits.max())
        return shares / shares.sum()

    @property
    def means(self) -> np.ndarray:
        """mu: float64 array (components, dim)."""
        return np.float64(self.mixture.means.numpy())

    @property
    def covariances(self) -> np.ndarray:
        """Sigma: float64 array (components, dim, dim)."""
        inverse = np.linalg.inv(np.float64(self.mixture.factors()))
        return inverse @ np.swapaxes(inverse, 1, 2)

    def draw_latents(self, rows: int | Tensor, seed: Tensor) -> Tensor:
        """Latents (rows, dim + 1): N(0, I), and one of U[0, 1] that says which k."""
        one, other = randomness.derived(seed, 0), randomness.derived(seed, 1)
        z = randomness.normal((rows, self.dim), one)
        return tf.concat([z, randomness.uniform((rows, 1), other)], axis=1)

    def generate(self, latents: Tensor) -> Tensor:
        """Latents (rows, dim + 1) -> samples mu_k + A_k^-1 z."""
        return self.mixture.generate(latents[:, :-1], latents[:, -1:])


class _Mixture(keras.layers.Layer):
    """Samples (batch, dim) -> log density (batch,), of z_k = A_k (x - mu_k)."""

    def __init__(self, dim, components, spread, name=None) -> None:
        super().__init__(name=name, dtype="float32")
        self.dim, self.components = dim, components
        normal = keras.initializers.RandomNormal(stddev=spread)
        self.logits = self.add_weight((components,), "zeros", name="logits")
        self.means = self.add_weight((components, dim), normal, name="means")
        first = np.zeros((components, dim * (dim + 1) // 2), np.float32)
        first[:, :dim] = -np.log(spread)
        self.numbers = self.add_weight(
            first.shape,
            lambda shape, dtype: ops.convert_to_tensor(first, dtype),
            name="factors",
        )
        self.built = True

    def factors(self):
        """A, (components, dim, dim)."""
        return triangular(ops.convert_to_tensor(self.numbers), self.dim)

    def call(self, x):
        away = ops.expand_dims(x, 1) - self.means  # (batch, components, dim)
        z = ops.sum(self.factors() * ops.expand_dims(away, 2), axis=-1)
        change = ops.sum(self.numbers[:, : self.dim], axis=-1)
        each = standard_normal(z) + change + ops.log_softmax(self.logits)
        return ops.logsumexp(each, axis=1)

    def generate(self, z, share):
        borders = ops.cumsum(ops.softmax(self.logits))[:-1]
        which = ops.sum(ops.cast(share >= borders, "int32"), axis=1)
        each = [solved(self.factors()[k], z) for k in range(self.components)]
        places = ops.expand_dims(ops.one_hot(which, self.components), 2)
        return ops.sum(places * (self.means + ops.stack(each, axis=1)), axis=1)
