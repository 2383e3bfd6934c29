"""Noise-contrastive estimation (Gutmann and Hyvarinen, 2010 and 2012)."""

from typing import Any

import numpy as np
import tensorflow as tf
from keras import ops

from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import register
from keras_gan.densities.density import Density
from keras_gan.priors import Prior
from keras_gan.relatives.density_model import DensityModel
from keras_gan.schedules import HalfLife
from keras_gan.training.rounds import Round


@register
class NCE(DensityModel):
    """Noise-contrastive estimation (NCE) of a density, normalised or not.

    A logistic regression tells data from noise of known density p_n, nu samples of it
    for each of the data, and its logit is the model's log density less that of the
    noise (Gutmann and Hyvarinen, 2012):

        G(u) = log p(u) - log p_n(u),    h(u) = 1/(1 + nu exp(-G(u)))
        loss = -E_data log h(x) - nu E_noise log(1 - h(y))

    So p need not integrate to 1: the optimum is the density of the data, its constant
    included. `Unnormalized(network).log_constant` then is -log Z. It is GAN's value
    function with a discriminator that is made of a density, and a generator that stays
    as it is (Goodfellow, 2015, "On distinguishability criteria").

    Noise without data is as bad as data without noise: where p_n is 0, data say
    nothing (`fit` refuses such in the first minibatch), and where it is far from them,
    noise is told apart too easily to teach.

    Args:
        density: of `keras_gan.densities`, such as `Unnormalized(network)`.
        noise: `priors.Normal` or `priors.Uniform`, as wide as the data: a prior with
            `log_prob`, whose `latent_dim` is the width of a sample.
        noise_per_sample: int >= 1, nu. The more, the nearer to maximum likelihood.
        ema_decay, seed, **parts: as of `DensityModel`. The noise is a function of the
            seed too.

    Raises:
        TypeError: for what is no density or no prior.
        ValueError: for noise of another width or unknown density, or another nu; in
            `fit`, for data where there is no noise.

    Example:

    >>> from keras_gan import densities, networks, priors
    >>> network = networks.MLPDiscriminator((1,), widths=(16,))
    >>> model = NCE(densities.Unnormalized(network), priors.Normal(1))
    >>> model.compile("adam")
    >>> rows = priors.Normal(1, covariance=[0.25])(64, [1, 2]).numpy()
    >>> history = model.fit(rows, batch_size=32, verbose=0)
    >>> model.log_prob([[0.0]]).shape
    (1,)
    """

    noise: Prior

    def __init__(
        self,
        density: Density,
        noise: Prior,
        noise_per_sample: int = 1,
        ema_decay: float | HalfLife | None = None,
        seed: int = 0,
        **parts: Any,
    ) -> None:
        if not isinstance(noise, Prior):
            raise TypeError(
                "noise is a prior of known density, such as keras_gan.priors.Normal(2)."
                f" Received: {noise!r}."
            )
        if type(noise).log_prob is Prior.log_prob:
            raise ValueError(
                "NCE takes noise whose density is known, priors.Normal or Uniform. "
                f"Received: {type(noise).__name__}, which has no log_prob."
            )
        self.noise_per_sample = check_integer(noise_per_sample, "noise_per_sample", 1)
        super().__init__(density, ema_decay, seed, noise=noise, **parts)
        if noise.latent_dim != density.dim:
            raise ValueError(
                f"noise looks like the samples, of {density.dim} numbers. Received: "
                f"noise of {noise.latent_dim}. Pass latent_dim={density.dim}."
            )

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "noise_per_sample": self.noise_per_sample}

    # Hooks ----------------------------------------------------------------------------

    def check_samples(self, dataset: tf.data.Dataset, name: str) -> None:
        super().check_samples(dataset, name)
        for element in dataset.take(1):
            samples = np.asarray(self.split(element)[0])
            missed = np.isneginf(self.noise.log_prob(samples))
            if missed.any():
                raise ValueError(
                    f"{name} holds samples where there is no noise, {missed.sum()} of "
                    f"{len(missed)} in its first minibatch, such as "
                    f"{samples[missed][0].tolist()}: NCE learns nothing of them. Widen "
                    f"the {type(self.noise).__name__} noise, or use priors.Normal."
                )

    def draw_latents(
        self, rows: int | tf.Tensor, seed: tf.Tensor
    ) -> dict[str, tf.Tensor]:
        """Noise (rows, nu, dim) for the loss, and the density's own latents."""
        nu, dim = self.noise_per_sample, self.density.dim
        noise = tf.reshape(self.noise(rows * nu, seed), (rows, nu, dim))
        return {"noise": noise, "latents": super().draw_latents(rows, seed)}

    def objective(
        self, round: Round, training: bool
    ) -> tuple[tf.Tensor, dict[str, tf.Tensor]]:
        nu = self.noise_per_sample
        noise = ops.reshape(round.latents["noise"], (-1, self.density.dim))
        of_data = self.log_ratio(round.real, training) - ops.log(float(nu))
        of_noise = self.log_ratio(noise, training) - ops.log(float(nu))
        data, noise = ops.softplus(-of_data), ops.softplus(of_noise)  # -log h, -log 1-h
        return ops.mean(data) + nu * ops.mean(noise), {}

    def log_ratio(self, samples: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Log density ratio G(u) = log p(u) - log p_n(u): (batch, dim) -> (batch,)."""
        return self.density(samples, training=training) - self.noise.log_prob(samples)

    def draw(self, latents: Any, side: Any) -> tf.Tensor:
        return super().draw(latents["latents"], side)
