"""The protocol of an evaluation: what a game is measured on, and by what."""

import dataclasses

import numpy as np
from numpy.typing import ArrayLike

from keras_gan import datasets
from keras_gan.core.arguments import ArgumentError, check_integer
from keras_gan.core.randomness import check_seed
from keras_gan.core.typing import Progress
from keras_gan.datasets.held_out import check_held_out
from keras_gan.datasets.images import check_channels, parse_image_size
from keras_gan.evaluation.evaluation_functions import Reals, class_scores
from keras_gan.evaluation.game import Game
from keras_gan.evaluation.measure import measure
from keras_gan.metrics import features as extractors
from keras_gan.metrics.score import Score

FEATURES = (*extractors.NAMES, *extractors.OF_FILES)
BATCH = 500  # images that are read at a time


@dataclasses.dataclass(frozen=True)
class Protocol:
    """The protocol of scores: data, numbers, seed and features that determine them.

    Attributes:
        source: str, a name or path as `datasets.load` takes it.
        split: str, the reals. With another split than "train", the images of "train"
            are what fakes are compared with to see whether they are copies.
        image_size: None, int or [height, width], as in `datasets.load`.
        num_samples: int >= 20, of the reals and of the fakes each; all reals and as
            many fakes where there are fewer.
        seed: int, of the latents, and of which reals.
        features: of `FEATURES`: "efficientnet_lite0" for photographs, for MNIST
            "mnist_classifier", which brings the scores by classes; "inception_2015"
            and "dinov2" by a file of yours.
        value_range: None or [low, high], as in `datasets.load`.
        channels: None, 1, 3 or 4, as in `datasets.load`.
        weights: str, the path of the file of "inception_2015" or "dinov2", or None.
        held_out: None, int or float, as in `datasets.load`: for the splits "train" and
            "held_out".

    Example:

    >>> protocol = Protocol("digits", split="train", num_samples=30)
    >>> protocol.real().shape
    (30, 8, 8, 1)
    """

    source: str
    split: str = "test"
    image_size: int | list | None = None
    num_samples: int = 10_000
    seed: int = 0
    features: str = "pixels"
    value_range: list | None = None
    channels: int | None = None
    weights: str | None = None
    held_out: int | float | None = None

    def __post_init__(self) -> None:
        extractors.check_name(self.features, self.weights)
        hint = "Standard errors leave out a tenth of them at a time."
        check_integer(self.num_samples, "num_samples", 20, hint=hint)
        check_seed(self.seed)
        check_held_out(self.held_out, self.split)
        parse_image_size(self.image_size)
        check_channels(self.channels)

    def real(self, split: str | None = None) -> np.ndarray:
        """The images (n, height, width, channels) of a split, in random order.

        Raises:
            ValueError: for data that `datasets.load` refuses, or fewer than 20 images.
        """
        return self._read(split or self.split).images

    def labelled(self) -> Reals:
        """`Reals`: the images of `real()`, and their classes if the data have labels.

        Raises:
            ValueError: as `real`.
        """
        try:
            return self._read(self.split, labels=True)
        except ValueError:  # there are none, or `_read` says what else is wrong
            return self._read(self.split)

    def _read(self, split, labels=False):
        data = datasets.load(
            self.source,
            BATCH,
            image_size=self.image_size,
            value_range=self.value_range,
            channels=self.channels,
            labels=labels,
            split=split,
            held_out=self.held_out,
            seed=self.seed,
            drop_remainder=False,
        )
        if data.num_samples < 20:
            raise ValueError(
                f"Scores need at least 20 real images. Received: {data.num_samples} in "
                f"{self.source}."
            )
        batches = data.take(-(-self.num_samples // BATCH)).as_numpy_iterator()
        parts = zip(*batches, strict=True) if labels else [batches]
        arrays = [np.concatenate(list(part))[: self.num_samples] for part in parts]
        return Reals(*arrays, data.num_classes) if labels else Reals(*arrays)

    def evaluate(
        self, game: Game, progress: Progress | None = None
    ) -> dict[str, Score]:
        """Draw from a game and measure.

        Args:
            game: a game of `keras_gan.models`.
            progress: function of a text, called before each part of the work, or None.

        Returns:
            Dict of `metrics.Score` by name, see `measure`, and of what the game can be
            asked about classes (`GAN.evaluation_functions`), see `class_scores`.

        Raises:
            ValueError: for a game that does not draw images of the data's shape.
        """
        functions = game.evaluation_functions()
        reals = self.labelled() if functions else self._read(self.split)
        real = reals.images
        shape = game.generator.output_shape[1:]
        if tuple(shape) != real.shape[1:]:
            raise ArgumentError(
                f"The game draws images of shape {tuple(shape)}, and the data have "
                f"{real.shape[1:]}. Pass the data that it was trained on, or their "
                "image_size.",
                "image_size",
            )
        if progress:
            progress(f"Drawing {len(real)} samples")
        fake = game.sample(len(real), seed=self.seed)
        found = self.scores(real, fake, progress)
        if functions:
            _, classes = _extractors(self.features, self.weights)
            if progress:
                progress("Asking the game about classes")
            found |= class_scores(functions, reals, fake, classes, self.seed)
        return found

    def scores(
        self, real: np.ndarray, fake: ArrayLike, progress: Progress | None = None
    ) -> dict[str, Score]:
        """The scores of images that are drawn already; see `evaluate`."""
        training = None if self.split == "train" else self.real("train")
        extractor, classes = _extractors(self.features, self.weights)
        return measure(
            real, np.asarray(fake), extractor, self.seed, training, classes, progress
        )


def _extractors(name, weights):
    """The extractor of the features, and that of the data's classes or None."""
    if name == "mnist_classifier":
        return extractors.get(name), extractors.mnist_classifier("probabilities")
    return extractors.get(name, weights), None
