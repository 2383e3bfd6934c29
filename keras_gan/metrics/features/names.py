"""Extractors by name."""

import difflib

from keras_gan.metrics.features.efficientnet_lite0 import efficientnet_lite0
from keras_gan.metrics.features.extractor import Extractor
from keras_gan.metrics.features.identity import Identity
from keras_gan.metrics.features.inception_v3 import inception_v3
from keras_gan.metrics.features.mnist_classifier import mnist_classifier
from keras_gan.metrics.features.pixels import Pixels

_BY_NAME = {
    "pixels": Pixels,
    "mnist_classifier": mnist_classifier,
    "efficientnet_lite0": efficientnet_lite0,
    "inception_v3": inception_v3,
}
NAMES = tuple(_BY_NAME)


def check_name(name: str) -> str:
    """Check the name of an extractor, and return it.

    Raises:
        ValueError: for another, with the nearest ones.
    """
    if name not in NAMES:
        near = difflib.get_close_matches(str(name), NAMES, n=2, cutoff=0.3)
        hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
        raise ValueError(f"features is one of {NAMES}. Received: {name!r}.{hint}")
    return name


def get(identifier: Extractor | str | None) -> Extractor:
    """Get an extractor from None (`Identity`), a name or an instance.

    Raises:
        ValueError: for anything else.

    Example:

    >>> get("pixels").description
    'pixels of bytes, from 0 to 1'
    """
    if identifier is None:
        return Identity()
    if isinstance(identifier, Extractor):
        return identifier
    if isinstance(identifier, str):
        return _BY_NAME[check_name(identifier)]()
    raise ValueError(
        f"features is None (the samples themselves), a name of {NAMES}, or an "
        "extractor: features.Pixels(), features.Network(model, ...). Received: "
        f"{identifier!r}."
    )
