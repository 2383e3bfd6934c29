"""Mode coverage: which modes of a known mixture samples fall on, and how evenly."""

from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
from keras import ops
from numpy.typing import ArrayLike

from keras_gan.core.covariance import as_floats
from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Tensor, TensorLike
from keras_gan.metrics.checks import as_tensor

REACH = 3.0  # standard deviations
LEAST = 1e-15  # of a standard deviation
LEAST_SHARE = 1e-30  # a float32 number, and one over it too


class Coverage(NamedTuple):
    """Coverage of the modes of a mixture by samples.

    Attributes:
        modes: int, how many modes at least one good sample falls on.
        good_share: float in [0, 1], the share of samples that are good.
        reverse_kl: float >= 0 in nats, KL(shares of the good samples || true shares);
            NaN where no sample is good, since there are no shares then.
    """

    modes: int
    good_share: float
    reverse_kl: float


def mode_coverage(
    samples: ArrayLike,
    means: ArrayLike,
    standard_deviation: float,
    weights: ArrayLike | None = None,
) -> Coverage:
    """Mode coverage of equal round Gaussians by samples (Lin et al., 2018, PacGAN).

    A sample is good if it lies within 3 standard deviations of the nearest mean, and
    falls on that mode. With c_k good samples on mode k and q_k = c_k / sum_j c_j,

        reverse KL = sum_k q_k log(q_k / w_k), 0 log 0 = 0.

    These are the counts of the paper's own code. A perfect sampler of n samples and K
    equal modes has a share of 1 - exp(-9/2) = 98.89 % in two dimensions, and an
    expected reverse KL of about (K - 1)/(2 n), not 0. Samples all on one of them
    have log K.

    Args:
        samples: array (n, dim).
        means: array (modes, dim), the centres of the modes.
        standard_deviation: float > 0, that of each mode along each axis.
        weights: array (modes,) of positive shares that sum to 1, w; None: equal shares.

    Returns:
        A `Coverage`.

    Raises:
        ValueError: for shapes that do not match, no samples, values that are not
            finite, a deviation that is not positive, or weights that are no shares.

    Example:

    >>> on_one_of_two = mode_coverage([[0.0], [0.1], [9.0]], [[0.0], [5.0]], 1.0)
    >>> on_one_of_two.modes, round(on_one_of_two.reverse_kl, 4)  # log 2
    (1, 0.6931)
    >>> round(on_one_of_two.good_share, 4)  # 9 is 4 deviations away from 5
    0.6667
    """
    means, deviation, shares = _mixture(means, standard_deviation, weights)
    samples = as_floats(samples, "samples")
    if samples.ndim != 2 or samples.shape[1] != means.shape[1] or len(samples) < 1:
        raise ValueError(
            f"samples has the shape (n, {means.shape[1]}), n >= 1, for means of shape "
            f"{means.shape}. Received: shape {samples.shape}."
        )
    away = samples[:, np.newaxis] - means
    distances = np.sqrt(np.square(away).sum(axis=-1)) / deviation
    nearest = distances.argmin(axis=1)
    good = distances.min(axis=1) < REACH
    counts = np.bincount(nearest[good], minlength=len(means))
    return coverage(counts, len(samples), shares)


@register
class ModeCoverage(keras.metrics.Metric):
    """Mode coverage of all fakes, one of its figures, for `GAN.compile(metrics=[...])`.

    The counts of all batches are added up and the figure is that of the sums. The
    reals of `evaluate` only decide how many fakes are drawn.

    Args:
        means, standard_deviation, weights: the mixture, as in `mode_coverage`.
        figure: "modes", "good_share" or "reverse_kl".
        name: str, its log key; None is the figure's name.
        dtype: as in `keras.metrics.Metric`.

    Raises:
        ValueError: as `mode_coverage`, or for an unknown figure.

    Example:

    >>> import numpy as np
    >>> metric = ModeCoverage([[0.0], [5.0]], 1.0, figure="reverse_kl")
    >>> metric.update_state(np.zeros((2, 1)), np.array([[0.1], [5.1]]))
    >>> metric.update_state(np.zeros((1, 1)), np.array([[5.0]]))
    >>> round(float(metric.result()), 4)  # 1/3 log(2/3) + 2/3 log(4/3)
    0.0566
    """

    def __init__(
        self,
        means: ArrayLike,
        standard_deviation: float,
        figure: str = "modes",
        weights: ArrayLike | None = None,
        name: str | None = None,
        dtype: str | None = None,
    ):
        if not isinstance(figure, str) or figure not in Coverage._fields:
            raise ValueError(
                f"figure is one of {Coverage._fields}. Received: {figure!r}."
            )
        super().__init__(name=figure if name is None else name, dtype=dtype)
        self.means, self.standard_deviation, self.weights = _mixture(
            means, standard_deviation, weights
        )
        self.figure = figure
        # Counts as float32 are exact up to 2^24 samples a mode.
        self.counts = self.add_variable(
            (len(self.means),), "zeros", dtype="float32", name="counts"
        )
        self.samples = self.add_variable((), "zeros", dtype="float32", name="samples")

    def update_state(self, real: TensorLike, fake: TensorLike) -> None:
        fake = ops.cast(as_tensor(fake, self.name), "float32")
        means = ops.convert_to_tensor(self.means, "float32")
        distances = ops.norm(fake[:, None] - means, axis=-1) / self.standard_deviation
        # The least of the modes, of which there are some, also of no samples.
        nearest = ops.min(distances, axis=1, initial=np.inf)
        good = ops.cast(nearest < REACH, "float32")
        on = ops.one_hot(ops.argmin(distances, axis=1), len(self.means))
        self.counts.assign_add(ops.sum(good[:, None] * on, axis=0))
        rows = ops.cast(ops.shape(fake)[0], "float32")
        known = ops.all(ops.isfinite(fake))
        self.samples.assign_add(ops.where(known, rows, np.nan))  # see `result`

    def result(self) -> Tensor:
        if tf.executing_eagerly() and np.isnan(self.samples):
            raise ValueError(
                f"{self.name} takes finite samples. Received: fakes of NaN or Inf. "
                "Look at the samples (gan.sample)."
            )
        good = ops.sum(self.counts)
        if self.figure == "modes":
            return ops.sum(ops.cast(self.counts > 0, self.dtype))
        if self.figure == "good_share":
            return ops.cast(ops.divide_no_nan(good, self.samples), self.dtype)
        shares = self.counts / good  # 0 / 0 is the NaN of no shares
        weights = ops.convert_to_tensor(self.weights, "float32")
        ratio = ops.where(shares > 0, shares / weights, 1.0)
        reverse_kl = ops.maximum(ops.sum(shares * ops.log(ratio)), 0.0)
        return ops.cast(reverse_kl, self.dtype)

    def get_config(self) -> Config:
        return {
            **super().get_config(),
            "means": self.means.tolist(),
            "standard_deviation": self.standard_deviation,
            "figure": self.figure,
            "weights": self.weights.tolist(),
        }


def coverage(counts: np.ndarray, samples: int, weights: np.ndarray) -> Coverage:
    """The `Coverage` by the counts of the good among `samples` samples, (modes,)."""
    good = counts.sum()
    if not good:
        return Coverage(0, 0.0, float("nan"))
    found = counts > 0
    shares = counts[found] / good
    reverse_kl = (shares * np.log(shares / weights[found])).sum()
    reverse_kl = max(float(reverse_kl), 0.0)  # up to rounding, and of the weights
    return Coverage(int(found.sum()), float(good / samples), reverse_kl)


def _mixture(means, standard_deviation, weights):
    """The checked centres (modes, dim), deviation and shares (modes,)."""
    means = as_floats(means, "means")
    if means.ndim != 2 or 0 in means.shape:
        raise ValueError(
            f"means has the shape (modes, dim). Received: shape {means.shape}."
        )
    deviation = as_floats(standard_deviation, "standard_deviation")
    if deviation.ndim or not LEAST <= deviation <= 1 / LEAST:
        raise ValueError(
            "standard_deviation is one number above 0, that of each mode, from "
            f"{LEAST:g} to {1 / LEAST:g}, whose squares are float32 numbers. "
            f"Received: {standard_deviation!r}."
        )
    return means, float(deviation), check_shares(weights, len(means), "weights")


def check_shares(shares: ArrayLike | None, modes: int, name: str) -> np.ndarray:
    """The shares of the modes as an array (modes,): those given, or equal ones.

    Raises:
        ValueError: for anything but `modes` positive numbers that sum to 1.
    """
    if shares is None:
        return np.full(modes, 1 / modes)
    found = as_floats(shares, name)
    if found.shape != (modes,) or found.min() < LEAST_SHARE:
        raise ValueError(
            f"{name} are {modes} positive shares (at least {LEAST_SHARE:g}), one a "
            f"mode. Received: {shares!r}."
        )
    if abs(found.sum() - 1) > 1e-6:
        raise ValueError(f"{name} sum to 1. Received: a sum of {found.sum():g}.")
    return found
