"""Generative adversarial networks as Keras 3 models on TensorFlow.

Importing the package costs next to nothing: TensorFlow and Keras start when a name of
it is used. Keras finds its classes all the same, whichever is imported first; but
imported first, the package lets TensorFlow use the fast convolutions of oneDNN.
"""

import importlib
import os

__version__ = "0.2.0"

__all__ = [
    "augmentations",
    "callbacks",
    "constraints",
    "core",
    "datasets",
    "densities",
    "divergences",
    "evaluation",
    "experiments",
    "explore",
    "layers",
    "losses",
    "metrics",
    "models",
    "networks",
    "optimizers",
    "penalties",
    "pixels",
    "plots",
    "priors",
    "recipes",
    "relatives",
    "sampling",
    "saving",
    "schedules",
    "training",
]

_backend = os.environ.get("KERAS_BACKEND", "tensorflow")
if _backend != "tensorflow":
    raise ImportError(
        f"keras_gan runs on TensorFlow, but the environment says KERAS_BACKEND="
        f"{_backend!r}. Unset it, or set it to tensorflow, before Python starts."
    )

from keras_gan.core import onednn, registration  # noqa: E402

onednn.turn_on()
registration.register_with_keras()


def __getattr__(name):
    if name in __all__:
        return importlib.import_module(f"keras_gan.{name}")
    raise AttributeError(f"module 'keras_gan' has no attribute {name!r}")


def __dir__():
    return sorted({*globals(), *__all__})
