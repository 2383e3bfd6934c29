"""The slope of a discriminator, |grad D|, by sample: what penalties are made of."""

import functools
import operator
from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf
from keras import ops

from keras_gan.core import distribution, gradients, randomness
from keras_gan.core.typing import Discriminate, Nest, Tensor
from keras_gan.schedules import Schedule


def squared_norm(gradient: Nest) -> Tensor:
    """|gradient|^2 of each sample: (batch, ...), or a nest of such -> (batch,)."""
    squares = [
        ops.sum(ops.square(part), axis=tuple(range(1, len(part.shape))))
        for part in tf.nest.flatten(gradient)
    ]
    return functools.reduce(operator.add, squares)


def norm(gradient: Nest) -> Tensor:
    """|gradient| of each sample: (batch, ...), or a nest of such -> (batch,).

    Where it is 0, where a square root has no derivative, its derivative here is 0.
    """
    squares = squared_norm(gradient)
    flat = ops.equal(squares, 0)
    return ops.where(flat, 0.0, ops.sqrt(ops.where(flat, 1.0, squares)))


def distance(discriminate: Discriminate, points: Nest, target: float) -> Tensor:
    """|grad D|/target - 1 at each of the points, a nest (batch, ...) -> (batch,)."""
    return norm(gradients.by_inputs(discriminate, points)) / target - 1


def share_of_each(samples: Nest, seed: Tensor) -> Nest:
    """A uniform number in [0, 1) for each sample, the same in all parts of a nest.

    Args:
        samples: nest of float tensors (batch, ...).
        seed: int32 tensor (2,).

    Returns:
        A nest like `samples`, of tensors (batch, 1, ..., 1).
    """
    rows = ops.shape(tf.nest.flatten(samples)[0])[0]
    drawn = distribution.own_rows(lambda rows: randomness.uniform((rows,), seed), rows)

    def shaped(part):
        share = ops.reshape(drawn, (-1, *[1] * (len(part.shape) - 1)))
        return ops.cast(share, part.dtype)

    return tf.nest.map_structure(shaped, samples)


def drawn_like(
    samples: Tensor, draw: Callable[[Sequence[Any], Tensor], Tensor], seed: Tensor
) -> Tensor:
    """Random numbers of the shape and dtype of `samples`, (batch, ...).

    A replica draws those of the global batch, and takes the ones of its own rows.

    Args:
        samples: float tensor.
        draw: function of (shape, seed) of `core.randomness`.
        seed: int32 tensor (2,).
    """

    def of_rows(rows):
        return draw((rows, *samples.shape[1:]), seed)

    drawn = distribution.own_rows(of_rows, ops.shape(samples)[0])
    return ops.cast(drawn, samples.dtype)


def checked_weight(weight: float | Schedule, name: str) -> float | Schedule:
    """The weight of a penalty as a float, or the schedule of one.

    Raises:
        ValueError: if it is negative, or one of a schedule's ends is.
    """
    changes = isinstance(weight, Schedule)
    for value in (weight.start, weight.end) if changes else (weight,):
        if not value >= 0:
            raise ValueError(
                f"{name} weights a penalty and is at least 0: a negative one would "
                f"reward steepness. Received: {name}={weight}."
            )
    return weight if changes else float(weight)


def weight_now(weight: float | Schedule) -> float | Tensor:
    """The weight at this step of a run.

    Raises:
        ValueError: for a schedule outside of a run.
    """
    return weight(0) if isinstance(weight, Schedule) else weight


def checked_target(target: float) -> float:
    """Return the wanted slope as a float, or raise if it is not positive."""
    if not target > 0:
        raise ValueError(
            "target is the wanted slope, by which slopes are divided, and is positive. "
            f"Received: target={target}. For a slope of 0 use R1 or R2."
        )
    return float(target)
