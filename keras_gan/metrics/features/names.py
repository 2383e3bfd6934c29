"""Extractors by name."""

import difflib

from keras_gan.metrics.features.dinov2 import dinov2
from keras_gan.metrics.features.efficientnet_lite0 import efficientnet_lite0
from keras_gan.metrics.features.extractor import Extractor
from keras_gan.metrics.features.identity import Identity
from keras_gan.metrics.features.inception_2015 import inception_2015
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
_OF_FILES = {"dinov2": dinov2, "inception_2015": inception_2015}
OF_FILES = tuple(_OF_FILES)  # extractors of a file of weights that the user has


def check_name(name: str, weights: str | None = None) -> str:
    """Check the name of an extractor, and return it.

    Args:
        name: str.
        weights: the path of a file, for those of `OF_FILES`, or None.

    Raises:
        ValueError: for another, with the nearest ones; for a file that is missing, or
            one too many.
    """
    known = (*NAMES, *OF_FILES)
    if name not in known:
        near = difflib.get_close_matches(str(name), known, n=2, cutoff=0.3)
        hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
        raise ValueError(f"features is one of {known}. Received: {name!r}.{hint}")
    if name in OF_FILES and weights is None:
        raise ValueError(
            f"{name} needs a file of weights that no package holds: pass its path, "
            f"features.{name}(path), or --weights PATH to the command. "
            f"help(keras_gan.metrics.features.{name}) says where it is published."
        )
    if name in NAMES and weights is not None:
        raise ValueError(
            f"weights is a file for {' or '.join(OF_FILES)}; {name} takes none. "
            f"Received: {weights!r}."
        )
    return name


def get(identifier: Extractor | str | None, weights: str | None = None) -> Extractor:
    """Get an extractor from None (`Identity`), a name or an instance.

    Args:
        identifier: None, a name or an extractor.
        weights: the path of a file, for a name of `OF_FILES`, or None.

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
        name = check_name(identifier, weights)
        return _OF_FILES[name](weights) if name in OF_FILES else _BY_NAME[name]()
    raise ValueError(
        f"features is None (the samples themselves), a name of {NAMES}, or an "
        "extractor: features.Pixels(), features.Network(model, ...). Received: "
        f"{identifier!r}."
    )
