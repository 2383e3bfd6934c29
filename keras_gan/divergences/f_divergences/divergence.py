"""The base of f-divergences, and their value for known distributions."""

from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core.covariance import real_array
from keras_gan.core.typing import Array, Config, Tensor
from keras_gan.divergences.mass import TINY, density_pair


class Divergence:
    """f-divergence D_f(p || q) = sum q f(p/q), f convex with f(1) = 0 (GAN: -log 4).

    It is the largest value of E_p T(x) - E_q f*(T(x)) over all functions T with values
    in the domain of the conjugate f*(t) = max_u (u t - f(u)); the best T is f'(p/q), a
    discriminator (Nowozin et al., 2016). Instances are callable: `KL()(p, q)`.

    A subclass gives f, its derivative and conjugate as NumPy functions, and for
    training, as functions of a discriminator's logits in `keras.ops`, the output
    activation T = g(logit), which is increasing, and f*(g(logit)), both finite for
    logits up to 1e18 in size: exponentials above exp(20) go on as their tangent.

    Attributes:
        threshold: f'(1), the value of the best T where p = q.
        at_zero: f(0), what a unit of q costs where p is 0.
        at_infinity: the limit of f(u)/u, what a unit of p costs where q is 0.
    """

    threshold: float | None = None
    at_zero: float | None = None
    at_infinity: float | None = None

    def f(self, ratio: ArrayLike) -> Array:
        """f at the density ratios p/q > 0: array -> array."""
        raise NotImplementedError(f"{type(self).__name__} lacks f.")

    def derivative(self, ratio: ArrayLike) -> Array:
        """f' at p/q > 0, the best T: array -> array."""
        raise NotImplementedError(f"{type(self).__name__} lacks derivative.")

    def conjugate(self, t: ArrayLike) -> Array:
        """f*(t) = max_u (u t - f(u)), for t in the range of f': array -> array."""
        raise NotImplementedError(f"{type(self).__name__} lacks conjugate.")

    def activation(self, logits: Tensor) -> Tensor:
        """T = g(logit), in the domain of f*: tensor -> tensor."""
        raise NotImplementedError(f"{type(self).__name__} lacks activation.")

    def conjugate_of_activation(self, logits: Tensor) -> Tensor:
        """f*(g(logit)), simplified so that it loses no digits: tensor -> tensor."""
        raise NotImplementedError(
            f"{type(self).__name__} lacks conjugate_of_activation."
        )

    def __call__(self, p: ArrayLike, q: ArrayLike, cell: float | None = None) -> float:
        """D_f(p || q) in nats, for the divergences that have logarithms.

        Args:
            p, q: arrays of one shape, probabilities that sum to 1; with `cell`,
                densities on a grid.
            cell: float, the size of a grid's cell: dx, or dx * dy.

        Returns:
            float, perhaps infinite, as is what lies beyond float64.

        Raises:
            ValueError: for what is no distribution, or different shapes.
        """
        p, q, size = density_pair(p, q, cell)
        total = float(self.costs(p, q).sum() * size)
        # Between its values where p = q and where they share nothing, up to rounding.
        return min(max(total, float(self.f(1.0))), self.at_zero + self.at_infinity)

    def costs(self, p: np.ndarray, q: np.ndarray) -> np.ndarray:
        """The terms of the sum, one for each entry: q f(p/q), or any with the same sum.

        Those of `keras_gan` have no ratio, which may be Inf or 0 where p and q are not.

        Args:
            p, q: arrays of one shape, >= 0.
        """
        with np.errstate(all="ignore"):
            ratio = p / q
            usual = (ratio >= TINY) & np.isfinite(ratio)
            costs = q * self.f(np.where(usual, ratio, 1.0))
            ends = np.where(p > q, p * self.at_infinity, q * self.at_zero)
        return np.where(usual, costs, np.where(p == q, 0.0, ends))

    def ratio(self, values: ArrayLike) -> np.ndarray:
        """Density ratios in float64; a ValueError unless finite and above 0."""
        ratio = np.asarray(real_array(values, "ratio"), np.float64)
        if not (np.isfinite(ratio) & (ratio > 0)).all():
            raise ValueError(
                "ratio holds density ratios p/q, finite and above 0; what is 0 costs "
                f"at_zero and at_infinity. Received: {values!r}."
            )
        return ratio

    def slope(self, values: ArrayLike) -> np.ndarray:
        """Values of T in float64; a ValueError beyond the domain of the conjugate."""
        t = np.asarray(real_array(values, "t"), np.float64)
        if not (np.isfinite(t) & (t <= self.at_infinity)).all():
            raise ValueError(
                f"t holds finite values of f', at most {self.at_infinity:.6g} for "
                f"{type(self).__name__}; beyond, the conjugate is infinite. Received: "
                f"{values!r}."
            )
        return t

    def get_config(self) -> Config:
        return {}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        return cls(**config)
