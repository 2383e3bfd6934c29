"""The sets that the evaluation measures a metric on."""

from typing import NamedTuple

import numpy as np

from keras_gan.metrics.score import Score, binomial_error


class Sets(NamedTuple):
    """Features of samples, all at once, and where they are from.

    Attributes:
        real, fake: float32 arrays (n, dim) and (m, dim), in random order.
        features: str, the extractor's description.
        seed: int that the fakes were drawn with, or None.
        training: float32 array (l, dim), the same of samples that were trained on,
            where the reals are held out; else None.
    """

    real: np.ndarray
    fake: np.ndarray
    features: str
    seed: int | None = None
    training: np.ndarray | None = None

    @property
    def smaller(self) -> int:
        """The number of samples of the kind that has fewer."""
        return min(len(self.real), len(self.fake))

    def score(self, name: str, value: float, standard_error: float | None) -> Score:
        """A `Score` of these sets."""
        protocol = len(self.real), len(self.fake), self.features, self.seed
        return Score(name, float(value), standard_error, *protocol)

    def share(self, name: str, value: float) -> Score:
        """A `Score` that is a share of the fakes, with its binomial standard error."""
        return self.score(name, value, binomial_error(value, len(self.fake)))
