"""Latent arithmetic: a is to b as what is to c?"""

import numpy as np
from numpy.typing import ArrayLike

from keras_gan.core.covariance import as_floats


def analogy(a: ArrayLike, b: ArrayLike, c: ArrayLike) -> np.ndarray:
    """Analogy by latent arithmetic: mean(a) - mean(b) + mean(c) of three groups.

    Smiling women - neutral women + neutral men = a smiling man (Radford et al., 2016).
    Of one latent each the result is too long: for independent latents of N(0, I) groups
    of n have a sum of the covariance (3/n) I, so that groups of three, as in the paper,
    give a latent that is distributed like all others. `interpolate` from a to the
    result shows the change on the way.

    Args:
        a, b, c: float arrays (n, latent_dim), or (latent_dim,) for one latent; the
            groups may be of different sizes.

    Returns:
        Float32 array (latent_dim,).

    Raises:
        ValueError: for empty groups, or latents of different widths.

    Example:

    >>> analogy(a=[[2.0, 1.0], [4.0, 1.0]], b=[1.0, 0.0], c=[0.0, 5.0]).tolist()
    [2.0, 6.0]
    """
    groups = {name: as_floats(x, name) for name, x in {"a": a, "b": b, "c": c}.items()}
    shapes = {name: group.shape for name, group in groups.items()}
    widths = {shape[-1:] for shape in shapes.values()}
    if len(widths) > 1 or any(
        len(shape) not in (1, 2) or 0 in shape for shape in shapes.values()
    ):
        raise ValueError(
            "a, b and c are groups of latents (n, latent_dim), n >= 1, of one width. "
            f"Received: shapes {shapes}."
        )
    means = [np.atleast_2d(group).mean(axis=0) for group in groups.values()]
    return (means[0] - means[1] + means[2]).astype("float32")
