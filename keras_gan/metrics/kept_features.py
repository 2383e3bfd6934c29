"""The base of metrics that need all features at once: it keeps the first of them."""

import numpy as np
import tensorflow as tf
from keras import ops

from keras_gan.core import distribution
from keras_gan.core.arguments import check_integer
from keras_gan.core.registry import snake_case
from keras_gan.core.typing import Config, Tensor
from keras_gan.metrics import score
from keras_gan.metrics.features import Extractor
from keras_gan.metrics.on_features import OnFeatures, as_number
from keras_gan.metrics.score import Score
from keras_gan.metrics.sets import Sets


class KeptFeatures(OnFeatures):
    """Base of the metrics that keep the features of the first samples of each kind.

    Neighbours of a sample may be in any batch, so nothing smaller than all features
    will do. They are kept in float32, 4 bytes a number for reals and for fakes: 164 MB
    for 10 000 of 2048. Samples beyond the first `num_samples` are not looked at, and
    the score says how many there were.

    Args:
        features: see `OnFeatures`.
        num_samples: int >= 2, how many are kept of each kind.
        name: str, its log key.
    """

    def __init__(self, features: Extractor | str | None, num_samples: int, name: str):
        super().__init__(features, name)
        self.num_samples = check_integer(num_samples, "num_samples", 2)

    def make_variables(self, dim: int) -> None:
        # One row more, for the samples that are too many.
        shape = (self.num_samples + 1, dim)
        self._rows = [
            self.add_variable(shape, "zeros", "float32", name=kind)
            for kind in ("real", "fake")
        ]
        self._counters = [
            self.add_counter(f"{kind}_count") for kind in ("real", "fake")
        ]

    def add_batch(self, real: Tensor, fake: Tensor) -> None:
        for kept, counter, rows in zip(
            self._rows, self._counters, (real, fake), strict=True
        ):
            positions = tf.minimum(self.position(counter, rows), self.num_samples)
            rows = tf.cast(rows, tf.float32)
            if distribution.replicas() == 1:
                kept.value.scatter_nd_update(positions[:, tf.newaxis], rows)
            else:  # each keeps its own rows, and zeros elsewhere; read, they are summed
                kept.assign(
                    tf.tensor_scatter_nd_update(
                        kept.value, positions[:, tf.newaxis], rows
                    )
                )

    def counts(self) -> list[int]:
        """The numbers of samples of each kind that are kept."""
        return [min(as_number(count), self.num_samples) for count in self._counters]

    def kept(self) -> list[np.ndarray]:
        """The features that are kept: two float32 arrays (n, dim) and (m, dim)."""
        return [
            ops.convert_to_numpy(rows)[:count]
            for rows, count in zip(self._rows, self.counts(), strict=True)
        ]

    def values(self) -> dict[str, float]:
        found = score.named_values(self._named(), self.statistic(*self.kept()))
        return self._prefixed(found)

    @classmethod
    def measure(cls, sets: Sets) -> dict[str, Score]:
        named = cls(**cls.measured_with(sets))._named()
        return score.scores(named, sets.real, sets.fake, sets.features, sets.seed)

    def standard_errors(self) -> dict[str, float | None]:
        measured = score.scores(self._named(), *self.kept())
        errors = {name: one.standard_error for name, one in measured.items()}
        return self._prefixed(errors)

    def _prefixed(self, found):
        """The values by name; a name of the metric's own comes before theirs."""
        if self.name in found or self.name == snake_case(type(self).__name__):
            return found
        return {f"{self.name}_{name}": value for name, value in found.items()}

    def _named(self):
        def statistic(real, fake):
            return self.statistic(real, fake)

        statistic.__name__ = self.name
        return statistic

    def get_config(self) -> Config:
        return {**super().get_config(), "num_samples": self.num_samples}
