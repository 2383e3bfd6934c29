"""Principal directions of a generator's first layer, along which latents matter most.

What a dense layer W makes of a step v in the latents is W^T v: its left singular
vectors of the largest singular values are the steps that change its output most (Shen
and Zhou, 2021: SeFa), and they are orthogonal.
"""

from typing import Any

import keras
import numpy as np

MOST = 8  # sliders that a reader can still tell apart
MOST_CLASSES = 16  # whose responses are looked at together


def of_game(game: Any, covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors, the most effective one first, and how far latents spread there.

    Args:
        game: a built game.
        covariance: float array (latent_dim, latent_dim), that of the noise; rows and
            columns of what is no noise, such as codes, are 0.

    Returns:
        Float arrays (n, latent_dim), orthogonal and 0 where no noise is, and (n,), the
        standard deviations of latents along them. n is at most 8, and 0 where the
        generator is no functional model with a dense layer on its latents.
    """
    noise = np.flatnonzero(np.diag(covariance))
    response = _response(game)[noise]
    left, strengths, _ = np.linalg.svd(response, full_matrices=False)
    count = min(MOST, int((strengths > 1e-6 * strengths.max(initial=1e-30)).sum()))
    found = np.zeros((count, len(covariance)))
    found[:, noise] = left[:, :count].T
    largest = abs(found).argmax(axis=1)[:, None]  # whose sign is positive
    found *= np.sign(np.take_along_axis(found, largest, axis=1))
    return found, np.sqrt(np.einsum("ni,ij,nj->n", found, covariance, found))


def _response(game):
    """Responses of the first dense layer to each latent: (latent_dim, units)."""
    sampler, width = game.sampler, game.prior.latent_dim
    nothing = np.zeros((width, 0))
    if not getattr(sampler, "inputs", None):
        return nothing
    steps = np.concatenate([np.zeros((1, width)), np.eye(width)]).astype("float32")
    given = [[steps]]
    if "generator" in game.conditioned:
        classes = range(min(game.num_classes, MOST_CLASSES))
        given = [[steps, np.full(len(steps), index, "int32")] for index in classes]
    for layer in sampler.layers:
        if isinstance(layer, keras.layers.Dense):
            found = _response_of(layer, sampler, given)
            if found.any():  # not the layer that embeds the class
                return found
    return nothing


def _response_of(dense, sampler, given):
    before = keras.Model(sampler.inputs, dense.input)
    values = [before(inputs, training=False) for inputs in given]
    values = [np.asarray(value, np.float64) for value in values]
    kernel = np.asarray(dense.kernel, np.float64)
    return np.concatenate([(value[1:] - value[0]) @ kernel for value in values], axis=1)
