"""Rules that every minibatch is held to as a model trains, not the first ones alone.

A minibatch that breaks a rule ends the data, in their pipeline, and the model is as the
step before it left it. Of a `datasets.EpochDataset` all is known from its making.

A model says by `minibatch_rules(element)` which tensor is held to which rule. A rule
has `doubt(tensor)`, a bool scalar tensor that costs a pass over the tensor at most, and
`check(array, name)`, which raises the ValueError if the doubt was right.
"""

import functools
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from keras_gan import datasets
from keras_gan.core import distribution
from keras_gan.datasets import value_range
from keras_gan.datasets.minibatch_form import NoMinibatch
from keras_gan.datasets.python_batches import PythonBatches
from keras_gan.training import activations, checks, labels


class Finite:
    """Floats, of which none is NaN or Inf."""

    def doubt(self, values: tf.Tensor) -> tf.Tensor:
        low, high = tf.reduce_min(values), tf.reduce_max(values)  # NaN if one is
        return ~(tf.math.is_finite(low) & tf.math.is_finite(high))

    def check(self, values: np.ndarray, name: str) -> None:
        checks.check_finite(values, name)


class Images(Finite):
    """Images in [-1, 1], by the tolerance of the first ones.

    Args:
        generator: the network whose last activation says what it can reach.
    """

    def __init__(self, generator: keras.Model) -> None:
        self.bounded = activations.is_bounded(generator)

    def doubt(self, values: tf.Tensor) -> tf.Tensor:
        low, high = tf.reduce_min(values), tf.reduce_max(values)
        within = high <= value_range.LARGEST
        if self.bounded:
            return ~(within & (low >= -value_range.LARGEST))
        return ~(within | (low < 0)) | super().doubt(values)

    def check(self, values: np.ndarray, name: str) -> None:
        super().check(values, name)
        checks.check_later_range(values, self.bounded, name)


class Shape:
    """Samples of the shape that a network takes.

    Args:
        shape: tuple of the sides, None for one that may be any.
    """

    def __init__(self, shape: tuple[int | None, ...]) -> None:
        self.shape = shape

    def doubt(self, samples: tf.Tensor) -> tf.Tensor:
        rank = samples.shape.rank
        if rank != len(self.shape) + 1:
            return tf.constant(rank is not None)
        sides = tf.unstack(tf.shape(samples)[1:])
        differ = [
            own != side
            for own, known, side in zip(
                self.shape, samples.shape[1:], sides, strict=True
            )
            if own not in (None, known)
        ]
        return tf.reduce_any(differ) if differ else tf.constant(False)

    def check(self, samples: np.ndarray, name: str) -> None:
        if not checks.compatible(samples.shape[1:], self.shape):
            raise ValueError(
                f"{name} has samples of shape {samples.shape[1:]}, but the "
                f"discriminator takes {self.shape}."
            )


class Classes:
    """Labels from 0 to `num_classes` - 1, and -1 where they may be missing."""

    def __init__(self, num_classes: int, missing: bool = False) -> None:
        self.num_classes, self.missing = num_classes, missing

    def doubt(self, classes: tf.Tensor) -> tf.Tensor:
        # As int64, since a uint8 holds no number of 300 classes; a uint64 may wrap.
        low = tf.cast(tf.reduce_min(classes), tf.int64)
        high = tf.cast(tf.reduce_max(classes), tf.int64)
        least = labels.MISSING if self.missing else 0
        return ~((low >= least) & (high >= low) & (high < self.num_classes))

    def check(self, classes: np.ndarray, name: str) -> None:
        labels.check_label_values(classes, self.num_classes, name, self.missing)


def of_samples(
    samples: tf.Tensor, generator: keras.Model, discriminator: keras.Model
) -> list[tuple[tf.Tensor, Any]]:
    """Pairs (samples, rule) for what a game's networks make, and look at."""
    pairs = [(samples, Images(generator) if samples.shape.rank == 4 else Finite())]
    taken = checks.first_input_shape(discriminator)
    return pairs if taken is None else [*pairs, (samples, Shape(taken))]


def watched(
    model: keras.Model, dataset: tf.data.Dataset, group: int = 1
) -> tf.data.Dataset:
    """A data set that ends before the first minibatch that breaks a rule of a model.

    Args:
        model: with `minibatch_rules`.
        dataset: `tf.data.Dataset` of minibatches; of groups of them, (batch, k, ...),
            if `group` is k > 1.

    Returns:
        A `datasets.Watched`; an `EpochDataset`, or what is watched already, as it is.
    """
    if isinstance(dataset, datasets.EpochDataset | datasets.Watched):
        return dataset
    watch = _Watch(model, group)
    return datasets.Watched(dataset, watch.look, watch.check)


def check_not_refused(
    dataset: tf.data.Dataset,
    strategy: tf.distribute.Strategy,
    where: Callable[[], tuple[int, str]],
) -> None:
    """Raise if a data set has ended at a minibatch that broke a rule.

    Args:
        dataset: what `watched` returned.
        strategy: the model's; of several workers all call this, and all raise.
        where: callable without arguments to (number, name) of the minibatch that would
            have come next, counted from 1, and of the data.
    """
    if not isinstance(dataset, datasets.Watched):
        return
    refused, failure = dataset.refused, None
    if refused is None and isinstance(dataset.whole, PythonBatches):
        failure = dataset.whole.feed.failure
    ended = refused is not None or failure is not None
    alike = distribution.all_have(int(ended), strategy)
    if refused is not None:
        dataset.check(*refused, where=where())
    if failure is not None:
        position, error = failure
        _, name = where()
        called = numbered(position + 1, name)
        if isinstance(error, NoMinibatch):
            raise ValueError(f"{called} {error}") from None
        error.add_note(f"{called} could not be made.")
        raise error
    if not alike:
        raise ValueError(
            "Another worker came to a minibatch that is no data for this game: its "
            "error says which, and why."
        )


def numbered(number: int, name: str) -> str:
    """The name in an error of a minibatch of data called `name`."""
    return f"Minibatch {number} of {name[0].lower()}{name[1:]}"


class _Watch:
    """The rules of one data set, in the graph of its pipeline and in Python."""

    def __init__(self, model, group):
        self._model, self._group = model, group
        self._rules = []

    def look(self, element):
        """(whether there is doubt, what `check` is to look at), as symbolic tensors."""
        if self._group > 1:
            element = tf.nest.map_structure(_flat, element)
        pairs = self._model.minibatch_rules(element)
        self._rules = [rule for _, rule in pairs]
        tensors = [tensor for tensor, _ in pairs]
        if not tensors:
            return tf.constant(False), tensors
        doubts = [rule.doubt(tensor) for tensor, rule in pairs]
        sizes = {tensor.shape[0] if tensor.shape.rank else None for tensor in tensors}
        if sizes & {None, 0} or len(sizes) > 1:  # not known to be one, above 0
            rows = {id(tensor): tf.shape(tensor)[0] for tensor in tensors}
            first, *others = rows.values()
            doubts += [first == 0, *(first != count for count in others)]
        return functools.reduce(tf.logical_or, doubts), tensors

    def check(self, *arrays, where=(1, "the data")):
        number, name = where
        rows = [len(array) for array in arrays]
        for place in range(self._group):
            called = numbered(number + place, name)
            if len(set(rows)) > 1:
                raise ValueError(
                    f"{called} has parts of {' and '.join(map(str, rows))} samples, "
                    "but its parts, such as samples and labels, are of one size."
                )
            checks.check_not_empty(rows[0], called)
            for array, rule in zip(arrays, self._rules, strict=True):
                rule.check(np.asarray(array)[place :: self._group], called)


def _flat(tensor):
    """(batch, k, ...) -> (batch k, ...): minibatch i is rows i, i + k, i + 2 k ..."""
    if not tf.is_tensor(tensor):
        return tensor
    flat = tf.reshape(tensor, tf.concat([[-1], tf.shape(tensor)[2:]], 0))
    flat.set_shape([None, *tensor.shape[2:]])
    return flat
