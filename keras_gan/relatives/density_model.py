"""Maximum likelihood with an explicit density."""

from typing import Any

import numpy as np
import tensorflow as tf
from keras import ops
from numpy.typing import ArrayLike

from keras_gan.core.registry import register
from keras_gan.densities.density import Density
from keras_gan.schedules import HalfLife
from keras_gan.training import GenerativeModel
from keras_gan.training.drawing import Drawing
from keras_gan.training.rounds import Round


@register
class DensityModel(GenerativeModel):
    """Density model: an explicit density, trained by maximum likelihood.

    It minimises the mean of -log p(x) over the data, in nats for a sample, whose
    expectation is H(data) + KL(data || p): maximum likelihood is minimum KL
    (Goodfellow, 2016, section 2.1). `fit` logs it as `loss`, and so does `evaluate`: on
    held-out data the test log likelihood with the sign turned.

    Args:
        density: of `keras_gan.densities`, such as `RealNVP(2)`.
        ema_decay: float in (0, 1), `schedules.HalfLife` or None. With it, a moving
            average of the density is kept, and used by `log_prob`, `sample` and
            `evaluate`; see `training.GenerativeModel`.
        seed: int in [0, 2**31), of the order of data.
        **parts: `name` and `frozen`, see `training.GenerativeModel`.

    Raises:
        TypeError: for what is no density.
        ValueError: for another `ema_decay` or `seed`, or, in `fit`, data of another
            width.

    Example:

    >>> from keras_gan import datasets, densities
    >>> data = datasets.GaussianMixture([0.0], scales=2.0)
    >>> model = DensityModel(densities.Gaussian(1))
    >>> model.compile("sgd")
    >>> history = model.fit(data.epoch(512, 64), epochs=20, verbose=0)
    >>> model.sample(4, seed=0).shape
    (4, 1)
    """

    density: Density

    def __init__(
        self,
        density: Density,
        ema_decay: float | HalfLife | None = None,
        seed: int = 0,
        **parts: Any,
    ) -> None:
        if not isinstance(density, Density):
            raise TypeError(
                "density is one of keras_gan.densities, such as RealNVP(2). Received: "
                f"{density!r}."
            )
        super().__init__(ema_decay, seed, density=density, **parts)
        self._drawing = Drawing(self)

    # Hooks ----------------------------------------------------------------------------

    def check_samples(self, dataset: tf.data.Dataset, name: str) -> None:
        spec = dataset.element_spec
        spec = spec[0] if isinstance(spec, tuple) else spec
        shape = getattr(spec, "shape", None)
        wanted = (None, self.density.dim)
        if shape is not None and not shape.is_compatible_with(wanted):
            raise ValueError(
                f"{name} yields batches of shape {tuple(shape)}, but the density takes "
                f"(batch, {self.density.dim}): vectors of {self.density.dim} numbers."
            )
        super().check_samples(dataset, name)

    def draw_latents(self, rows: int | tf.Tensor, seed: tf.Tensor) -> Any:
        return self.density.draw_latents(rows, seed)

    def objective(
        self, round: Round, training: bool
    ) -> tuple[tf.Tensor, dict[str, tf.Tensor]]:
        return -ops.mean(self.density(round.real, training=training)), {}

    def draw(self, latents: Any, side: Any) -> tf.Tensor:
        """Latents -> samples (rows, dim), by the (averaged) density."""
        with self.averages_in_place():
            return self.density.generate(latents)

    def sample_shape(self) -> tuple[int, ...]:
        return (self.density.dim,)

    # Ask ------------------------------------------------------------------------------

    def call(self, samples: tf.Tensor) -> tf.Tensor:
        """Samples (batch, dim) -> log p(x) (batch,), by the (averaged) density."""
        with self.averages_in_place():
            return self.density(samples, training=False)

    def log_prob(self, samples: ArrayLike) -> np.ndarray:
        """Log density of samples, by the (averaged) density.

        Args:
            samples: array (rows, dim) of finite floats.

        Returns:
            Float32 array (rows,), in nats.

        Raises:
            ValueError: for another shape, or numbers that are not finite.
        """
        with self.averages_in_place():
            return self.density.log_prob(samples)

    def sample(
        self, num_samples: int, seed: int | None = None, batch_size: int | None = None
    ) -> np.ndarray:
        """Draw samples from the (averaged) density.

        Args:
            num_samples: int >= 1.
            seed: int in [0, 2**31): the same samples whenever it is given, whatever
                `batch_size` is, and `sample(m)` begins `sample(n)`; None draws anew.
            batch_size: int, how many samples are computed at a time; None for 4096 at
                most.

        Returns:
            Float32 NumPy array (num_samples, dim).

        Raises:
            ValueError: for numbers below 1 or a seed out of range, and for a density
                that does not draw.
        """
        return self._drawing(num_samples, seed, batch_size)
