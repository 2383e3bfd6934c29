"""Rounds: what an objective is given of one minibatch."""

from typing import Any, NamedTuple

import tensorflow as tf

from keras_gan.core.randomness import derived

# far from the counters of other draws of a round
REAL, FAKE, SIDE = 2**30, 2**30 + 1, 2**30 + 2


class Round(NamedTuple):
    """A round: one minibatch, and what the players make of it, for an objective.

    Attributes:
        real: samples of the data, a nest of tensors (rows, ...).
        fake: what the generator's player made of `latents` and `side`, any nest; None
            where there is no adversary.
        latents: what was drawn for it, any nest, or None.
        side: what rides along with the data (labels, a source image), any nest, or
            None.
        seed: int32 tensor (2,), for the draws of this round: `randomness.derived(seed,
            n)` with n from 0; penalties take the first ones. None in `evaluate`.
        update: int64 scalar, the number of this discriminator update since the first
            step; in the generator's turn, that of the last one. None in `evaluate`.
    """

    real: Any
    fake: Any = None
    latents: Any = None
    side: Any = None
    seed: Any = None
    update: Any = None

    @property
    def real_seed(self) -> tf.Tensor | None:
        """The seed of what is drawn for the pass of the real samples alone."""
        return None if self.seed is None else derived(self.seed, REAL)

    @property
    def fake_seed(self) -> tf.Tensor | None:
        """The seed of what is drawn for the pass of the fakes alone."""
        return None if self.seed is None else derived(self.seed, FAKE)

    @property
    def side_seed(self) -> tf.Tensor | None:
        """The seed of what is drawn for a pass over what rides along alone."""
        return None if self.seed is None else derived(self.seed, SIDE)
