"""Pictures along the latents of a model: each row a way from one sample to another."""

import math

import numpy as np

from keras_gan.core.randomness import check_seed, seed_of
from keras_gan.priors import Categorical, Joint, Normal, Uniform
from keras_gan.sampling import interpolate, traverse
from keras_gan.sampling.traverse import STEPS

ROWS = 8  # ways of as many steps each, which a square grid shows as rows
NUMBERS = 2**21  # of a batch of samples that is drawn at a time


def pictures(model, seed):
    """Samples along latents, by name: a square number of images, row after row.

    Of a `Joint` prior one for each part that is a class, or one number: along a row it
    alone changes. Of another prior one, "interpolation": the way between two latents,
    along a great circle where they are normal, else along a line. Nothing for a model
    that has no such latents.

    Args:
        model: with `prior`, `draw_latents`, `draw_side` and `draw`.
        seed: int in [0, 2**31).

    Returns:
        Dict, name -> float array (n * n, height, width, channels).
    """
    prior = getattr(model, "prior", None)
    if prior is None:
        return {}
    side = model.draw_side(ROWS, seed_of(check_seed(seed), "labels"))
    parts = traversed_parts(prior) if side is None else {}
    if not parts:
        return {"interpolation": _interpolated(model, prior, side, seed)}
    found = {}
    for part, steps in parts.items():
        samples = traverse(model, part, num_rows=steps, seed=seed)
        found[f"traversal of part {part}"] = samples.reshape(-1, *samples.shape[2:])
    return found


def traversed_parts(prior):
    """The parts of a prior that `traverse` has values for: number -> how many."""
    found = {}
    for index, part in enumerate(getattr(prior, "priors", ())):
        if isinstance(part, Categorical):
            found[index] = part.num_classes
        elif part.latent_dim == 1 and isinstance(part, Normal | Uniform):
            found[index] = STEPS
    return found if isinstance(prior, Joint) else {}


def _interpolated(model, prior, side, seed):
    latents = np.asarray(model.draw_latents(2 * ROWS, seed_of(seed, "sample")))
    curved = isinstance(prior, Normal) and latents.shape[1] > 1
    how = "spherical" if curved else "linear"
    ways = interpolate(latents[:ROWS], latents[ROWS:], ROWS, how)
    latents = ways.swapaxes(0, 1).reshape(-1, latents.shape[1])
    labels = None if side is None else np.repeat(np.asarray(side), ROWS, axis=0)
    size = max(1, NUMBERS // math.prod(n or 1 for n in model.sample_shape() or ()))
    parts = [
        np.asarray(model.draw(latents[i : i + size], _rows(labels, i, size)))
        for i in range(0, len(latents), size)
    ]
    return np.concatenate(parts)


def _rows(labels, start, size):
    return None if labels is None else labels[start : start + size]
