"""Latent interpolation: from one latent to another."""

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core.arguments import check_integer
from keras_gan.core.covariance import as_floats

WAYS = ("linear", "spherical")
ROUNDING = 1e-12  # a sine below is one of parallel or opposite vectors


def interpolate(
    start: ArrayLike, end: ArrayLike, steps: int, how: str = "linear"
) -> np.ndarray:
    """Interpolate latents from `start` to `end`, both ends included.

    With t = 0, 1/(steps - 1), ..., 1:

    - "linear": (1 - t) a + t b. Between two independent normal latents of many
      dimensions the middle has a norm smaller by sqrt(2), where the generator has seen
      next to nothing.
    - "spherical": the direction turns at a constant speed along the great circle
      (Shoemake, 1985; White, 2016), and the norm is (1 - t)|a| + t|b|. Vectors of equal
      norm keep it. Parallel vectors are joined by a line; between opposite ones, where
      every half circle is as short, one is chosen by `start` alone.

    Args:
        start, end: float arrays (latent_dim,), or (n, latent_dim) for n ways at once.
        steps: int >= 2, the latents of a way.
        how: "linear" or "spherical".

    Returns:
        Float32 array (steps, latent_dim) or (steps, n, latent_dim).

    Raises:
        ValueError: for shapes that differ, fewer than 2 steps, an unknown `how`, or a
            spherical way from or to 0, which has no direction, or between opposite
            numbers, which have no circle.

    Example:

    >>> interpolate([1.0, 0.0], [0.0, 1.0], 3).tolist()
    [[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]]
    >>> interpolate([2.0, 0.0], [0.0, 2.0], 3, how="spherical").round(4)
    array([[2.    , 0.    ],
           [1.4142, 1.4142],
           [0.    , 2.    ]], dtype=float32)
    """
    start, end = as_floats(start, "start"), as_floats(end, "end")
    if start.shape != end.shape or start.ndim not in (1, 2) or 0 in start.shape:
        raise ValueError(
            "start and end are two latents (latent_dim,), or as many of each, "
            f"(n, latent_dim). Received: shapes {start.shape} and {end.shape}."
        )
    steps = check_integer(steps, "steps", 2, hint="A way has at least its two ends.")
    if not isinstance(how, str) or how not in WAYS:
        raise ValueError(
            f"how is {' or '.join(map(repr, WAYS))}. Received: how={how!r}."
        )
    t = np.linspace(0, 1, steps).reshape(steps, *[1] * start.ndim)
    if how == "linear":
        way = (1 - t) * start + t * end
    else:
        way = _spherical(start, end, t)
        way[0], way[-1] = start, end  # without the rounding of sines
    return way.astype("float32")


def _spherical(start, end, t):
    """cos(t w) u + sin(t w) v, times the norm: u, v orthonormal, w the angle."""
    norms = [np.linalg.norm(x, axis=-1, keepdims=True) for x in (start, end)]
    if min(norm.min() for norm in norms) == 0:
        raise ValueError(
            "A spherical way needs directions, and 0 has none. Received: a latent of "
            "zeros as start or end. Pass how='linear'."
        )
    u, to = start / norms[0], end / norms[1]
    cosine = (u * to).sum(axis=-1, keepdims=True)
    aside = to - cosine * u
    sine = np.linalg.norm(aside, axis=-1, keepdims=True)
    on_line = sine < ROUNDING
    if u.shape[-1] == 1 and (cosine < 0).any():
        raise ValueError(
            "Between a number and one of the other sign there is no circle. Received: "
            "latents of one dimension. Pass how='linear'."
        )
    v = np.where(on_line, _orthogonal(u), aside / np.where(on_line, 1.0, sine))
    angle = np.arctan2(sine, cosine)
    norm = (1 - t) * norms[0] + t * norms[1]
    return norm * (np.cos(t * angle) * u + np.sin(t * angle) * v)


def _orthogonal(u):
    """Unit vectors orthogonal to others: towards the axis each is furthest from."""
    axis = np.eye(u.shape[-1])[abs(u).argmin(axis=-1)]
    aside = axis - (axis * u).sum(axis=-1, keepdims=True) * u
    norm = np.linalg.norm(aside, axis=-1, keepdims=True)
    return aside / np.where(norm > 0, norm, 1.0)  # 0 where there is one dimension
