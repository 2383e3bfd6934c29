"""The density ratio p_data/p_model, which a trained logistic discriminator knows."""

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

from keras_gan.core.covariance import as_floats
from keras_gan.divergences.batch_dependence import depends_on_batch

CHUNK = 1024


def logits_of(discriminator: keras.Model, samples: ArrayLike) -> np.ndarray:
    """The logits of samples, in inference mode: log p_data/p_model at the optimum.

    Args:
        discriminator: built `keras.Model`, samples -> logits (batch, 1), trained by a
            loss of the logistic family (`Minimax`, `NonSaturating`,
            `MaximumLikelihood`) without label smoothing, to its optimum.
        samples: float array (n, ...).

    Returns:
        float64 array (n,).

    Raises:
        ValueError: for no samples, for a discriminator whose logit of a sample depends
            on the rest of its batch, or that gives a sample more than one logit, or one
            that is not finite.
    """
    samples = as_floats(samples, "samples", "float32")
    if samples.ndim < 2 or not len(samples):
        raise ValueError(
            "samples is an array (n, ...) of at least one sample, with the shape that "
            f"the discriminator takes. Received the shape {samples.shape}."
        )
    check_alone(discriminator, samples.shape[1:])
    return read(discriminator, samples)


def check_alone(discriminator: keras.Model, shape: tuple[int, ...]) -> None:
    """Raise a ValueError if a logit depends on the rest of its batch.

    Args:
        discriminator: built `keras.Model`, samples -> logits.
        shape: the shape of one sample.
    """
    if depends_on_batch(lambda x: discriminator(x, training=True), shape):
        raise ValueError(
            "The logit that this discriminator gives a sample depends on the rest of "
            "its batch (batch normalization?), so it is no density ratio. Train one "
            "with normalization=None or 'layer'."
        )


def read(discriminator: keras.Model, samples: np.ndarray) -> np.ndarray:
    """The logits of a float32 array, where `check_alone` has been passed."""
    chunks = [samples[i : i + CHUNK] for i in range(0, len(samples), CHUNK)]
    logits = [discriminator(tf.constant(chunk), training=False) for chunk in chunks]
    logits = np.concatenate([np.asarray(part, "float64") for part in logits])
    if logits.size != len(samples):
        raise ValueError(
            "A density ratio is one number for a sample. Received logits of shape "
            f"{logits.shape} for {len(samples)} samples: is it a patch discriminator?"
        )
    if not np.isfinite(logits).all():
        raise ValueError(
            f"The discriminator gives {np.sum(~np.isfinite(logits))} of {len(logits)} "
            "samples a logit that is NaN or Inf. Go back to a checkpoint of before "
            "training diverged (keras_gan.callbacks.HealthMonitor)."
        )
    return logits.reshape(-1)


def density_ratio(discriminator: keras.Model, samples: ArrayLike) -> np.ndarray:
    """Density ratio p_data/p_model at samples, by an optimal discriminator: exp(logit).

    D* = p_data/(p_data + p_model) (Goodfellow et al., 2014), so exp(logit) =
    D*/(1 - D*) is the ratio.

    Args:
        discriminator: built `keras.Model` of the logistic family, samples -> logits.
        samples: float array (n, ...).

    Returns:
        float64 array (n,); infinite for a logit above 709, whose exp is beyond float64.

    Raises:
        ValueError: as `logits_of`.

    Example:

    >>> import keras
    >>> discriminator = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    >>> discriminator.set_weights([np.log([[2.0]]), np.zeros(1)])
    >>> density_ratio(discriminator, [[0.0], [1.0], [2.0]]).round(5).tolist()
    [1.0, 2.0, 4.0]
    """
    with np.errstate(over="ignore"):
        return np.exp(logits_of(discriminator, samples))
