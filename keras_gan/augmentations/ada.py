"""ADA's augmentation: geometry, colour and cutout, each with a probability p."""

import functools
from typing import Any, Self

import tensorflow as tf

from keras_gan.augmentations import color, geometry
from keras_gan.augmentations.augmentation import Augmentation
from keras_gan.augmentations.cutout import cut_out
from keras_gan.augmentations.translation import choice
from keras_gan.core import randomness
from keras_gan.core.arguments import is_number
from keras_gan.core.randomness import derived
from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Nest, Tensor
from keras_gan.schedules import Schedule
from keras_gan.schedules.schedule import config_of, of_config

IMAGES = 500_000  # in which an adaptive p goes from 0 to 1
EVERY = 4  # steps between two looks at the discriminator's signs
PARTS = 10**6  # in which a target is counted, so that signs are compared as integers
GATES, UNIFORMS, NORMALS = 14, 10, 7  # numbers an image


@register
class ADA(Augmentation):
    """ADA's augmentation (Karras et al., 2020): each operation with a probability p.

    Operations and strengths as in the authors' code, N normal with the deviation that
    is given, of images in [-1, 1]. In one resampling of the image, bilinear, mirrored
    at the borders:

        flip, quarter turn     left for right, 0 to 3 turns: one of them at random
        shift by whole pixels  up to 1/8 of each side
        scale                  2^N(0.2)
        rotation               by any angle, before the next one and after it, each with
                               the probability 1 - sqrt(1 - p)
        anisotropic scale      2^N(0.2) to the right, its inverse down
        shift                  N(0.125) of each side

    by one matrix of colours (r, g, b, 1):

        brightness, contrast   x + N(0.2), x 2^N(0.5)
        luma flip              light for dark or not, at random
        hue, saturation        by any angle, times 2^N(1); of three channels only

    and cutout of half of each side, its middle anywhere. As long as p is below 1, what
    is drawn is not seen in the samples: a generator that makes the data is still the
    only optimum.

    p is one of

    - a number;
    - a schedule, relative to the length of the run; its value is logged as
      `augmentation_p`;
    - adaptive, with `target` r: it begins at 0. Every four steps it goes up where the
      mean sign of D(x) - threshold over the real images since exceeds r, which says
      that the discriminator has begun to learn them by heart, else down, such that it
      needs 500 000 images from 0 to 1. Logged as `augmentation_p` and `real_sign`; a
      game keeps it as a variable. Losses that compare logits, as the relativistic
      ones, have no such sign, and refuse it.

    Args:
        p: float in [0, 1] or `keras_gan.schedules.Schedule`, None with `target`.
        target: float in (-1, 1), the paper's is 0.6; None with `p`.
        geometry, color, cutout: floats in [0, 1], by which p is multiplied for these
            operations.

    Raises:
        ValueError: for other numbers, or both of `p` and `target`, or neither.

    Example:

    >>> import keras
    >>> from keras_gan.core.randomness import seed_of
    >>> images = keras.ops.ones((5, 8, 8, 3))
    >>> seen = ADA(0.5, color=0.0, cutout=0.0)(images, seed_of(0, "docs"))
    >>> bool(keras.ops.all(keras.ops.abs(seen - 1) < 1e-6))  # mirrored at the borders
    True
    """

    _schedule = _state = None

    def __init__(
        self,
        p: float | Schedule | None = None,
        target: float | None = None,
        geometry: float = 1.0,
        color: float = 1.0,
        cutout: float = 1.0,
    ):
        if (p is None) == (target is None):
            raise ValueError(
                "ADA takes either p, a number or one of keras_gan.schedules, or the "
                "target of an adaptive p, such as target=0.6. "
                f"Received: p={p!r}, target={target!r}."
            )
        if target is not None and not (is_number(target) and -1 < target < 1):
            raise ValueError(
                "target is the mean sign of the discriminator on real images that p is "
                f"adapted to, between -1 and 1. Received: target={target!r}."
            )
        self.p = p if p is None else _checked_p(p)
        self.target = None if target is None else float(target)
        self.geometry = _checked_share(geometry, "geometry")
        self.color = _checked_share(color, "color")
        self.cutout = _checked_share(cutout, "cutout")

    @property
    def adapts(self) -> bool:
        return self.target is not None

    @property
    def changes(self) -> bool:
        return self.adapts or isinstance(self.p, Schedule)

    def of_run(self, run: Any, state: Any = None) -> Self:
        augmentation = type(self).from_config(self.get_config())
        augmentation._state = state
        if isinstance(self.p, Schedule):
            augmentation._schedule = run.following(self.p)
        return augmentation

    def probability(self) -> float | Tensor:
        """The value of p now.

        Raises:
            ValueError: outside of a run, for one that changes over it.
        """
        if self.adapts:
            if self._state is None:
                raise ValueError(
                    "An adaptive p is a variable of a game, so ADA(target=...) has "
                    "one in compile(augmentation=...) only. Elsewhere pass a number."
                )
            return tf.cast(self._state.value[0], tf.float32) / float(IMAGES)
        if isinstance(self.p, Schedule):
            return (self._schedule or self.p)(0)
        return self.p

    def adapted(
        self, state: Tensor, step: Tensor, sign: Tensor, images: int | Tensor
    ) -> Tensor:
        """The state of an adaptive p after a step: whole numbers, so no rounding.

        Args:
            state: int64 tensor (3,): p in images of 500 000, and since p was last
                changed the sum of signs, and the images.
            step: int64 scalar, the number of steps before this one.
            sign: float32 scalar, the mean sign of the real images of this step.
            images: int or integer scalar, how many these are.
        """
        level, signs, seen = tf.unstack(state)
        images = tf.cast(images, tf.int64)
        sums = tf.cast(sign, tf.float64) * tf.cast(images, tf.float64)
        signs, seen = signs + tf.cast(tf.round(sums), tf.int64), seen + images
        excess = signs * PARTS - round(self.target * PARTS) * seen
        moved = tf.maximum(tf.minimum(level + tf.sign(excess) * seen, IMAGES), 0)
        zero, is_due = tf.zeros_like(level), tf.equal((step + 1) % EVERY, 0)
        begun_anew, counting = [moved, zero, zero], [level, signs, seen]
        return tf.where(is_due, tf.stack(begun_anew), tf.stack(counting))

    def check_shape(self, shape: Any) -> None:
        super().check_shape(shape)
        if self.color and shape[2] not in (1, 3):
            raise ValueError(
                "ADA's colours are of images with one channel or three. Received: "
                f"images of shape {tuple(shape)}. Pass color=0.0."
            )

    def draw(self, rows: int | Tensor, seed: Tensor) -> Nest:
        return {
            "gates": randomness.uniform((rows, GATES), derived(seed, 0)),
            "uniform": randomness.uniform((rows, UNIFORMS), derived(seed, 1)),
            "normal": randomness.normal((rows, NORMALS), derived(seed, 2)),
        }

    def apply(self, images: Tensor, drawn: Nest) -> Tensor:
        p = self.probability()
        if not tf.is_tensor(p) and p == 0:
            return images
        p = tf.cast(p, tf.float64)
        gates, uniform, normal = (
            tf.unstack(tf.cast(drawn[name], tf.float64), axis=1)
            for name in ("gates", "uniform", "normal")
        )
        if self.geometry:
            matrix = _geometry(p * self.geometry, images.shape, gates, uniform, normal)
            images = geometry.warped(images, matrix)
        if self.color:
            in_color = images.shape[3] == 3
            matrix = _color(p * self.color, in_color, gates, uniform, normal)
            images = color.recolored(images, matrix)
        if self.cutout:
            hidden = [
                _half(p * self.cutout, side, gates[13], middle)
                for side, middle in zip(images.shape[1:3], uniform[8:], strict=True)
            ]
            images = cut_out(images, *hidden)
        return images

    def get_config(self) -> Config:
        return {
            "p": config_of(self.p),
            "target": self.target,
            "geometry": self.geometry,
            "color": self.color,
            "cutout": self.cutout,
        }

    @classmethod
    def from_config(cls, config: Config) -> Self:
        return cls(**{**config, "p": of_config(config.get("p"))})


def _geometry(p, shape, gates, uniform, normal):
    """The matrix from what is seen back to the image, in pixels from the middle."""
    height, width = (float(side) for side in shape[1:3])
    mirrored, turned, whole, scaled, turned_first, stretched, turned_last, moved = (
        functools.partial(_where, gate < p) for gate in gates[:8]
    )
    # Either of two rotations takes place with the probability p.
    of_one = 1.0 - tf.sqrt(1.0 - p)
    turned_first = functools.partial(_where, gates[4] < of_one)
    turned_last = functools.partial(_where, gates[6] < of_one)
    one = tf.ones_like(gates[0])
    side = mirrored(1.0 - 2.0 * choice(uniform[0], 2), 1.0)
    cosine, sine = geometry.quarter(turned(choice(uniform[1], 4), 0.0))
    right, down = (
        whole(tf.round((2.0 * part - 1.0) * (0.125 * length)), 0.0)
        for part, length in zip(uniform[2:4], (width, height), strict=True)
    )
    scale = scaled(_power(-0.2 * normal[0]), 1.0)
    stretch = 0.2 * normal[1]
    turns = [
        (when(tf.cos(angle), 1.0), when(tf.sin(angle), 0.0))
        for when, angle in (
            (turned_first, geometry.angle(uniform[4])),
            (turned_last, geometry.angle(uniform[5])),
        )
    ]
    matrices = (
        geometry.scaling(side, one),
        geometry.rotation(cosine, sine),
        geometry.shift(-right, -down),
        geometry.scaling(scale, scale),
        geometry.rotation(*turns[0]),
        geometry.scaling(
            stretched(_power(-stretch), 1.0), stretched(_power(stretch), 1.0)
        ),
        geometry.rotation(*turns[1]),
        geometry.shift(
            moved(-0.125 * width * normal[2], 0.0),
            moved(-0.125 * height * normal[3], 0.0),
        ),
    )
    return functools.reduce(tf.matmul, matrices)


def _color(p, in_color, gates, uniform, normal):
    """The matrix of colours."""
    brighter, starker, flipped, turned, richer = (
        functools.partial(_where, gate < p) for gate in gates[8:13]
    )
    matrices = [
        color.brightness(brighter(0.2 * normal[4], 0.0)),
        color.contrast(starker(_power(0.5 * normal[5]), 1.0)),
        color.luma_flip(flipped(choice(uniform[6], 2), 0.0)),
    ]
    if in_color:
        angle = geometry.angle(uniform[7])
        matrices += [
            color.hue(turned(tf.cos(angle), 1.0), turned(tf.sin(angle), 0.0)),
            color.saturation(richer(_power(normal[6]), 1.0)),
        ]
    return functools.reduce(tf.matmul, reversed(matrices))


def _half(p, side, gate, middle):
    """The places along a side that are within half of it around `middle`."""
    places = (tf.range(side, dtype=tf.float64) + 0.5) / side
    inside = tf.abs(places - middle[:, None]) < 0.25
    return inside & (gate < p)[:, None]


def _where(on, value, neutral):
    return tf.where(on, value, neutral)


def _power(exponent):
    return tf.pow(tf.constant(2.0, exponent.dtype), exponent)


def _checked_p(p):
    ends = (p.start, p.end) if isinstance(p, Schedule) else (p,)
    if not all(is_number(end) and 0 <= end <= 1 for end in ends):
        raise ValueError(
            "p is the probability of each operation, from 0 to 1, or a schedule from "
            f"one to another, such as Cosine(0.0, 0.3). Received: p={p!r}."
        )
    return p if isinstance(p, Schedule) else float(p)


def _checked_share(share, name):
    if not (is_number(share) and 0 <= share <= 1):
        raise ValueError(
            f"{name} multiplies the probability of its operations, and lies between 0 "
            f"and 1. Received: {name}={share!r}."
        )
    return float(share)
