"""Features that several metrics ask of the same samples, computed once."""

import contextlib
import contextvars
import json
from collections.abc import Iterator
from typing import Any

from keras_gan.core.typing import Tensor
from keras_gan.metrics.features import Extractor, Network

_found: contextvars.ContextVar[dict[Any, Any] | None] = contextvars.ContextVar(
    "features", default=None
)


@contextlib.contextmanager
def computed_once() -> Iterator[None]:
    """A scope in which equal extractors compute a tensor's features once.

    A network of photographs takes most of an evaluation's time, and a game may have
    several metrics that look through it. Equal are an object with itself, and networks
    of one config, which has the hash of their weights.
    """
    token = _found.set({})
    try:
        yield
    finally:
        _found.reset(token)


def features_of(extractor: Extractor, samples: Tensor) -> Tensor:
    """The features of samples, shared within a scope of `computed_once`.

    Args:
        extractor: an extractor of `metrics.features`.
        samples: tensor (n, ...).
    """
    found = _found.get()
    if found is None:
        return extractor(samples)
    key = _key(extractor), id(samples)
    if key not in found:
        # What has these ids is kept too, so that nothing else gets them.
        found[key] = extractor, samples, extractor(samples)
    return found[key][2]


def _key(extractor):
    if type(extractor) is Network:
        return json.dumps(extractor.get_config(), default=str, sort_keys=True)
    return id(extractor)
