"""The contract of a prior: p(z), where latents come from."""

import operator


class Prior:
    """A distribution over latents; stateless.

    A subclass implements `__call__(batch_size, seed)` -> float32 (batch_size,
    latent_dim); its first rows must not depend on how many are drawn. One that has a
    closed form for it has a property `entropy`, a float in nats.

    Args:
        latent_dim: int >= 1, the width of a latent vector.

    Raises:
        ValueError: if `latent_dim` is not a positive integer.
    """

    def __init__(self, latent_dim):
        try:
            value = operator.index(latent_dim)
        except (TypeError, AttributeError):  # a tensor of floats raises the latter
            value = 0
        if isinstance(latent_dim, bool) or value < 1:
            raise ValueError(
                "latent_dim is the width of a latent vector, an integer of at least 1. "
                f"Received: latent_dim={latent_dim!r}."
            )
        self.latent_dim = value

    def __call__(self, batch_size, seed):
        raise NotImplementedError(f"{type(self).__name__} lacks __call__.")

    def get_config(self):
        return {"latent_dim": self.latent_dim}

    @classmethod
    def from_config(cls, config):
        return cls(**config)
