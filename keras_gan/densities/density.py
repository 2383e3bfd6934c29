"""The base of densities: networks whose output is a log density."""

import math

import numpy as np
import tensorflow as tf
from keras import ops
from numpy.typing import ArrayLike

from keras_gan.core import randomness
from keras_gan.core.arguments import check_integer
from keras_gan.core.covariance import as_floats
from keras_gan.core.typing import Tensor
from keras_gan.networks.network import Network


class Density(Network):
    """Density: a network, samples (batch, dim) -> log p(x) (batch,) in nats.

    A subclass builds that graph, has an argument `dim`, and implements `generate`, by
    which latents become samples.

    Attributes:
        dim: int >= 1, the numbers of one sample.
    """

    dim: int

    def draw_latents(self, rows: int | Tensor, seed: Tensor) -> Tensor:
        """Latents of `rows` samples: float32 tensor (rows, ...), normal by default.

        Args:
            rows: int or int32 scalar tensor. The first rows do not depend on it.
            seed: int32 tensor of shape (2,), see `keras_gan.core.randomness`.
        """
        return randomness.normal((rows, self.dim), seed)

    def generate(self, latents: Tensor) -> Tensor:
        """Latents of `draw_latents` -> samples (rows, dim)."""
        raise NotImplementedError(f"{type(self).__name__} lacks generate.")

    def log_prob(self, samples: ArrayLike | Tensor) -> np.ndarray:
        """Log density of samples: float32 array (rows,), in nats.

        Args:
            samples: array (rows, dim) of finite floats.

        Raises:
            ValueError: for another shape, or numbers that are not finite.
        """
        samples = as_floats(samples, "samples", np.float32)
        if samples.ndim != 2 or samples.shape[1] != self.dim:
            raise ValueError(
                f"samples has the shape (rows, {self.dim}). Received: {samples.shape}."
            )
        return np.asarray(self(samples, training=False))

    def sample(self, num_samples: int, seed: int = 0) -> np.ndarray:
        """Independent samples: float32 array (num_samples, dim).

        Args:
            num_samples: int >= 1; `sample(m)` begins `sample(n)` for m < n.
            seed: int in [0, 2**31 - 1].

        Raises:
            ValueError: for another number of samples or seed, or a density that is
                not normalised and does not draw.
        """
        num_samples = check_integer(num_samples, "num_samples", 1)
        seed = randomness.seed_of(randomness.check_seed(seed), "sample")
        return np.asarray(self.generate(self.draw_latents(num_samples, seed)))


def standard_normal(z: Tensor) -> Tensor:
    """Log density of N(0, I): (batch, dim) -> (batch,)."""
    return -0.5 * ops.sum(z * z + math.log(2 * math.pi), axis=-1)


def triangular(flat: Tensor, dim: int) -> Tensor:
    """Matrices (..., dim, dim) from (..., dim(dim + 1)/2) numbers.

    Zeros above the diagonal, and the exponentials of the first dim numbers on it: all
    numbers give a matrix that has an inverse.
    """
    rows, columns = np.tril_indices(dim, -1)
    places = np.zeros((dim + len(rows), dim * dim), np.float32)
    places[np.arange(dim), np.arange(dim) * (dim + 1)] = 1
    places[dim + np.arange(len(rows)), rows * dim + columns] = 1
    flat = ops.concatenate([ops.exp(flat[..., :dim]), flat[..., dim:]], axis=-1)
    matrix = ops.matmul(flat, places)
    return ops.reshape(matrix, (*flat.shape[:-1], dim, dim))


def solved(factor: Tensor, values: Tensor, lower: bool = True) -> Tensor:
    """Rows x of A x = v for each row v of `values`, A a triangular matrix."""
    columns = tf.linalg.matrix_transpose(values)
    solution = tf.linalg.triangular_solve(factor, columns, lower=lower)
    return tf.linalg.matrix_transpose(solution)
