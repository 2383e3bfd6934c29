"""All scores of one set of fakes against one set of reals."""

import numpy as np

from keras_gan.core.registry import snake_case
from keras_gan.core.typing import Progress
from keras_gan.evaluation.measured import measured
from keras_gan.metrics.features import Extractor
from keras_gan.metrics.score import Score
from keras_gan.metrics.sets import Sets


def measure(
    real: np.ndarray,
    fake: np.ndarray,
    extractor: Extractor,
    seed: int | None = None,
    training: np.ndarray | None = None,
    classes: Extractor | None = None,
    progress: Progress | None = None,
) -> dict[str, Score]:
    """Measure how far images are from real ones, by every metric that features allow.

    The metrics say themselves what they are measured on (`metrics.on_features`):
    Frechet and kernel distance, precision, recall, density and coverage on the
    features. With `classes` also the classifier score, of the fakes and as a share of
    the reals' own, the smallest and the largest share of a class among the fakes, and
    the KL of these shares from the reals'. With `training` also how often a fake is
    nearer to a training image than to a held-out one (one half where nothing is
    remembered): `real` is held out then.

    Args:
        real, fake: float arrays (n, height, width, channels) and (m, ...), images in
            [-1, 1], in random order; n and m >= 20.
        extractor: an extractor of `metrics.features`.
        seed: int that the fakes were drawn with, for print.
        training: array of images that the game was trained on, or None; as many as
            there are reals are taken of it.
        classes: an extractor that ends in the probabilities of classes, or None.
        progress: function of a text, called before each part of the work, or None.

    Returns:
        Dict of `metrics.Score` by name. Standard errors are those of new samples on
        both sides: by the jackknife, by blocks (kernel distance), by parts (classifier
        score), or of a binomial share.

    Raises:
        ValueError: for what is no such array, or too few of either; or for a metric
            that does not say what is best of its scores.

    Example:

    >>> import numpy as np
    >>> from keras_gan import metrics
    >>> images = np.random.default_rng(0).uniform(-1, 1, (40, 2, 2, 1))
    >>> scores = measure(images, images, metrics.features.Pixels(), seed=0)
    >>> "frechet_distance" in scores, scores["precision"].value
    (True, 1.0)
    """
    progress = progress or (lambda text: None)
    progress("Computing features")
    near = None if training is None else extractor.of(training[: len(real)])
    sets = {
        "features": Sets(
            extractor.of(real), extractor.of(fake), extractor.description, seed
        )
    }
    if training is not None:
        sets["training"] = sets["features"]._replace(training=near)
    if classes is not None:
        rows = classes.of(real), classes.of(fake)
        sets["classes"] = Sets(*rows, classes.description, seed)
    found = {}
    for metric in measured():
        if metric.measured_on in sets:
            progress(f"Measuring {snake_case(metric.__name__).replace('_', ' ')}")
            found |= _checked(metric, metric.measure(sets[metric.measured_on]))
    return found


def _checked(metric, found):
    """The scores of a metric, each of which it says what is best of."""
    unknown = sorted(set(found) - set(metric.best))
    if unknown:
        raise ValueError(
            f"{metric.__name__}.best says what a reader looks for in each of its "
            f"scores. Received: {metric.best!r}, and the scores {', '.join(found)}. "
            f"Add {unknown[0]!r}."
        )
    return found
