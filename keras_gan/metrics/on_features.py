"""The base of metrics on features, which `evaluate` feeds with samples."""

import dataclasses
from typing import Any, Self

import keras
import numpy as np
import tensorflow as tf

from keras_gan.core import distribution
from keras_gan.core.typing import Config, Tensor, TensorLike
from keras_gan.metrics import features as extractors
from keras_gan.metrics.checks import as_tensor
from keras_gan.metrics.features import Extractor
from keras_gan.metrics.score import Score
from keras_gan.metrics.sets import Sets
from keras_gan.metrics.shared_features import features_of


class OnFeatures(keras.metrics.Metric):
    """Base of the metrics with `update_state(real, fake)` on features of both.

    A subclass makes its variables in `make_variables(dim)`, adds a batch in
    `add_batch(real, fake)` and computes `values()` once, by NumPy, outside of graphs.

    `keras_gan.evaluation`, and so `keras-gan evaluate` and the cards, measure every
    metric of `metrics.__all__` by what its class says here; nothing else names it.

    Attributes:
        best: dict, what a reader looks for in each score that `measure` finds, by the
            score's name: which way is better ("less", "more"), or at what ("1").
        measured_on: what the evaluation hands to `measure`: "features"; "training",
            the same with those of training samples; "classes", probabilities by a
            classifier; or None: it does not measure it.

    Args:
        features: an extractor of `keras_gan.metrics.features`, or None: the samples
            themselves, flattened.
        name: str, its log key.
    """

    best: dict[str, str] = {}
    measured_on: str | None = "features"

    def __init__(self, features: Extractor | str | None, name: str):
        super().__init__(name=name)
        self.features = extractors.get(features)
        self.built = False

    def build(self, sample_shape: tuple[int, ...]) -> None:
        """Make the variables; `evaluate` does it under the game's strategy.

        Args:
            sample_shape: tuple, the shape of one sample.
        """
        self._strategy = tf.distribute.get_strategy()
        self.make_variables(self.features.dim(sample_shape))
        self.built = True

    def update_state(self, real: TensorLike, fake: TensorLike) -> None:
        """Add a batch.

        Args:
            real, fake: samples (n, ...) and (m, ...), tensors or arrays.

        Raises:
            ValueError: for samples of different shapes, or in a replica of a strategy
                under which the metric was not built.
        """
        real, fake = as_tensor(real, self.name), as_tensor(fake, self.name)
        if real.shape.rank is None or real.shape.rank < 2:
            raise ValueError(
                f"{self.name} takes samples (n, ...). Received: {real.shape}."
            )
        if real.shape[1:] != fake.shape[1:]:
            raise ValueError(
                f"{self.name} compares samples of one shape. Received: real "
                f"{real.shape}, fake {fake.shape}."
            )
        if not self.built:
            self.build(tuple(real.shape[1:]))
        if distribution.replicas() > 1 and (
            self._strategy is not tf.distribute.get_strategy()
        ):
            raise ValueError(
                f"{self.name} was built outside of the strategy whose replicas update "
                "it. Give `compile` a new metric; `evaluate` builds it."
            )
        rows = (features_of(self.features, samples) for samples in (real, fake))
        self.add_batch(*rows)

    def result(self) -> float | dict[str, float]:
        """The value, or a dict of them: floats. Computed outside of graphs."""
        if not self.built:
            raise ValueError(
                f"{self.name} has seen no samples: call update_state(real, fake), or "
                "evaluate a game that is compiled with it."
            )
        values = self.values()
        return values[self.name] if list(values) == [self.name] else values

    def scores(self, seed: int | None = None) -> dict[str, Score]:
        """The values with their protocol: a dict of `Score` by name.

        Args:
            seed: int that the fakes were drawn with, for print.
        """
        errors = self.standard_errors()
        return {
            name: Score(
                name,
                value,
                errors.get(name),
                *self.counts(),
                self.features.description,
                seed,
            )
            for name, value in self.values().items()
        }

    def standard_errors(self) -> dict[str, float | None]:
        """Standard errors by name; none where a metric keeps no samples apart."""
        return {}

    @classmethod
    def measured_with(cls, sets: Sets) -> dict[str, Any]:
        """The constructor's arguments with which the evaluation makes the metric.

        Args:
            sets: `metrics.sets.Sets`.
        """
        return {}

    @classmethod
    def measure(cls, sets: Sets) -> dict[str, Score]:
        """The scores of the evaluation: a dict of `Score` by name, each in `best`.

        Args:
            sets: `metrics.sets.Sets`.
        """
        metric = cls(**cls.measured_with(sets))
        metric.update_state(sets.real, sets.fake)
        return {
            name: dataclasses.replace(score, features=sets.features)
            for name, score in metric.scores(sets.seed).items()
        }

    def get_config(self) -> Config:
        features = keras.saving.serialize_keras_object(self.features)
        return {"name": self.name, "features": features}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        features = keras.saving.deserialize_keras_object(config["features"])
        return cls(**{**config, "features": features})

    def add_counter(self, name: str) -> keras.Variable:
        """An int64 variable of samples of the global batches; see `position`."""
        return self.add_variable(
            (), "zeros", "int64", aggregation="only_first_replica", name=name
        )

    def position(self, counter: keras.Variable, rows: Tensor) -> Tensor:
        """The position of this batch's rows among all rows; advances the counter.

        A replica's rows stand where one device would put them.

        Args:
            counter: from `add_counter`.
            rows: tensor (n, ...).

        Returns:
            int64 tensor (n,).
        """
        share = distribution.share_of_step()
        count = tf.shape(rows, tf.int64)[0]
        offset = 0 if share is None else tf.cast(share.offset, tf.int64)
        total = count if share is None else tf.cast(share.total, tf.int64)
        first = tf.convert_to_tensor(counter.value)
        positions = first + offset + tf.range(count)
        with tf.control_dependencies([positions]):
            counter.assign_add(total)
        return positions


def as_number(counter: keras.Variable) -> int:
    """A counter's value as an int."""
    return int(np.asarray(keras.ops.convert_to_numpy(counter.value)))
