"""The base of priors: p(z), the distribution that latents are drawn from."""

from typing import Self

from keras_gan.core.arguments import check_integer
from keras_gan.core.typing import Config, Tensor


class Prior:
    """A prior: a distribution over latents; stateless.

    A subclass implements `__call__(batch_size, seed)` -> float32 (batch_size,
    latent_dim); its first rows must not depend on how many are drawn. One that has a
    closed form for it has a property `entropy`, a float in nats, and one whose density
    is known a method `log_prob`.

    Args:
        latent_dim: int >= 1, the width of a latent vector.

    Raises:
        ValueError: if `latent_dim` is not a positive integer.
    """

    def __init__(self, latent_dim: int):
        self.latent_dim = check_integer(latent_dim, "latent_dim", 1)

    def __call__(self, batch_size: int | Tensor, seed: Tensor) -> Tensor:
        raise NotImplementedError(f"{type(self).__name__} lacks __call__.")

    def log_prob(self, latents: Tensor) -> Tensor:
        """Log density of latents (batch, latent_dim): (batch,), in nats."""
        raise NotImplementedError(f"{type(self).__name__} lacks log_prob.")

    def get_config(self) -> Config:
        return {"latent_dim": self.latent_dim}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        return cls(**config)
