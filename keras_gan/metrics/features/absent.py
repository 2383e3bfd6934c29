"""Extractors of a config whose weights are not there."""

from typing import Any

from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Tensor
from keras_gan.metrics.features.extractor import Extractor
from keras_gan.metrics.features.recipes import make_again


@register
class Absent(Extractor):
    """Absent features: an extractor that cannot be made here; a game loads with it.

    Args:
        wanted: dict, the config of a `Network` of a user's file.
        reason: str, why there is none.
    """

    def __init__(self, wanted: Config, reason: str):
        self.wanted = wanted
        self.reason = reason

    def __call__(self, samples: Tensor) -> Tensor:
        raise self._error()

    def dim(self, sample_shape: Any) -> int:
        raise self._error()

    @property
    def description(self) -> str:
        return f"{self.wanted['made_by']}, absent"

    def _error(self):
        return ValueError(
            f"The extractor {self.wanted['made_by']} could not be made again from its "
            f"config: {self.reason} Then load the game again, or compile it with new "
            "metrics."
        )

    def get_config(self) -> Config:
        return {"wanted": self.wanted, "reason": self.reason}

    @classmethod
    def from_config(cls, config: Config) -> Extractor:
        return made_or_absent(config["wanted"])


def made_or_absent(config: Config) -> Extractor:
    """The extractor of a config of `recipes.named_in_configs`, or an `Absent` one.

    Example:

    >>> made_or_absent({"made_by": "of_later", "arguments": {}}).description
    'of_later, absent'
    """
    try:
        extractor = make_again(config)
    except (OSError, TypeError, ValueError) as error:
        return Absent(config, str(error))
    extractor.sha256 = config["sha256"]
    return extractor
