"""Description: what a page has to know of a game, as JSON."""

from typing import Any

import numpy as np

from keras_gan.core.covariance import factor
from keras_gan.explore import directions
from keras_gan.priors import Categorical, Joint, Normal, Prior, Uniform

CHANNELS = (1, 2, 3, 4)


def of_game(game: Any, name: str | None) -> dict[str, Any]:
    """Facts by name, of numbers, texts and lists.

    Args:
        game: a built game.
        name: what `GAN.from_preset` loads it by, or None.

    Returns:
        "name"; "title"; "shape" of an image; "latent_dim"; "prior", its parts in their
        order, each with its "kind", "start" and "stop"; "codes" of an InfoGAN, the same
        with the "name" of the input; "classes", their names, or null where the
        generator is not told the class; "directions", unit vectors, and "scales", the
        standard deviations of the latents along them.

    Raises:
        ValueError: for samples that are no images, or a prior that the page cannot
            draw from.
    """
    shape = game.sampler.output_shape[1:]
    if len(shape) != 3 or shape[2] not in CHANNELS:
        raise ValueError(
            "A page shows images: (height, width, 1 to 4 channels). Received: a game "
            f"whose samples have the shape {shape}."
        )
    parts = [_part(prior, place) for prior, place in _parts(game.prior)]
    codes = [
        {"name": f"code_{index}", **parts[index]}
        for index in getattr(game, "code_indices", ())
    ]
    found, scales = directions.of_game(game, _covariance_of_noise(game, parts, codes))
    return {
        "name": name,
        "title": name or game.name,
        "shape": list(shape),
        "latent_dim": game.prior.latent_dim,
        "prior": parts,
        "codes": codes,
        "classes": _classes(game),
        "directions": np.round(found, 6).tolist(),
        "scales": np.round(scales, 6).tolist(),
    }


def _parts(prior: Prior) -> list[tuple[Prior, slice]]:
    if not isinstance(prior, Joint):
        return [(prior, slice(0, prior.latent_dim))]
    return [
        (part, slice(place.start + within.start, place.start + within.stop))
        for whole, place in zip(prior.priors, prior.slices, strict=True)
        for part, within in _parts(whole)
    ]


def _part(prior: Prior, place: slice) -> dict[str, Any]:
    found = {"start": place.start, "stop": place.stop}
    if isinstance(prior, Uniform):
        return {"kind": "uniform", **found, "low": prior.minval, "high": prior.maxval}
    if isinstance(prior, Categorical):
        classes = prior.num_classes
        shares = prior.probabilities or [1 / classes] * classes
        return {"kind": "categorical", **found, "probabilities": shares}
    if isinstance(prior, Normal):
        dim, covariance = prior.latent_dim, prior.covariance
        mean = np.broadcast_to(0.0 if prior.mean is None else prior.mean, (dim,))
        scale = None if covariance is None else factor(covariance, dim).tolist()
        return {"kind": "normal", **found, "mean": mean.tolist(), "factor": scale}
    raise ValueError(
        "A page draws latents of Normal, Uniform and Categorical priors, and Joint "
        f"ones of these. Received: {prior!r}."
    )


def _classes(game):
    if "generator" not in game.conditioned:
        return None
    return [str(name) for name in game.class_names or range(game.num_classes)]


def _covariance_of_noise(game, parts, codes):
    """The covariance of the latents (latent_dim, latent_dim), 0 where no noise is."""
    found = np.zeros((game.prior.latent_dim,) * 2)
    with_codes = {code["start"] for code in codes}
    for part in parts:
        if part["kind"] == "categorical" or part["start"] in with_codes:
            continue
        place, size = slice(part["start"], part["stop"]), part["stop"] - part["start"]
        if part["kind"] == "uniform":
            found[place, place] = np.eye(size) * (part["high"] - part["low"]) ** 2 / 12
        else:
            scale = np.eye(size) if part["factor"] is None else part["factor"]
            found[place, place] = scale @ np.transpose(scale)
    return found
