"""Latent inversion: the latents that come nearest to given images."""

from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

from keras_gan.core import gradients, graphs
from keras_gan.core.arguments import check_integer
from keras_gan.core.covariance import as_floats
from keras_gan.core.randomness import check_seed, seed_of
from keras_gan.sampling.game import Game

RATE = 0.1  # of Adam at the start; latents have a scale of about 1


class NearestLatents(NamedTuple):
    """The nearest latents to images, as `nearest_latents` finds them.

    Attributes:
        latents: float32 array (n, latent_dim); `game(latents)` are the nearest fakes.
        errors: float32 array (n,), their mean squared distance from the images.
    """

    latents: np.ndarray
    errors: np.ndarray


def nearest_latents(
    game: Game,
    images: ArrayLike,
    steps: int = 500,
    restarts: int = 4,
    seed: int = 0,
    batch_size: int = 64,
    verbose: int = 0,
) -> NearestLatents:
    """Nearest latents to images (inversion of the generator), by gradient descent.

    Minimises the mean over pixels of (G(z) - x)^2 by z, as Metz et al. (2017) do to see
    which images a generator can make: Adam with a learning rate that falls from 0.1 to
    0 by a cosine, from several draws of the prior, of which the best end is returned.
    The end is a local minimum, no more; and a latent far from where the prior has its
    mass, with a norm far from sqrt(latent_dim) for normal ones, says that the generator
    hardly ever makes this image.

    Args:
        game: a game such as `keras_gan.models.GAN`: latents -> images when called, a
            function that TensorFlow can differentiate, with `prior`.
        images: float array (n, ...), of the shape and range of the game's samples.
        steps: int >= 1, of gradient descent.
        restarts: int >= 1, draws of the prior that an image starts from.
        seed: int in [0, 2**31), of these draws. An image's latent depends neither on
            the other images nor on `batch_size`.
        batch_size: int, how many fakes are computed at a time.
        verbose: 0 or 1, whether to show the progress.

    Returns:
        `NearestLatents` (latents, errors).

    Raises:
        ValueError: for images of another shape than the samples, or that are not
            finite, and numbers below 1.

    Example:

    >>> import keras_gan
    >>> gan = keras_gan.models.GAN(
    ...     keras_gan.networks.MLPGenerator((2,), latent_dim=1, widths=()),
    ...     keras_gan.networks.MLPDiscriminator((2,)),
    ...     keras_gan.priors.Normal(1),
    ... )
    >>> gan.generator.set_weights([np.array([[1.0, 1.0]]), np.zeros(2)])  # x = (z, z)
    >>> found = nearest_latents(gan, [[1.0, 1.5]], steps=200)
    >>> found.latents.round(2).tolist(), found.errors.round(4).tolist()
    ([[1.25]], [0.0625])
    """
    steps = check_integer(steps, "steps", 1)
    restarts = check_integer(restarts, "restarts", 1)
    batch_size = check_integer(batch_size, "batch_size", 1)
    seed = check_seed(seed)
    images = as_floats(images, "images", "float32")
    made = tuple(game(game.prior(1, seed_of(seed, "nearest", 0))).shape[1:])
    if images.shape[1:] != made or not len(images):
        raise ValueError(
            f"images holds at least one image of the shape of the game's samples, "
            f"{made}. Received: an array {images.shape}."
        )

    def distances(latents, images):
        return tf.reduce_mean(
            tf.square(tf.cast(game(latents), tf.float32) - images),
            axis=range(1, len(images.shape)),
        )

    def slopes(latents, images):
        return gradients.by_inputs(lambda z: distances(z, images), latents)

    errors_of, slopes_of = graphs.RowsGraph(distances), graphs.RowsGraph(slopes)

    starts = [
        game.prior(len(images), seed_of(seed, "nearest", restart))
        for restart in range(restarts)
    ]
    latents = keras.Variable(tf.concat(starts, 0))
    images = np.tile(images, (restarts, *[1] * len(made)))
    chunks = [
        slice(start, start + batch_size) for start in range(0, len(images), batch_size)
    ]

    def on_all(function):
        return tf.concat([function(latents[rows], images[rows]) for rows in chunks], 0)

    decay = keras.optimizers.schedules.CosineDecay(RATE, steps)
    optimizer = keras.optimizers.Adam(decay)
    progress = keras.utils.Progbar(steps, verbose=verbose)
    for step in range(steps):
        optimizer.apply([on_all(slopes_of)], [latents])
        progress.update(step + 1)
    errors = on_all(errors_of).numpy().reshape(restarts, -1)
    if not np.isfinite(errors).all():
        raise ValueError(
            "The squared distance of a fake and an image is no float32 number. "
            f"Received: images from {images.min():g} to {images.max():g}. Pass images "
            "in the range of the game's samples, and look at those (gan.sample)."
        )
    ends = latents.numpy().reshape(restarts, *starts[0].shape)
    best, each = errors.argmin(axis=0), np.arange(errors.shape[1])
    return NearestLatents(ends[best, each], errors[best, each])
