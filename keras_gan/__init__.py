"""Generative adversarial networks as Keras 3 models on TensorFlow."""

import os

_backend = os.environ.get("KERAS_BACKEND", "tensorflow")
if _backend != "tensorflow":
    raise ImportError(
        f"keras_gan runs on TensorFlow, but the environment says KERAS_BACKEND="
        f"{_backend!r}. Unset it, or set it to tensorflow, before Python starts."
    )

import keras  # noqa: E402

if keras.backend.backend() != "tensorflow":
    raise ImportError(
        "keras_gan runs on TensorFlow, but keras.json says "
        f'"backend": "{keras.backend.backend()}". Set KERAS_BACKEND=tensorflow.'
    )

from keras_gan import (  # noqa: E402
    callbacks,
    constraints,
    datasets,
    divergences,
    evaluation,
    layers,
    losses,
    metrics,
    models,
    networks,
    penalties,
    pixels,
    priors,
    sampling,
    schedules,
    training,
)

__version__ = "0.1.0"

__all__ = [
    "callbacks",
    "constraints",
    "datasets",
    "divergences",
    "evaluation",
    "layers",
    "losses",
    "metrics",
    "models",
    "networks",
    "penalties",
    "pixels",
    "priors",
    "sampling",
    "schedules",
    "training",
]
