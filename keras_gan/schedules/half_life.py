"""The half-life of a moving average, in images."""

import math
from typing import Self

from keras import ops

from keras_gan.core.arguments import is_number
from keras_gan.core.registry import register
from keras_gan.core.typing import Config, Tensor
from keras_gan.schedules.schedule import Follower, Schedule, config_of, of_config


@register
class HalfLife:
    """The half-life of a moving average in images, a number or a schedule of it.

    As the `ema_decay` of a model: at a step whose minibatch has b samples, over all
    replicas, the decay of the average is 0.5^(b / images), as in Karras et al. (2020)
    and Huang et al. (2024). So another batch size keeps the average as long, a smaller
    last minibatch counts by its own size, and there is no warm-up but what `images`
    says. A step counts one minibatch, however many of them its updates take.

    Args:
        images: float >= 0, the samples of the data after which a weight counts half;
            or a `Schedule` of such. 0 is no average, but the network as it is.

    Raises:
        ValueError: for a negative number, or one that is none.

    Example:

    >>> round(1 - float(HalfLife(10_000).kept_back(100)), 4)  # 0.5^(1/100)
    0.9931
    """

    def __init__(self, images: float | Schedule):
        changes = isinstance(images, Schedule)
        for end in (images.start, images.end) if changes else (images,):
            if not is_number(end) or end < 0:
                raise ValueError(
                    "images is the half-life of an average in samples of the data, at "
                    "least 0, or a schedule of it, such as Cosine(0.0, 500_000.0). "
                    f"Received: images={images!r}."
                )
        self.images = images if changes else float(images)

    def of_run(self, run: Follower) -> Self:
        """The same half-life, whose schedule follows a run.

        Args:
            run: `training.run_length.RunLength`.
        """
        if not isinstance(self.images, Schedule):
            return self
        half_life = type(self).from_config(self.get_config())
        half_life.images = run.following(self.images)
        return half_life

    def kept_back(self, rows: int | Tensor) -> Tensor:
        """1 - decay, by which the average moves to the network: float32 scalar.

        Args:
            rows: int or integer scalar, the samples of the step.

        Raises:
            ValueError: for a schedule outside of a run.
        """
        images = self.images(0) if isinstance(self.images, Schedule) else self.images
        images = ops.convert_to_tensor(images, "float32")
        # 1 - 2^(-x) by expm1, since 2^(-x) is close to 1; of 0 images x is infinite
        return -ops.expm1(-math.log(2.0) * ops.cast(rows, "float32") / images)

    def __repr__(self) -> str:
        changes = isinstance(self.images, Schedule)
        return f"HalfLife({self.images if changes else f'{self.images:g}'})"

    def get_config(self) -> Config:
        return {"images": config_of(self.images)}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        return cls(of_config(config["images"]))
